"""Dates of Nepal's calendar, the Bikram Sambat, as Gregorian ones: २०८३ जेठ २१, 2083 Jestha 21.

In: a plain text (digits 0 to 9, no accents). Out: the text, such dates as `2026-06-04`. `calendars`
calls it for pages in Nepali and of Nepal.

The lengths of the months follow no rule: the calendar committee of Nepal announces them. Years
that it has not announced are as the almanacs predict them, and may be wrong by a day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from newsspider.dates.locales import key, plain

# The days of each month beyond 29, from the year 2049 on, which began on 13 April 1992.
_DAYS = (
    "232321110011 232321110102 222322101011 223222101011 232321110011 232321110102 223222101011 "
    "223231101011 232321110012 132321110102 223222101011 223321101011 232321110012 222322010102 "
    "223222101011 223321101011 232321110012 222322011002 223222101011 223321101011 232321110012 "
    "222322011011 223222101011 232321101011 232321110012 222322101011 223222101011 232321110011 "
    "232321110102 222322101011 223222101011 232321110011 232321110102 223222101011 223222101011 "
    "223221110111 232312110111 132321110111 223222101111 123312110111 132321110111 132321110111"
)
_LENGTHS = [29 + int(digit) for digit in _DAYS.replace(" ", "")]
_FIRST_YEAR, _FIRST_DAY = 2049, date(1992, 4, 13)
_MONTHS = (
    "बैशाख वैशाख baisakh baishakh",
    "जेठ जेष्ठ ज्येष्ठ jestha jeth",
    "असार आषाढ asar ashar ashadh",
    "साउन श्रावण saun sawan shrawan",
    "भदौ भाद्र bhadau bhadra",
    "असोज आश्विन asoj ashoj ashwin",
    "कात्तिक कार्तिक kartik kattik",
    "मंसिर मङ्सिर मार्ग mangsir mansir",
    "पुस पुष पौष poush paush push",
    "माघ magh",
    "फागुन फागुण फाल्गुन falgun phalgun fagun phagun",
    "चैत चैत्र chait chaitra",
)
_NUMBERS = {key(name): n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = "|".join(
    sorted({plain(name) for names in _MONTHS for name in names.split()}, key=len)[::-1]
)
_YEAR = r"(?P<year>20[4-9]\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?![\d:])(?: ?गते)?"
_MONTH = rf"(?P<month>{_NAME})"
_DATES = tuple(
    re.compile(form, re.I)
    for form in (
        rf"(?<!\d){_YEAR}(?: साल)?[ ,]{{1,2}}{_MONTH}[ ,]{{1,2}}{_DAY}",
        rf"{_DAY}[ ,]{{1,2}}{_MONTH},? (?:गते )?{_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
    )
)
_DIGITS = re.compile(
    r"(?<![\d./-])(?P<year>20[6-9]\d)([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)"
)


def nepali_in_gregorian(text: str) -> str:
    """Return the text with its dates of Nepal in the Gregorian calendar. Raises ValueError for a
    day that the calendar does not have."""
    for pattern in (*_DATES, _DIGITS):
        text = pattern.sub(_in_gregorian, text)
    return text


def _in_gregorian(m: re.Match[str]) -> str:
    month = int(m["month"]) if m["month"].isdecimal() else _NUMBERS[key(m["month"])]
    year, day = int(m["year"]) - _FIRST_YEAR, int(m["day"])
    at = 12 * year + month - 1
    if not 0 <= year < len(_LENGTHS) // 12:
        return m[0]
    if not 1 <= month <= 12 or not 1 <= day <= _LENGTHS[at]:
        raise ValueError(f"no such day: {m[0]}")
    return f"{_FIRST_DAY + timedelta(days=sum(_LENGTHS[:at]) + day - 1)}"
