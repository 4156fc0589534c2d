"""When a source is due: `5m`, `2h`, `1d`, or a cron line.

In: the text of `every`, and when the source was last crawled. Out: when it is due next. Pure.
`project` and `due` use it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

_INTERVAL = re.compile(r"(\d{1,6})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_FIELDS = 5  # of a cron line; cronsim also reads a sixth, of seconds
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=366)
# A run of a timer starts some seconds after the full minute, now more, now fewer: a source is due
# this part of its interval early, or every second run of a five-minute timer would find none due.
_EARLY = 0.1


def interval_of(text: str) -> timedelta | None:
    """Return the interval of a text such as 5m, 2h or 1d; None for a text that is none. Raises
    ValueError for one out of range."""
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        return None
    interval = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not _SHORTEST <= interval <= _LONGEST:
        raise ValueError(f"{text!r} is not between 1m and 366d")
    return interval


class Schedule:
    """The times at which a source is due. Raises ValueError for a text that is neither an interval
    nor a cron line, or is out of range."""

    def __init__(self, text: str) -> None:
        self._cron, self._interval = "", interval_of(text) or timedelta(0)
        if self._interval:
            return
        self._cron = text.strip()
        try:
            if len(self._cron.split()) != _FIELDS:
                raise CronSimError
            next(CronSim(self._cron, datetime(2026, 1, 1)))
        except CronSimError:
            raise ValueError(
                f"{text!r} is neither an interval, such as 5m, 2h or 1d, nor a cron line of five"
                " fields, such as '0 6 * * *'"
            ) from None
        except StopIteration:
            raise ValueError(f"{text!r} never comes") from None

    def next_after(self, last: datetime | None, now: datetime) -> datetime:
        """Return when a source is due that was last crawled at `last`; `now` if it never was. Cron
        lines are read in the time zone of `now`."""
        if last is None:
            return now
        if self._cron:
            moment: datetime = next(CronSim(self._cron, last.astimezone(now.tzinfo)))
            return moment
        return last + self._interval * (1 - _EARLY)

    @property
    def interval(self) -> timedelta:
        """The time between two crawls; of a cron line the one between its next two times."""
        if self._interval:
            return self._interval
        times = CronSim(self._cron, datetime(2026, 1, 1))
        first = next(times)
        gap: timedelta = next(times) - first
        return gap
