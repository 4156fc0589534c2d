"""The probe of fetching.py: addresses on standard input, what came of them on standard output."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from newsspider.crawling.run import project_settings
from newsspider.errors import NotReadable
from newsspider.fetch.scrapy_private import RoutedHandler
from newsspider.spiders.responses import failure_reason, failure_words, page_of

TASK = json.load(sys.stdin)
ANSWERS: list[dict[str, Any]] = []
NOTES: list[str] = []
SENT: list[tuple[float, str]] = []


class Probe(Spider):
    name = "probe"

    async def start(self) -> AsyncIterator[Request]:
        for number, url in enumerate(TASK["urls"]):
            yield Request(
                url,
                callback=self.came,
                errback=self.failed,
                dont_filter=True,
                priority=-number,
                cb_kwargs={"asked": url},
                meta={**TASK["meta"], **TASK["meta"].get(url, {})},
            )

    def note(self, text: str) -> None:
        NOTES.extend([text] if text not in NOTES else [])

    def came(self, response: Response, asked: str) -> None:
        try:
            text, reason = page_of(response).body.decode()[:300], ""
        except NotReadable as error:
            text, reason = str(error), "NotReadable"
        self.tell(asked, reason, response.status, text, len(response.body), "")

    def failed(self, failure: Failure) -> None:
        asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        reason, _ = failure_reason(failure)
        self.tell(asked, reason, 0, "", 0, failure_words(failure))

    def tell(self, url: str, reason: str, status: int, text: str, size: int, detail: str) -> None:
        ANSWERS.append(
            {
                "url": url,
                "reason": reason,
                "status": status,
                "text": text,
                "size": size,
                "detail": detail,
            }
        )


async def noted(handler: RoutedHandler, request: Request) -> Response:
    SENT.append((monotonic(), urlparse_cached(request).hostname or ""))
    return await _download(handler, request)


_download = RoutedHandler.download_request
RoutedHandler.download_request = noted  # type: ignore[method-assign]


def peak() -> int:
    """Bytes of memory this process held at most.

    Not getrusage: its ru_maxrss passes through fork and exec, and so tells the memory of the test
    that started this (a pytest worker of 460 MB, seen).
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(found[1]) * 1024 if found else 0


async def main(process: AsyncCrawlerProcess) -> None:
    from twisted.internet import reactor

    try:
        await asyncio.gather(*(process.crawl(Probe) for _ in range(TASK["crawls"])))
    finally:
        reactor.stop()  # type: ignore[attr-defined]


if __name__ == "__main__":
    settings = project_settings(TASK["settings"])
    settings.set("LOG_INSTALL_ROOT_HANDLER", True, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    task = asyncio.get_event_loop().create_task(main(process))
    process.start(stop_after_crawl=False)
    print(json.dumps({"answers": ANSWERS, "notes": NOTES, "sent": SENT, "peak": peak()}))
