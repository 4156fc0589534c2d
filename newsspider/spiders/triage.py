"""Which links of a listing are asked for, in which order, and whether to read its next page.

In: a link, what the ledger remembers of it, and what the site file and the run ask for. Out: a
Decision, pure; `Triage` reads the ledger for it. The category and share spiders carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import NamedTuple

from newsspider.dates import day_of_id, from_id, read_time
from newsspider.model import Link
from newsspider.sites import identity
from newsspider.sites.schema import Recipe, Site
from newsspider.store.ledger import Ledger
from newsspider.store.records import KnownLink, PublishedPost, has_changed, seen


class Decision(Enum):
    FETCH = auto()  # new, or left over, or changed since
    KNOWN = auto()  # settled: published, dropped for what it is, removed by a person
    DUPLICATE = auto()  # its article has a post that came another way
    UNWANTED = auto()  # not what this run asks for; stays pending


class Refusal(NamedTuple):
    """Why a run does not ask for an article: by which option, and in words."""

    option: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run asks for: one source, one share, a time from which on; empty means all."""

    media: str = ""
    stock: str = ""  # a code (`600941`), or market and code (`1.600941`)
    since: datetime | None = None

    def refusal(
        self,
        source: str | None,
        published: datetime | None,
        stocks: Collection[str] | None = None,
    ) -> Refusal | None:
        """Why the run does not ask for an article of this source and time, with these shares
        (market and code); None when it does. What is not known (None) is no reason."""
        if self.media and source is not None and source != self.media:
            return Refusal("media", f"is from {source or 'nobody'}")
        if self.stock and stocks is not None and not self._mentioned(stocks):
            return Refusal("stock", f"does not mention {self.stock}")
        if self.since and published is not None and published < self.since:
            return Refusal("since", f"is of {published:%Y-%m-%d %H:%M}")
        return None

    def takes(
        self, source: str, published: datetime | None, stocks: Collection[str] | None = None
    ) -> bool:
        """Whether the run may ask for an article, as far as its listing tells; "" for a source
        that is not known."""
        return self.refusal(source or None, published, stocks) is None

    def _mentioned(self, stocks: Collection[str]) -> bool:
        return any(self.stock in (stock, stock.partition(".")[2]) for stock in stocks)


def decide(
    link: Link, file_id: str, site: str, known: KnownLink | None, article: PublishedPost | None
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


@dataclass(frozen=True, slots=True)
class Triaged:
    """A link of a listing page, and what is to become of it."""

    key: str
    link: Link
    known: KnownLink | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Triage:
    """What the links of one category are judged by."""

    site: Site
    category: str
    recipe: Recipe
    ledger: Ledger
    wanted: Wanted
    now: Callable[[], datetime]

    def of(self, link: Link) -> Triaged:
        """What is to become of a link."""
        key = identity.article_key(self.site, link)
        known = self.ledger.known(self.site.name, self.category, key)
        file_id = identity.file_name_id(self.site, link, self.recipe)
        decision = decide(link, file_id, self.site.name, known, self.ledger.article(key))
        if decision is Decision.FETCH and not self.wants(link, known):
            decision = Decision.UNWANTED
        return Triaged(key, link, known, decision)

    def wants(self, link: Link, known: KnownLink | None) -> bool:
        """Whether the run asks for such an article, as far as listing and ledger tell."""
        source, published = link.source, self._time(link)
        if known is not None:
            source = known.source or source
            published = datetime.fromisoformat(known.published) if known.published else published
        stocks = known.stocks.split() if known and known.stocks is not None else None
        return self.wanted.takes(source, published, stocks)

    def newest_first(self, links: Iterable[Link]) -> list[Link]:
        """The links in the order to ask for them; as listed where no time is known."""
        found = list(links)
        if any(link.time for link in found):
            found.sort(key=self._newness, reverse=True)
        return found

    def _newness(self, link: Link) -> datetime:
        """When a link was published, as far as its listing or its id tells."""
        moment = from_id(
            identity.article_number(self.site, link), now=self.now(), zone=self.site.zone
        )
        return self._time(link) or (moment.at if moment else datetime.min.replace(tzinfo=UTC))

    def _time(self, link: Link) -> datetime | None:
        hint = day_of_id(identity.article_number(self.site, link))
        now = link.time_listed(self.now())
        language = str(link.fields.get("language") or self.site.language)
        moment = read_time(link.time, now=now, zone=self.site.zone, hint=hint, language=language)
        return moment.at if moment else None
