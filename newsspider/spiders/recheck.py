"""The recheck spider: published articles of a site that are due for another look.

In: a site with categories, or the address of a category page. Out: Articles, for the pipelines, of
those that may have changed. It runs after the crawls that look for new articles, and ends when the
interval of its source is over; what is then left is counted as overdue. An article is asked for
with the validators of its last answers: if all its pages answer 304, nothing is read or written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.dates import read_age
from newsspider.extraction.draft import Draft, NextPage, new_draft
from newsspider.extraction.reading import Failed, Reading, read_article
from newsspider.fetch.failures import CalledBack
from newsspider.model import NO_SECTION, Article
from newsspider.sites import load, site_of
from newsspider.sites.schema import Category, Recipe
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.rechecks import LISTING, SECOND_LOOK, is_due
from newsspider.spiders.triage import Wanted
from newsspider.store.records import Check, PageAnswer

_LOOK = 0.05  # seconds between two looks at whether the next article may be asked for


class RecheckSpider(NewsSpider):
    """Looks at published articles again: `seconds` is the interval of the source, None without one;
    `follow_removals`, whether the post of an article that was taken down is removed."""

    name = "recheck"
    has_pattern = True

    def __init__(
        self,
        site: str = "",
        categories: Sequence[str] = (),
        url: str = "",
        seconds: float | None = None,
        follow_removals: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._site_name, self._listings, self._url = site, [*categories, *filter(None, [url])], url
        self._seconds = seconds
        self._follow_removals = follow_removals
        self._checks: dict[str, Check] = {}  # the articles under way, by key
        self._begun: set[str] = set()  # keys of those of which a page has been requested

    def choose_site(self) -> None:
        if self._url:
            self.site = site_of(self._url, self.sites.values())
            self.sites.setdefault(self.site.name, self.site)
        else:
            self.site = load(self._site_name, self.options.sites)

    @property
    def source(self) -> str:
        return f"{self.site.name}/{LISTING}"

    async def start(self) -> AsyncIterator[Request | Article]:
        self.wanted = Wanted()  # what was published is looked at, whatever this run wants
        due = self._due()
        at_once = self.crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        for at, check in enumerate(due):
            while len(self._checks) >= max(at_once, 1):
                await asyncio.sleep(_LOOK)
            if self._is_over():
                self.count("overdue", len(due) - at)
                return
            for request in self._look_at(check):
                yield request

    def _due(self) -> list[Check]:
        """Return the articles to look at, the one whose last look is the longest ago first."""
        age = read_age(self.options.recheck) or timedelta(0)
        now, ledger = self.now(), self.output.ledger
        checks = [
            check
            for listing in self._listings
            for check in ledger.checks(self.site.name, listing, now - age)
        ]
        due = {check.post.key: check for check in checks if is_due(check, now, age)}
        return sorted(due.values(), key=lambda check: (check.checked, check.post.key))

    def _is_over(self) -> bool:
        """Return whether the time of the source, or the limit of the run, is used up."""
        over = self._seconds is not None and self.shared.seconds() >= self._seconds
        return over or self.shared.allowance.left == 0

    def _look_at(self, check: Check) -> Iterator[Request | Article]:
        key = check.post.key
        if not self.shared.allowance.take():
            return
        self.count("rechecked")
        recipe = self._recipe(check.listing)
        self.shared.recipes.note(self.site.name, check.listing, key, recipe)
        section = self.output.ledger.section(self.site.name, check.listing) or NO_SECTION
        draft = new_draft(self.site, check.link, recipe, check.listing, section)
        draft = replace(draft, key=key, id=check.post.id)
        self._checks[key] = check
        reading = read_article(draft, self.now, self._ftr_rules)
        yield from self._guarded(draft, self._proceed(draft, reading))

    def _recipe(self, listing: str) -> Recipe:
        return self.site.recipe(Category() if self._url else self.site.category(listing))

    # -- the validators -----------------------------------------------------------------------

    def _request(self, start: Draft, reading: Reading, wanted: NextPage) -> Request:
        """Return the request for the next page of an article: for the first one with the validators
        of its last answer, if all its pages have some."""
        pages = self._checks[start.key].pages
        has_validators = bool(pages) and all(page.etag or page.modified for page in pages)
        is_first = start.key not in self._begun
        self._begun.add(start.key)
        if not (is_first and has_validators):
            return super()._request(start, reading, wanted)
        return self._ask_whether_changed(start, reading, wanted, pages)

    def _ask_whether_changed(
        self, start: Draft, reading: Reading, wanted: NextPage, pages: tuple[PageAnswer, ...]
    ) -> Request:
        """Return the conditional request for the first of these pages; `wanted` is the page with
        which the article begins."""
        page = pages[0]
        asked = replace(wanted, page=page.page, url=page.url)
        request = super()._request(start, reading, asked)
        validators = {"If-None-Match": page.etag, "If-Modified-Since": page.modified}
        for name, value in validators.items():
            if value:
                request.headers[name] = value
        return request.replace(
            callback=self.parse_answer,
            errback=self.answer_failed,
            cb_kwargs={"start": start, "reading": reading, "wanted": wanted, "pages": pages},
            meta={**request.meta, "handle_httpstatus_list": [304]},
        )

    def parse_answer(
        self, response: Response, start: Draft, reading: Reading, wanted: NextPage, pages: Any
    ) -> Iterator[Request | Article]:
        """Go on to the next page of an article as long as none has changed, else read it."""
        if response.status == 304:
            if pages[1:]:
                yield self._ask_whether_changed(start, reading, wanted, pages[1:])
            else:
                self._end(start)
                self.output.ledger.note_checked(start.key)
        elif pages[0].url == wanted.url:
            yield from self.parse_page(response, start, reading, wanted)
        else:
            yield super()._request(start, reading, wanted)

    def answer_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """Read an article from its beginning if a later page of it could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        values = dict(request.cb_kwargs)
        pages = values.pop("pages")
        if isinstance(failure.value, CalledBack):
            self._end(values["start"])
        elif pages[0].url == values["wanted"].url:
            yield from self.page_failed(failure)
        else:
            yield super()._request(**values)

    # -- what becomes of an article -----------------------------------------------------------

    def finish(self, draft: Draft) -> Iterator[Request | Article]:
        self._checks.pop(draft.key, None)
        yield from super().finish(draft)

    def _end(self, start: Draft) -> None:
        self._checks.pop(start.key, None)
        self._forget(start.key)
        self.shared.recipes.forget(start.site.name, start.listing, start.key)

    def _give_up(self, start: Draft, failed: Failed) -> Iterator[Request | Article]:
        """Leave an article that cannot be read as it is, and look at it again after a pause."""
        check, ledger = self._checks.get(start.key), self.output.ledger
        self._end(start)
        # The page of an article that was published from its feed alone may never have been there.
        if failed.reason in self.MISSING and check and check.pages:
            since = self.note_missing(start)
            if self.now() - since >= SECOND_LOOK:
                self._take_down(start)
        else:
            self.count(f"failed/{failed.reason}")
            self.logger.warning("not fetched: %s", failed.detail)
            ledger.note_checked(start.key)
        yield from ()

    def _take_down(self, start: Draft) -> None:
        """Report an article that was taken down, and remove its post if the source says so."""
        output = self.output
        post = output.ledger.article(start.key)
        assert post is not None
        what = "its post stays"
        if self._follow_removals:
            removed = output.dry or output.remove(post, "taken down at its site")
            what = "its post is removed" if removed else "its post was edited by hand, and stays"
        output.ledger.note_taken_down(start.key)
        self.count("taken_down")
        self.note(f"{start.link.url} was taken down: {what} ({post.path})", wished=True)
