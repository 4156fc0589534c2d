"""A crawl: its site, its output folder, its counts and notes, and how it reads what has arrived.

In: the settings of a run and the arguments of a spider. Out: counts, notes for the report, and what
a task returns that reads a page. `NewsSpider`, from which all spiders derive, adds how articles are
read.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.errors import Exit, NewsspiderError, TooCostly, Unwritable
from newsspider.fetch.reader import TASK, Outcome
from newsspider.model import Article
from newsspider.monitor.doubt import Contract
from newsspider.sites import load_usable
from newsspider.sites.schema import Site
from newsspider.spiders.archiving import Archiving
from newsspider.spiders.desk import Desk, DeskKeeper, Shared, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.spiders.triage import Wanted
from newsspider.store.counts import PREFIX, Counts
from newsspider.store.output import Output
from newsspider.text.budget import BRIEF, budget
from newsspider.text.characters import counted

_T = TypeVar("_T")
_MOST_NOTES = 50  # of a crawl: a listing can name 50,000 hosts, each with a note of its own


class Crawl(DeskKeeper, Spider):
    """A crawl of one site into one output folder. Without `shared` it is a run of its own."""

    site: Site  # the (first) site that is crawled
    sites: dict[str, Site]
    options: RunOptions
    shared: Shared
    output: Output
    wanted: Wanted
    left: int | None = None  # articles that this crawl may still request; None: any number
    has_pattern = False  # whether its articles are held against the history of the source
    by_hand = False  # whether a person names the addresses, and no site file need exist

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes: list[str] = []  # for the report of the run
        self._created = time.monotonic()
        self._of_feed_only: set[str] = set()  # keys of articles whose pages give nothing

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
        self._note_times()
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

    def _note_times(self) -> None:
        """Say what can be done about articles without a day, and about those of a day to come."""
        stats = self.crawler.stats
        if number := stats.get_value(f"{PREFIX}dropped/FutureDate", 0):
            self.note(
                f"{self.source}: {counted(number, 'article')} later than the clock of this machine,"
                f" {self.now():%Y-%m-%d %H:%M}: set it if it is wrong; they are asked for again"
            )
        number = stats.get_value(f"{PREFIX}dropped/NoDate", 0)
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

    def now(self) -> datetime:
        """Return the current time in the site's time zone."""
        return datetime.now(self.site.zone)

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
