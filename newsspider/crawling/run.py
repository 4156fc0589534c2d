"""A run: crawls in one process, into one output folder, counted in one Report.

In: jobs, and Scrapy settings. Out: the Report. Called by the commands and by the child process of
`newsspider.crawl`. Jobs whose sites share a host run one after the other in the given order, since
Scrapy's crawlers do not know of each other's delays; all others run in parallel, as many as
NEWS_SITES_AT_ONCE allows. Scrapy is imported when a run starts: it takes half a second, which
`newsspider sites` and an error message need not wait for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.crawling.jobs import Job, in_site_order
from newsspider.crawling.progress import Progress
from newsspider.crawling.report import Report
from newsspider.errors import NewsspiderError, StartError, Unwritable
from newsspider.garbage import look_often
from newsspider.model import Article
from newsspider.monitor import runs
from newsspider.monitor.record import RunRecord
from newsspider.sites.hosts import groups
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.output import Output

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    from newsspider.crawling.hooks import Hooks
    from newsspider.crawling.retain import Retention
    from newsspider.spiders.desk import Shared

logger = logging.getLogger(__name__)

_SPIDERS = {
    "category": "newsspider.spiders.category.CategorySpider",
    "url": "newsspider.spiders.url.UrlSpider",
    "share": "newsspider.spiders.share.ShareSpider",
    "recheck": "newsspider.spiders.recheck.RecheckSpider",
    "probe": "newsspider.spiders.probe.ProbeSpider",
}
# Scrapy sets those of the process again in each crawler, with the priority of a command line.
_ABOVE_RUN = 41
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")  # of a log
_LOOK = 0.1  # seconds between two looks at crawls that are ending


@dataclass(eq=False, slots=True, weakref_slot=True)
class _Run:
    """The crawls of a run, while the reactor runs."""

    process: AsyncCrawlerProcess
    progress: Progress
    shared: Shared
    places: asyncio.Semaphore
    on_article: Callable[[Article], object] | None = None
    report: Report = field(default_factory=Report)
    crawlers: set[Crawler] = field(default_factory=set)
    error: Exception | None = None
    ending: asyncio.Task[None] | None = None

    async def __call__(self, jobs: Sequence[Job]) -> None:
        from twisted.internet import reactor as installed

        reactor: Any = installed
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled, number)
        try:
            jobs = in_site_order(jobs, self.shared.sites)
            together = groups([job.hosts for job in jobs])
            await asyncio.gather(*(self._group([jobs[at] for at in group]) for group in together))
        except Exception as error:  # `run` raises it, outside the reactor
            self.error = self.error or error
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            reactor.stop()

    async def _group(self, jobs: Sequence[Job]) -> None:
        """Run crawls one after the other. They keep one of the places until they have ended, or for
        NEWS_TURN seconds, so that a slow group does not hold up the others."""
        await self.places.acquire()
        with contextlib.ExitStack() as place:
            place.callback(self.places.release)
            seconds = self.process.settings.getfloat("NEWS_TURN")
            turn = asyncio.get_running_loop().call_later(seconds, place.close)
            place.callback(turn.cancel)
            for job in jobs:
                if self.ending or self.shared.left == 0:
                    break
                try:
                    if not await self._crawl(job):
                        break
                except Exception as error:
                    self.error = self.error or error
                    self._end()

    async def _crawl(self, job: Job) -> bool:
        """Run a crawl; return whether the next crawl of its group may start."""
        from scrapy import signals
        from scrapy.crawler import Crawler
        from scrapy.utils.misc import load_object

        from newsspider.spiders.base import NewsSpider

        settings = self.process.settings.copy()
        settings.update(job.settings, priority=_ABOVE_RUN)
        crawler = Crawler(load_object(_SPIDERS[job.spider]), settings)
        look_often()
        for failing in (signals.spider_error, signals.item_error):
            crawler.signals.connect(self._failed, failing)
        crawler.signals.connect(self._published, signals.item_scraped)
        self.progress.start(job.label, crawler)
        self.crawlers.add(crawler)
        try:
            await self.process.crawl(crawler, shared=self.shared, **job.arguments)
        except NewsspiderError:
            raise
        except Exception as error:
            logger.debug("the crawl did not start", exc_info=True)
            raise StartError(f"{job.label}: the crawl cannot start: {error}") from error
        finally:
            self.crawlers.discard(crawler)
            self.progress.end(crawler)
        self.progress.print_counts(job.label, crawler)
        spider = crawler.spider
        assert isinstance(spider, NewsSpider)
        stats = crawler.stats.get_stats()
        self.report.add(spider.source, stats, spider.notes)
        return stats.get("finish_reason") == "finished"

    # -- stopping a run early -----------------------------------------------------------------

    def _signalled(self, number: int) -> None:
        """End the run on the first signal and save the work in progress. A second signal ends the
        process at once, which loses nothing either: the ledger survives a kill at any moment."""
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        logger.info("%s: stopping the run", signal.Signals(number).name)
        from newsspider.fetch.downloader import GRACE

        self._end(GRACE)

    def _published(self, item: Article) -> None:
        if self.on_article is not None:
            self.on_article(item)

    def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, Unwritable):
            output = self.shared.output
            output.trouble = output.trouble or str(failure.value)
            self._end()

    def _end(self, grace: float = 0) -> None:
        self.ending = self.ending or asyncio.get_running_loop().create_task(self._call_back(grace))

    async def _call_back(self, grace: float) -> None:
        """Stop the crawls. Requests without an answer after `grace` seconds are cancelled."""
        from newsspider.fetch.downloader import Downloader
        from newsspider.fetch.scrapy_private import downloader_of, engine_of

        loop = asyncio.get_running_loop()
        until, stopped = loop.time() + grace, set[Any]()
        while self.crawlers:
            for crawler in tuple(self.crawlers):
                engine = engine_of(crawler)
                if engine is None:
                    continue  # it starts just now
                if engine.running:
                    stopped.add(asyncio.ensure_future(crawler.stop_async()))
                downloader = downloader_of(crawler)
                if loop.time() >= until and isinstance(downloader, Downloader):
                    downloader.call_back()
            await asyncio.sleep(_LOOK)
        await asyncio.gather(*stopped, return_exceptions=True)


def run(
    jobs: Sequence[Job],
    settings: Mapping[str, Any],
    progress: Progress,
    *,
    wait: float = 0,
    on_article: Callable[[Article], object] | None = None,
    on_report: Callable[[Report, Path], object] | None = None,
    hooks: Hooks | None = None,
    retention: Retention | None = None,
    opened: Callable[[RunOptions], Shared] | None = None,
) -> Report:
    """Run the jobs; `settings` override newsspider's own. `wait`: seconds to wait for another run
    that holds the output folder. `on_article` is called with each article that has a post,
    `on_report` with the report and the output folder at the end of a run that was no dry one,
    before the folder is released. `hooks` gets what changed in the folder, but for a dry run.
    `retention` says which posts are kept after the crawls. `opened` opens another place for the
    articles than the output folder of the options.

    Raises SiteError, OutputError or StartError when the run or a crawl cannot start.
    """
    from newsspider.spiders.desk import Shared

    base = project_settings(settings)
    try:
        options = RunOptions.from_settings(base)
    except ValueError as error:
        raise StartError(str(error)) from None
    if opened is None:
        shared = Shared.opened(options, wait=wait, tell=progress.print)
    else:
        shared = opened(options)
    report, started = Report(), datetime.now(UTC).replace(microsecond=0)
    hooks = None if shared.output.dry else hooks
    try:
        if hooks is not None:
            hooks.begin(shared)
        process = _process(base)
        places = asyncio.Semaphore(max(1, base.getint("NEWS_SITES_AT_ONCE")))
        crawls = _Run(process, progress, shared, places, on_article, report)
        _start(process, crawls(jobs))
        if retention is not None and crawls.error is None and crawls.ending is None:
            _retain(retention, shared, report)
        record = _record(shared.output, report, started, crawls.error)
        if hooks is not None and record is not None:
            hooks.fill(shared, record)
        if on_report is not None and crawls.error is None and not shared.output.dry:
            on_report(report, shared.output.path)
    finally:
        _close(shared, report)
    if crawls.error is not None:
        raise crawls.error
    return report


def _process(settings: Settings) -> AsyncCrawlerProcess:
    """Return Scrapy's process. Raises StartError for settings that it cannot use."""
    from scrapy.crawler import AsyncCrawlerProcess

    try:
        return AsyncCrawlerProcess(settings)
    except Exception as error:
        raise StartError(f"Scrapy cannot start: {error}") from error


def _start(process: AsyncCrawlerProcess, crawls: Coroutine[Any, Any, None]) -> None:
    """Run the crawls to their end. Raises StartError for settings that Scrapy reads only now."""
    task = asyncio.get_event_loop().create_task(crawls)  # it ends the reactor that `start` runs
    try:
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    except Exception as error:
        task.cancel()
        raise StartError(f"Scrapy cannot start: {error}") from error


def _retain(retention: Retention, shared: Shared, report: Report) -> None:
    """Remove the posts that are kept no longer; what fails is left to the next run."""
    try:
        retention(shared, report)
    except Unwritable as error:
        shared.output.trouble = shared.output.trouble or str(error)
    except (OSError, NewsspiderError) as error:
        why = f"{error.filename}: {trouble_of(error)}" if isinstance(error, OSError) else error
        report.notes.append(f"Posts that are kept no longer stay: {why}")
        report.stopped = True


def _record(
    output: Output, report: Report, started: datetime, error: Exception | None
) -> RunRecord | None:
    """Write and return the record of the run; None if nothing more can be written. Without it the
    posts are as good as before."""
    if output.dry or output.trouble or output.ledger.trouble:
        return None
    cause = error if isinstance(error, NewsspiderError) else None
    if error is not None and cause is None:
        cause = StartError(str(error))
    record = report.record(output.ledger.run, started, cause)
    try:
        runs.save(record, output.path)
    except Unwritable as fault:
        output.trouble = str(fault)  # closing the folder reports it, once
        return None
    except OSError as fault:
        logger.warning("the record of this run cannot be written: %s", fault)
    return record


def _close(shared: Shared, report: Report) -> None:
    """Release the output folder; add a note to the report if its disk failed."""
    try:
        shared.output.close()
    except Unwritable as error:
        report.stopped = True
        report.notes.insert(0, str(error))


def project_settings(settings: Mapping[str, Any]) -> Settings:
    """Return newsspider's settings, overridden by these with the priority of a command line. Raises
    StartError for a value that Scrapy cannot read."""
    from scrapy.utils.project import get_project_settings

    base = get_project_settings()
    base.setmodule("newsspider.settings", priority="project")
    base.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")  # the commands have their own
    for name, value in settings.items():
        try:
            base.set(name, value, priority="cmdline")
        except (ValueError, TypeError) as error:
            raise StartError(f"-s {name}={value}: {error}") from error
    level = str(base["LOG_LEVEL"])
    if level not in logging.getLevelNamesMapping() and not level.isdecimal():
        raise StartError(f"-s LOG_LEVEL={level}: is not one of {', '.join(_LEVELS)}")
    # A run names the classes of its spiders.
    base.set("SPIDER_MODULES", [], priority="cmdline")
    base.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.SpiderLoader", priority="cmdline")
    return base
