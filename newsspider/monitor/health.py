"""The health of a source: whether its last crawl went well, and whether it is crawled at all.

In: when a source was crawled, what its last crawl counted, and its schedule. Out: a Health with the
reason in words. Pure. `newsspider status` uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from newsspider.store.counts import Counts
from newsspider.text.characters import counted

_LATE = 2  # intervals after which a source that is due counts as overdue
_REASONS = 3  # of a failure that are named


class State(StrEnum):
    FINE = "fine"
    PARTLY = "some failed"
    FAILED = "failed"
    BROKEN = "broken"
    OVERDUE = "overdue"
    NEVER = "never crawled"


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a source, and why."""

    state: State
    why: str = ""

    def __str__(self) -> str:
        return f"{self.state}: {self.why}" if self.why else self.state


@dataclass(frozen=True, slots=True)
class Crawled:
    """What the ledger knows of a source: when its last crawl began and what that counted, when the
    last crawl with a new article began. None: never."""

    last: datetime | None = None
    last_new: datetime | None = None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class Plan:
    """When a source is due next, and the interval of its crawls."""

    due: datetime
    interval: timedelta


def health(crawled: Crawled, plan: Plan | None, now: datetime) -> Health:
    """Return the health of a source; without a plan it is never overdue."""
    if crawled.last is None:
        return Health(State.NEVER)
    if plan is not None and now > plan.due + _LATE * plan.interval:
        return Health(State.OVERDUE, f"no crawl for {age(now - crawled.last)}; see its timer")
    counts = crawled.counts
    if broken := counts.under("drift"):
        return Health(State.BROKEN, f"{', '.join(broken)}; the report of the crawl says more")
    if counts.failed or counts["failed_listings"]:
        if counts.answered:
            return Health(State.PARTLY, reasons(counts.failed))
        return Health(State.FAILED, reasons(counts.failed) or "no listing could be read")
    if counts.finish_reason not in ("", "finished"):
        return Health(State.PARTLY, f"stopped before its end ({counts.finish_reason})")
    expired = f", {counts['expired']} expired" if counts["expired"] else ""
    return Health(State.FINE, _news(crawled, now) + expired)


def reasons(counts: Mapping[str, int]) -> str:
    """Return the most frequent reasons in a line: `Http503 12, Timeout 2`."""
    named = [f"{reason} {count}" for reason, count in counts.items()][:_REASONS]
    more = len(counts) - len(named)
    return ", ".join(named) + (f" and {counted(more, 'other reason')}" if more else "")


def age(length: timedelta) -> str:
    """Return a length of time in its largest unit: `3 days`, `5 hours`, `1 minute`."""
    seconds = max(length.total_seconds(), 0)
    for unit, size in (("day", 86400), ("hour", 3600)):
        if seconds >= size:
            return counted(int(seconds // size), unit)
    return counted(int(seconds // 60), "minute")


def _news(crawled: Crawled, now: datetime) -> str:
    if new := crawled.counts["written"]:
        return f"{new} new"
    if (dropped := crawled.counts.dropped) and not crawled.counts["known"]:
        return f"all dropped: {reasons(dropped)}"
    if crawled.last_new is None:
        return "nothing new yet"
    return f"nothing new for {age(now - crawled.last_new)}"
