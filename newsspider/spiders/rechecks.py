"""When a published article is asked for again.

In: when it was published and last asked for, and up to which age the source has its articles looked
at. Out: whether it is due. Pure; the recheck spider asks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsspider.store.records import Check

LISTING = "@recheck"  # where the ledger keeps the counts of a site's looks: `bbc/@recheck`
SECOND_LOOK = timedelta(hours=24)  # after the first answer that an article is missing
# Most corrections come within hours of the publication: an article younger than the first time is
# asked for again after the second.
_PAUSES = (
    (timedelta(hours=2), timedelta(minutes=15)),
    (timedelta(hours=12), timedelta(hours=1)),
    (timedelta(days=1), timedelta(hours=3)),
)
_LONGEST_PAUSE = timedelta(days=1)


def pause(age: timedelta) -> timedelta:
    """Return how long after its last look an article of this age is asked for again."""
    return next((pause for younger, pause in _PAUSES if age < younger), _LONGEST_PAUSE)


def is_due(check: Check, now: datetime, recheck: timedelta) -> bool:
    """Return whether to ask for a published article again: it is younger than `recheck` and its
    last look long enough ago, or it was missing a day ago. A look later than now was noted by a
    wrong clock."""
    if check.missing:
        return now - datetime.fromisoformat(check.missing) >= SECOND_LOOK
    age = now - published(check)
    if age >= recheck:
        return False
    if not check.checked:
        return True
    waited = now - datetime.fromisoformat(check.checked)
    return waited >= pause(age) or waited < timedelta(0)


def published(check: Check) -> datetime:
    """Return when an article was published; the earliest time for a post that does not say it."""
    try:
        return datetime.strptime(check.post.date, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
