"""Dates of other calendars as Gregorian ones: พ.ศ. 2569, 令和8年, 民國115年, ۷ مهر ۱۴۰۵.

In: a plain text (half-width, digits 0 to 9, no accents), a language tag and a zone. Out: the text,
its dates in the years of the common era. `newsspider.dates` calls it before it looks for a day.

A year without a mark of its calendar counts only where the script, the language or the zone names
the country that uses it: `115-09-29` is a score elsewhere. Dates of the Hijra are left alone: which
day one is depends on the country, and papers write the Gregorian day beside it.
"""

from __future__ import annotations

import re
from datetime import MINYEAR, date, timedelta

from newsspider.dates.locales import plain
from newsspider.dates.nepali import nepali_in_gregorian

# -- years that are counted from another one ---------------------------------------------------

_JAPANESE = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA = re.compile(r"(令和|平成|昭和) ?(\d{1,2}|元) ?(年|[-/.](?=\d))")
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}
_ERA_LETTER = re.compile(r"(?<![^\W_])([RHS])\.?(\d{1,2})(?=([-/.])\d{1,2}\3\d{1,2}(?![\d./]))")
_REPUBLIC = re.compile(r"(?:中華|中华)?民[國国] ?(\d{2,3}) ?(年|[-/.](?=\d))")
_BARE_REPUBLIC = re.compile(
    r"(?<![\d./-])(\d{2,3})(?=([-/.])\d{1,2}\2\d{1,2}(?![\d./]))|(?<!\d)(\d{2,3})(?= ?年 ?\d)"
)
_FIRST_REPUBLIC = 81  # 1992: see `plausible`

_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST = re.compile(r"(?:พ\.?ศ\.? ?)?(?<!\d)(2[56]\d\d)(?!\d)")
_BUDDHIST_SHORT = re.compile(
    r"(?<![\d./-])(\d{1,2}([/.-])\d{1,2}\2)(\d\d)(?![\d./-])"
    r"|(?<!\d)(\d{1,2} ?[\u0e00-\u0e7f.]{3,12} ?)(\d\d)(?![\d:./])"
)
_FIRST_BUDDHIST = 2535

# -- the calendar of Iran and Afghanistan ------------------------------------------------------

_MONTHS = (
    *("فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد اسد", "شهریور سنبله"),
    *("مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت"),
)
_PERSIAN_MONTHS = {plain(name): n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(_PERSIAN_MONTHS).replace("ی", "[یي]").replace("ک", "[کك]")
_PERSIAN = re.compile(rf"(?<!\d)(\d{{1,2}}) ?({_NAMES})(?: ?ماه)?[ ،,]{{1,2}}(1[34]\d\d)(?!\d)")
_PERSIAN_YEAR_FIRST = re.compile(
    rf"(?<!\d)(1[34]\d\d)[ ،,]{{1,2}}({_NAMES})[ ،,]{{1,2}}(\d{{1,2}})(?!\d)"
)
_PERSIAN_DIGITS = re.compile(r"(?<![\d./-])(1[34]\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_TO_PERSIAN = str.maketrans("يك", "یک")  # Arabic letters on a Persian page

# `2026 م` is a year of the common era, and `م` after a time of day is p.m.
_COMMON_ERA = re.compile(r"(?<!\d)((?:19|20)\d\d) ?مـ?(?!\w)")

_HANZI = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_HANZI_DAY = re.compile(
    rf"([{''.join(_HANZI)}]{{4}})年([一二三四五六七八九十]{{1,3}})月([一二三四五六七八九十]{{1,3}})日"
)


def in_gregorian(text: str, language: str, zone: str) -> str:
    """Return the text with its dates in the Gregorian calendar. Raises ValueError for a day that
    its calendar does not have."""
    if not text.isascii():
        text = _ERA.sub(_of_era, text)
        text = _REPUBLIC.sub(lambda m: f"{int(m[1]) + 1911}{m[2]}", text)
        text = _HANZI_DAY.sub(_in_digits, text)
        text = _COMMON_ERA.sub(r"\1", text)
        text = _PERSIAN.sub(lambda m: _of_persian_name(m[3], m[2], m[1]), text)
        text = _PERSIAN_YEAR_FIRST.sub(lambda m: _of_persian_name(*m.groups()), text)
    tag = language.lower().replace("_", "-")
    if tag.startswith(("fa", "prs", "ps")) or zone in ("Asia/Tehran", "Asia/Kabul"):
        text = _PERSIAN_DIGITS.sub(lambda m: _from_persian(m[1], m[3], m[4]), text)
    if tag.startswith("ja") or zone == "Asia/Tokyo":
        text = _ERA_LETTER.sub(lambda m: str(int(m[2]) + _JAPANESE[_ERA_LETTERS[m[1]]]), text)
    if tag.startswith(("zh-tw", "zh-hant")) or zone == "Asia/Taipei":
        text = _BARE_REPUBLIC.sub(_of_republic, text)
    if tag.startswith("th") or zone == "Asia/Bangkok" or _THAI.search(text):
        text = _BUDDHIST.sub(_of_buddha, text)
        text = _BUDDHIST_SHORT.sub(_of_short_buddha, text)
    if tag.startswith("ne") or zone in ("Asia/Kathmandu", "Asia/Katmandu"):
        text = nepali_in_gregorian(text)
    return text


def _of_era(m: re.Match[str]) -> str:
    year = 1 if m[2] == "元" else int(m[2])
    return f"{_JAPANESE[m[1]] + year}{m[3]}"


def _of_republic(m: re.Match[str]) -> str:
    year = int(m[1] or m[3])
    return str(year + 1911) if year >= _FIRST_REPUBLIC else m[0]


def _of_buddha(m: re.Match[str]) -> str:
    year = int(m[1])
    return str(year - 543) if year >= _FIRST_BUDDHIST else m[0]


def _of_short_buddha(m: re.Match[str]) -> str:
    """Read 29/9/69 and 29 ก.ย. 69; the years before 2543 (2000) are as likely those of 2026."""
    before, year = m[1] or m[4], int(m[3] or m[5])
    return f"{before}{1957 + year}" if year >= 43 else m[0]


def _of_persian_name(year: str, month: str, day: str) -> str:
    return _from_persian(year, str(_PERSIAN_MONTHS[month.translate(_TO_PERSIAN)]), day)


def _from_persian(year: str, month: str, day: str) -> str:
    """Return a day of the Persian calendar as an ISO date."""
    y, m, d = int(year), int(month), int(day)
    last = 31 if m <= 6 else 30 if m <= 11 else 28 + _new_year(y + 1) - _new_year(y) - 364
    if not (1 <= m <= 12 and 1 <= d <= last):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    passed = 31 * (m - 1) - max(0, m - 7) + d - 1
    return f"{date(MINYEAR, 1, 1) + timedelta(days=_new_year(y) + passed)}"


def _new_year(year: int) -> int:
    """Return the days from 0001-01-01 to the first day of a Persian year. Eight of 33 years have
    a leap day, which is right from 1343 to 1472 (1965 to 2093)."""
    return 226_894 + 365 * (year - 1) + (8 * year + 21) // 33


def _in_digits(m: re.Match[str]) -> str:
    """Read 二〇二六年九月二十九日."""
    return f"{''.join(_HANZI[c] for c in m[1])}年{_number(m[2])}月{_number(m[3])}日"


def _number(hanzi: str) -> str:
    """Return a number up to 99 in digits: 十 is 10, 二十九 is 29."""
    tens, ten, ones = hanzi.rpartition("十")
    if not ten:
        return "".join(_HANZI[c] for c in hanzi)
    return str(10 * int(_HANZI.get(tens, "1")) + int(_HANZI.get(ones, "0")))
