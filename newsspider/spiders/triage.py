"""Which links of a listing to fetch, and in which order.

In: a link, its rows in the ledger, the site and the options of the run. Out: a Decision. Pure, but
`Triage` reads the ledger. The category and share spiders act on the results.
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
from newsspider.spiders.retries import is_waiting
from newsspider.store.ledger import Ledger
from newsspider.store.records import KnownLink, PublishedPost, has_changed, seen
from newsspider.text.urls import host


class Decision(Enum):
    FETCH = auto()  # new, or left over, or changed since
    KNOWN = auto()  # settled: published, dropped, or removed by a person
    DUPLICATE = auto()  # its article has a post from another site or listing
    REMOVED = auto()  # a run left it open, and the post of its article was removed since
    UNWANTED = auto()  # excluded by the options of this run; stays pending


# Why a link is settled that is not fetched.
DROPPED = {Decision.DUPLICATE: "Duplicate", Decision.REMOVED: "Removed"}


class Refusal(NamedTuple):
    """Why a run does not want an article: the option that excludes it, and the reason in words."""

    option: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles a run wants: of one source, about one share, from a time on; empty: all."""

    media: str = ""
    stock: str = ""  # a code (`600941`), or market and code (`1.600941`)
    since: datetime | None = None

    def refusal(
        self,
        source: str | None,
        published: datetime | None,
        stocks: Collection[str] | None = None,
    ) -> Refusal | None:
        """Return why the run does not want an article of this source and time, with these shares
        (market and code); None if it wants it. An unknown value (None) excludes nothing."""
        if self.media and source is not None and source != self.media:
            return Refusal("media", f"is from {source}" if source else "names no source")
        if self.stock and stocks is not None and not self._mentioned(stocks):
            return Refusal("stock", f"does not mention {self.stock}")
        if self.since and published is not None and published < self.since:
            return Refusal("since", f"was published {published:%Y-%m-%d %H:%M}")
        return None

    def takes(
        self, source: str, published: datetime | None, stocks: Collection[str] | None = None
    ) -> bool:
        """Return whether the run may want an article, as far as its listing shows. `source` is ""
        if it is not known."""
        return self.refusal(source or None, published, stocks) is None

    def _mentioned(self, stocks: Collection[str]) -> bool:
        return any(self.stock in (stock, stock.partition(".")[2]) for stock in stocks)


def decide(
    link: Link, file_id: str, site: str, known: KnownLink | None, article: PublishedPost | None
) -> Decision:
    """Return what to do with a link of a listing, before the options of the run apply.

    An article has changed if its listing shows another title or another time than before.
    """
    changed = known is not None and has_changed(known.seen, seen(link))
    if article is not None and article.state != "promised":
        is_open = known is not None and known.state in ("pending", "failed")
        if article.state == "gone":
            return Decision.REMOVED if is_open else Decision.KNOWN
        if (article.site, article.id) != (site, file_id):
            # A link that a run left open may have got its post from another listing since.
            return Decision.DUPLICATE if known is None or is_open else Decision.KNOWN
        return Decision.FETCH if changed or is_open else Decision.KNOWN
    settled = known is not None and known.state in ("dropped", "sent") and not changed
    return Decision.KNOWN if settled else Decision.FETCH


def known_key(ledger: Ledger, site: Site, link: Link, listing: str = "") -> str:
    """Return the identity of the article behind a link: the known one if the link is an alias, or
    if the feed of the listing had the article under another address before."""
    own = identity.article_key(site, link)
    key = ledger.resolve(own)
    if key != own or ledger.article(key) is not None:
        return key
    guid = identity.guid_key(site, listing, link)
    by_guid = ledger.resolve(guid) if guid else guid
    return by_guid if by_guid != guid else _before(ledger, site, link, listing) or key


def _before(ledger: Ledger, site: Site, link: Link, listing: str) -> str:
    """Return the key under which an earlier run noted the article; "" if none did. Before guids
    were noted: that of the address that is the guid, or of the page that several entries link to,
    if the title is the same. Before the host had a site file: that of its address."""
    guid, part = str(link.fields.get("guid", "")), str(link.fields.get("part", ""))
    if part:
        key = ledger.resolve(identity.article_key(site, Link(url=link.url)))
        known = ledger.known(site.name, listing, key)
        same = known is not None and known.seen.partition("\n")[0] == seen(link).partition("\n")[0]
        return key if same else ""
    keys = [identity.article_key(site, Link(url=guid))] if host(guid) else []
    resolved = map(ledger.resolve, [*keys, identity.unfiled_key(link)])
    return next((key for key in resolved if ledger.article(key) is not None), "")


def post_id(site: Site, link: Link, recipe: Recipe, key: str, article: PublishedPost | None) -> str:
    """Return the id for the post of a link: that of the article if the link is an alias of it."""
    if article is not None and key != identity.article_key(site, link):
        return article.id
    return identity.file_name_id(site, link, recipe)


@dataclass(frozen=True, slots=True)
class Triaged:
    """A link of a listing page, with its key, its row in the ledger and the Decision."""

    key: str
    link: Link
    known: KnownLink | None
    decision: Decision


def have_other_addresses(triaged: Collection[Triaged]) -> bool:
    """Return whether nearly all links are new, as after the move of a site."""
    open_ = (Decision.FETCH, Decision.UNWANTED)
    new = sum(row.known is None and row.decision in open_ for row in triaged)
    return new > 0.8 * len(triaged)


@dataclass(frozen=True, slots=True)
class Triage:
    """Decides on the links of one category."""

    site: Site
    category: str
    recipe: Recipe
    ledger: Ledger
    wanted: Wanted
    now: Callable[[], datetime]
    dates_all: bool = False  # whether the run publishes articles that give no day (--undated)

    def of(self, link: Link) -> Triaged:
        """Return the decision on a link."""
        key = known_key(self.ledger, self.site, link, self.category)
        known = self.ledger.known(self.site.name, self.category, key)
        article = self.ledger.article(key)
        own_id = post_id(self.site, link, self.recipe, key, article) if article else ""
        decision = decide(link, own_id, self.site.name, known, article)
        if decision is Decision.FETCH and self.is_early(link, known):
            decision = Decision.KNOWN
        if decision is Decision.FETCH and not self.wants(link, known):
            decision = Decision.UNWANTED
        return Triaged(key, link, known, decision)

    def is_early(self, link: Link, known: KnownLink | None) -> bool:
        """Return whether a link that failed, and has not changed since, is asked for later."""
        if known is None or has_changed(known.seen, seen(link)):
            return False
        is_due = self.dates_all and known.reason == "NoDate"
        return not is_due and is_waiting(known, self.now())

    def wants(self, link: Link, known: KnownLink | None) -> bool:
        """Return whether the run wants the article, as far as listing and ledger show."""
        source, published = link.source, self._time(link)
        if known is not None:
            source = known.source or source
            published = datetime.fromisoformat(known.published) if known.published else published
        stocks = known.stocks.split() if known and known.stocks is not None else None
        return self.wanted.takes(source, published, stocks)

    def newest_first(self, links: Iterable[Link]) -> list[Link]:
        """Return the links in the order to fetch them; as listed if no time is known."""
        ordered = list(links)
        if any(link.time for link in ordered):
            ordered.sort(key=self._newness, reverse=True)
        return ordered

    def _newness(self, link: Link) -> datetime:
        """Return when a link was published, by its listing or its id; the earliest time if
        unknown."""
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
