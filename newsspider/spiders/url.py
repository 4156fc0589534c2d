"""The url spider: any category page, by its address alone → the articles behind its links.

`scrapy crawl url -a url=https://news.example/world/`
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.authoring.probe import AddressOffer, offer_of
from newsspider.errors import NotReadable
from newsspider.fetch.browser.render import RENDERED, render_meta
from newsspider.fetch.site_meta import meta_of
from newsspider.model import Article, Link
from newsspider.sites import site_of
from newsspider.sites.listings import HtmlListing
from newsspider.sites.schema import Category
from newsspider.spiders.category import CategorySpider
from newsspider.spiders.crawl import value_of
from newsspider.spiders.pages import Paging
from newsspider.spiders.responses import failure_words, listing_page
from newsspider.spiders.triage import Decision, Triaged, known_key
from newsspider.store.records import seen
from newsspider.text.budget import BRIEF, budget

_MOST = 200  # articles of a crawl without --limit and --since


class UrlSpider(CategorySpider):
    """Chooses a listing from the page first: a feed that it declares, a list on it, a list in its
    state. After a feed it goes on in the page's own list, where that leads to older pages. The rest
    is the category spider's; the ledger has the address in place of a category."""

    name = "url"
    by_hand = True

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        super().__init__(category=url, **kwargs)
        self._offer: Response | None = None  # the page at the address
        self._goes_on = False  # whether it is in the list that goes on after the first listing
        self._settled: set[str] = set()  # keys of the articles before it goes on
        self._announced = False

    def choose_site(self) -> None:
        self.site = site_of(self._category_name, self.sites.values())
        self.sites.setdefault(self.site.name, self.site)
        self._start_over(self.site.recipe(Category()))
        if self.options.limit is None and not self.options.since:
            self.left = _MOST

    @property
    def source(self) -> str:
        return self._category_name

    async def start(self) -> AsyncIterator[Request]:
        yield Request(
            self._category_name,
            headers=dict(self.site.headers),
            meta={**meta_of(self.site), **render_meta(self.site, "auto")},
            callback=self.parse_offer,
            errback=self.offer_failed,
            dont_filter=True,
        )

    def parse_offer(self, response: Response) -> Iterator[Request | Article]:
        """Look for the listings of the page."""
        try:
            page = listing_page(response)
        except NotReadable as error:
            yield from self._choose_listing(response, error)
            return
        rendered = RENDERED in response.flags
        task = partial(offer_of, page, self.site.title, rendered=rendered)
        yield from self.read(task, response.url, partial(self._choose_listing, response))

    def _choose_listing(
        self, response: Response, outcome: AddressOffer | Exception
    ) -> Iterator[Request | Article]:
        """Choose the listing of the page; if it is the page itself, read the response."""
        try:
            offer = value_of(outcome)
        except NotReadable as error:
            offer = AddressOffer(why=f"cannot be read: {error}")
        if offer.why:
            self._give_up_page(offer.why)
            return
        self._offer = response
        self._listings, self._section_name = offer.listings, offer.section
        request = self._ask_listing(0)
        if not self._is_offer(request):
            self.note(f"{self._category_name}: read from its {self._listing.kind}, {request.url}")
        yield from self._ask_or_read(request)

    def _is_offer(self, request: Request) -> bool:
        assert self._offer is not None
        own = request.url in (self._offer.url, self._category_name)
        return own and request.method == "GET"

    def _ask_or_read(self, request: Request) -> Iterator[Request | Article]:
        """Request a listing page, or read it where it is the page at the address."""
        if self._offer is not None and self._is_offer(request):
            yield from self.parse_listing(self._offer, 0)
        else:
            yield request

    def offer_failed(self, failure: Failure) -> None:
        """Report that the page could not be fetched."""
        self._give_up_page(f"cannot be read: {failure_words(failure)}")

    def _give_up_page(self, why: str) -> None:
        self.count("failed_listings")
        self.note(f"{self._category_name} {why}")

    # -- older articles, and how many ---------------------------------------------------------

    def _after_listing(self, paging: Paging) -> Iterator[Request | Article]:
        """Go on in the page's own list, where it leads to older articles than the first listing. A
        scheduled crawl does not: it is to fetch what is new."""
        older = None if paging is Paging.CUT else self._older()
        if older is not None and self.has_room():
            self.announce(len(self._waiting()), more=True)
            yield from self._left_over()
            self._goes_on, self._why_fallback = True, ""
            self._settled = self._listed | self._taken
            self._paging_place = (self.site.name, f"{self._category_name} older")
            yield from self._ask_or_read(self._ask_listing(older))
            return
        yield from super()._after_listing(paging)
        if not self.has_room() and (paging is Paging.CUT or older or self._waiting()):
            self.note(
                f"{self._category_name}: stopped at the limit of articles; "
                "the same command goes on with the older ones"
            )

    def _triaged(self, link: Link) -> Triaged:
        """Leave articles alone that the first listing has: the list may word their titles and times
        in another way, which is no change."""
        row = super()._triaged(link)
        if not self._goes_on or row.known is None:
            return row
        if row.key not in self._settled and row.known.state in ("pending", "failed"):
            return row
        return replace(row, decision=Decision.KNOWN, known=replace(row.known, seen=seen(link)))

    def _break_off(self, url: str, why: str, number: int) -> Iterator[Request | Article]:
        if self._goes_on and number == 0:
            yield from self._left_over()
        else:
            yield from super()._break_off(url, why, number)

    def _waiting(self) -> set[str]:
        """Return the keys of the open links that this run has not requested."""
        return {key for key, *_ in self.output.ledger.open_links(*self._place)} - self._taken

    def _older(self) -> int | None:
        """Return the index of a list on the page that has a next page and the articles of the first
        listing; None without one."""
        if self._offer is None or self._goes_on or self._is_scheduled:
            return None
        for at, chosen in enumerate(self._listings[1:], 1):
            if not isinstance(chosen, HtmlListing) or not (chosen.next or chosen.counts):
                continue
            try:
                page = listing_page(self._offer)
                with budget(BRIEF):
                    listed = listing.read(page, self.site, self._category_name, chosen, number=0)
            except NotReadable:
                continue
            keys = (
                known_key(self.output.ledger, self.site, link, self._category_name)
                for link in listed.links
            )
            if any(self.output.ledger.known(*self._place, key) for key in keys):
                return at
        return None

    def announce(self, number: int, *, more: bool) -> None:
        """Print how many articles the crawl is about to fetch, and how long it takes."""
        if self._announced or not number:
            return
        self._announced = True
        limits = [left for left in (self.left, self.shared.allowance.left) if left is not None]
        more = more or self._older() is not None
        if more and not limits:
            return  # --since: nobody knows how many there are
        number = min(limits, default=number) if more else min([number, *limits])
        delay = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.shared.tell(f"{self._category_name}: {forecast(number, delay, at_most=more)}")


def forecast(number: int, delay: float, *, at_most: bool) -> str:
    """Return how many articles a crawl fetches, and how long it takes with `delay` seconds between
    two: `up to 200 articles, about 7 minutes`."""
    articles = "1 article" if number == 1 else f"{number} articles"
    minutes = round(number * delay / 60)
    time = "a minute or less" if minutes < 2 else f"about {minutes} minutes"
    return f"{'up to ' if at_most else ''}{articles}, {time}"
