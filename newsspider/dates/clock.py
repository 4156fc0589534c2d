"""The time of day, and its zone, beside a day.

In: a text from a page (hostile), the position of a day in it, and the site's zone. Out: the time of
day after or before that day, in the zone that the text names, with its smallest unit; None for a
day without a time. `newsspider.dates`, which finds the day, calls it.
"""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsspider.dates.locales import key
from newsspider.dates.words import look_up
from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import HAN


class Precision(IntEnum):
    """The smallest unit in a text; smaller units of the moment are zero."""

    DAY = 1
    HOUR = 2
    MINUTE = 3
    SECOND = 4


class Clock(NamedTuple):
    """A time of day with its zone, and its smallest unit. `next_day`: it was 24:00, or later in
    Japanese, which counts the hours of a night on: 25時10分."""

    at: time
    precision: Precision
    next_day: bool = False


# The half of the day that a word stands for. The words of other languages are in their files.
_HALVES = {
    word: half
    for half, words in (
        ("am", "上午 午前 凌晨 早上 早晨 清晨 am"),
        ("noon", "中午 正午"),
        ("pm", "下午 午後 晚上 傍晚 pm"),
        ("night", "深夜 半夜 夜里 夜間"),
    )
    for word in words.split()
}
# `16時45分`, `16h45`, `৪টা ৪৫ মিনিট`, `4 बजकर 45 मिनट`
_HANZI_CLOCK = re.compile(
    r"(\d{1,2}) ?(?:[时時点點h]|টা|बजकर) ?(\d{1,2})(?!\d)(?: ?分)?(?: ?(\d{1,2}) ?秒)?"
)
# `16.25 Uhr`, `06.15 GMT`, `kl. 16.25`, and a time after a year: `21/11/2026 15.30`.
_DOTTED_CLOCK = re.compile(
    r"(?<![\d.,])(?:(?<=ore )|(?<=klo )|(?<=kl )|(?<=kl\. )|(?<=\b(?:19|20)\d\d )|(?<=\d\d\d\d, )"
    r"|(?<=godz\. )|(?<=\balle )|(?<=a las )|(?<=\bpukul )|(?<=\bom )|(?<=\bob )|(?<=\d [ov] )"
    r"|(?<=\d\d\d\d - )"
    r"|(?<=\.\d\d\.\d\d ))"
    r"([01]?\d|2[0-3])\.([0-5]\d)(?![.,]?\d)"
    r"|(?<![\d.,])([01]?\d|2[0-3])\.([0-5]\d)"
    r"(?= ?(?:(?:Uhr|[ap]\.?m|GMT|BST|UTC|CES?T|MEZ|MESZ|WIB|WITA?)\b|น\.))"
)
_CLOCK = re.compile(
    rf"(?:({'|'.join(_HALVES)})\.? ?)?(?<!\d)(\d{{1,2}})"
    r"(?::(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?![\d:])|[时時点點]| ?(?:টা|बजे))"
    r"(?: ?([ap])\.? ?m\b)?",  # `4:25 p. m.` in Spanish
    re.IGNORECASE,
)
_ODD_CLOCK = re.compile(r"[ T]?\d{1,2}:\d")
_WORD_AFTER = re.compile(r" ?([^\s\d:+()\[\],;|/-]{1,12})(?![^\s\d:+()\[\],;|/-])")
_WORD_BEFORE = re.compile(r"(?<![^\s\d:+()\[\],;|/-])([^\s\d:+()\[\],;|/-]{1,12}) ?$")
_HANZI = lazy_pattern(rf"[{HAN}]")
_GAP, _REACH = 12, 40  # characters between a day and its time; from the day to the end of the time

# `16:25 +08:00`, `16:25 (GMT+8)`, `4:25 p. m. GMT-5`
_OFFSET = re.compile(r"(?: ?\(?|[. ]{0,2}\(?(?:UTC|GMT) ?)([+-])(\d{1,2})(?::?([0-5]\d))?(?!\d)")
_ZONE_NAME = re.compile(r"[ .]{0,2}\(?(Z|[A-Z]{2,4}|МСК|мск)\b")
_OFFSET_ANYWHERE = re.compile(r"\b(?:UTC|GMT) ?([+-])(\d{1,2})(?::?([0-5]\d))?(?!\d)")
_ZONE_HOURS = {
    name: hours
    for hours, names in (
        *((0, "Z UTC GMT WET"), (1, "BST CET MEZ WEST WAT"), (2, "CEST MESZ EET SAST CAT")),
        *((3, "EEST MSK МСК мск TRT EAT"), (4, "GST"), (5, "PKT"), (5.5, "IST"), (5.75, "NPT")),
        *((6, "BDT"), (7, "WIB ICT"), (8, "HKT SGT WITA MYT PHT AWST"), (9, "JST KST WIT")),
        *((9.5, "ACST"), (10, "AEST"), (11, "AEDT"), (12, "NZST"), (13, "NZDT")),
        *((-3, "BRT ART"), (-4, "EDT"), (-5, "EST CDT"), (-6, "CST MDT"), (-7, "MST PDT")),
        *((-8, "PST"), (-10, "HST")),
    )
    for name in names.split()
}
# As American papers write their zones, in summer and winter.
_ZONE_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


def with_colons(text: str) -> str:
    """Return `text` with all its times as `20:16:23`, also those in hanzi (20时16分23秒) and with a
    point (16.25 Uhr)."""
    for clock in (_HANZI_CLOCK, _DOTTED_CLOCK):
        text = clock.sub(lambda m: ":".join(part for part in m.groups() if part), text)
    return text


def read_clock(text: str, start: int, end: int, zone: tzinfo, language: str = "") -> Clock | None:
    """Return the time of day after or before the day in `text[start:end]`; None without one.

    `text` is half-width, single-spaced and `with_colons`. A time without a zone is in `zone`, the
    site's. `language` has the words for a.m. and p.m. Raises ValueError for an impossible or
    ambiguous time.
    """
    m = _clock_beside(text, start, end)
    if m is None:
        return None
    hour, minute, second = int(m[2]), int(m[3] or 0), int(m[4] or 0)
    half = _HALVES.get((m[1] or (m[5] and m[5] + "m") or "").lower(), "")
    if not half and hour <= 12:
        half = _half_beside(text, m.start(), m.end(), language)
    if half == "pm" and hour == 12 and m[1] == "晚上":
        raise ValueError("晚上12 is ambiguous")
    # ISO 8601 writes the end of a day as 24:00.
    latest = 30 if language.startswith("ja") else 24 if minute or second else 25
    next_day = 24 <= hour < latest
    hour = hour - 24 if next_day else _in_half(hour, half)
    precision = Precision.SECOND if m[4] else Precision.MINUTE if m[3] else Precision.HOUR
    at = time(hour, minute, second, tzinfo=_zone_of(text, m.end(), zone))
    return Clock(at, precision, next_day)


def _in_half(hour: int, half: str) -> int:
    """Return an hour of 24 for one in a half of the day. Noon reaches from ten to four, night from
    six to five."""
    if half == "am" and hour > 12:
        raise ValueError(f"no such hour: {hour} a.m.")
    later = {"am": range(0), "noon": range(1, 5), "pm": range(1, 12), "night": range(6, 12)}
    if hour == 12 and half in ("am", "night"):
        return 0
    return hour + 12 if hour in later.get(half, ()) else hour


def _half_beside(text: str, start: int, end: int, language: str) -> str:
    """Return the half of the day that a word right after or before the time names (4:25 μ.μ.,
    अपराह्न 4:25), or ""."""
    for word in (
        _WORD_AFTER.match(text, end),
        _WORD_BEFORE.search(text[max(0, start - 16) : start]),
    ):
        # Words in hanzi are in `_HALVES`; a word in Latin letters needs its language.
        if not word or _HANZI.match(word[1]) or (word[1].isascii() and not language):
            continue
        if half := look_up("halves", key(word[1]), language):
            return str(half)
    return ""


def _clock_beside(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of the time of day right after or before the day; None without one. Raises
    ValueError for a broken time."""
    reach = min(len(text), end + _REACH)
    after = _CLOCK.search(text, end, reach)
    if after and _beside(text[end : after.start()], after):
        return after
    if _ODD_CLOCK.match(text, end):
        raise ValueError("not a time of day")
    for before in _CLOCK.finditer(text, max(0, start - _REACH), start):
        if _beside(text[before.end() : start], before):
            return before
    return None


def _beside(gap: str, clock: re.Match[str]) -> bool:
    """Return whether a time belongs to the day: only few characters are between, none a digit; and
    `3:2` is a score unless it follows at once."""
    if len(gap) > _GAP or any(c.isdigit() for c in gap):
        return False
    return len(clock[3] or "00") == 2 or not gap.strip(" T,日号")


def _zone_of(text: str, end: int, zone: tzinfo) -> tzinfo:
    """Return the zone named after the time (which ends at `end`), or anywhere as GMT+8; else the
    site's."""
    m = _OFFSET.match(text, end)
    if m is None:
        name = _ZONE_NAME.match(text, end)
        if name and (named := _named_zone(name[1], zone)):
            return named
        m = _OFFSET_ANYWHERE.search(text)
    if m is None:
        return timezone(timedelta(hours=8)) if "北京时间" in text else zone
    offset = timedelta(hours=int(m[2]), minutes=int(m[3] or 0))
    if offset > timedelta(hours=14):
        raise ValueError(f"no such offset: {m[0]}")
    return timezone(offset if m[1] == "+" else -offset)


def _named_zone(name: str, zone: tzinfo) -> tzinfo | None:
    """Return the zone of a name; what a name means in several countries depends on the site's
    zone."""
    where = getattr(zone, "key", "")
    if name == "CST" and (where.startswith("Asia/") or zone == timezone(timedelta(hours=8))):
        return timezone(timedelta(hours=8))
    if name == "IST" and where in ("Asia/Jerusalem", "Europe/Dublin"):
        return zone
    if name in _ZONE_PLACES:
        return ZoneInfo(_ZONE_PLACES[name])
    hours = _ZONE_HOURS.get(name)
    return None if hours is None else timezone(timedelta(hours=hours))
