"""The day of the calendar that a text names: 2022-04-26, 26 avril 2022, 06月14日.

In: a plain text (half-width, single spaces, no accents), the moment of the crawl, and a day known
from elsewhere. Out: a Day with its position in the text, or None; ValueError for an impossible or
ambiguous day. `newsspider.dates` calls it.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from newsspider.dates.locales import key
from newsspider.dates.words import look_up


class Day(NamedTuple):
    """A day that a text names, and its position in the text. `needs_clock`: it counts only with a
    time of day beside it."""

    day: date
    start: int
    end: int
    needs_clock: bool = False


_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)"
    r"(?: ?年 ?(\d{1,2}) ?月 ?(\d{1,2})(?!\d)|([-/.])(\d{1,2})\4(\d{1,2})(?!\d)"
    r"|\. (\d{1,2})\. (\d{1,2})(?!\d))"  # Korean
)
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d{1,2})([-/.]) ?(\d{1,2})\2 ?((?:19|20)\d\d)(?!\d)")
# `25.04.24 | 14:07 Uhr` (rbb24.de): without a time of day it might be a version.
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})\. ?(\d\d)(?![\d.])")
_NO_YEAR = re.compile(
    r"(?<![\d年])(?<!年 )(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"
    r"|(?<![\d./-])(?<!\d:)(\d{1,2})[-/](\d{1,2})"
    r"(?= \d{1,2}:\d\d| ?\([月火水木金土日월화수목금토일]\))"
    r"|^.{0,12}(?<![\d./-])(?<!\d:)(\d\d)[-/](\d\d)\W?$"
)
# These patterns give the position of a month's name; `_month` reads the name and the words around
# it.
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})(?!\d)(\D{3,40})((?:19|20)\d\d)(?!\d)")
_DAY_YEAR = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?,?"
    # `Tue Apr 26 20:16:23 +0800 2022`: Weibo's created_at, Java's Date.toString
    r"( \d{1,2}:\d\d:\d\d(?: (?:[+-]\d{4}|[A-Z]{3,4}))?)?"
    r" ((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# Hungarian `2022. marcius 8.`, Lithuanian `2022 m. kovo 8 d.`, Basque `2022(e)ko martxoaren 8(a)`
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)(\D{3,40})(\d{1,2})(?![\d:]|[.h]\d)")
# Basque declines the month: `2022ko martxoaren 8a`, `2022(e)ko martxoak 8`.
_BASQUE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\(?e?\)?ko (\w{2,12}?a)(?:ren|k|n)? (\d{1,2})(?![\d:])"
)
# Mongolian `2022 оны 3-р сарын 8`
_MONGOLIAN = re.compile(r"(?<!\d)((?:19|20)\d\d) ?оны? (\d{1,2})(?:-р)? сарын (\d{1,2})(?!\d)")
# Latvian `2022. gada 8. marts`, Kazakh `2022 ж. 8 наурыз`, Uzbek `2022-yil 8-mart`
_YEAR_DAY_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[. -] ?(\D{1,8}?)\.? (\d{1,2})(?!\d)(\D{3,40})"
)
# Words for a year beside those of dateparser's data: Kazakh, Burmese, Uzbek.
_YEAR_WORDS = frozenset(map(key, ("жылғы", "жылы", "ခုနှစ်", "yil")))
# Vietnamese counts its months: `8 thang 3, 2022`, `ngay 8 thang 3 nam 2022`.
_COUNTED_MONTH = re.compile(
    r"(?<!\d)(\d{1,2}),? (?:thang|thg) (\d{1,2})(?:,| nam|, nam)? ((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# The text between a day, its month and its year: `1er de`, `22 -`, `8(a)`; Thai's `ค.ศ.` means the
# common era.
_BEFORE_MONTH = re.compile(
    r"(?:(?:st|nd|rd|th|er)\b)?[.,°º]?[ /-]{0,2}(?:(?:de|of|di) )?", re.IGNORECASE
)
_AFTER_MONTH = re.compile(r"[., ،/-]{0,3}(?:(?:de|del|ค\.ศ\.) )?$", re.IGNORECASE)
_WORD = re.compile(r"[^\s\d,:;|/()\[\]·•]+")
_DAY_FIRST = ("en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za")
_LONGEST_NAME = 3  # words: Arabic `كانون الثاني`, Vietnamese `thang muoi mot`


def find_day(text: str, now: datetime, hint: date | None = None, language: str = "") -> Day | None:
    """Return the first day in the surest form that the text has; None without one.

    A day without a year takes the year nearest to `hint`, else the latest that is not after `now`.
    The months of `language` count first.
    """
    if day := _full(text) or _year_last(text, language):
        return day
    for find in (_day_month_year, _month_day_year, _counted_month, _year_first):
        if day := find(text, language):
            return day
    if day := _short_year(text):
        return day
    return _no_year(text, now, hint)


def _full(text: str) -> Day | None:
    """Read 2022-04-26, 2022/4/26, 2022.04.26, 2022. 4. 26., 2022年4月26日."""
    if m := _FULL.search(text):
        day = date(int(m[1]), int(m[2] or m[5] or m[7]), int(m[3] or m[6] or m[8]))
        return Day(day, m.start(), m.end())
    return None


def _year_last(text: str, language: str) -> Day | None:
    """Read 26.04.2022; with / or - only where the numbers or the language show which is the day."""
    if m := _YEAR_LAST.search(text):
        first, second = int(m[1]), int(m[3])
        day_first = m[2] == "." or first > 12 or _is_day_first(language)
        if not day_first and second <= 12 and first != second:
            raise ValueError(f"day or month first? {m[0]}")
        day, month = (first, second) if day_first and second <= 12 else (second, first)
        return Day(date(int(m[4]), month, day), m.start(), m.end())
    return None


def _is_day_first(language: str) -> bool:
    """Return whether a language writes 5/9/2026 for September 5. English does both, and many a page
    of another country calls itself `en-US`."""
    tag = language.lower().replace("_", "-")
    return tag in _DAY_FIRST or tag.split("-")[0] not in ("", "en", "fil", "tl", "*")


def _day_month_year(text: str, language: str) -> Day | None:
    """Read 26 April 2022, 26. 4월 2022, 26 avril 2022, 26 de abril de 2022."""
    for m in _DAY_MONTH_YEAR.finditer(text):
        if month := _month(m[2], language):
            return Day(date(int(m[3]), month, int(m[1])), m.start(), m.end())
    return None


def _month_day_year(text: str, language: str) -> Day | None:
    """Read Apr 26, 2022; Tue Apr 26 20:16:23 +0800 2022."""
    for m in _DAY_YEAR.finditer(text):
        if named := _month_before(text, m.start(), language):
            month, start = named
            end = m.end(1) if m[2] else m.end()
            return Day(date(int(m[3]), month, int(m[1])), start, end)
    return None


def _counted_month(text: str, _: str) -> Day | None:
    """Read 8 thang 3, 2022; 8 thang 3 nam 2022."""
    if m := _COUNTED_MONTH.search(text):
        return Day(date(int(m[3]), int(m[2]), int(m[1])), m.start(), m.end())
    return None


def _year_first(text: str, language: str) -> Day | None:
    """Read 2022. március 8., 2022 m. kovo 8 d., 2022. gada 8. marts."""
    if (m := _BASQUE.search(text)) and (month := look_up("months", key(m[2]), "eu")):
        return Day(date(int(m[1]), month, int(m[3])), m.start(), m.end())
    if m := _MONGOLIAN.search(text):
        return Day(date(int(m[1]), int(m[2]), int(m[3])), m.start(), m.end())
    for m in _YEAR_MONTH_DAY.finditer(text):
        year, _, rest = m[2].lstrip(" .").partition(" ")
        if month := _month(m[2], language) or (_is_year(year, language) and _month(rest, language)):
            return Day(date(int(m[1]), month, int(m[3])), m.start(), m.end())
    for m in _YEAR_DAY_MONTH.finditer(text):
        name = _WORD.search(m[4].lstrip("-. "))
        if name is None or not _is_year(m[2], language):
            continue
        if month := look_up("months", key(name[0]), language):
            return Day(date(int(m[1]), month, int(m[3])), m.start(), m.end())
    return None


def _is_year(word: str, language: str) -> bool:
    return key(word) in _YEAR_WORDS or look_up("units", key(word), language) == "year"


def _month(between: str, language: str) -> int | None:
    """Return the month that the words between a day and a year name; None if there are others."""
    start = _BEFORE_MONTH.match(between)
    name = _AFTER_MONTH.sub("", between[start.end() if start else 0 :])
    month: int | None = look_up("months", key(name), language) if name else None
    if month is None and "/" in name:  # `أيلول/سبتمبر`: the names of two countries
        months = {look_up("months", key(part), language) for part in name.split("/")}
        month = months.pop() if len(months) == 1 else None
    return month


def _month_before(text: str, end: int, language: str) -> tuple[int, int] | None:
    """Return the month whose name ends a space before `end`, and where the name starts."""
    if text[end - 1 : end] != " ":
        return None
    words = list(_WORD.finditer(text, max(0, end - 40), end))[-_LONGEST_NAME:]
    for first in words:
        name = key(text[first.start() : end])
        if month := look_up("months", name, language):
            return month, first.start()
    return None


def _short_year(text: str) -> Day | None:
    """Read 25.04.24, 14:07 Uhr."""
    if m := _SHORT_YEAR.search(text):
        day = date(2000 + int(m[3]), int(m[2]), int(m[1]))
        return Day(day, m.start(), m.end(), needs_clock=True)
    return None


def _no_year(text: str, now: datetime, hint: date | None) -> Day | None:
    """Read 06月14日, 06-14 17:56, [17:56] 06-14 (East Money's listings of 2022 had no year)."""
    m = _NO_YEAR.search(text)
    if not m or m.lastindex is None:
        return None
    month, day = int(m[m.lastindex - 1]), int(m[m.lastindex])
    if hint:
        near = _days(month, day, range(hint.year - 1, hint.year + 2))
        nearest = min(near, key=lambda d: abs(d - hint), default=None)
    else:
        past = _days(month, day, range(now.year, now.year - 9, -1))  # nine years have a Feb 29
        nearest = next((d for d in past if d <= now.date()), None)
    if nearest is None:
        raise ValueError(f"no such day: {m[0]}")
    return Day(nearest, m.start(m.lastindex - 1), m.end())


def _days(month: int, day: int, years: Iterable[int]) -> list[date]:
    """Return the day in each of the years that have it. Raises ValueError if no year can."""
    if day == 29 and month == 2:
        years = [year for year in years if isleap(year)]
    return [date(year, month, day) for year in years]
