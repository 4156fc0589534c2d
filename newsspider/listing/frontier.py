"""The pages of a listing in the order in which they are asked for, none of them twice.

In: the first page, what each page named. Out: the page to ask for next. The category spider asks.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsspider.listing.paging import PageRequest

_MOST_NAMED = 10_000  # pages of indexes that are kept to be read: each may name 50,000 more


class Frontier:
    """The way through a listing: next pages first, then the pages that its indexes named."""

    def __init__(self) -> None:
        self._asked: set[PageRequest] = set()
        self._named: list[PageRequest] = []

    def ask(self, turn: PageRequest) -> None:
        """This page is asked for, and never again."""
        self._asked.add(turn)

    def note(self, turns: Iterable[PageRequest]) -> None:
        """Pages that an index names: before those named earlier, as an index of indexes reads."""
        self._named = [*turns, *self._named][:_MOST_NAMED]

    def is_new(self, turn: PageRequest) -> bool:
        """Whether the page has not been asked for; another one ends the way, in a circle."""
        return turn not in self._asked

    def after(self, following: PageRequest | None) -> PageRequest | None:
        """The page to read after one that names this as the next; None at the end."""
        if following is not None and self.is_new(following):
            return following
        while self._named:
            named = self._named.pop(0)
            if self.is_new(named):
                return named
        return None
