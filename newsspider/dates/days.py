"""The day of the calendar that a text names: 2022-04-26, 26 avril 2022, 06月14日.

In: a text that `dates` has made plain (half-width, single spaces, no accents), the moment of the
crawl, and the day that is told elsewhere. Out: a Day and where it stands in the text, or None;
ValueError for a day that cannot be or is read in two ways. `dates` calls it.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple


class Day(NamedTuple):
    """A day a text names, and where it names it."""

    day: date
    start: int
    end: int
    needs_clock: bool = False


_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)"
    r"(?: ?年 ?(\d{1,2}) ?月 ?(\d{1,2})(?!\d)|([-/.])(\d{1,2})\4(\d{1,2})(?!\d))"
)
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d{1,2})([-/.]) ?(\d{1,2})\2 ?((?:19|20)\d\d)(?!\d)")
# `25.04.24 | 14:07 Uhr` (rbb24.de): without a time of day it might be a version.
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})\. ?(\d\d)(?![\d.])")
_NO_YEAR = re.compile(
    r"(?<![\d年])(?<!年 )(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"
    r"|(?<![\d./-])(?<!\d:)(\d{1,2})[-/](\d{1,2})(?= \d{1,2}:\d\d)"
    r"|^.{0,12}(?<![\d./-])(?<!\d:)(\d\d)[-/](\d\d)\W?$"
)
# Month names of the languages a generic extractor meets; accents are folded before the look-up.
_MONTH_NAMES = (
    "jan january januar janner janvier janv enero ene gennaio gen janeiro januari stycznia января",
    "feb february februar fevrier fevr febrero febbraio fevereiro fev februari lutego февраля",
    "mar march marz mars marzo marco maart marca марта",
    "apr april avril avr abril abr aprile kwietnia апреля",
    "may mai mayo mag maggio maio mei maj maja мая",
    "jun june juni juin junio giugno giu junho czerwca июн июня",
    "jul july juli juillet juil julio luglio lug julho lipca июл июля",
    "aug august aout agosto ago augustus augusti sierpnia августа",
    "sep sept september septembre septiembre settembre set setembro wrzesnia сентября",
    "oct october okt oktober octobre octubre ottobre ott outubro out pazdziernika октября",
    "nov november novembre noviembre novembro listopada ноября",
    "dec december dez dezember decembre diciembre dicembre dic dezembro grudnia декабря",
)
MONTHS = {word: n for n, words in enumerate(_MONTH_NAMES, 1) for word in words.split()}
_MONTH = rf"({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]?(?:de |of )?{_MONTH}[.,]?[ -]?(?:de |del )?"
    r"((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?,?"
    # `Tue Apr 26 20:16:23 +0800 2022`: Weibo's created_at, Java's Date.toString
    r"( \d{1,2}:\d\d:\d\d(?: (?:[+-]\d{4}|[A-Z]{3,4}))?)?"
    r" ((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def find_day(text: str, now: datetime, hint: date | None = None) -> Day | None:
    """The first day named, in the surest form there is. One without a year takes the year nearest
    to `hint`, else the latest that is not after `now`."""
    for find in (_full, _year_last, _named, _short_year):
        if day := find(text):
            return day
    return _no_year(text, now, hint)


def _full(text: str) -> Day | None:
    """2022-04-26, 2022/4/26, 2022.04.26, 2022年4月26日."""
    if m := _FULL.search(text):
        day = date(int(m[1]), int(m[2] or m[5]), int(m[3] or m[6]))
        return Day(day, m.start(), m.end())
    return None


def _year_last(text: str) -> Day | None:
    """26.04.2022; with / or - only when the numbers leave no choice between day and month."""
    if m := _YEAR_LAST.search(text):
        first, second = int(m[1]), int(m[3])
        if m[2] != "." and first <= 12 and second <= 12 and first != second:
            raise ValueError(f"day or month first? {m[0]}")
        day, month = (second, first) if m[2] != "." and second > 12 else (first, second)
        return Day(date(int(m[4]), month, day), m.start(), m.end())
    return None


def _named(text: str) -> Day | None:
    """26 April 2022, Apr 26, 2022, 26 avril 2022 and the like: a month's name and a year."""
    if m := _DAY_MONTH.search(text):
        return Day(date(int(m[3]), _month(m[2]), int(m[1])), m.start(), m.end())
    if m := _MONTH_DAY.search(text):
        end = m.end(2) if m[3] else m.end()
        return Day(date(int(m[4]), _month(m[1]), int(m[2])), m.start(), end)
    return None


def _month(name: str) -> int:
    month = MONTHS.get(name.lower())
    if month is None:
        raise ValueError(f"no such month: {name}")  # to `re`, `aprıl` is `april` as well
    return month


def _short_year(text: str) -> Day | None:
    """25.04.24, 14:07 Uhr."""
    if m := _SHORT_YEAR.search(text):
        day = date(2000 + int(m[3]), int(m[2]), int(m[1]))
        return Day(day, m.start(), m.end(), needs_clock=True)
    return None


def _no_year(text: str, now: datetime, hint: date | None) -> Day | None:
    """06月14日, 06-14 17:56, [17:56] 06-14 (East Money's listings of 2022 had no year)."""
    m = _NO_YEAR.search(text)
    if not m or m.lastindex is None:
        return None
    month, day = int(m[m.lastindex - 1]), int(m[m.lastindex])
    if hint:
        near = _days(month, day, range(hint.year - 1, hint.year + 2))
        found = min(near, key=lambda d: abs(d - hint), default=None)
    else:
        past = _days(month, day, range(now.year, now.year - 9, -1))  # nine years hold a Feb 29
        found = next((d for d in past if d <= now.date()), None)
    if found is None:
        raise ValueError(f"no such day: {m[0]}")
    return Day(found, m.start(m.lastindex - 1), m.end())


def _days(month: int, day: int, years: Iterable[int]) -> list[date]:
    """That day in each of the years that have it; ValueError when none can."""
    if day == 29 and month == 2:
        years = [year for year in years if isleap(year)]
    return [date(year, month, day) for year in years]
