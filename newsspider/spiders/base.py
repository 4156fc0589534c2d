"""The base of all spiders: from a link to an article, one page at a time.

In: links, from a listing or from a person. Out: Articles, for the pipelines. The category, url,
share and probe spiders derive from it. Pure modules decide (`spiders/triage.py`,
`extraction/draft.py`, `extraction/reading.py`); this one fetches, counts and writes the ledger.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.errors import Exit, NewsspiderError, NotReadable, TooCostly, Unwritable
from newsspider.extraction.draft import (
    Draft,
    NextPage,
    assemble,
    lacking,
    new_draft,
    time_to_come,
)
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
from newsspider.fetch.reader import TASK, Outcome
from newsspider.fetch.site_meta import meta_of
from newsspider.model import NO_SECTION, Article, Link, Rejection, Section, Verdict
from newsspider.monitor.doubt import Contract
from newsspider.sites import identity, load_usable
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.archiving import Archiving
from newsspider.spiders.desk import Desk, DeskKeeper, Shared, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.spiders.rechecks import SECOND_LOOK
from newsspider.spiders.responses import (
    failure_reason,
    failure_words,
    no_page,
    page_answer,
    page_of,
)
from newsspider.spiders.triage import Wanted, is_answer, is_given_up, known_key, post_id
from newsspider.store.counts import PREFIX, Counts
from newsspider.store.folder import Output
from newsspider.store.records import PageAnswer
from newsspider.text.budget import BRIEF, budget
from newsspider.text.characters import counted
from newsspider.text.urls import host

_T = TypeVar("_T")
_MOST_NOTES = 50  # of a crawl: a listing can name 50,000 hosts, each with a note of its own


class NewsSpider(DeskKeeper, Spider):
    """A crawl of one site into one output folder. Without `shared` it is a run of its own."""

    site: Site  # the (first) site that is crawled
    sites: dict[str, Site]
    options: RunOptions
    shared: Shared
    output: Output
    wanted: Wanted
    MISSING = ("Http404", "Http410")  # answers that an article is missing at its site
    settles_failures = True  # whether links that fail again and again are given up
    left: int | None = None  # articles that this crawl may still request; None: any number
    has_pattern = False  # whether its articles are held against the history of the source
    by_hand = False  # whether a person names the addresses, and no site file need exist
    reports_rejections = False  # whether a note says why a page is not an article

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes: list[str] = []  # for the report of the run
        self._created = time.monotonic()
        self._taken: set[str] = set()  # keys of the articles that this crawl has requested
        self._of_feed_only: set[str] = set()  # keys of those whose pages give nothing
        self._answers: dict[str, list[PageAnswer]] = {}  # of the articles under way, by key

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, shared: Shared | None = None, **kwargs: Any
    ) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        try:
            spider._set_up(crawler, shared)
        except (NewsspiderError, ValueError) as error:
            if shared is not None:
                raise
            # Started by Scrapy's own command, which would print a traceback and end with 0.
            spider.logger.error("%s", error)
            raise SystemExit(getattr(error, "exit_code", Exit.BAD_INPUT)) from None
        return spider

    def _set_up(self, crawler: Crawler, shared: Shared | None) -> None:
        options = RunOptions.from_settings(crawler.settings)
        self.options, self.left = options, options.limit
        self.sites = shared.sites if shared else load_usable(options.sites)
        self.choose_site()
        _be_polite(crawler, self.site, options)
        self.wanted = wanted_by(options, self.site, crawler.settings.getfloat("NEWS_RETAIN"))
        crawler.signals.connect(self.closing, signals.spider_closed)
        crawler.signals.connect(self.note_read, signals.item_scraped)
        crawler.signals.connect(self.note_read, signals.item_dropped)
        if shared is None:
            shared = Shared.opened(options)
            crawler.signals.connect(self._let_go, signals.spider_closed)
        self.shared, self.output = shared, shared.output
        place = (self.output, self.site, self._of_feed_only)
        self.archiving = Archiving.of_crawl(crawler.settings, *place)
        self.desk = Desk(
            options=options,
            shared=shared,
            sites=self.sites,
            site=self.site,
            wanted=lambda _: self.wanted,
            count=self.count,
            note=self.note,
            source=self.source if self.has_pattern else "",
            contract=Contract(**crawler.settings.getdict("NEWS_CONTRACT")),
            archive=self.archiving.keep,
        )
        self.desk.keeps_pictures()

    def choose_site(self) -> None:
        """Set `site` from the spider's arguments. Raises SiteError or ValueError if they name no
        site."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        """The source of the crawl, as the report and the ledger name it: `site/category`."""
        return self.site.name

    def closing(self, reason: str) -> None:
        """Count how the crawl ends: its seconds, and Scrapy's reason. Except in a dry run, save the
        counts of the source in the ledger."""
        self._note_undated()
        self.archiving.close()
        if reason == "finished":
            try:
                self.judge()
            except Exception:
                self.logger.exception("a fault of newsspider, at the end of %s", self.source)
        if number := len(self._of_feed_only):
            self.note(
                f"{self.source}: {counted(number, 'article')} with the text of the feed, as the"
                f" {'page gives' if number == 1 else 'pages give'} none"
            )
        self.count("seconds", round(time.monotonic() - self._created))
        self.count(f"finish/{reason}")
        if not self.output.dry:
            with suppress(Unwritable):  # reported at the end of the run
                counts = Counts.of_stats(self.crawler.stats.get_stats())
                self.output.ledger.note_counts(self.source, counts)

    def judge(self) -> None:
        """Compare the crawl with earlier crawls of the source: here nothing, as links given by hand
        have no pattern."""

    def _note_undated(self) -> None:
        """Say what can be done about articles without a day."""
        number = self.crawler.stats.get_value(f"{PREFIX}dropped/NoDate", 0)
        if number and not self.options.undated:
            articles = "1 article gives" if number == 1 else f"{number} articles give"
            self.note(
                f"{self.source}: {articles} no date (NoDate) and will be asked for again;"
                " --undated first-seen dates such articles by the day they were first seen"
            )

    def _let_go(self) -> None:
        self.output.close()

    def count(self, name: str, number: int = 1) -> None:
        """Count something for the report of the run."""
        self.crawler.stats.inc_value(f"{PREFIX}{name}", number)

    def note(self, text: str, *, wished: bool = False) -> None:
        """Add a note to the report of the run, each text once. Notes that an option asks for are
        `wished`; the number of all others is limited."""
        if text in self.notes:
            return
        self.logger.info(text)
        if wished or len(self.notes) < _MOST_NOTES:
            self.notes.append(text)
        elif len(self.notes) == _MOST_NOTES:
            self.notes.append(f"{self.name}: more of this kind is in the log (-v)")

    # -- reading ------------------------------------------------------------------------------

    def read(
        self,
        task: Callable[[], _T],
        url: str,
        then: Callable[[_T | Exception], Iterator[Request | Article]],
    ) -> Iterator[Request | Article]:
        """Read the page at `url`, and continue with what the task returns or raises. What is not
        read in a short time is left to the reader process, and the crawl goes on meanwhile."""
        try:
            with budget(BRIEF):
                outcome: _T | Exception = task()
        except TooCostly:
            yield Request(
                url,
                callback=self.parse_outcome,
                errback=self.reading_ended,
                cb_kwargs={"then": then},
                meta={TASK: task},
                priority=2,
                dont_filter=True,
            )
            return
        except Exception as error:
            outcome = error
        yield from then(outcome)

    def parse_outcome(
        self, response: Response, then: Callable[[Any], Iterator[Request | Article]]
    ) -> Iterator[Request | Article]:
        """Continue with what the reader process has read."""
        assert isinstance(response, Outcome)
        yield from then(response.outcome)

    def reading_ended(self, failure: Failure) -> None:
        """Leave a page to the next run, when this one ends before the page is read."""

    # -- an article, page by page -------------------------------------------------------------

    def take(
        self, site: Site, link: Link, recipe: Recipe, listing: str, section: Section = NO_SECTION
    ) -> Iterator[Request | Article]:
        """Request a link's article, unless this crawl has requested it or a limit is reached."""
        key = known_key(self.output.ledger, site, link, listing)
        if key in self._taken or not self.has_room():
            return
        self._taken.add(key)
        if self.shared.left is not None:
            self.shared.left -= 1
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
        return all(left is None or left > after for left in (self.shared.left, self.left))

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
        headers = {**start.site.headers, **rules.headers}
        if ftr := self._ftr_rules(wanted.url):
            headers = {**ftr.headers, **headers}
        return Request(
            wanted.url,
            headers=headers,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"start": start, "reading": reading, "wanted": wanted},
            meta=self.meta_for(start.site, wanted.page, rules),
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

    def now(self) -> datetime:
        """Return the current time in the site's time zone."""
        return datetime.now(self.site.zone)


def value_of(outcome: _T | Exception) -> _T:
    """Return what a task returned; raise what it raised."""
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _be_polite(crawler: Crawler, site: Site, options: RunOptions) -> None:
    """Set the delay of a crawl. A site may only make the crawler slower; requests to our own
    machine need no delay."""
    settings = crawler.settings
    if options.connect_to and _is_loopback(options.connect_to):
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 8, priority="spider")
        settings.set("NEWS_BACK_OFF", 0, priority="spider")
    else:
        delay = max(site.delay, settings.getfloat("DOWNLOAD_DELAY"))
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
