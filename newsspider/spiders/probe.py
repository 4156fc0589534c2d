"""The probe spider: a category page by its address, or a category of a site → its listing and
three articles, as they came.

In: a Probe, from `newsspider add` or `check`. Out: the same, filled; no item, and nothing written.
What the pages say is read afterwards, by `replay`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.authoring.probe import SAMPLES, TRIED, Probe, no_listing, why_not
from newsspider.authoring.replay import Fixture, Sample, Saved, sample_key
from newsspider.authoring.write_definition import listing_values, values_of
from newsspider.discover import sitemaps_of_robots
from newsspider.discover.candidates import listing_candidates
from newsspider.discover.interfaces import interfaces
from newsspider.errors import NotReadable
from newsspider.extraction import draft
from newsspider.extraction.draft import Draft, NextPage
from newsspider.extraction.reading import Answer, Failed
from newsspider.fetch.browser.render import RENDERED, render_meta
from newsspider.fetch.site_meta import meta_of
from newsspider.listing.paging import PageRequest
from newsspider.model import Article, Link, Page
from newsspider.sites.adhoc import ANY_PAGE, adhoc_site
from newsspider.sites.listings import Listing, SitemapListing
from newsspider.sites.schema import Site
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.responses import failure_words, listing_page

_DEEPEST = 3  # indexes of sitemaps that are followed, each to its newest


class ProbeSpider(NewsSpider):
    """Fetches what a definition is made from or held against: one listing page, three articles."""

    name = "probe"

    def __init__(self, probe: Probe, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._probe = probe
        self._interfaces: list[str] = []
        self._shown = False  # whether a browser showed the page at the address
        self._left_links: list[Link] = []
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

    # -- an address: which listing? -----------------------------------------------------------

    def parse_start(self, response: Response) -> Iterator[Request | Article]:
        """The page at the address has come."""
        self._probe.answered = True
        try:
            page = listing_page(response)
        except NotReadable as error:
            self._probe.why = f"{response.url} cannot be read: {error}"
            return
        self._probe.start = page
        if why := why_not(page):
            self._probe.why = f"{page.url} {why}"
            return
        self._shown = RENDERED in response.flags
        self._listings = listing_candidates(page, rendered=self._shown)
        if not self._listings:
            self._interfaces = list(interfaces(page))
            yield from self._ask_interface(page.url)
            return
        yield from self._try(0, response)

    def _ask_interface(self, of: str) -> Iterator[Request | Article]:
        """The page had nothing to offer: what its scripts ask, then what robots.txt names."""
        if self._interfaces:
            yield self._ask(
                self._interfaces.pop(0),
                self.parse_interface,
                self.interface_failed,
                cb_kwargs={"of": of},
            )
            return
        robots = urljoin(of, "/robots.txt")
        # What forbids pages to robots is itself not forbidden to them (RFC 9309, 2.2.2).
        meta = {"dont_obey_robotstxt": True}
        yield self._ask(robots, self.parse_robots, self.robots_failed, meta=meta)

    def parse_interface(self, response: Response, of: str) -> Iterator[Request | Article]:
        """What a script of the page names has answered: a list of articles, or something else."""
        try:
            self._listings = listing_candidates(listing_page(response))
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
        """The page had nothing to offer: the sitemaps that robots.txt names."""
        named = sitemaps_of_robots(response.text if hasattr(response, "text") else "")
        literal = (one.url.replace("{", "%7B").replace("}", "%7D") for one in named[:2])
        self._listings = tuple(SitemapListing(kind="sitemap", url=url) for url in literal)
        yield from self._try(0)

    def robots_failed(self, failure: Failure) -> None:
        self._nothing()

    def _nothing(self, why: str = "") -> None:
        start = self._probe.start
        offers = no_listing(start, rendered=self._shown) if start is not None else ""
        offers = f"{start.url}: {offers}" if start is not None and not why else offers
        self._probe.why = "; ".join(filter(None, (why, offers)))

    def _try(self, at: int, response: Response | None = None) -> Iterator[Request | Article]:
        """Go on with a listing that the page offers, read off this page where it is on it."""
        if at >= len(self._listings):
            self._nothing(self._probe.why)
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
        return self._ask_turn(listing.first_page(chosen, self.site, self._probe.category), at, 0)

    def _ask_turn(self, turn: PageRequest, at: int, depth: int) -> Request:
        headers = dict(self._listings[at].headers)
        if turn.content_type:
            headers["Content-Type"] = turn.content_type
        return self._ask(
            turn.url,
            self.parse_listing,
            self.listing_failed,
            method="POST" if turn.body else "GET",
            body=turn.body,
            headers=headers,
            meta=self.meta_for(self.site, f"/{self._probe.category}", self._listings[at]),
            cb_kwargs={"at": at, "asked": turn.url, "depth": depth},
        )

    def parse_listing(
        self, response: Response, at: int, asked: str, depth: int
    ) -> Iterator[Request | Article]:
        """A listing page has come: the links on it, or the newest page of an index."""
        self._probe.answered = True
        category, chosen = self._probe.category, self._listings[at]
        try:
            page = listing_page(response)
            found = listing.read(page, self.site, category, chosen, number=0)
        except NotReadable as error:
            yield from self._next(at, f"{response.url}: {error}")
            return
        if not found.links and found.subs and depth < _DEEPEST:
            yield self._ask_turn(found.subs[0].request, at, depth + 1)
            return
        if not found.links:
            yield from self._next(at, f"{response.url} has no links")
            return
        self.count("found", len(found.links))
        saved = Saved(name="listing", asked=asked, page=page, kind=_kind(response))
        now = datetime.now(UTC).replace(microsecond=0)
        # The file that is made of an address has the one listing that was read.
        own = at if self._probe.site is not None else 0
        self._probe.fixture = Fixture(category=category, at=own, now=now, listing=saved)
        self._probe.why = ""
        self._probe.site = self.site
        self._left_links = list(found.links[:TRIED])
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

    # -- three articles -----------------------------------------------------------------------

    def _sample(self) -> Iterator[Request | Article]:
        if self._left_links:
            recipe = self.site.recipe(self.site.category(self._probe.category))
            yield from self.take(self.site, self._left_links.pop(0), recipe, self._probe.category)

    def finish(self, made: Draft) -> Iterator[Request | Article]:
        """All pages of a sample are there: keep it, unless it is no article."""
        article = draft.assemble(made, self.now())
        if article.rejection:
            failed = Failed("", f"{made.link.url}: {article.rejection}")
            yield from self._give_up(made, failed)
            return
        key = sample_key(made.site, made.link)
        self._read[key] = Sample(key=key, pages=tuple(self._pages.get(key, ())))
        self._tell()

    def answer_of(self, response: Response, start: Draft, wanted: NextPage) -> Answer:
        """A page of an article, kept as it came."""
        self._probe.read_any = True
        self._probe.rendered |= RENDERED in response.flags
        answer = super().answer_of(response, start, wanted)
        if isinstance(answer, Page):
            key = sample_key(start.site, start.link)
            saved = Saved(name=wanted.page, asked=wanted.url, page=answer, kind=_kind(response))
            self._pages.setdefault(key, []).append(saved)
        return answer

    def _give_up(self, start: Draft, failed: Failed) -> Iterator[Request | Article]:
        self._probe.faults.append(failed.detail)
        yield from self._sample()

    def _tell(self) -> None:
        """Note what has been read so far, in the order of the listing."""
        samples = tuple(self._read[key] for key in self._order if key in self._read)
        assert self._probe.fixture is not None
        self._probe.fixture = replace(self._probe.fixture, samples=samples)


def _with(probe: Probe, chosen: Listing) -> Site:
    """The site to be, as far as it is known before an article is read."""
    values = values_of(probe.url, probe.category, listing_values(chosen))
    return Site.model_validate({**values, "pages": ANY_PAGE})


def _kind(response: Response) -> str:
    kind: str = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return kind
