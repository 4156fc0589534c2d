"""The base of all spiders: from a link to an article, one page at a time.

In: links, from a listing or from a person. Out: Articles, for the pipelines. The category, url,
share and probe spiders derive from it. Pure modules decide (`spiders/triage.py`,
`extraction/reading.py`, `extraction/assemble.py`); this one requests pages and writes the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.errors import NotReadable, TooCostly, Unwritable
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft, NextPage, lacking, new_draft
from newsspider.extraction.draft_time import time_to_come
from newsspider.extraction.explain import explain
from newsspider.extraction.feed_draft import assembled, feed_draft
from newsspider.extraction.ftr import Rules, rules_for
from newsspider.extraction.reading import (
    Answer,
    Failed,
    GivenUp,
    Reading,
    ReadPage,
    Result,
    read_article,
)
from newsspider.fetch.browser.render import SHELL, render_meta
from newsspider.fetch.failures import CalledBack
from newsspider.fetch.rights import RESPECTS
from newsspider.fetch.site_meta import meta_of
from newsspider.model import NO_SECTION, Article, Link, Rejection, Section, Verdict
from newsspider.sites import identity
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.crawl import Crawl, value_of
from newsspider.spiders.desk import Shared
from newsspider.spiders.rechecks import SECOND_LOOK
from newsspider.spiders.responses import (
    failure_reason,
    failure_words,
    no_page,
    page_answer,
    page_of,
)
from newsspider.spiders.retries import is_answer, is_given_up
from newsspider.spiders.triage import known_key, post_id
from newsspider.store.records import PageAnswer
from newsspider.text.urls import host


class NewsSpider(Crawl):
    """A crawl that reads articles."""

    MISSING = ("Http404", "Http410")  # answers that an article is missing at its site
    settles_failures = True  # whether links that fail again and again are given up
    reports_rejections = False  # whether a note says why a page is not an article

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._taken: set[str] = set()  # keys of the articles that this crawl has requested
        self._answers: dict[str, list[PageAnswer]] = {}  # of the articles under way, by key

    def _set_up(self, crawler: Crawler, shared: Shared | None) -> None:
        super()._set_up(crawler, shared)
        crawler.signals.connect(self.note_read, signals.item_scraped)
        crawler.signals.connect(self.note_read, signals.item_dropped)

    def take(
        self, site: Site, link: Link, recipe: Recipe, listing: str, section: Section = NO_SECTION
    ) -> Iterator[Request | Article]:
        """Request a link's article, unless this crawl has requested it or a limit is reached."""
        key = known_key(self.output.ledger, site, link, listing)
        if key in self._taken or not self.has_room() or not self.shared.allowance.take():
            return
        self._taken.add(key)
        if self.left is not None:
            self.left -= 1
        self.count("fetched")
        self.shared.recipes.note(site.name, listing, key, recipe)
        post = self.output.ledger.article(key)
        id = post_id(site, link, recipe, key, post)
        draft = replace(new_draft(site, link, recipe, listing, section), key=key, id=id)
        reading = read_article(draft, self.now, self._ftr_rules)
        yield from self._guarded(draft, self._proceed(draft, reading))

    def has_room(self, after: int = 0) -> bool:
        """Return whether the limits of run and crawl allow another article after `after` more."""
        return all(left is None or left > after for left in (self.shared.allowance.left, self.left))

    def _proceed(
        self, start: Draft, reading: Reading, answer: Answer | Result | None = None
    ) -> Iterator[Request | Article]:
        """Continue with an article: request the page it needs next, or finish it."""
        try:
            wanted = reading.send(answer) if answer is not None else next(reading)
        except StopIteration as finished:
            yield from self.finish(finished.value)
        except GivenUp as error:
            yield from self._give_up(start, error.failed)
        else:
            if isinstance(wanted, ReadPage):
                then = partial(self._continue, start, reading)
                yield from self.read(wanted, wanted.page.url, then)
                return
            try:
                yield self._request(start, reading, wanted)
            except ValueError as error:
                failed = Failed("BadAddress", f"{wanted.url}: {error}")
                yield from self._give_up(start, failed)

    def _continue(
        self, start: Draft, reading: Reading, outcome: Result
    ) -> Iterator[Request | Article]:
        """Continue with an article once its page has been read."""
        yield from self._guarded(start, self._proceed(start, reading, outcome))

    def _guarded(
        self, start: Draft, steps: Iterator[Request | Article]
    ) -> Iterator[Request | Article]:
        """Take the steps of an article. A fault of newsspider fails this article and no other."""
        try:
            yield from steps
        except Unwritable:
            raise
        except TooCostly as error:
            failed = Failed(type(error).__name__, f"{start.link.url}: {error}")
            yield from self._give_up(start, failed)
        except Exception as error:
            self.logger.exception("a fault of newsspider, at %s", start.link.url)
            failed = Failed("Fault", f"{start.link.url}: {type(error).__name__}: {error}")
            yield from self._give_up(start, failed)

    def finish(self, draft: Draft) -> Iterator[Request | Article]:
        """Assemble an article when all its pages have been read."""
        self.count("read")
        for name in draft.by_fallback:
            self.count(f"by_fallback/{name}")
        for name in lacking(draft):
            self.count(f"lacking/{name}")
        if not draft.link.fields.get("part") and self._is_twin(draft):
            self._forget(draft.key)
            return
        now = self.now()
        self.archiving.note_draft(draft, now)
        task = partial(assembled, draft, now)
        yield from self.read(task, draft.link.url, partial(self._continue_assembled, draft))

    def _continue_assembled(
        self, draft: Draft, outcome: tuple[Article, bool] | Exception
    ) -> Iterator[Request | Article]:
        yield from self._guarded(draft, self._hand_on(draft, outcome))

    def _hand_on(
        self, draft: Draft, outcome: tuple[Article, bool] | Exception
    ) -> Iterator[Request | Article]:
        """Hand an article to the pipelines."""
        article, is_less = value_of(outcome)
        if is_less and (listed := self._of_feed(draft)):
            draft, article = listed, assemble(listed, self.now())
        if article.published is None or article.dated_by:
            future = time_to_come(draft, self.now())
            article = replace(article, published=future, dated_by="") if future else article
        if not article.rejection and not draft.link.fields.get("part"):
            for url in filter(None, (draft.leads_to, article.link)):
                self.note_address(draft.site, draft.key, url)
        if article.rejection and self.reports_rejections:
            url = draft.link.url
            crawl = f"; its articles: newsspider crawl {url}" if article.rejection.lists else ""
            self.note(f"{url}: {article.rejection}{crawl}")
        if self.options.explain:
            self.note(explain(article), wished=True)
        yield article

    def _is_twin(self, draft: Draft) -> bool:
        """Return whether a link leads to the address of another article that has a post. The link
        is then an alias of that article."""
        ledger, link = self.output.ledger, Link(url=draft.leads_to or draft.link.url)
        other = ledger.article(known_key(ledger, draft.site, link))
        if other is None or other.key == draft.key or ledger.article(draft.key) is not None:
            return False
        self._settle(draft, "dropped", "Duplicate")
        ledger.note_alias(draft.key, other.key)
        return True

    def note_address(self, site: Site, key: str, url: str) -> bool:
        """Note that a link of the article `key` leads to this address; return whether it is another
        than the article's own. Report the move of an article that has a post to another host."""
        ledger, alias = self.output.ledger, identity.article_key(site, Link(url=url))
        if alias == key:
            return False
        is_new = ledger.resolve(alias) != key
        ledger.note_alias(alias, key)
        post = ledger.article(key)
        if is_new and post is not None and host(post.link) != host(url):
            self.note(
                f"{site.name}: {host(post.link)} leads to {host(url)} now. Its articles keep their"
                " posts. Write the new address into the site file."
            )
        return True

    def _request(self, start: Draft, reading: Reading, wanted: NextPage) -> Request:
        rules = start.site.pages[wanted.page]
        rights = {RESPECTS: bool(start.recipe.respect_rights)}
        headers = {**start.site.headers, **rules.headers}
        if ftr := self._ftr_rules(wanted.url):
            headers = {**ftr.headers, **headers}
        return Request(
            wanted.url,
            headers=headers,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"start": start, "reading": reading, "wanted": wanted},
            meta=self.meta_for(start.site, wanted.page, rules) | rights,
            priority=1,
            dont_filter=True,  # the ledger decides what is requested twice
        )

    def parse_page(
        self, response: Response, start: Draft, reading: Reading, wanted: NextPage
    ) -> Iterator[Request | Article]:
        """Read one page of an article."""
        yield from self._guarded(start, self._read_page(response, start, reading, wanted))

    def _read_page(
        self, response: Response, start: Draft, reading: Reading, wanted: NextPage
    ) -> Iterator[Request | Article]:
        self.note_shell(response, start.site, wanted.page)
        self._answers.setdefault(start.key, []).append(page_answer(response, wanted))
        answer = self.answer_of(response, start, wanted)
        self.archiving.note_answer(start, wanted, response, answer)
        yield from self._proceed(start, reading, answer)

    def answer_of(self, response: Response, start: Draft, wanted: NextPage) -> Answer:
        """Return a response in the form that `read_article` takes."""
        if kind := no_page(response, start.site.pages[wanted.page]):
            return Rejection(Verdict.NOT_AN_ARTICLE, kind)
        try:
            return page_of(response)
        except NotReadable as error:
            return Failed(type(error).__name__, f"{response.url}: {error}")

    def page_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """Continue with an article after one of its pages could not be fetched."""
        if isinstance(failure.value, CalledBack):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, passing = failure_reason(failure)
        failed = Failed(reason, f"{request.url}: {failure_words(failure)}", passing)
        start, reading = request.cb_kwargs["start"], request.cb_kwargs["reading"]
        yield from self._guarded(start, self._proceed(start, reading, failed))

    def _give_up(self, start: Draft, failed: Failed) -> Iterator[Request | Article]:
        """Record that an article cannot be read now: the next run requests it again."""
        known = self.output.ledger.known(start.site.name, start.listing, start.key)
        failures = known.failures(failed.reason) + 1 if known is not None else 1
        self._forget(start.key)
        if not failed.passing and is_answer(failed.reason, failures) and self._of_feed(start):
            yield from self.finish(start)
            return
        post = self.output.ledger.article(start.key)
        is_published = post is not None and post.state == "published"
        if is_published and failed.reason in self.MISSING and self.settles_failures:
            self.note_missing(start)
            self.output.ledger.settle_link(start.site.name, start.listing, start.key, "published")
            return
        settled = self.settles_failures and is_given_up(failed.reason, failures)
        self._settle(start, "dropped" if settled else "failed", failed.reason)
        self.logger.warning("not fetched: %s", failed.detail)
        yield from ()

    def _of_feed(self, draft: Draft) -> Draft | None:
        """Return and count the article as its feed has it; None if the feed has too little, and for
        an article that has a post: its page had more before."""
        post = self.output.ledger.article(draft.key)
        listed = feed_draft(draft) if post is None or post.state == "promised" else None
        if listed is not None:
            self._of_feed_only.add(draft.key)
        return listed

    def note_missing(self, start: Draft) -> datetime:
        """Report that a published article is missing; return since when it has been."""
        self.count("missing")
        since = self.output.ledger.note_missing(start.key)
        if self.now() - since < SECOND_LOOK:
            self.note(f"{start.link.url} is missing at its site; its post stays for now")
        return since

    def note_read(self, item: Any) -> None:
        """Save the validators of an article once its post is written, or it has been dropped: a
        change that a killed run has read but not written must be read again."""
        if isinstance(item, Article):
            self.output.ledger.note_read(item.key, self._answers.get(item.key, ()))
            self._forget(item.key)

    def _forget(self, key: str) -> None:
        """Forget the answers of an article that is no longer under way."""
        self._answers.pop(key, None)
        self.archiving.forget(key)

    def _settle(self, start: Draft, state: str, reason: str) -> None:
        """Count and save what became of a link whose article goes no further."""
        place = (start.site.name, start.listing, start.key)
        self.output.ledger.settle_link(*place, state, reason)
        self.shared.recipes.forget(*place)
        self.count(f"{state}/{reason}")

    def meta_for(self, site: Site, page: str, rules: object) -> dict[str, Any]:
        """Return the meta of a request for a page: what its site opens, and whether a browser shows
        the page."""
        wish = getattr(rules, "render", False)
        if wish == "auto" and self.output.ledger.is_shell(site.name, page):
            wish = True
        return {**meta_of(site), **render_meta(site, wish)}

    def note_shell(self, response: Response, site: Site, page: str) -> None:
        """Record that a page arrived as an empty shell: the next run uses the browser at once."""
        if SHELL in response.flags:
            self.output.ledger.note_shell(site.name, page)

    def _ftr_rules(self, url: str) -> Rules | None:
        """Return the ftr-site-config rules for an address (--ftr); note their faults."""
        if self.options.ftr is None:
            return None
        rules = rules_for(host(url), self.options.ftr)
        for fault in rules.faults if rules else ():
            self.note(fault)
        return rules
