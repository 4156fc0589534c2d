"""Which sources are due, and when the others are.

In: the sources of a project with their crawls, and when the ledger last saw each crawl. Out: a Turn
for each source. Pure. `newsspider crawl` without a target and `status` use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsspider.crawling.jobs import Job
from newsspider.crawling.source import Source


@dataclass(frozen=True, slots=True)
class Turn:
    """A source with its crawls, when it was last crawled (None: never) and when it is due."""

    source: Source
    jobs: tuple[Job, ...]
    last: datetime | None
    due: datetime


def turns(
    jobs: Mapping[Source, Sequence[Job]], last_crawls: Mapping[str, datetime], now: datetime
) -> list[Turn]:
    """Return the turn of each source. One of several categories was last crawled when its least
    recent category was; if one never was, the source is due."""
    result = []
    for source, crawls in jobs.items():
        times = [last_crawls.get(job.source) for job in crawls]
        known = [moment for moment in times if moment is not None]
        last = min(known) if known else None
        seen = last if len(known) == len(times) else None
        result.append(Turn(source, tuple(crawls), last, source.schedule.next_after(seen, now)))
    return result


def next_due(all_turns: Sequence[Turn]) -> datetime | None:
    """Return when the next source is due; None if there is no source."""
    return min((turn.due for turn in all_turns), default=None)
