"""The downloader: Scrapy's, with requests that can be called back.

In: Scrapy's requests. Out: their responses, or CalledBack once the run ends. Scrapy makes it (the
setting DOWNLOADER); `crawling/run.py` calls `call_back`.

Scrapy's own stop waits for every request that has begun: those on the way, for as long as their
answer may take, and those that wait for their turn, with a pause between each two. The run calls
them back instead: an article that has not arrived stays pending in the ledger, for the next run.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from twisted.internet.defer import Deferred

from newsspider.fetch import scrapy_private
from newsspider.fetch.failures import CalledBack
from newsspider.fetch.reader import call_back_reader

GRACE = 2  # seconds in which a run that ends accepts answers to requests that it has sent


class Downloader(scrapy_private.Downloader):
    """Scrapy's downloader, which `call_back` empties."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._under_way: set[Deferred[Any]] = set()
        self._ended = False

    # Scrapy calls it without the spider, whose argument here is a relic of older versions.
    def fetch(self, request: Request) -> Deferred[Any]:  # type: ignore[override]
        """Send a request through the middlewares; return its answer. Fails with CalledBack."""
        answer = super().fetch(request)
        if answer.called:
            return answer
        self._under_way.add(answer)
        answer.addBoth(self._arrived, answer)
        if self._ended:
            answer.cancel()
        return answer

    def call_back(self) -> None:
        """End all requests and readings under way, and every later one."""
        self._ended = True
        call_back_reader()
        for answer in tuple(self._under_way):
            answer.cancel()

    def _arrived(self, result: Any, answer: Deferred[Any]) -> Any:
        self._under_way.discard(answer)
        if self._ended and isinstance(getattr(result, "value", None), BaseException):
            raise CalledBack("the run ends")
        return result
