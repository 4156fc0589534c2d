"""A run: crawls one after the other in one process, counted in one Report.

In: jobs, from the commands, and Scrapy settings. Out: the Report. Sequential, because categories
given together run in the order given, and because the crawls of one host share its politeness.
Scrapy is imported when a crawl starts: half a second that `newsspider sites` and an error message
need not wait for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsspider.output import OutputError
from newsspider.progress import Progress
from newsspider.report import Report
from newsspider.sites import SiteError

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)


class StartError(Exception):
    """A crawl that could not start, as with a setting that Scrapy cannot read."""


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl: the spider's name, its arguments, and how a person calls it."""

    spider: str
    arguments: Mapping[str, Any]
    label: str = ""


@dataclass(slots=True)
class _Sequence:
    """The crawls of a run, one after the other."""

    process: AsyncCrawlerProcess
    jobs: Sequence[Job]
    progress: Progress
    report: Report = field(default_factory=Report)
    error: Exception | None = None

    async def __call__(self) -> None:
        from twisted.internet import reactor as installed

        reactor: Any = installed
        try:
            for job in self.jobs:
                if not await self._crawl(job):
                    break
        except Exception as error:  # told to the caller of `run`, outside the reactor
            self.error = error
        finally:
            reactor.stop()

    async def _crawl(self, job: Job) -> bool:
        """Run one crawl; whether the next one may follow."""
        from scrapy.crawler import Crawler

        from newsspider.spiders.base import NewsSpider

        settings = self.process.settings.copy()
        if limit := settings.getint("NEWS_LIMIT"):
            left = limit - self.report["fetched"]
            if left <= 0:
                return False
            settings.set("NEWS_LIMIT", left, priority="cmdline")
        crawler = Crawler(self.process.spider_loader.load(job.spider), settings)
        self.progress.start(job.label, crawler)
        try:
            await self.process.crawl(crawler, **job.arguments)
        except (SiteError, OutputError):
            raise
        except Exception as error:
            logger.debug("the crawl did not start", exc_info=True)
            raise StartError(f"{job.label}: the crawl cannot start: {error}") from error
        finally:
            self.progress.stop()
        self.progress.tell()
        spider = crawler.spider
        assert isinstance(spider, NewsSpider)
        stats = crawler.stats.get_stats()
        self.report.add(stats, spider.notes)
        return stats.get("finish_reason") == "finished"


def run(jobs: Sequence[Job], settings: Mapping[str, Any], progress: Progress) -> Report:
    """Run the jobs in order with these settings over newsspider's own.

    Raises SiteError, OutputError or StartError for what only shows when a crawl starts.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(project_settings(settings))
    sequence = _Sequence(process, jobs, progress)
    loop = asyncio.get_event_loop()
    loop.create_task(sequence())  # noqa: RUF006 - it ends the reactor that `start` waits for
    process.start(stop_after_crawl=False)
    if sequence.error is not None:
        raise sequence.error
    return sequence.report


def project_settings(settings: Mapping[str, Any]) -> Settings:
    """newsspider's settings with some changed, as from a command line."""
    from scrapy.utils.project import get_project_settings

    base = get_project_settings()
    base.setmodule("newsspider.settings", priority="project")
    base.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")  # the commands have their own
    for name, value in settings.items():
        try:
            base.set(name, value, priority="cmdline")
        except (ValueError, TypeError) as error:
            raise StartError(f"-s {name}={value}: {error}") from error
    return base
