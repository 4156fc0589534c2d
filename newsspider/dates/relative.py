"""Times relative to the moment of reading: 刚刚, 3小时前, 2 days ago, vor 3 Stunden, yesterday.

In: a short plain text (no accents, single spaces), the moment of the crawl and the language. Out: a
time with its smallest unit, or the day that a word names; None for a text with neither.
`newsspider.dates` calls it for a text without a day of the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from newsspider.dates.clock import Precision
from newsspider.dates.locales import NOT_A_DAY, Words, key
from newsspider.dates.words import look_up, words_in_turn

_LONGEST = 40  # 刚刚 and 昨天 open many a headline: only a short text is a time
_HALF = "半"

# Words that name a day even alone, by how far back it is; others need a time of day beside them.
_ALONE = re.compile(r"(今天|今日|\btoday\b)|(昨天|昨日|\byesterday\b)|(前天|前日)", re.IGNORECASE)
_WORD = re.compile(r"[^\s\d.,:;|/()\[\]·•–—،]+")
_LONGEST_DAY = 3  # words: `day before yesterday`
_HANZI_UNITS = {
    hanzi: unit
    for unit, several in (
        ("second", "秒"),
        ("minute", "分"),
        ("hour", "小时時"),
        ("day", "天日"),
        ("week", "周週星"),
        ("month", "月"),
        ("year", "年"),
    )
    for hanzi in several
}
_HANZI_AGO = re.compile(
    r"((?<!\d)(?:\d{1,4}|半) ?个?"
    r"(?:[秒分](?:钟|鐘)?|小?[时時]間?|天|日|周|週|星期|月|年)"
    r"(?:\d{1,2} ?[分秒](?:钟|鐘)?)?) ?以?前"
)
_HANZI_COUNTED = re.compile(rf"(\d{{1,4}}|半)[ 个]{{0,2}}([{''.join(_HANZI_UNITS)}])")
_HANZI_NOW = re.compile(r"\W{0,3}(?:刚刚|刚才)\W{0,3}")
_FINEST = {"second": Precision.MINUTE, "minute": Precision.MINUTE, "hour": Precision.HOUR}


# What may follow a unit at the end of a time: `Vor 3 Tagen verschwand sie` is not a time.
_END = re.compile(r"\W*$| ?[|·•–(-]")


class _Grammar(NamedTuple):
    """How a language writes a time in the past."""

    part: re.Pattern[str]  # a count and its unit
    joint: re.Pattern[str]  # the text between two of them
    before: re.Pattern[str]
    after: re.Pattern[str]


@lru_cache(maxsize=64)
def _grammar(words: Words) -> _Grammar:
    patterns = (
        rf"(?<![\d:.])(\d{{1,4}}|\b(?:{_any_of(words.one)})\b)[ ']?"
        rf"({_any_of({*words.units, *words.whole})})\.?",
        rf",? (?:(?:{_any_of(words.joint)}) )?",
        rf"\b(?:{_any_of(words.before)}) (?:(?:{_any_of(words.about)}) )?$",
        rf" ?(?:{_any_of(words.after)})(?!\w)",
    )
    return _Grammar(*(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def _any_of(words: Iterable[str]) -> str:
    """Return the words as alternatives, longest first; without words a pattern that never
    matches."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


class NearDay(NamedTuple):
    """A day relative to today: how many days back, its position in the text, and whether it counts
    without a time of day."""

    back: int
    start: int
    end: int
    alone: bool


def find_near_day(text: str, language: str = "") -> NearDay | None:
    """Return the day that 今天, yesterday or gestern names; None without one.

    `Heute`, `Hoy` and `Oggi` are newspapers and `hier` is German too: those words name a day only
    beside a time of day.
    """
    if len(text) > _LONGEST:
        return None
    if (m := _ALONE.search(text)) and m.lastindex:
        return NearDay(m.lastindex - 1, m.start(), m.end(), len(text) <= len(m[0]) + 6)
    for start, end, name in _names(text):
        back = look_up("days", name, language)
        if back is not None and back != NOT_A_DAY:
            return NearDay(back, start, end, False)
    return None


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield every run of one to three words of a text, the longest first at each word, with its
    position."""
    words = list(_WORD.finditer(text))
    for at, first in enumerate(words):
        for last in reversed(words[at : at + _LONGEST_DAY]):
            yield first.start(), last.end(), key(text[first.start() : last.end()])


def read_ago(text: str, now: datetime, language: str = "") -> tuple[datetime, Precision] | None:
    """Return the time of 刚刚, 3小时前 or vor 2 Tagen at `now` (aware), cut to the smallest unit in
    the text; None for a text without such a time."""
    if len(text) > _LONGEST:
        return None
    if _is_now(text, language):
        return now.replace(second=0, microsecond=0), Precision.MINUTE
    back, precision = _back(text, language)
    if back is None:
        return None
    try:
        at = (now.astimezone(UTC) - back).astimezone(now.tzinfo).replace(second=0, microsecond=0)
    except (ValueError, OverflowError):
        return None
    if precision is Precision.DAY:
        at = at.replace(hour=0, minute=0)
    elif precision is Precision.HOUR:
        at = at.replace(minute=0)
    return at, precision


def _is_now(text: str, language: str) -> bool:
    if _HANZI_NOW.fullmatch(text):
        return True
    name = key(text).strip(" \t-–—·•|()[],:;!")
    return bool(name) and any(name in words.now for words in words_in_turn(language))


def _back(text: str, language: str) -> tuple[timedelta | relativedelta | None, Precision]:
    """Return how far back a text goes, and its smallest unit; None for a text without such a
    time."""
    if m := _HANZI_AGO.search(text):
        return _summed((n, _HANZI_UNITS[word]) for n, word in _HANZI_COUNTED.findall(m[1]))
    for words in words_in_turn(language):
        if parts := _ago(text, words):
            return _summed((m[1], _unit(m[2], words)) for m in parts)
    return None, Precision.DAY


def _ago(text: str, words: Words) -> list[re.Match[str]]:
    """Return the one or two counted units of a text in the past; [] without any."""
    part, joint, before, after = _grammar(words)
    parts: list[re.Match[str]] = []
    for m in part.finditer(text):
        joined = parts and joint.fullmatch(text, parts[-1].end(), m.start())
        parts = [parts[-1], m] if joined else [m]
        if after.match(text, m.end()) or (
            _END.match(text, m.end())
            and (before.search(text, 0, parts[0].start()) or m[2].casefold() in words.whole)
        ):
            return parts
    return []


def _unit(word: str, words: Words) -> str:
    word = word.casefold()
    return words.units.get(word) or words.whole[word]


def _summed(
    counts: Iterable[tuple[str, str]],
) -> tuple[timedelta | relativedelta | None, Precision]:
    """Return counted units (`1 hour 5 minutes`) as a span, and their smallest unit; None for half a
    month or year."""
    back: relativedelta = relativedelta()
    finest = Precision.DAY
    for count, unit in counts:
        precision = _FINEST.get(unit, Precision.DAY)
        parts: Any = {f"{unit}s": int(count) if count.isdecimal() else 1}
        if count == _HALF:
            if unit in ("month", "year"):
                return None, finest
            return timedelta(**parts) / 2, Precision.MINUTE if unit == "hour" else precision
        back += relativedelta(**parts)
        finest = max(finest, precision)
    return back, finest
