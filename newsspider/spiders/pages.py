"""The pages of a listing: whether to read the next one.

In: the links of a page, as triaged, and how far earlier runs have read. Out: a Paging. The category
spider acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, auto

from newsspider.spiders.triage import Decision, Triaged


class Paging(Enum):
    GO_ON = auto()  # read the next page
    DONE = auto()  # all pages have been read, now or by an earlier run
    CUT = auto()  # there are further pages, for a later run


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The numbers of one listing page that paging depends on."""

    number: int  # counted from 0
    following: bool  # it names a next page
    unseen: int  # links that no earlier page of this run has
    new: int  # links that no earlier run has recorded
    wanted: int  # links that the options of the run do not exclude
    index: bool = False  # it names other pages, and may have no links itself


def page_on(leaf: Leaf, *, finished: bool, room: bool, max_pages: int, asked: bool) -> Paging:
    """Return whether to read the page after this one.

    `finished`: an earlier run read the listing to its end, so a page without new links ends paging.
    `room`: the run may fetch further articles. `asked`: the limit of pages is an option of this
    run, not the site file's, so a later run may read more.
    """
    if not leaf.following:
        return Paging.DONE
    if not leaf.index and (leaf.unseen == 0 or (finished and leaf.new == 0)):
        return Paging.DONE
    if not (leaf.wanted or leaf.index) or not room:
        return Paging.CUT
    if leaf.number + 1 >= max_pages:
        return Paging.CUT if asked else Paging.DONE
    return Paging.GO_ON


@dataclass(slots=True)
class Pages:
    """The pages of one listing that a run reads. `note` adds to the report why reading stops."""

    place: str
    max_pages: int
    asked: bool  # whether the limit of pages is an option of the run
    finished: bool  # whether an earlier run read the listing to its end
    newest_only: bool
    note: Callable[[str], object]
    _keys: set[str] = field(default_factory=set)  # of the links on the pages so far

    def after(
        self,
        triaged: Collection[Triaged],
        number: int,
        *,
        following: bool,
        room: bool,
        index: bool = False,
    ) -> Paging:
        """Return whether to read the page after page `number`, counted from 0; see Leaf and
        page_on."""
        keys = {row.key for row in triaged}
        leaf = Leaf(
            number=number,
            following=following,
            unseen=len(keys - self._keys),
            new=sum(row.known is None for row in triaged),
            wanted=sum(row.decision is not Decision.UNWANTED for row in triaged),
            index=index,
        )
        self._keys |= keys
        if self.newest_only and triaged:
            return Paging.DONE
        paging = page_on(
            leaf, finished=self.finished, room=room, max_pages=self.max_pages, asked=self.asked
        )
        if paging is not Paging.GO_ON and number + 1 >= self.max_pages and following:
            self.note(f"{self.place}: stopped at listing page {self.max_pages}, the limit")
        elif following and number and not leaf.unseen and not index:
            page = f"listing page {number + 1}, which repeats earlier pages"
            self.note(f"{self.place}: stopped at {page}")
        return paging
