"""Limits on decompressed size, redirects and the time of a run.

In: Scrapy's responses. Out: the same, or an exception of `failures` that names the limit. Scrapy
makes them (`settings.py`). The download handler sets the limits on connections, heads and bodies
as sent.
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

from newsspider.fetch.downloader import GRACE, Downloader
from newsspider.fetch.failures import BadCompression, RefusedAddress, TooLarge, TooManyRedirects
from newsspider.fetch.politeness import note
from newsspider.fetch.scrapy_private import downloader_of
from newsspider.text.characters import counted

MAX_LAYERS = 2  # of compression; no server has a reason for a second


class Unpack(HttpCompressionMiddleware):
    """Scrapy's decompression, which stops at DOWNLOAD_MAXSIZE in each layer, with our failures."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        layers = [
            name.strip().lower()
            for header in response.headers.getlist("Content-Encoding")
            for name in header.split(b",")
        ]
        codings = [name for name in layers if name not in (b"", b"identity")]
        if not codings and layers:
            del response.headers["Content-Encoding"]
        if len(codings) > MAX_LAYERS:
            raise BadCompression(f"{response.url} is compressed {len(codings)} times over")
        try:
            answer = super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(str(error)) from error
        except Exception as error:  # each library raises its own errors
            if _is_plain(response.body):
                return _undeclared(response)
            name = codings[-1].decode("latin-1")[:40]
            raise BadCompression(f"{response.url} is not {name!r} data: {error}") from error
        # "utf-8", "none", "aws-chunked" are not compression; Scrapy takes such a page for binary.
        assert isinstance(answer, Response)
        unknown = b", ".join(answer.headers.getlist("Content-Encoding")).decode("latin-1")[:40]
        if unknown and not (
            _is_plain(answer.body) or answer.body.startswith((b"\x1f\x8b", b"http"))
        ):
            raise BadCompression(f"{response.url} has an unknown Content-Encoding, {unknown!r}")
        return _undeclared(answer) if unknown else answer


def _is_plain(body: bytes) -> bool:
    """Return whether a body declared as compressed is plain HTML, XML or JSON: some servers lie."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")


def _undeclared(response: Response) -> Response:
    """The response without its Content-Encoding, in the class that suits its content."""
    del response.headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=response.headers, url=response.url, body=response.body)
    return response.replace(cls=kind)


class Redirect(RedirectMiddleware):
    """Scrapy's redirects, with our failures."""

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except ValueError as error:
            raise RefusedAddress(f"{request.url} redirects to an invalid address") from error
        except IgnoreRequest as error:  # Scrapy raises it for this reason only
            why = f"{request.url}: more than {counted(self.max_redirect_times, 'redirect')}"
            raise TooManyRedirects(why) from error


_started: MutableMapping[asyncio.AbstractEventLoop, float] = WeakKeyDictionary()


class RunTime:
    """Ends the crawls of a run after NEWS_MAX_TIME seconds; the next run continues."""

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
        note(self._crawler, f"The run reached its time limit, {longest:g} s (NEWS_MAX_TIME).")
        engine = self._crawler.engine
        self._closing = asyncio.create_task(engine.close_spider_async(reason="max_time"))
        self._timer = asyncio.get_running_loop().call_later(GRACE, self._call_back)

    def _call_back(self) -> None:
        downloader = downloader_of(self._crawler)
        if isinstance(downloader, Downloader):
            downloader.call_back()

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
