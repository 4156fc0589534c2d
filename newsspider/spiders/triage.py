"""What is to become of the links that a category's listing shows.

In: a link, and what the ledger, the site file and the run's own wishes say of it. Out: a Judged.
The category spider asks for each link of a page, and acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from newsspider.dates import day_of_id, from_id, read_time
from newsspider.model import Link
from newsspider.sites import identity
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.decide import Decision, Wanted, decide
from newsspider.store.ledger import Ledger
from newsspider.store.records import Known


@dataclass(frozen=True, slots=True)
class Judged:
    """A link of a listing page, and what is to become of it."""

    key: str
    link: Link
    known: Known | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Judge:
    """What the links of one category are judged by."""

    site: Site
    category: str
    recipe: Recipe
    ledger: Ledger
    wanted: Wanted
    now: Callable[[], datetime]

    def of(self, link: Link) -> Judged:
        """What is to become of a link."""
        key = identity.article_key(self.site, link)
        known = self.ledger.known(self.site.name, self.category, key)
        file_id = identity.file_name_id(self.site, link, self.recipe)
        decision = decide(link, file_id, self.site.name, known, self.ledger.article(key))
        if decision is Decision.FETCH and not self.wants(link, known):
            decision = Decision.UNWANTED
        return Judged(key, link, known, decision)

    def wants(self, link: Link, known: Known | None) -> bool:
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
        now = link.told_at(self.now())
        moment = read_time(link.time, now=now, zone=self.site.zone, hint=hint)
        return moment.at if moment else None
