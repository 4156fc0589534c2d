"""The order in which the pages of a listing are requested, none of them twice.

In: the first page, and the pages that each page names. Out: the page to request next. Called by
the category spider.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsspider.listing.paging import PageRequest

_MOST_NAMED = 10_000  # pages of indexes that wait to be read: each may name 50,000 more


class Frontier:
    """The pages of a listing still to request: next pages first, then those that indexes name."""

    def __init__(self) -> None:
        self._asked: set[PageRequest] = set()
        self._named: list[PageRequest] = []
        self.is_part = False  # whether the page requested last is one that an index names

    def ask(self, request: PageRequest) -> None:
        """Record that a page is requested, so that it is not requested again."""
        self._asked.add(request)

    def note(self, requests: Iterable[PageRequest]) -> None:
        """Queue the pages that an index names, before those named earlier: an index of indexes is
        read depth first."""
        self._named = [*requests, *self._named][:_MOST_NAMED]

    def is_new(self, request: PageRequest) -> bool:
        """Return whether a page has not been requested yet; one that has would close a circle."""
        return request not in self._asked

    def after(self, following: PageRequest | None) -> PageRequest | None:
        """Return the page to request after one whose next page is `following`; None at the end."""
        if following is not None and self.is_new(following):
            self.is_part = False
            return following
        while self._named:
            named = self._named.pop(0)
            if self.is_new(named):
                self.is_part = True
                return named
        return None
