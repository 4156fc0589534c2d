"""What to do with a link that a listing shows: pure decisions from what the ledger remembers.

In: the link, what an earlier look left of it, the post of its article. Out: a Decision. The spiders
act on it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from newsspider.model import Link
from newsspider.store.records import Known, Published, has_changed, seen


class Decision(Enum):
    FETCH = auto()  # new, or left over, or changed since
    KNOWN = auto()  # settled: published, dropped for what it is, removed by a person
    DUPLICATE = auto()  # its article has a post that came another way
    UNWANTED = auto()  # not what this run asks for; stays pending


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run asks for: one source, one share, a time from which on; empty means all."""

    media: str = ""
    stock: str = ""  # a code (`600941`), or market and code (`1.600941`)
    since: datetime | None = None

    def takes(
        self, source: str, published: datetime | None, stocks: Collection[str] | None = None
    ) -> bool:
        """Whether an article of this source and time, with these shares (market and code), is asked
        for, as far as they are known; None: they are not."""
        if self.media and source and source != self.media:
            return False
        if stocks is not None and not self.takes_stocks(stocks):
            return False
        return not (self.since and published and published < self.since)

    def takes_stocks(self, stocks: Collection[str]) -> bool:
        return not self.stock or any(
            self.stock in (stock, stock.partition(".")[2]) for stock in stocks
        )


def decide(
    link: Link, file_id: str, site: str, known: Known | None, article: Published | None
) -> Decision:
    """What to do with a link of a listing, before this run's own wishes.

    A change is told by the listing: another title, or another time, than it had before.
    """
    changed = known is not None and has_changed(known.seen, seen(link))
    if article is not None and article.state != "promised":
        if article.state == "gone":
            return Decision.KNOWN
        if (article.site, article.id) != (site, file_id):
            return Decision.KNOWN if known else Decision.DUPLICATE
        open_ = known is not None and known.state in ("pending", "failed")
        return Decision.FETCH if changed or open_ else Decision.KNOWN
    settled = known is not None and known.state == "dropped" and not changed
    return Decision.KNOWN if settled else Decision.FETCH


class Paging(Enum):
    GO_ON = auto()  # read the next page
    DONE = auto()  # all there is has been seen, now or by an earlier run
    CUT = auto()  # there is more, and a later run must look for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What one listing page brought, as far as paging is concerned."""

    number: int  # counted from 0
    following: bool  # it names a next page
    unseen: int  # links no earlier page of this run had
    new: int  # links no earlier run had either
    wanted: int  # links within --since
    index: bool = False  # names other pages and need have no link itself


def page_on(leaf: Leaf, *, finished: bool, room: bool, max_pages: int, asked: bool) -> Paging:
    """Whether to read the page after this one.

    `finished`: an earlier run had seen all from here on, so a page without a new link ends it.
    `asked`: the limit of pages is this run's wish and not the site file's, so more may be wanted
    later.
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
