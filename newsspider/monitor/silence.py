"""Whether a source is silent for longer than it ever is: its newest article against its own gaps.

In: when the articles of the last weeks were published, and the country whose holidays count. Out:
how long the source may be silent now. Pure. The category spider asks at the end of a crawl.

The gap after an article is compared with the gaps after articles of the same weekday: after a
Friday's comes the weekend, and after the one of a weekly comes a week. Of a source that publishes
in bursts, only the gaps between bursts count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from newsspider.monitor.health import age

WEEKS = timedelta(weeks=8)  # whose gaps count
_ENOUGH = 5  # gaps, without which nothing is usual
# Gaps after articles of a weekday, without which those of all days count: with four, a source that
# publishes three times a week at random raised alarms.
OF_WEEKDAY = 6
_USUAL = 0.99  # the share of the gaps that are not longer than the usual one
# Interquartile ranges between the median and the usual gap: 3.6, if bursts come at random.
_SPREADS = 3
_MOST = 2.95  # usual gaps that a silence may last: it is to be noticed within 3
LEAST = timedelta(hours=3)  # below that, a crawl that comes late is no silence, and a gap is none
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a source has been silent, and how long a gap of it usually is; holidays are left out
    of both."""

    lasts: timedelta
    usual: timedelta

    @property
    def is_unusual(self) -> bool:
        return self.lasts > max(_MOST * self.usual, LEAST)

    @property
    def words(self) -> str:
        return (
            f"it has had no new article for {age(self.lasts)}, holidays left out; its gaps after an"
            f" article of this weekday are {age(self.usual)} at most. If that is usual, set `fresh`"
        )


def silence(
    published: Sequence[datetime],
    now: datetime,
    *,
    zone: tzinfo,
    is_holiday: Callable[[date], bool] = lambda day: False,
) -> Silence | None:
    """Return the silence of a source at this moment; None if too little is known of it.

    `published` are aware times of its articles, in any order. Those of the last eight weeks before
    the newest one count.
    """
    times = sorted({moment for moment in published if moment <= now})
    times = [moment for moment in times if moment >= times[-1] - WEEKS]
    if len(times) <= _ENOUGH:
        return None
    gaps = [(start.astimezone(zone).weekday(), end - start) for start, end in pairwise(times)]
    newest = times[-1].astimezone(zone)
    of_weekday = [gap for weekday, gap in gaps if weekday == newest.weekday()]
    usual = usual_gap(of_weekday if len(of_weekday) >= OF_WEEKDAY else [gap for _, gap in gaps])
    return Silence(_working_time(newest, now.astimezone(zone), is_holiday), usual)


def usual_gap(gaps: Sequence[timedelta]) -> timedelta:
    """Return the 99th percentile of gaps. Where most of them are within bursts, it is that of the
    longer ones: so few of these are known that it is estimated from their quartiles, too."""
    pauses = sorted(gap for gap in gaps if gap > LEAST)
    if not OF_WEEKDAY <= len(pauses) < len(gaps) / 2:
        return sorted(gaps)[math.ceil(_USUAL * len(gaps)) - 1]
    quarter, half, most = (pauses[len(pauses) * at // 4] for at in (1, 2, 3))
    return max(pauses[math.ceil(_USUAL * len(pauses)) - 1], half + _SPREADS * (most - quarter))


def _working_time(start: datetime, end: datetime, is_holiday: Callable[[date], bool]) -> timedelta:
    """Return the time from `start` to `end`, without the holidays after the day of `start`."""
    days = min((end.date() - start.date()).days, 400)
    holidays = sum(is_holiday(start.date() + at * _DAY) for at in range(1, days + 1))
    return max(end - start - holidays * _DAY, timedelta())
