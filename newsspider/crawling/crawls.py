"""The crawls of a run, or a part of them, in this process.

In: jobs, the folders that they write into, Scrapy's settings. Out: counts in the report of each
folder, and its error. Called by `crawling.run`, and by `crawling.worker` in the other processes of
a run. Jobs whose sites share a host run one after the other in the given order, since Scrapy's
crawlers do not know of each other's delays; all others run in parallel, as many as
NEWS_SITES_AT_ONCE allows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.misc import load_object

from newsspider.crawling.folders import Folder, Showing
from newsspider.crawling.jobs import Job, in_site_order
from newsspider.crawling.progress import standing_of, summary_of
from newsspider.errors import NewsspiderError, StartError, Unwritable
from newsspider.fetch.downloader import GRACE, Downloader
from newsspider.fetch.scrapy_private import downloader_of, engine_of
from newsspider.garbage import look_often
from newsspider.model import Article
from newsspider.sites.hosts import groups
from newsspider.spiders.base import NewsSpider

if TYPE_CHECKING:
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

logger = logging.getLogger("newsspider.crawling.run")  # whatever process it is in

_SPIDERS = {
    "category": "newsspider.spiders.category.CategorySpider",
    "url": "newsspider.spiders.url.UrlSpider",
    "share": "newsspider.spiders.share.ShareSpider",
    "recheck": "newsspider.spiders.recheck.RecheckSpider",
    "probe": "newsspider.spiders.probe.ProbeSpider",
}
# Scrapy sets those of the process again in each crawler, with the priority of a command line.
_ABOVE_RUN = 41
_LOOK = 0.1  # seconds between two looks at crawls that are ending
_EVERY = 0.2  # seconds between two updates of the bars


@dataclass(eq=False, slots=True, weakref_slot=True)
class Crawls:
    """The crawls of a process, while the reactor runs. `folders` has the folder of each job, by the
    path of its output."""

    process: AsyncCrawlerProcess
    folders: Mapping[Path, Folder]
    progress: Showing
    on_article: Callable[[Article], object] | None = None
    on_crawled: Callable[[Job], object] = str
    _places: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)
    _crawlers: dict[Crawler, tuple[Job, Folder]] = field(default_factory=dict)
    _endings: set[asyncio.Task[None]] = field(default_factory=set)

    def __call__(self, jobs: Sequence[Job]) -> None:
        """Run the jobs to their end. Raises StartError for settings that Scrapy reads only now."""
        self._places = asyncio.Semaphore(max(1, self.process.settings.getint("NEWS_SITES_AT_ONCE")))
        # It ends the reactor that `start` runs.
        task = asyncio.get_event_loop().create_task(self._run(jobs))
        try:
            self.process.start(stop_after_crawl=False, install_signal_handlers=False)
        except Exception as error:
            task.cancel()
            raise StartError(f"Scrapy cannot start: {error}") from error

    async def _run(self, jobs: Sequence[Job]) -> None:
        from twisted.internet import reactor as installed

        reactor: Any = installed
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled, number)
        following = loop.create_task(self._follow())
        try:
            sites = next(iter(self.folders.values())).shared.sites
            jobs = in_site_order(jobs, sites)
            together = groups([job.hosts for job in jobs])
            await asyncio.gather(*(self._group([jobs[at] for at in group]) for group in together))
        except Exception as error:  # raised outside the reactor
            for folder in self.folders.values():
                folder.error = folder.error or error
        finally:
            following.cancel()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            reactor.stop()

    async def _follow(self) -> None:
        """Show how far the crawls are."""
        while self.progress.has_bars:
            await asyncio.sleep(_EVERY)
            for crawler, (job, _) in self._crawlers.items():
                if crawler.spider is not None:
                    self.progress.update(job.label, standing_of(crawler))

    async def _group(self, jobs: Sequence[Job]) -> None:
        """Run crawls one after the other. They keep one of the places until they have ended, or for
        NEWS_TURN seconds, so that a slow group does not hold up the others."""
        await self._places.acquire()
        with contextlib.ExitStack() as place:
            place.callback(self._places.release)
            seconds = self.process.settings.getfloat("NEWS_TURN")
            turn = asyncio.get_running_loop().call_later(seconds, place.close)
            place.callback(turn.cancel)
            for job in jobs:
                assert job.output is not None
                folder = self.folders[job.output]
                if folder.is_ending or folder.shared.allowance.left == 0:
                    continue
                try:
                    if not await self._crawl(job, folder):
                        break
                except Exception as error:
                    folder.error = folder.error or error
                    self._end(folder)

    async def _crawl(self, job: Job, folder: Folder) -> bool:
        """Run a crawl; return whether the next crawl of its group may start."""
        settings = self.process.settings.copy()
        own = {**job.settings, "NEWS_OUTPUT": str(job.output)}
        settings.update(own, priority=_ABOVE_RUN)
        crawler = Crawler(load_object(_SPIDERS[job.spider]), settings)
        look_often()
        for failing in (signals.spider_error, signals.item_error):
            crawler.signals.connect(self._failed, failing)
        crawler.signals.connect(self._published, signals.item_scraped)
        self.progress.start(job.label)
        self._crawlers[crawler] = (job, folder)
        try:
            await self.process.crawl(crawler, shared=folder.shared, **job.arguments)
        except NewsspiderError:
            raise
        except Exception as error:
            logger.debug("the crawl did not start", exc_info=True)
            raise StartError(f"{job.label}: the crawl cannot start: {error}") from error
        finally:
            del self._crawlers[crawler]
            self.progress.end(job.label)
        spider = crawler.spider
        assert isinstance(spider, NewsSpider)
        self.progress.print(f"{job.label}: {summary_of(crawler)}")
        stats = crawler.stats.get_stats()
        folder.report.add(spider.source, stats, spider.notes)
        self.on_crawled(job)
        return stats.get("finish_reason") == "finished"

    # -- stopping a run early -----------------------------------------------------------------

    def _signalled(self, number: int) -> None:
        """End the run on the first signal and save the work in progress. A second signal ends the
        process at once, which loses nothing either: the ledger survives a kill at any moment."""
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        logger.info("%s: stopping the run", signal.Signals(number).name)
        for folder in self.folders.values():
            self._end(folder, GRACE)

    def _published(self, item: Article) -> None:
        if self.on_article is not None:
            self.on_article(item)

    def _failed(self, failure: Failure, spider: NewsSpider) -> None:
        if isinstance(failure.value, Unwritable):
            output = spider.output
            output.trouble = output.trouble or str(failure.value)
            for folder in self.folders.values():
                if folder.shared.output is output:
                    self._end(folder)

    def _end(self, folder: Folder, grace: float = 0) -> None:
        if not folder.is_ending:
            folder.is_ending = True
            loop = asyncio.get_running_loop()
            self._endings.add(loop.create_task(self._call_back(folder, grace)))

    async def _call_back(self, folder: Folder, grace: float) -> None:
        """Stop the crawls into a folder. Requests without an answer after `grace` seconds are
        cancelled."""
        loop = asyncio.get_running_loop()
        until, stopped = loop.time() + grace, set[Any]()
        while own := [each for each, (_, of) in self._crawlers.items() if of is folder]:
            for crawler in own:
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


def process_of(settings: Settings) -> AsyncCrawlerProcess:
    """Return Scrapy's process. Raises StartError for settings that it cannot use."""
    try:
        return AsyncCrawlerProcess(settings)
    except Exception as error:
        raise StartError(f"Scrapy cannot start: {error}") from error
