"""The probe spider: an address or a category of a site → its listing page and three articles.

In: a Probe, from `newsspider add` or `check`. Out: the same Probe, filled with the pages as their
servers sent them; no items, and no files. `authoring/replay.py` reads the pages afterwards.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.authoring.probe import SAMPLES, TRIED, Probe, Start, mended, no_listing, start_of
from newsspider.authoring.replay import Fixture, Sample, Saved, sample_key
from newsspider.authoring.write_definition import values_of
from newsspider.authoring.yaml_text import listing_values
from newsspider.discover import sitemaps_of_robots
from newsspider.discover.candidates import listing_candidates
from newsspider.errors import NotReadable
from newsspider.extraction.draft import Draft, NextPage
from newsspider.extraction.feed_draft import assembled
from newsspider.extraction.reading import Answer, Failed
from newsspider.fetch.browser.render import RENDERED, render_meta
from newsspider.fetch.site_meta import meta_of
from newsspider.listing import ListingPage
from newsspider.listing.paging import PageRequest
from newsspider.model import Article, Link, Page
from newsspider.sites.adhoc import ANY_PAGE, adhoc_site
from newsspider.sites.listings import Listing, SitemapListing
from newsspider.sites.schema import Site
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.crawl import value_of
from newsspider.spiders.responses import failure_words, header, listing_page
from newsspider.text.characters import counted

if TYPE_CHECKING:
    from newsspider.authoring.mend import Mending

_DEEPEST = 3  # levels of sitemap indexes that are followed, each to its newest page


class ProbeSpider(NewsSpider):
    """Fetches the pages that a definition is written from or checked with: one listing page and
    three articles."""

    name = "probe"

    def __init__(self, probe: Probe, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._probe = probe
        self._interfaces: list[str] = []
        self._is_shell = False  # whether that page lacks its content
        self._rendered = False  # whether a browser showed the page at the address
        self._left_links: list[Link] = []
        self._unread: list[tuple[int, Saved]] = []  # listing pages without links, or with few
        self._order: list[str] = []
        self._pages: dict[str, list[Saved]] = {}
        self._read: dict[str, Sample] = {}

    def choose_site(self) -> None:
        self.site = self._probe.site or adhoc_site(self._probe.url)
        self._listings = self.site.listings_of(self._probe.category) if self._probe.site else ()

    async def start(self) -> AsyncIterator[Request]:
        if self._probe.site is not None:
            yield self._ask_listing(0)
        else:
            meta = render_meta(self.site, "auto")
            yield self._ask(self._probe.url, self.parse_start, self.start_failed, meta=meta)

    def _ask(self, url: str, callback: Any, errback: Any, **more: Any) -> Request:
        return Request(
            url,
            callback=callback,
            errback=errback,
            dont_filter=True,
            headers={**self.site.headers, **more.pop("headers", {})},
            meta={**meta_of(self.site), **more.pop("meta", {})},
            **more,
        )

    # -- the listing of an address ------------------------------------------------------------

    def parse_start(self, response: Response) -> Iterator[Request | Article]:
        """Look for the listings of the page at the address."""
        self._probe.answered = True
        self._rendered = RENDERED in response.flags
        try:
            page = self._probe.start = listing_page(response)
        except NotReadable as error:
            self._probe.why = f"{response.url} cannot be read: {error}"
            return
        task = partial(start_of, page, rendered=self._rendered)
        yield from self.read(task, page.url, partial(self._choose_listings, response))

    def _choose_listings(
        self, response: Response, outcome: Start | Exception
    ) -> Iterator[Request | Article]:
        """Choose the listings of the page at the address."""
        try:
            start = value_of(outcome)
        except NotReadable as error:
            start = Start(why=f"cannot be read: {error}")
        if start.why:
            self._probe.why = f"{response.url} {start.why}"
            return
        self._listings, self._is_shell = start.listings, start.is_shell
        if self._listings:
            yield from self._try(0, response)
        else:
            self._interfaces = list(start.interfaces)
            yield from self._ask_interface(response.url)

    def _ask_interface(self, of: str) -> Iterator[Request | Article]:
        """Request the next interface that the page's scripts name, and at last robots.txt, for the
        sitemap of the whole site in place of a page that scripts fill."""
        if self._interfaces:
            yield self._ask(
                self._interfaces.pop(0),
                self.parse_interface,
                self.interface_failed,
                cb_kwargs={"of": of},
            )
            return
        if not self._is_shell:
            yield from self._give_up_listing()
            return
        robots = urljoin(of, "/robots.txt")
        # robots.txt itself is always allowed (RFC 9309, 2.2.2).
        meta = {"dont_obey_robotstxt": True}
        yield self._ask(robots, self.parse_robots, self.robots_failed, meta=meta)

    def parse_interface(self, response: Response, of: str) -> Iterator[Request | Article]:
        """Read an interface that a script of the page names; it may not be a list of articles."""
        try:
            task = partial(listing_candidates, listing_page(response))
        except NotReadable:
            yield from self._ask_interface(of)
            return
        yield from self.read(task, response.url, partial(self._choose_interface, of))

    def _choose_interface(
        self, of: str, outcome: tuple[Listing, ...] | Exception
    ) -> Iterator[Request | Article]:
        """Continue with the listings of an interface, or with the next interface."""
        try:
            self._listings = value_of(outcome)
        except NotReadable:
            self._listings = ()
        if self._listings:
            yield from self._try(0)
        else:
            yield from self._ask_interface(of)

    def interface_failed(self, failure: Failure) -> Iterator[Request | Article]:
        yield from self._ask_interface(failure.request.cb_kwargs["of"])  # type: ignore[attr-defined]

    def start_failed(self, failure: Failure) -> None:
        self._probe.why = f"{self._probe.url} cannot be read: {failure_words(failure)}"

    def parse_robots(self, response: Response) -> Iterator[Request | Article]:
        """Take the sitemaps that robots.txt names: the page itself offers no listing."""
        sitemaps = sitemaps_of_robots(response.text if hasattr(response, "text") else "")
        urls = (sitemap.url.replace("{", "%7B").replace("}", "%7D") for sitemap in sitemaps[:2])
        self._listings = tuple(SitemapListing(kind="sitemap", url=url) for url in urls)
        yield from self._try(0)

    def robots_failed(self, failure: Failure) -> Iterator[Request | Article]:
        yield from self._give_up_listing()

    def _give_up_listing(self, why: str = "") -> Iterator[Request | Article]:
        """Note that the address offers no listing that can be read."""
        self._probe.why = why
        if (start := self._probe.start) is not None:
            task = partial(no_listing, start, rendered=self._rendered)
            yield from self.read(task, start.url, partial(self._note_offers, start, why))

    def _note_offers(
        self, start: Page, why: str, outcome: str | Exception
    ) -> Iterator[Request | Article]:
        """Note what the page at the address is instead of a listing."""
        try:
            offers = value_of(outcome)
        except NotReadable as error:
            offers = f"cannot be read: {error}"
        self._probe.why = f"{why or start.url}{'; ' if why else ': '}{offers}"
        yield from ()

    def _try(self, at: int, response: Response | None = None) -> Iterator[Request | Article]:
        """Continue with the listing at this index; if it is the page itself, read the response."""
        if at >= len(self._listings):
            yield from self._give_up_listing(self._probe.why)
            return
        request = self._ask_listing(at)
        own = response is not None and request.url in (response.url, self._probe.url)
        if response is not None and own and request.method == "GET":
            yield from self.parse_listing(response, at, request.url, 0)
        else:
            yield request

    # -- the listing --------------------------------------------------------------------------

    def _ask_listing(self, at: int) -> Request:
        chosen = self._listings[at]
        if self._probe.site is None:
            self.site = _with(self._probe, chosen)
        first = listing.first_page(chosen, self.site, self._probe.category)
        return self._ask_listing_page(first, at, 0)

    def _ask_listing_page(self, page_request: PageRequest, at: int, depth: int) -> Request:
        headers = dict(self._listings[at].headers)
        if page_request.content_type:
            headers["Content-Type"] = page_request.content_type
        return self._ask(
            page_request.url,
            self.parse_listing,
            self.listing_failed,
            method="POST" if page_request.body else "GET",
            body=page_request.body,
            headers=headers,
            meta=self.meta_for(self.site, f"/{self._probe.category}", self._listings[at]),
            cb_kwargs={"at": at, "asked": page_request.url, "depth": depth},
        )

    def parse_listing(
        self, response: Response, at: int, asked: str, depth: int
    ) -> Iterator[Request | Article]:
        """Read a listing page."""
        self._probe.answered = True
        try:
            page = listing_page(response)
        except NotReadable as error:
            yield from self._next(at, f"{response.url}: {error}")
            return
        saved = Saved(name="listing", asked=asked, page=page, kind=header(response, "Content-Type"))
        yield from self._read_listing(saved, at, depth)

    def _read_listing(self, saved: Saved, at: int, depth: int) -> Iterator[Request | Article]:
        category, chosen = self._probe.category, self._listings[at]
        task = partial(listing.read, saved.page, self.site, category, chosen, number=0)
        yield from self.read(task, saved.page.url, partial(self._keep_listing, saved, at, depth))

    def _keep_listing(
        self, saved: Saved, at: int, depth: int, outcome: ListingPage | Exception
    ) -> Iterator[Request | Article]:
        """Keep the links of a listing page, or follow an index to its newest page."""
        why = f"{saved.page.url} has no links"
        try:
            listed = value_of(outcome)
        except NotReadable as error:
            listed, why = ListingPage(()), f"{saved.page.url}: {error}"
        if not listed.links and listed.subs and depth < _DEEPEST:
            yield self._ask_listing_page(listed.subs[0].request, at, depth + 1)
            return
        if not listed.links:
            if listed.unusable:
                why += f": {counted(listed.unusable, 'link')} without an address of an article"
            self._unread.append((at, saved))
            yield from self._next(at, why)
            return
        then = partial(self._keep_links, saved, at, listed)
        yield from self._mend(saved, at, depth, len(listed.links), then)

    def _keep_links(
        self, saved: Saved, at: int, listed: ListingPage
    ) -> Iterator[Request | Article]:
        """Keep a listing page, and request the first of its links."""
        self.count("found", len(listed.links))
        now = datetime.now(UTC).replace(microsecond=0)
        # The site file written for an address has only the listing that was read.
        own = at if self._probe.site is not None else 0
        self._probe.fixture = Fixture(category=self._probe.category, at=own, now=now, listing=saved)
        self._probe.why = ""
        self._probe.site = self.site
        self._left_links = list(listed.links[:TRIED])
        self._order = [sample_key(self.site, link) for link in self._left_links]
        for _ in range(SAMPLES):
            yield from self._sample()

    def listing_failed(self, failure: Failure) -> Iterator[Request | Article]:
        request: Request = failure.request  # type: ignore[attr-defined]
        why = f"{request.url}: {failure_words(failure)}"
        yield from self._next(request.cb_kwargs["at"], why)

    def _next(self, at: int, why: str) -> Iterator[Request | Article]:
        self._probe.why = why
        if self._probe.start is not None or at + 1 < len(self._listings):
            yield from self._try(at + 1)
        else:
            yield from self._mend_unread()

    def _mend_unread(self) -> Iterator[Request | Article]:
        """Go on with the mended site, if one of the pages without links can be read otherwise."""
        if self._unread:
            at, saved = self._unread.pop(0)
            yield from self._mend(saved, at, 0, 0, self._mend_unread)

    def _mend(
        self,
        saved: Saved,
        at: int,
        depth: int,
        links: int,
        otherwise: Callable[[], Iterator[Request | Article]],
    ) -> Iterator[Request | Article]:
        """Read a listing page again with the mended site file, if that reads more than these links
        of it; else, and without --fix, go on as before."""
        mending, category = self._probe.mending, self._probe.category
        if mending is None or mending.is_changed:
            yield from otherwise()
            return

        def then(outcome: Mending | Exception) -> Iterator[Request | Article]:
            new = mending if isinstance(outcome, NotReadable) else value_of(outcome)
            if not new.is_changed:
                yield from otherwise()
                return
            self._probe.mending, self.site = new, new.site
            self._probe.site, self._listings = new.site, new.site.listings_of(category)
            yield from self._read_listing(saved, at, depth)

        task = partial(mended, mending, category, at, saved.page, links)
        yield from self.read(task, saved.page.url, then)

    # -- three articles -----------------------------------------------------------------------

    def _sample(self) -> Iterator[Request | Article]:
        if self._left_links:
            recipe = self.site.recipe(self.site.category(self._probe.category))
            yield from self.take(self.site, self._left_links.pop(0), recipe, self._probe.category)

    def finish(self, draft: Draft) -> Iterator[Request | Article]:
        """Assemble an article when all its pages have been read."""
        task = partial(assembled, draft, self.now())
        yield from self.read(task, draft.link.url, partial(self._continue_assembled, draft))

    def _hand_on(
        self, draft: Draft, outcome: tuple[Article, bool] | Exception
    ) -> Iterator[Request | Article]:
        """Keep a sample, unless it is not an article."""
        article, _ = value_of(outcome)
        if article.rejection:
            failed = Failed("", f"{draft.link.url}: {article.rejection}")
            yield from self._give_up(draft, failed)
            return
        key = sample_key(draft.site, draft.link)
        self._read[key] = Sample(key=key, pages=tuple(self._pages.get(key, ())))
        self._note_samples()

    def answer_of(self, response: Response, start: Draft, wanted: NextPage) -> Answer:
        """Keep a page of an article as its server sent it; return what the base class does."""
        self._probe.read_any = True
        self._probe.rendered |= RENDERED in response.flags
        answer = super().answer_of(response, start, wanted)
        if isinstance(answer, Page):
            key = sample_key(start.site, start.link)
            saved = Saved(
                name=wanted.page,
                asked=wanted.url,
                page=answer,
                kind=header(response, "Content-Type"),
            )
            self._pages.setdefault(key, []).append(saved)
        return answer

    def _give_up(self, start: Draft, failed: Failed) -> Iterator[Request | Article]:
        self._probe.faults.append(failed.detail)
        yield from self._sample()

    def _note_samples(self) -> None:
        """Put the samples read so far into the Probe, in the order of the listing."""
        samples = tuple(self._read[key] for key in self._order if key in self._read)
        assert self._probe.fixture is not None
        self._probe.fixture = replace(self._probe.fixture, samples=samples)


def _with(probe: Probe, chosen: Listing) -> Site:
    """Return the site of an address, as far as it is known before an article is read."""
    values = values_of(probe.url, probe.category, listing_values(chosen))
    return Site.model_validate({**values, "pages": ANY_PAGE})
