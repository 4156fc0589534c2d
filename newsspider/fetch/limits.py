"""Limits that an answer or a run must keep: what unpacking may yield, redirects, the run's time.

In: Scrapy's answers. Out: the same, or an exception of `failures` that names the limit. The limits
on connections, heads and bodies as sent are the download handler's.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from newsspider.fetch.failures import BadCompression, RefusedAddress, TooLarge, TooManyRedirects
from newsspider.fetch.politeness import note

MAX_LAYERS = 2  # of packing; no server has a reason for a second


class Unpack(HttpCompressionMiddleware):
    """Scrapy's unpacking, which stops at DOWNLOAD_MAXSIZE in each layer, with reasons to count."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        layers = [
            name.strip().lower()
            for header in response.headers.getlist("Content-Encoding")
            for name in header.split(b",")
        ]
        packed = [name for name in layers if name not in (b"", b"identity")]
        if not packed and layers:
            del response.headers["Content-Encoding"]
        if len(packed) > MAX_LAYERS:
            raise BadCompression(f"{response.url} is packed {len(packed)} times over")
        try:
            answer = super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(str(error)) from error
        except Exception as error:  # each library has errors of its own
            if _is_plain(response.body):
                return _as_it_is(response)
            name = packed[-1].decode("latin-1")[:40]
            raise BadCompression(f"{response.url} is no {name!r}: {error}") from error
        # "utf-8", "none", "aws-chunked": no packing, but Scrapy takes such a page for no text.
        assert isinstance(answer, Response)
        unknown = b", ".join(answer.headers.getlist("Content-Encoding")).decode("latin-1")[:40]
        if unknown and not (
            _is_plain(answer.body) or answer.body.startswith((b"\x1f\x8b", b"http"))
        ):
            raise BadCompression(f"{response.url} is packed as {unknown!r}, which is unknown")
        return _as_it_is(answer) if unknown else answer


def _is_plain(body: bytes) -> bool:
    """Whether a body that says it is packed is a page or JSON as it stands: some servers lie."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")


def _as_it_is(response: Response) -> Response:
    del response.headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=response.headers, url=response.url, body=response.body)
    return response.replace(cls=kind)


class Redirect(RedirectMiddleware):
    """Scrapy's redirects, with reasons to count."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except ValueError as error:
            raise RefusedAddress(f"{request.url} leads to what is no address") from error
        except IgnoreRequest as error:  # the one reason that Scrapy has
            raise TooManyRedirects(f"{request.url}: more than {self.max_redirect_times}") from error


_started: MutableMapping[asyncio.AbstractEventLoop, float] = WeakKeyDictionary()


class RunTime:
    """Ends the crawls of a run when it has taken NEWS_MAX_TIME seconds; the next run goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._timer: asyncio.TimerHandle | None = None
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _begin(self, spider: Spider) -> None:
        longest = self._crawler.settings.getfloat("NEWS_MAX_TIME")
        loop = asyncio.get_running_loop()
        began = _started.setdefault(loop, loop.time())  # a run is one event loop
        if longest:
            left = max(0.0, longest - (loop.time() - began))
            self._timer = loop.call_later(left, self._stop, longest)

    def _stop(self, longest: float) -> None:
        note(self._crawler, f"The run took {longest:g} s, its limit (NEWS_MAX_TIME).")
        engine = self._crawler.engine
        self._closing = asyncio.create_task(engine.close_spider_async(reason="max_time"))

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
