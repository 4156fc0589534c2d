"""Where a new article is filed whose source is lost: where the others of its listing are.

In: source, category and tag of the newest posts of the listing. Out: those that nearly all of them
have. Pure. The stage Validate asks it.

The address of a post has its category, and that is the source's by default. So a source that no
selector finds is not replaced by what generic extraction takes for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEWEST = 40  # posts that are looked at
_ENOUGH = 5  # posts, without which nothing is usual
_USUAL = 0.9  # of the posts
_LOST = {"by_fallback/source", "lacking/source"}  # marks of an article


@dataclass(frozen=True, slots=True)
class Filing:
    source: str
    category: str
    tag: str


def usual_filing(filings: Sequence[Filing]) -> Filing | None:
    """Return the filing of nearly all these posts; None if they differ, or are few."""
    if len(filings) < _ENOUGH:
        return None
    usual, number = Counter(filings).most_common(1)[0]
    return usual if number >= _USUAL * len(filings) else None


def has_lost_source(marks: Iterable[str]) -> bool:
    """Return whether the selectors of an article with these marks find no source."""
    return not _LOST.isdisjoint(marks)


def without_lost_source(marks: Iterable[str]) -> tuple[str, ...]:
    """Return the marks of an article whose source is known all the same."""
    return tuple(mark for mark in marks if mark not in _LOST)
