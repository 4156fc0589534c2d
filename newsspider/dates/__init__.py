"""Times as news sites write them, read without guessing.

In: a text or number from a page, a listing or an API (hostile, any JSON value), the moment of the
crawl and the site's zone. Out: a `Moment`, or None for a text that is not a time, or an impossible
or implausible one. Called by extraction, discovery, the spiders, the stage Validate and the command
line (`--since`).

Jekyll silently turns Feb 30 into Mar 2 and stops the whole build at `date:  +0800`, so a time that
is not in the calendar ends here. The readers are our own because date libraries fill in what a text
lacks, and `dateutil` knows English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from newsspider.dates.calendars import in_gregorian
from newsspider.dates.clock import Precision as Precision
from newsspider.dates.clock import read_clock, with_colons
from newsspider.dates.days import Day, find_day
from newsspider.dates.locales import plain
from newsspider.dates.relative import find_near_day, read_ago
from newsspider.dates.words import ANY
from newsspider.text.scripts import HANGUL


@dataclass(frozen=True, slots=True, order=False)
class Moment:
    """A time in the site's zone, and its smallest unit. `offset` is the offset from UTC that the
    text states; None for a text without one."""

    at: datetime
    precision: Precision
    offset: timedelta | None = field(default=None, compare=False)


_LONGEST = 2000  # characters of a text that are read: a time is at its beginning or alone

_COMMON = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T]([01]\d|2[0-3]):(\d\d):(\d\d)", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?(?!\d)")
# Seconds or milliseconds, from September 2001 on: fewer digits are more often something else.
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")

# Korean writes times as Chinese does, in other letters: 2026년 6월 12일 오후 4시 25분, 3시간 전.
_HANGUL = re.compile(rf"[{HANGUL}]")
_KOREAN_UNIT = re.compile(r"(?<=\d) ?(시간|개월|[년월일시분초주])( ?전\b)?")
_KOREAN_UNITS = dict(zip("년월일시분초주", "年月日时分秒周", strict=True)) | {
    "시간": "小时",
    "개월": "月",
}
_KOREAN_WORDS = {"오전": "上午", "오후": "下午", "오늘": "今天", "어제": "昨天", "그제": "前天"} | {
    "방금 전": "刚刚",
    "방금": "刚刚",
}


def read_time(
    text: object, *, now: datetime, zone: tzinfo, hint: date | None = None, language: str = ""
) -> Moment | None:
    """Return the time that `text` contains, in `zone`; None for a text without a time, or with an
    impossible or implausible one.

    `text` is any JSON value; no value makes this raise. `now` is aware, and relative times count
    back from it. A time without an offset is in `zone`. A day without a year takes the year nearest
    to `hint` (the day in the article's id), else the latest that is not after today. Words around a
    time are skipped; the first full date counts. The finest unit is the second. The words of
    `language`, the tag of the page's language or the site's, count first, then the words that mean
    the same in every language that has them (see `words`).
    """
    try:
        result = _read(text, now, zone, hint, language)
        if result is None:
            return None
        at, precision = result
        offset = None if at.tzinfo is zone else at.utcoffset()
        at = at.astimezone(UTC).astimezone(zone)  # a time that summer time skips becomes a real one
    except (ValueError, OverflowError):
        return None
    return Moment(at, precision, offset) if plausible(at, now) else None


def counts_from_now(text: str, language: str = ANY) -> bool:
    """Return whether a text gives its time relative to the moment of reading: `3小时前`,
    `gestern 18:03`. Without a language, return whether it does so in any."""
    if _COMMON.fullmatch(text) or not _LETTER.search(text):
        return False  # true of most links: the words of all languages take a while to look up
    anytime = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        text = _plain(text, language)
        named = find_day(text, anytime, language=language) is not None
    except ValueError:
        return False
    return not named and bool(find_near_day(text, language) or read_ago(text, anytime, language))


def _read(
    text: object, now: datetime, zone: tzinfo, hint: date | None, language: str
) -> tuple[datetime, Precision] | None:
    """Like `read_time`, but in any zone. Raises ValueError for an impossible time."""
    if isinstance(text, str):
        if common := _COMMON.fullmatch(text):
            year, month, day, hour, minute, second = map(int, common.groups())
            at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
            return at, Precision.SECOND
        text = _plain(text, language, getattr(zone, "key", ""))
    elif isinstance(text, int | float) and not isinstance(text, bool):
        text = str(int(text)) if 0 <= text < 10**15 else ""
    else:
        return None
    if not text:
        return None  # most listings and pages lack one of the times that are asked for
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC), Precision.SECOND
    if compact := _COMPACT.match(text):
        days, clock = compact.groups()[:3], ":".join(filter(None, compact.groups()[3:]))
        text = f"{'-'.join(days)} {clock}{text[compact.end() :]}"
    now = now.astimezone(zone)
    named = find_day(text, now, hint, language) or _near(text, now, language)
    if named:
        return _at(text, named, zone, language)
    return read_ago(text, now, language)


def _plain(text: str, language: str, zone: str = "") -> str:
    """Return a text half-width, with single spaces, without accents, with hanzi times as
    `20:16:23`, with digits of any script as 0 to 9, and with the years of the common era."""
    text = text[:_LONGEST].strip() or text.strip()[:_LONGEST]
    text = " ".join(plain(text).split())
    return with_colons(_in_hanzi(in_gregorian(text, language, zone)))


def _in_hanzi(text: str) -> str:
    """Return a Korean time as Chinese writes it."""
    if not _HANGUL.search(text):
        return text
    for word, hanzi in _KOREAN_WORDS.items():
        text = text.replace(word, hanzi)
    return _KOREAN_UNIT.sub(lambda m: _KOREAN_UNITS[m[1]] + ("前" if m[2] else ""), text)


def _near(text: str, now: datetime, language: str) -> Day | None:
    """Return the day of 今天 16:25, yesterday 10:00, gestern, 18:03 Uhr or 前天."""
    near = find_near_day(text, language)
    if near is None:
        return None
    day = now.date() - timedelta(days=near.back)
    return Day(day, near.start, near.end, needs_clock=not near.alone)


def _at(text: str, named: Day, zone: tzinfo, language: str) -> tuple[datetime, Precision] | None:
    """Return the named day at the time of day beside it, else at its beginning; None where the day
    needs a time of day and has none."""
    clock = read_clock(text, named.start, named.end, zone, language)
    if clock:
        day = named.day + timedelta(days=clock.next_day)
        return datetime.combine(day, clock.at), clock.precision
    if named.needs_clock:
        return None
    return datetime.combine(named.day, time.min, zone), Precision.DAY


def plausible(at: datetime, now: datetime) -> bool:
    """Return whether a news article can have this time (both are aware).

    From 1992 (before, Shanghai had summer time, which Jekyll shows an hour off) to a day ahead, for
    clocks that differ.
    """
    return at.year >= 1992 and at <= now + timedelta(days=1)


_DATED_ID = re.compile(r"[A-Z]{0,2}(\d{4})(\d\d)(\d\d)\d{10}", re.ASCII)


def day_of_id(id: str) -> date | None:
    """Return the day in an East Money id: up to two letters, yyyymmdd, a 10-digit sequence; None
    for other ids."""
    m = _DATED_ID.fullmatch(id)
    try:
        return date(int(m[1]), int(m[2]), int(m[3])) if m and "1992" <= m[1] < "2100" else None
    except ValueError:
        return None


def from_id(id: str, *, now: datetime, zone: tzinfo) -> Moment | None:
    """Return the day in an id as a moment, for an article without any other time; None without
    one."""
    day = day_of_id(id)
    if day is None:
        return None
    at = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Moment(at, Precision.DAY) if plausible(at, now) else None


def best(moments: Iterable[Moment | None]) -> Moment | None:
    """Return the most precise moment, the first of equals; None without any."""
    return max((m for m in moments if m), key=lambda m: m.precision, default=None)


def post_date(at: datetime) -> str:
    """Return a time as front matter has it, such as `2022-04-26 20:16:23 +0800`. Raises ValueError
    for a naive `at`."""
    if at.utcoffset() is None:
        raise ValueError("a post's date needs an offset from UTC")
    return f"{at:%Y-%m-%d %H:%M:%S %z}"


def read_post_date(text: str) -> datetime:
    """Return the time that `post_date` wrote. Raises ValueError for another text."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")


_AGE = re.compile(r"(\d{1,4}) ?([hdw])", re.ASCII)


def read_age(text: str) -> timedelta | None:
    """Return the length of time that `36h`, `7d` or `2w` names; None for another text."""
    match = _AGE.fullmatch(text.strip())
    return timedelta(hours=int(match[1]) * {"h": 1, "d": 24, "w": 168}[match[2]]) if match else None


def read_since(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the time of a `--since` value: `2022-04-26`, `2022-04-26 10:00` (in `zone`), or `36h`,
    `7d`, `2w` back from `now`. Raises ValueError with a message for the person who typed it."""
    text = text.strip()
    if age := read_age(text):
        return now.astimezone(zone) - age
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:40]!r} is not a time: write a day (2022-04-26), a time (2022-04-26 10:00)"
            " or how far back (36h, 7d, 2w)"
        ) from None
    if at > now:
        raise ValueError(f"{text!r} is in the future")
    return at
