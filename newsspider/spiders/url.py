"""The url spider: any category page, by its address alone → the articles behind its links.

`scrapy crawl url -a url=https://news.example/world/`
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.authoring.probe import no_listing, why_not
from newsspider.discover.candidates import listing_candidates
from newsspider.errors import NotReadable
from newsspider.fetch.browser.render import RENDERED, render_meta
from newsspider.fetch.site_meta import meta_of
from newsspider.listing.section import section_of_page
from newsspider.model import Article
from newsspider.sites import site_of
from newsspider.sites.schema import Category
from newsspider.spiders.category import CategorySpider
from newsspider.spiders.responses import failure_words, listing_page
from newsspider.text.budget import budget


class UrlSpider(CategorySpider):
    """Chooses a listing from the page first: a feed that it declares, a list on it, a list in its
    state. The rest is the category spider's; the ledger has the address in place of a category."""

    name = "url"

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        super().__init__(category=url, **kwargs)

    def choose_site(self) -> None:
        self.site = site_of(self._category_name, self.sites.values())
        self.sites.setdefault(self.site.name, self.site)
        self._start_over(self.site.recipe(Category()))

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
        """Choose the listing of the page; if it is the page itself, read the response."""
        try:
            with budget():
                why = self._choose_listing(response)
        except NotReadable as error:
            why = f"cannot be read: {error}"
        if why:
            self._give_up_page(why)
            return
        self._section_name = section_of_page(listing_page(response), self.site.title)
        request = self._ask_listing(0)
        if request.url in (response.url, self._category_name) and request.method == "GET":
            yield from self.parse_listing(response, 0)
        else:
            self.note(f"{self._category_name}: read from its {self._listing.kind}, {request.url}")
            yield request

    def _choose_listing(self, response: Response) -> str:
        """Set the listings that the page offers; return why it has none, else ""."""
        page, rendered = listing_page(response), RENDERED in response.flags
        if why := why_not(page):
            return why
        self._listings = listing_candidates(page, rendered=rendered)
        if self._listings:
            return ""
        return f"has no listing that can be read: {no_listing(page, rendered=rendered)}"

    def offer_failed(self, failure: Failure) -> None:
        """Report that the page could not be fetched."""
        self._give_up_page(f"cannot be read: {failure_words(failure)}")

    def _give_up_page(self, why: str) -> None:
        self.count("failed_listings")
        self.note(f"{self._category_name} {why}")
