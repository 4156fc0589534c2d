"""The category spider: a category's listing pages → the articles behind their links.

`scrapy crawl category -a site=finews -a category=renminyoudianbao`
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.errors import EmptyListing, NotReadable, Unwritable
from newsspider.fetch.browser.render import UNRENDERED
from newsspider.fetch.failures import CalledBack
from newsspider.fetch.scrapy_private import is_stopping
from newsspider.listing import ListingPage
from newsspider.listing.frontier import Frontier
from newsspider.listing.paging import PageRequest
from newsspider.model import Article, Link
from newsspider.sites import check_category, load
from newsspider.sites.schema import Recipe
from newsspider.spiders.crawl import value_of
from newsspider.spiders.listing_state import ListingState
from newsspider.spiders.moves import FollowsMoves
from newsspider.spiders.pages import Pages, Paging
from newsspider.spiders.responses import failure_reason, failure_words, listing_page
from newsspider.spiders.triage import DROPPED, Decision, Triage, Triaged
from newsspider.spiders.watch import Watch, is_layout, why_unreadable
from newsspider.store.counts import Counts
from newsspider.text.slugs import close_names
from newsspider.text.urls import host

_GONE = ("Http404", "Http410")
_MOST_LINKS = 50_000  # of a page, as in the sitemap protocol


class CategorySpider(FollowsMoves):
    """Reads a listing page by page until a page has no new link, and requests the articles that are
    new, left over from earlier runs, or changed since."""

    name = "category"
    has_pattern = True

    def __init__(self, site: str = "", category: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._site_name, self._category_name = site, category
        self._listed: set[str] = set()  # keys on the listing pages of this run so far
        self._why_fallback = ""  # why the listing before this one could not be read
        self._watch = Watch()
        self._section_name = ""  # as the page at the address shows it, where the listing is another

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
        self._place = self._paging_place = (self.site.name, self._category_name)
        self._frontier = Frontier()

    async def start(self) -> AsyncIterator[Request]:
        yield self._ask_listing(0)

    def _ask_listing(self, at: int) -> Request:
        """Return the request for the first page of the listing at this index: the category's own is
        at 0, its fallbacks follow."""
        self._at = at
        self._listing = self._listings[at]
        ledger, category = self.output.ledger, self._category_name
        undated = bool(self.options.undated)
        self._triage = Triage(
            self.site, category, self._recipe, ledger, self.wanted, self.now, undated
        )
        self._state = ListingState(
            ledger,
            self.site,
            category,
            self._listing,
            place=self._place,
            paging_place=self._paging_place,
        )
        self._pages = Pages(
            "/".join(self._place),
            max_pages=self.options.max_pages or self._listing.max_pages,
            asked=bool(self.options.max_pages),
            finished=self._state.was_finished,
            newest_only=self._is_scheduled and self._is_first(),
            note=self.note,
        )
        return self._ask_page(listing.first_page(self._listing, self.site, self._category_name), 0)

    @property
    def _is_scheduled(self) -> bool:
        return self.crawler.settings.getbool("NEWS_SCHEDULED")

    def _is_first(self) -> bool:
        """Return whether no run has read this source, and no option says how far back to go."""
        options = self.options
        return not (options.limit or options.since or options.max_pages) and self._state.is_new

    def _ask_page(self, page_request: PageRequest, number: int) -> Request:
        self._frontier.ask(page_request)
        headers = {**self.site.headers, **self._listing.headers}
        conditions = self._state.conditions(page_request, number)
        if page_request.content_type:
            headers["Content-Type"] = page_request.content_type
        return Request(
            page_request.url,
            method="POST" if page_request.body else "GET",
            body=page_request.body,
            headers={**headers, **conditions},
            callback=self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"number": number},
            # 304 answers conditional requests only.
            meta={
                **self.meta_for(self.site, f"/{self._category_name}", self._listing),
                "handle_httpstatus_list": [304] if conditions else [],
            },
            dont_filter=True,
        )

    def parse_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        """Read a listing page, unless it has not changed."""
        self.count("listing_pages")
        self.note_shell(response, self.site, f"/{self._category_name}")
        if response.status == 304:
            unchanged = self.output.ledger.settled_links(*self._place)
            self.count("found", unchanged)
            self.count("known", unchanged)
            yield from self._after_listing(Paging.DONE)
        else:
            yield from self.read_listing(response, number)

    def read_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        """Read a listing page that may have changed."""
        yield from self._guarded_listing(response, number, self._read_listing(response, number))

    def _guarded_listing(
        self, response: Response, number: int, steps: Iterator[Request | Article]
    ) -> Iterator[Request | Article]:
        """Take the steps of a listing page. A fault of newsspider fails this listing."""
        try:
            yield from steps
        except Unwritable:
            raise
        except Exception as error:
            self.logger.exception("a fault of newsspider, at %s", response.url)
            why = f"a fault of newsspider: {type(error).__name__}: {error}"
            yield from self._break_off(response.url, why, number)

    def _read_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        try:
            page = listing_page(response)
        except NotReadable as error:
            yield from self._follow(response, number, error)
            return
        place = (page, self.site, self._category_name, self._listing)
        task = partial(listing.read, *place, number=number)
        yield from self.read(task, response.url, partial(self._continue_listing, response, number))

    def _continue_listing(
        self, response: Response, number: int, outcome: ListingPage | Exception
    ) -> Iterator[Request | Article]:
        """Continue once a listing page has been read."""
        steps = self._follow(response, number, outcome)
        yield from self._guarded_listing(response, number, steps)

    def _follow(
        self, response: Response, number: int, outcome: ListingPage | Exception
    ) -> Iterator[Request | Article]:
        """Record the links of a listing page, request the articles to fetch, continue."""
        try:
            listed = value_of(outcome)
        except NotReadable as error:
            if self._frontier.is_part:
                why = "" if isinstance(error, EmptyListing) else str(error)
                yield from self._without_part(response.url, why, number)
            elif number > 0 and isinstance(error, EmptyListing):
                yield from self._end()
            else:
                self._note_layout(error, response, number)
                yield from self._break_off(
                    response.url, why_unreadable(error, self._listing, response), number
                )
            return
        listed = self._bounded(listed)
        if number == 0 and self._at == 0 and not listed.subs:
            self._watch.first_page(self.desk, self._listing, response, len(listed.links))
        triaged = [self._triaged(link) for link in listed.links]
        if number == 0 and self.expects_moves(triaged, *self._place):
            yield from self.ask_moves(response)
            return
        self._note_fallback(number)
        now = self.now()
        self._frontier.note(sub.request for sub in listed.subs if self._state.is_due(sub, now))
        following = self._following(listed)
        self._count_unusable(listed)
        to_fetch = self._to_fetch(triaged)
        paging = self._paging(triaged, following is not None, number, index=bool(listed.subs))
        if number == 0:
            self._state.note_answer(response)
        name = self._section_name or listed.section
        self._state.record(triaged, name, finished=paging is Paging.DONE)
        self.announce(len(to_fetch), more=following is not None and paging is Paging.GO_ON)
        for link in to_fetch:
            if is_stopping(self.crawler):
                return  # 50,000 links take half a minute; all are pending
            yield from self._take(link)
        if paging is Paging.GO_ON and following is not None and self.has_room():
            yield self._ask_page(following, number + 1)
        else:
            yield from self._after_listing(paging)

    def _note_layout(self, error: NotReadable, response: Response, number: int) -> None:
        """Count a listing whose layout has changed: its page answers, but cannot be read."""
        if number or not is_layout(error) or UNRENDERED in response.flags:
            return
        if self._at == 0:
            self._watch.first_page(self.desk, self._listing, response, 0)
        if self._is_last() and (self._at == 0 or self._why_fallback):
            self.count("drift/listing")

    def _is_last(self) -> bool:
        """Whether no fallback is left."""
        return self._at + 1 == len(self._listings)

    def judge(self) -> None:
        counts = Counts.of_stats(self.crawler.stats.get_stats())
        self._watch.judge(self.desk, self.source, counts, self._recipe, self.site)
        limits = {
            name: timedelta(seconds=float(seconds))
            for name, seconds in self.crawler.settings.getdict("NEWS_FRESH").items()
        }
        if limits:
            warn, error = limits.get("warn"), limits.get("error")
            self._watch.judge_age(self.desk, self.source, self._place, warn=warn, error=error)
        else:
            self._watch.judge_silence(self.desk, self.source, self._place, self.site.zone)

    def listing_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """Continue after a listing page could not be fetched."""
        if isinstance(failure.value, CalledBack):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, _ = failure_reason(failure)
        number = request.cb_kwargs["number"]
        if self._frontier.is_part:
            why = failure_words(failure)
            yield from self._without_part(request.url, why, number, gone=reason in _GONE)
        elif reason in _GONE and number > 0:
            yield from self._end()  # past the last page
        elif reason in _GONE and self._is_last() and self._was_there():
            self.count("failed_listings")
            self.count("drift/listing")
            self.note(
                f"{self.source}: the address of its listing is gone: {request.url} answers"
                f" {reason.removeprefix('Http')}. `newsspider add {host(request.url)}` shows the"
                " listings that the site has now"
            )
        elif reason in _GONE and self._is_last():
            self.count("failed_listings")
            near = close_names(self._category_name, self.site.categories)
            self.note(
                f"{self.site.name} has no category {self._category_name!r}: "
                f"{request.url} answers {reason.removeprefix('Http')}"
                + (f"; did you mean {' or '.join(near)}?" if near else "")
            )
        else:
            why = failure_words(failure)
            yield from self._break_off(request.url, why, number)

    def _was_there(self) -> bool:
        """Return whether the listing is the site file's own, or was read before."""
        return self._category_name in self.site.categories or self._state.was_finished

    # -- one listing page ---------------------------------------------------------------------

    def _triaged(self, link: Link) -> Triaged:
        return self._triage.of(link)

    def _count_unusable(self, listed: ListingPage) -> None:
        """Count the entries that do not link to an article of the site."""
        for reason, number in (("NoAddress", listed.unusable), ("Offsite", listed.elsewhere)):
            if number:
                self.count("found", number)
                self.count(f"dropped/{reason}", number)

    def _to_fetch(self, triaged: list[Triaged]) -> list[Link]:
        """Count the links; return those to fetch, newest first if their times are known."""
        self.count("found", len(triaged))
        names = {decision: f"dropped/{why}" for decision, why in DROPPED.items()}
        names |= {Decision.KNOWN: "known", Decision.UNWANTED: "left_out"}
        for row in triaged:
            if name := names.get(row.decision):
                self.count(name)
        return self._triage.newest_first(
            row.link for row in triaged if row.decision is Decision.FETCH
        )

    def _bounded(self, listed: ListingPage) -> ListingPage:
        """Return the page without links over the limit; a page with more links than a sitemap may
        have is a trap."""
        number = len(listed.links)
        if number <= _MOST_LINKS:
            return listed
        place = "/".join(self._place)
        self.note(f"{place}: a listing page has {number} links; the first {_MOST_LINKS} are read")
        return replace(listed, links=listed.links[:_MOST_LINKS])

    def _following(self, listed: ListingPage) -> PageRequest | None:
        """Return the request for the page to read next; note a listing that loops."""
        if listed.next is not None and not self._frontier.is_new(listed.next):
            self.note(f"{'/'.join(self._place)}: the listing loops back to {listed.next.url}")
        return self._frontier.after(listed.next)

    def _paging(
        self, triaged: list[Triaged], following: bool, number: int, *, index: bool
    ) -> Paging:
        """Return whether to read the next page."""
        self._listed |= {row.key for row in triaged}
        to_fetch = sum(row.decision is Decision.FETCH for row in triaged)
        room = self.has_room(to_fetch)
        return self._pages.after(triaged, number, following=following, room=room, index=index)

    def _take(self, link: Link) -> Iterator[Request | Article]:
        return self.take(self.site, link, self._recipe, self._category_name, self._state.section)

    # -- the end of a listing -----------------------------------------------------------------

    def _end(self) -> Iterator[Request | Article]:
        """End a listing that has been read to its last page."""
        self._state.note_progress(finished=True)
        yield from self._after_listing(Paging.DONE)

    def announce(self, number: int, *, more: bool) -> None:
        """Print what the crawl is about to fetch: here nothing, as most crawls of a source are not
        watched by a person."""

    def _after_listing(self, paging: Paging) -> Iterator[Request | Article]:
        """Continue after the last page of the listing that this run reads."""
        yield from self._left_over()

    def _note_fallback(self, number: int) -> None:
        if number == 0 and self._why_fallback:
            place, url = "/".join(self._place), self._listing.url
            self.note(f"{place}: read from {url} instead; {self._why_fallback}")

    def _break_off(self, url: str, why: str, number: int) -> Iterator[Request | Article]:
        """Request the fallback of a listing that cannot be read; without one, report a failure (and
        never "no news")."""
        if number == 0 and self._at + 1 < len(self._listings):
            self._why_fallback = f"{url} cannot be read: {why}"
            yield self._ask_listing(self._at + 1)
            return
        self.count("failed_listings")
        self.note(f"{'/'.join(self._place)}: the listing {url} cannot be read: {why}")
        yield from self._left_over()

    def _without_part(
        self, url: str, why: str, number: int, *, gone: bool = False
    ) -> Iterator[Request | Article]:
        """Continue with the next part of an index after one that is empty, `gone`, or cannot be
        read; `why` says why. Without a part that cannot be read the listing is not finished."""
        if why:
            self.note(
                f"{'/'.join(self._place)}: {url}, a part of the listing, cannot be read: {why}"
            )
        if why and not gone:
            self._state.note_unread_part()
            self.count("failed_listings")
        following = self._frontier.after(None)
        paging = self._paging([], following is not None, number, index=True)
        self._state.note_progress(finished=paging is Paging.DONE)
        if paging is Paging.GO_ON and following is not None:
            yield self._ask_page(following, number + 1)
        else:
            yield from self._after_listing(paging)

    def _left_over(self) -> Iterator[Request | Article]:
        """Request the articles that earlier runs left open and this run's pages no longer list."""
        for key, link, known in self.output.ledger.open_links(*self._place):
            early = self._triage.is_early(link, known)
            if key in self._listed or key in self._taken or early:
                continue
            if self._triage.wants(link, known):
                self.count("found")
                yield from self._take(link)
