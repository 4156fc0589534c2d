"""When a link whose article failed is asked for again, and when it is given up.

In: the reason, how often in a row the article has failed for it, and when it was last tried. Pure.
The spiders and the stages that settle links call it, and `newsspider show`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from newsspider.store.records import KnownLink

# How often in a row an article is asked for that fails for a reason, before its link is settled.
# Whatever fails for another reason is asked for in every run.
_TRIES = {
    "Http404": 3,  # some sites list an article a moment before they publish it
    "Http410": 1,
    "RobotsTxt": 1,
    "Fault": 5,  # of newsspider: an update may mend it
    "FutureDate": 7,
}
_PAUSES = {  # at least so long between two tries
    "FutureDate": timedelta(days=1),
    "NoDate": timedelta(days=1),
}


def is_given_up(reason: str, failures: int) -> bool:
    """Return whether a link is settled after failing this often in a row for this reason."""
    return failures >= _TRIES.get(reason, failures + 1)


# Answers that say nothing of whether the article has a text, or that it is withdrawn.
_NO_ANSWERS = frozenset({"Fault", "Http410"})


def is_answer(reason: str, failures: int) -> bool:
    """Return whether a page that fails for this reason, this often in a row, gives no more than the
    article's feed does."""
    return reason not in _NO_ANSWERS and failures >= _TRIES.get(reason, 1)


def is_waiting(known: KnownLink | None, now: datetime) -> bool:
    """Return whether it is too early to ask for a failed link again: what is never given up is
    asked for ever more rarely. A try later than now was noted by a wrong clock."""
    until = next_try(known) if known is not None else None
    if known is None or until is None:
        return False
    return datetime.fromisoformat(known.tried) <= now < until


def next_try(known: KnownLink) -> datetime | None:
    """Return before when a failed link is not asked for again; None: the next run asks for it."""
    if known.state != "failed" or not known.tried or known.reason not in _PAUSES:
        return None
    pauses = 1 if known.reason in _TRIES else known.tries
    return datetime.fromisoformat(known.tried) + pauses * _PAUSES[known.reason]
