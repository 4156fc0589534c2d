"""The category spider: a category's listing pages → the articles behind their links.

`scrapy crawl category -a site=finews -a category=renminyoudianbao`
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import listing
from newsspider.article import Article, Link
from newsspider.dates import day_of_id, from_id, read_time
from newsspider.decide import Decision, Leaf, Paging, decide, page_on
from newsspider.extract import rules
from newsspider.ledger import Known, Validators, seen
from newsspider.names import close_names
from newsspider.select import NotReadable
from newsspider.sites import check_category, load
from newsspider.spiders.base import NewsSpider, failure_reason, page_of

_GONE = ("Http404", "Http410")


@dataclass(frozen=True, slots=True)
class Judged:
    """A link of a listing page, and what is to become of it."""

    key: str
    link: Link
    known: Known | None
    decision: Decision


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
        self._listing = self.site.listing_of(self._category_name)
        self._recipe = self.site.recipe(self.site.category(self._category_name))
        self._place = (self.site.name, self._category_name)
        # An answer "not modified" says nothing about links that other selectors would find.
        self._definition = hashlib.sha256(repr(self._listing).encode()).hexdigest()[:16]

    async def start(self) -> AsyncIterator[Request]:
        self._before = self.output.ledger.validators(*self._place, self._definition)
        yield self._ask_page(listing.first_page(self._listing, self._category_name), 0)

    def _ask_page(self, url: str, number: int) -> Request:
        headers = {**self.site.headers, **self._listing.headers}
        # Links behind an unfinished look are only found with the page in hand.
        if number == 0 and self._before.finished:
            asked = {
                "If-None-Match": self._before.etag,
                "If-Modified-Since": self._before.modified,
            }
            headers |= {name: value for name, value in asked.items() if value}
        return Request(
            url,
            headers=headers,
            callback=self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"number": number},
            meta={"handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    def parse_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        """One listing page has come: note its links, ask for what is to be fetched, go on."""
        self.count("listing_pages")
        if response.status == 304:
            unchanged = self.output.ledger.settled_links(*self._place)
            self.count("found", unchanged)
            self.count("known", unchanged)
            yield from self._left_over()
            return
        try:
            page = page_of(response)
            found = listing.read(page, self.site, self._category_name, number=number)
        except NotReadable as error:
            ended = number > 0 and isinstance(error, listing.EmptyListing)
            yield from self._end() if ended else self._break_off(response.url, str(error))
            return
        judged = [self._judge(link) for link in found.links]
        to_fetch = self._sort_out(judged, found.unusable)
        paging = self._page_on(judged, bool(found.next), number)
        if number == 0:
            self._validators = Validators(
                _header(response, "ETag"), _header(response, "Last-Modified")
            )
        self._remember(judged, paging)
        for link in to_fetch:
            yield from self.take(self.site, link, self._recipe, self._category_name)
        if paging is Paging.GO_ON and self.has_room():
            yield self._ask_page(found.next, number + 1)
        else:
            yield from self._left_over()

    def listing_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """A listing page has not come."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, _ = failure_reason(failure)
        if reason in _GONE and request.cb_kwargs["number"] > 0:
            yield from self._end()  # past the last page
        elif reason in _GONE:
            self.count("failed_listings")
            near = close_names(self._category_name, self.site.categories)
            self.note(
                f"{self.site.name} has no category {self._category_name!r}: "
                f"{request.url} answers {reason.removeprefix('Http')}"
                + (f"; did you mean {' or '.join(near)}?" if near else "")
            )
        else:
            yield from self._break_off(request.url, reason)

    # -- what one page brings -----------------------------------------------------------------

    def _judge(self, link: Link) -> Judged:
        key = rules.article_key(self.site, link)
        ledger = self.output.ledger
        known = ledger.known(*self._place, key)
        file_id = rules.file_name_id(self.site, link, self._recipe)
        decision = decide(link, file_id, self.site.name, known, ledger.article(key))
        if decision is Decision.FETCH and not self._wants(link, known):
            decision = Decision.UNWANTED
        return Judged(key, link, known, decision)

    def _wants(self, link: Link, known: Known | None) -> bool:
        source, published = link.source, self._time(link)
        if known is not None:
            source = known.source or source
            published = datetime.fromisoformat(known.published) if known.published else published
        stocks = known.stocks.split() if known and known.stocks is not None else None
        return self.wanted.takes(source, published, stocks)

    def _time(self, link: Link) -> datetime | None:
        hint = day_of_id(rules.article_number(self.site, link))
        moment = read_time(link.time, now=self.now(), zone=self.site.zone, hint=hint)
        return moment.at if moment else None

    def _sort_out(self, judged: list[Judged], unusable: int) -> list[Link]:
        """Count what was found; give the links to fetch, newest first where the times are known."""
        self.count("found", len(judged) + unusable)
        if unusable:
            self.count("dropped/NoAddress", unusable)
        names = {Decision.KNOWN: "known", Decision.DUPLICATE: "dropped/Duplicate"}
        names[Decision.UNWANTED] = "left_out"
        for one in judged:
            if name := names.get(one.decision):
                self.count(name)
        to_fetch = [one.link for one in judged if one.decision is Decision.FETCH]
        if any(link.time for link in to_fetch):
            to_fetch.sort(key=self._newness, reverse=True)
        return to_fetch

    def _newness(self, link: Link) -> datetime:
        """When a link was published, as far as its listing or its id tells."""
        moment = from_id(rules.article_number(self.site, link), now=self.now(), zone=self.site.zone)
        return self._time(link) or (moment.at if moment else datetime.min.replace(tzinfo=UTC))

    def _page_on(self, judged: list[Judged], following: bool, number: int) -> Paging:
        keys = {one.key for one in judged}
        leaf = Leaf(
            number=number,
            following=following,
            unseen=len(keys - self._shown),
            new=sum(one.known is None for one in judged),
            wanted=sum(one.decision is not Decision.UNWANTED for one in judged),
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
        if paging is not Paging.GO_ON and number + 1 >= max_pages and following:
            self.note(f"{'/'.join(self._place)}: stopped at listing page {max_pages}, its limit")
        return paging

    def _remember(self, judged: list[Judged], paging: Paging) -> None:
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
            *self._place, self._definition, Validators(given.etag, given.modified, finished)
        )

    # -- how a listing ends -------------------------------------------------------------------

    def _end(self) -> Iterator[Request | Article]:
        self._note_paging(finished=True)
        yield from self._left_over()

    def _break_off(self, url: str, why: str) -> Iterator[Request | Article]:
        """A listing that cannot be read is a failure to tell, never "no news"."""
        self.count("failed_listings")
        self.note(f"{'/'.join(self._place)}: the listing {url} cannot be read: {why}")
        yield from self._left_over()

    def _left_over(self) -> Iterator[Request | Article]:
        """What earlier runs found and did not keep, and this run's pages no longer showed."""
        for key, link, known in self.output.ledger.open_links(*self._place):
            if key not in self._shown and self._wants(link, known):
                self.count("found")
                yield from self.take(self.site, link, self._recipe, self._category_name)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
