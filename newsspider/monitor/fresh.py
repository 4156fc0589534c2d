"""Whether the newest article of a source is too old: `fresh` of newsspider.yml.

In: when the newest article was published, and the ages at which to warn. Out: a sentence, and
whether it is an error. Pure. The category spider asks at the end of a crawl.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsspider.monitor.health import age


@dataclass(frozen=True, slots=True)
class Stale:
    """What a person should know of a source that is silent; `is_error`: it needs a person."""

    words: str
    is_error: bool


def stale(
    newest: datetime | None, now: datetime, *, warn: timedelta | None, error: timedelta | None
) -> Stale | None:
    """Return what is wrong with the age of the newest article; None while it is young enough, or
    unknown."""
    if newest is None:
        return None
    old = now - newest
    for limit, is_error in ((error, True), (warn, False)):
        if limit is not None and old > limit:
            words = f"its newest article is {age(old)} old; `fresh` allows {age(limit)}"
            return Stale(words, is_error)
    return None
