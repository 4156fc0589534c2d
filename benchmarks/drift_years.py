"""Fifty sources over a year: when they publish, and when newsspider calls them silent or broken.

In: a seed. Out: false alarms of each source, and how soon a silence is noticed. Dailies, weeklies,
sources that publish in bursts, with holidays, slow summers and outages of hours. The clock is that
of the simulation; the histories go through the detector as a crawl does.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from newsspider.monitor.drift import HISTORY, find_breaks
from newsspider.monitor.holidays import holidays_of
from newsspider.monitor.silence import LEAST, OF_WEEKDAY, WEEKS, silence, usual_gap
from newsspider.store.counts import Counts

KINDS = ("daily", "weekday paper", "weekly", "bursts", "busy", "slow")
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Europe/London", "Asia/Tokyo")
_BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
_YEAR = timedelta(days=365)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_RUNS_A_DAY = 2  # whose counts are judged
_STOPS = 4  # of each source, to see when its silence is noticed
_MOST_GAPS = 3  # usual ones, until a silence is to be noticed


@dataclass(frozen=True)
class Year:
    """A year of a source: its kind, false alarms of silence and of its counts, and how long each
    silence lasted until it was noticed, in usual gaps."""

    kind: str
    silences: int
    breaks: int
    noticed: Sequence[float]


def years(seed: int, number: int) -> Iterator[Year]:
    """Yield the years of so many sources."""
    for at in range(number):
        chosen = random.Random(f"{seed} {at}")
        kind, zone = KINDS[at % len(KINDS)], ZoneInfo(chosen.choice(_ZONES))
        published = _published(kind, zone, chosen)
        alarms = sum(_alarms(published, zone))
        stops = [chosen.randrange(len(published) // 4, len(published)) for _ in range(_STOPS)]
        noticed = [_noticed(published[: stop + 1], zone) for stop in stops]
        yield Year(kind, alarms, _breaks(published, chosen), noticed)


# -- when a source publishes ------------------------------------------------------------------


def _published(kind: str, zone: ZoneInfo, chosen: random.Random) -> list[datetime]:
    """Return the times of the articles of a year and of the eight weeks before it."""
    is_holiday = holidays_of(zone.key)
    keeps_holidays, moments = chosen.random() < 0.5, list[datetime]()
    hour, a_day = chosen.uniform(4, 18), chosen.uniform(5, 40)
    weekday, summer = chosen.randrange(7), chosen.randint(170, 230)
    for number in range((_YEAR + WEEKS).days):
        day = (_BEGIN - WEEKS + number * _DAY).astimezone(zone).replace(hour=0)
        if keeps_holidays and is_holiday(day.date()):
            continue
        quiet = 0.6 if summer <= number - WEEKS.days < summer + 28 else 1.0
        sunday = day.weekday() == 6
        if kind == "daily":
            hours = [hour + chosen.gauss(0, 0.5)] * (chosen.random() < 0.99)
        elif kind == "weekday paper":
            count = 0 if sunday else _poisson(a_day * quiet, chosen)
            hours = [chosen.uniform(hour, hour + 6) for _ in range(count)]
        elif kind == "weekly":
            hours = [hour + chosen.gauss(0, 2)] * (day.weekday() == weekday)
        elif kind == "bursts":
            starts = [chosen.uniform(6, 22) for _ in range(_poisson(3 * quiet, chosen))]
            sizes = (range(chosen.randint(1, 8)) for _ in starts)
            hours = [
                s + chosen.random() for s, size in zip(starts, sizes, strict=True) for _ in size
            ]
        elif kind == "busy":
            count = _poisson(a_day * quiet * (0.4 if day.weekday() > 4 else 1), chosen)
            hours = [chosen.triangular(5, 24, 13) for _ in range(count)]
        else:
            hours = [chosen.uniform(8, 20)] * (chosen.random() < 0.45)
        moments += [day + each * _HOUR for each in hours]
    return _with_outages(sorted(moments), chosen)


def _with_outages(moments: list[datetime], chosen: random.Random) -> list[datetime]:
    """Hold back what falls into an outage of the source until it ends."""
    for _ in range(12):
        start = chosen.choice(moments)
        end = start + chosen.uniform(1, 10) * _HOUR
        moments = [end if start <= moment < end else moment for moment in moments]
    return sorted(moment.astimezone(UTC) for moment in moments)


def _poisson(mean: float, chosen: random.Random) -> int:
    limit, product, count = math.exp(-mean), chosen.random(), 0
    while product > limit:
        product *= chosen.random()
        count += 1
    return count


# -- silence ----------------------------------------------------------------------------------


def _alarms(published: Sequence[datetime], zone: ZoneInfo) -> Iterator[bool]:
    """Yield, for each gap of the year, whether it was called a silence before it ended."""
    is_holiday, start = holidays_of(zone.key), 0
    for at in range(1, len(published)):
        newest, end = published[at - 1], published[at]
        if newest < _BEGIN or end - newest <= LEAST:  # never a silence
            continue
        while published[start] < newest - WEEKS:
            start += 1
        silent = silence(published[start:at], end, zone=zone, is_holiday=is_holiday)
        yield silent is not None and silent.is_unusual


def _noticed(published: Sequence[datetime], zone: ZoneInfo) -> float:
    """Return after how many usual gaps a source that has stopped is called silent."""
    newest, is_holiday = published[-1], holidays_of(zone.key)
    recent = sorted({moment for moment in published if moment >= newest - WEEKS})
    gaps = [(start.astimezone(zone).weekday(), end - start) for start, end in pairwise(recent)]
    weekday = newest.astimezone(zone).weekday()
    of_weekday = [gap for day, gap in gaps if day == weekday]
    usual = usual_gap(of_weekday if len(of_weekday) >= OF_WEEKDAY else [gap for _, gap in gaps])
    usual = max(usual, LEAST / _MOST_GAPS)
    now, worked, step = newest, timedelta(), usual / 50
    while worked < 2 * _MOST_GAPS * usual:
        now += step
        worked += timedelta() if is_holiday(now.astimezone(zone).date()) else step
        silent = silence(recent, now, zone=zone, is_holiday=is_holiday)
        if silent is not None and silent.is_unusual:
            break
    return worked / usual


# -- the counts of its runs -------------------------------------------------------------------


def _breaks(published: Sequence[datetime], chosen: random.Random) -> int:
    """Return how many runs of the year break the pattern of their counts."""
    length, links = chosen.randint(900, 6000), chosen.randint(15, 60)
    odd = {name: chosen.uniform(0, 0.15) for name in ("dropped/NotAnArticle", "lacking/author")}
    history, breaks, at = list[Counts](), 0, 0
    for number in range((_YEAR + WEEKS).days * _RUNS_A_DAY):
        until = _BEGIN - WEEKS + (number + 1) * _DAY / _RUNS_A_DAY
        start = at
        while at < len(published) and published[at] < until:
            at += 1
        today = _counts(at - start, links, length, odd, chosen)
        found = find_breaks(today, history)
        breaks += bool(found)
        today.update({f"drift/{each.measure}": 1 for each in found})
        history = [today, *history[: HISTORY - 1]]
    return breaks


def _counts(
    articles: int, links: int, length: int, odd: dict[str, float], chosen: random.Random
) -> Counts:
    counts = Counts({"read": articles, "fetched": articles, "text": articles})
    if chosen.random() < 0.97:  # else the listing did not answer
        counts["first_page/links"] = links - _poisson(1, chosen)
    counts["characters"] = sum(int(length * chosen.lognormvariate(0, 0.6)) for _ in range(articles))
    for name, share in odd.items():
        if number := sum(chosen.random() < share for _ in range(articles)):
            counts[name] = number
    return counts
