"""A crawl that tries every function of `scrapy_private` on the installed Scrapy: the address of a
server on standard input, what each function did on standard output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.crawling.run import project_settings
from newsspider.fetch import scrapy_private
from newsspider.fetch.downloader import Downloader

SEEN: dict[str, Any] = {}


class Probe(Spider):
    name = "private"

    async def start(self) -> AsyncIterator[Request]:
        for number in range(3):
            yield Request(f"http://queue.example/{number}", self.came, errback=self.failed)
        yield Request("http://large.example/head", self.came, errback=self.failed)

    def note(self, text: str) -> None:
        SEEN.setdefault("notes", []).append(text)

    async def came(self, response: Response) -> None:
        if "stopping before" in SEEN:
            return
        while "head" not in SEEN:
            await asyncio.sleep(0.05)
        crawler = self.crawler
        SEEN["stopping before"] = scrapy_private.is_stopping(crawler)
        SEEN["engine"] = type(scrapy_private.engine_of(crawler)).__name__
        now = monotonic()
        SEEN["queued"] = {n: at - now for n, at in scrapy_private.queued_until(crawler)}
        stopped = asyncio.ensure_future(crawler.stop_async())
        await asyncio.sleep(0)
        SEEN["stopping after"] = scrapy_private.is_stopping(crawler)
        scrapy_private.end_delays(crawler)
        SEEN["queued after"] = {n: at - now for n, at in scrapy_private.queued_until(crawler)}
        SEEN["task"] = stopped  # kept until it is done
        downloader = scrapy_private.downloader_of(crawler)
        assert isinstance(downloader, Downloader)
        downloader.call_back()

    def failed(self, failure: Failure) -> None:
        name = failure.request.url.rpartition("/")[2]  # type: ignore[attr-defined]
        SEEN[name] = f"{type(failure.value).__name__}: {failure.value}"


def main() -> None:
    address = sys.stdin.read()
    settings = {
        "NEWS_CONNECT_TO": address,
        "DOWNLOAD_DELAY": 600,
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "ITEM_PIPELINES": {},
    }
    process = AsyncCrawlerProcess(project_settings(settings))
    crawler = Crawler(Probe, process.settings)
    SEEN["before"] = [
        scrapy_private.engine_of(crawler),
        scrapy_private.downloader_of(crawler),
        list(scrapy_private.queued_until(crawler)),
        scrapy_private.is_stopping(crawler),
    ]
    scrapy_private.end_delays(crawler)
    process.crawl(crawler)
    process.start()
    SEEN.pop("task", None)
    print(json.dumps(SEEN))


if __name__ == "__main__":
    main()
