"""The category spider: a category's listing pages → the articles behind their links.

`scrapy crawl category -a site=finews -a category=renminyoudianbao`
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.dates import read_time
from newsspider.errors import EmptyListing, NotReadable
from newsspider.fetch.browser.render import RENDERED
from newsspider.fetch.failures import CalledBack
from newsspider.listing import ListingPage, SubListing
from newsspider.listing.frontier import Frontier
from newsspider.listing.paging import PageRequest
from newsspider.model import Article, Link
from newsspider.sites import check_category, load
from newsspider.sites.schema import Recipe
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.responses import failure_reason, failure_words, header, listing_page
from newsspider.spiders.triage import Decision, Leaf, Paging, Triage, Triaged, page_on
from newsspider.store.records import Validators, seen
from newsspider.text.slugs import close_names

_GONE = ("Http404", "Http410")
_MOST_LINKS = 50_000  # of one page, as in the sitemap protocol
_LONGEST_VALIDATOR = 1000  # characters; what is longer would make our own request too large


class CategorySpider(NewsSpider):
    """Reads a listing from its first page on until a page brings nothing new, and asks for what is
    new, left over from earlier runs, or changed since."""

    name = "category"

    def __init__(self, site: str = "", category: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._site_name, self._category_name = site, category
        self._shown: set[str] = set()  # keys that this run's pages had so far
        self._validators = Validators()

    def choose_site(self) -> None:
        self.site = load(self._site_name, self.options.sites)
        check_category(self.site, self._category_name)
        self._listings = self.site.listings_of(self._category_name)
        self._start_over(self.site.recipe(self.site.category(self._category_name)))

    @property
    def source(self) -> str:
        return "/".join(self._place)

    def _start_over(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._place = (self.site.name, self._category_name)
        self._course = Frontier()

    async def start(self) -> AsyncIterator[Request]:
        yield self._ask_listing(0)

    def _ask_listing(self, at: int) -> Request:
        """Ask for the first page of the category's listing, or of its fallback."""
        self._at = at
        self._began = datetime.now(UTC).isoformat(timespec="seconds")
        self._listing = self._listings[at]
        ledger, category = self.output.ledger, self._category_name
        self._judge = Triage(self.site, category, self._recipe, ledger, self.wanted, self.now)
        # An answer "not modified" says nothing about links that other selectors would find.
        self._definition = hashlib.sha256(repr(self._listing).encode()).hexdigest()[:16]
        self._before = self.output.ledger.validators(*self._place, self._definition)
        return self._ask_page(listing.first_page(self._listing, self.site, self._category_name), 0)

    def _ask_page(self, turn: PageRequest, number: int) -> Request:
        self._course.ask(turn)
        headers = {**self.site.headers, **self._listing.headers}
        # Links behind an unfinished look are only found with the page in hand.
        asked = {}
        if number == 0 and self._before.finished and not turn.body:  # POST gives it another sense
            known = {
                "If-None-Match": self._before.etag,
                "If-Modified-Since": self._before.modified,
            }
            asked = {name: value for name, value in known.items() if value}
        if turn.content_type:
            headers["Content-Type"] = turn.content_type
        return Request(
            turn.url,
            method="POST" if turn.body else "GET",
            body=turn.body,
            headers={**headers, **asked},
            callback=self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"number": number},
            # 304 is an answer only where it was asked whether the page has changed.
            meta={
                **self.meta_for(self.site, f"/{self._category_name}", self._listing),
                "handle_httpstatus_list": [304] if asked else [],
            },
            dont_filter=True,
        )

    def parse_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        """One listing page has come: note its links, ask for what is to be fetched, go on."""
        self.count("listing_pages")
        self.note_shell(response, self.site, f"/{self._category_name}")
        if response.status == 304:
            unchanged = self.output.ledger.settled_links(*self._place)
            self.count("found", unchanged)
            self.count("known", unchanged)
            yield from self._left_over()
            return
        try:
            page = listing_page(response)
            found = listing.read(page, self.site, self._category_name, self._listing, number=number)
        except NotReadable as error:
            if number > 0 and isinstance(error, EmptyListing):
                yield from self._end()
            else:
                yield from self._break_off(response.url, self._why(error, response), number)
            return
        self._note_stand_in(number)
        self._course.note(sub.request for sub in found.subs if self._is_due(sub))
        found = self._bounded(found)
        following = self._following(found)
        judged = [self._judge.of(link) for link in found.links]
        self._count_left_out(found)
        to_fetch = self._sort_out(judged)
        paging = self._page_on(judged, following is not None, number, index=bool(found.subs))
        if number == 0 and RENDERED not in response.flags:  # a shell never changes, its news does
            etag, modified = header(response, "ETag"), header(response, "Last-Modified")
            if max(len(etag), len(modified)) <= _LONGEST_VALIDATOR:
                self._validators = Validators(etag, modified)
        self._remember(judged, paging)
        for link in to_fetch:
            yield from self.take(self.site, link, self._recipe, self._category_name)
        if paging is Paging.GO_ON and following is not None and self.has_room():
            yield self._ask_page(following, number + 1)
        else:
            yield from self._left_over()

    def _why(self, error: NotReadable, response: Response) -> str:
        """Why a listing page cannot be read; of one whose selector finds nothing, what it has."""
        if self._listing.kind != "html" or not isinstance(error, EmptyListing):
            return str(error)
        from newsspider.discover import describe, discover

        return f"{error}; {describe(discover(listing_page(response)))}"

    def listing_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """A listing page has not come."""
        if isinstance(failure.value, CalledBack):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, _ = failure_reason(failure)
        if reason in _GONE and request.cb_kwargs["number"] > 0:
            yield from self._end()  # past the last page
        elif reason in _GONE and self._at + 1 == len(self._listings):
            self.count("failed_listings")
            near = close_names(self._category_name, self.site.categories)
            self.note(
                f"{self.site.name} has no category {self._category_name!r}: "
                f"{request.url} answers {reason.removeprefix('Http')}"
                + (f"; did you mean {' or '.join(near)}?" if near else "")
            )
        else:
            why = failure_words(failure)
            yield from self._break_off(request.url, why, request.cb_kwargs["number"])

    # -- what one page brings -----------------------------------------------------------------

    def _count_left_out(self, found: ListingPage) -> None:
        """Count what is no link to an article of the site."""
        for reason, number in (("NoAddress", found.unusable), ("Offsite", found.elsewhere)):
            if number:
                self.count("found", number)
                self.count(f"dropped/{reason}", number)

    def _sort_out(self, judged: list[Triaged]) -> list[Link]:
        """Count what was found; give the links to fetch, newest first where the times are known."""
        self.count("found", len(judged))
        names = {Decision.KNOWN: "known", Decision.DUPLICATE: "dropped/Duplicate"}
        names[Decision.UNWANTED] = "left_out"
        for one in judged:
            if name := names.get(one.decision):
                self.count(name)
        return self._judge.newest_first(
            one.link for one in judged if one.decision is Decision.FETCH
        )

    def _bounded(self, found: ListingPage) -> ListingPage:
        """What is read of one page; a page of more links than a sitemap may have is a trap."""
        left = len(found.links) - _MOST_LINKS
        if left <= 0:
            return found
        self.note(f"{'/'.join(self._place)}: {left} links of a listing page left out, its limit")
        return replace(found, links=found.links[:_MOST_LINKS])

    def _following(self, found: ListingPage) -> PageRequest | None:
        """The page to read next."""
        if found.next is not None and not self._course.is_new(found.next):
            self.note(f"{'/'.join(self._place)}: the listing goes in a circle, at {found.next.url}")
        return self._course.after(found.next)

    def _is_due(self, sub: SubListing) -> bool:
        """Whether a page of an index may have changed since a run last read all of them."""
        if not (self._before.finished and self._before.looked and sub.lastmod):
            return True
        moment = read_time(sub.lastmod, now=self.now(), zone=self.site.zone)
        looked = datetime.fromisoformat(self._before.looked)
        # A day alone is over when the next one begins.
        return moment is None or moment.at + timedelta(days=1) > looked

    def _page_on(
        self, judged: list[Triaged], following: bool, number: int, *, index: bool
    ) -> Paging:
        keys = {one.key for one in judged}
        leaf = Leaf(
            number=number,
            following=following,
            unseen=len(keys - self._shown),
            new=sum(one.known is None for one in judged),
            wanted=sum(one.decision is not Decision.UNWANTED for one in judged),
            index=index,
        )
        self._shown |= keys
        asked = self.options.max_pages
        max_pages = asked or self._listing.max_pages
        going = sum(one.decision is Decision.FETCH for one in judged)
        paging = page_on(
            leaf,
            finished=self._before.finished,
            room=self.has_room(going),
            max_pages=max_pages,
            asked=bool(asked),
        )
        place = "/".join(self._place)
        if paging is not Paging.GO_ON and number + 1 >= max_pages and following:
            self.note(f"{place}: stopped at listing page {max_pages}, its limit")
        elif following and number and not leaf.unseen and not index:
            self.note(f"{place}: stopped at listing page {number + 1}, it repeats earlier ones")
        return paging

    def _remember(self, judged: list[Triaged], paging: Paging) -> None:
        """In one transaction, before anything is asked for: the links, and where paging stands."""
        ledger = self.output.ledger
        with ledger.transaction():
            for one in judged:
                if one.decision in (Decision.FETCH, Decision.UNWANTED):
                    ledger.note_link(*self._place, one.key, one.link, "pending")
                elif one.decision is Decision.DUPLICATE:
                    ledger.note_link(*self._place, one.key, one.link, "dropped", "Duplicate")
                elif one.known is None or one.known.seen != seen(one.link):
                    state = one.known.state if one.known else "published"
                    ledger.note_link(*self._place, one.key, one.link, state)
            self._note_paging(finished=paging is Paging.DONE)

    def _note_paging(self, *, finished: bool) -> None:
        given = self._validators
        self.output.ledger.note_listing(
            *self._place,
            self._definition,
            Validators(given.etag, given.modified, finished, self._began),
        )

    # -- how a listing ends -------------------------------------------------------------------

    def _end(self) -> Iterator[Request | Article]:
        self._note_paging(finished=True)
        yield from self._left_over()

    def _note_stand_in(self, number: int) -> None:
        if number == 0 and self._at > 0:
            self.note(
                f"{'/'.join(self._place)}: read from {self._listing.url} instead; {self._why_not}"
            )

    def _break_off(self, url: str, why: str, number: int) -> Iterator[Request | Article]:
        """A listing that cannot be read is a failure to tell, never "no news"; unless another
        stands in for it."""
        if number == 0 and self._at + 1 < len(self._listings):
            self._why_not = f"{url}: {why}"
            yield self._ask_listing(self._at + 1)
            return
        self.count("failed_listings")
        self.note(f"{'/'.join(self._place)}: the listing {url} cannot be read: {why}")
        yield from self._left_over()

    def _left_over(self) -> Iterator[Request | Article]:
        """What earlier runs found and did not keep, and this run's pages no longer showed."""
        for key, link, known in self.output.ledger.open_links(*self._place):
            if key not in self._shown and self._judge.wants(link, known):
                self.count("found")
                yield from self.take(self.site, link, self._recipe, self._category_name)
