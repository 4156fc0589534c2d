"""All private names of Scrapy and Twisted that newsspider uses: those that begin with an
underscore, `scrapy.core`, undocumented hooks.

In: a crawler. Out: its engine, its downloader, what they know; base classes for ours. The download
handler, the downloader, `politeness`, `crawling/run.py` and `crawling/remote.py` call these. Each
function and class names what it uses and why the public way does not suffice. Checked with Scrapy
2.19 and Twisted 26.10; `tests/fetch/test_scrapy_private.py` tries each of them on the installed
versions, and checks that no other module uses such a name.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.utils import deprecate
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.client import HTTPConnectionPool
from twisted.web.http import _ChunkedTransferDecoder

from newsspider.fetch.failures import TooLarge

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine
    from scrapy.extensions.feedexport import BlockingFeedStorage


class _Caller:
    """What `create_deprecated_class` uses of `inspect`, for the caller's module alone."""

    isclass = inspect.isclass

    @staticmethod
    def stack() -> list[tuple[str, ...]]:
        return [(), (sys._getframe(2).f_globals["__name__"],)]

    @staticmethod
    def getmodule(name: str) -> Any:
        return sys.modules.get(name)


@contextmanager
def _short_stack() -> Iterator[None]:
    """Let Scrapy define its deprecated classes without `inspect.stack()`, which reads the source of
    each frame: three of them took a third of a start, since a command imports Scrapy sixty frames
    deep. `scrapy.utils.deprecate.inspect`: the class takes no module's name."""
    deprecate.inspect = _Caller  # type: ignore[assignment, attr-defined]
    try:
        yield
    finally:
        deprecate.inspect = inspect  # type: ignore[attr-defined]


with _short_stack():
    from scrapy.core.downloader import Downloader as Downloader  # the setting DOWNLOADER: its class
    from scrapy.core.downloader.handlers.http11 import (
        HTTP11DownloadHandler,
        _LenientHTTP11ClientFactory,
        _LenientHTTP11ClientProtocol,
    )

# Each costs Scrapy 8 µs. A page of 5 MB in chunks of 50 bytes has as many.
MOST_CHUNKS = 100_000
# Chooses where a connection goes: the pool's key and Scrapy's endpoint → the endpoint to use.
# The key is (scheme, host, port, local address), followed by the proxy's for a tunnel: see
# twisted.web.client.Agent.request and Scrapy's agents.
Route = Callable[[tuple[Any, ...], IStreamClientEndpoint], IStreamClientEndpoint]


# -- the engine ------------------------------------------------------------------------------------


def engine_of(crawler: Crawler) -> ExecutionEngine | None:
    """Return the engine of a crawl, None before it exists. `Crawler._engine`: the public `engine`
    raises until then, and there is no public way to ask."""
    return crawler._engine


def is_stopping(crawler: Crawler) -> bool:
    """Return whether a crawl is being stopped. `ExecutionEngine._slot.closing`: the only signal for
    it comes at the end, when every waiting request has been sent."""
    engine = engine_of(crawler)
    slot = engine._slot if engine is not None else None
    return not crawler.crawling or slot is None or slot.closing is not None


def end_delays(crawler: Crawler) -> None:
    """Release all requests that are queued for their host at once, so that a stopping crawl can
    refuse them. `Downloader.slots`: a delay is a setting, read when the slot is created."""
    engine = engine_of(crawler)
    for slot in engine.downloader.slots.values() if engine is not None else ():
        slot.delay = 0


def queued_until(crawler: Crawler) -> Iterator[tuple[str, float]]:
    """Yield each host whose requests wait out the pause between two, with the time (of
    `time.monotonic`) of the next request. `Downloader.slots`: there is no public way to ask."""
    engine = engine_of(crawler)
    for name, slot in engine.downloader.slots.items() if engine is not None else ():
        if slot.latercall and slot.queue:
            yield name, slot.lastseen + slot.delay


def downloader_of(crawler: Crawler) -> Downloader | None:
    """Return the object of the setting DOWNLOADER, None before it exists.
    `ExecutionEngine.downloader`: there is no public way to get it."""
    engine = engine_of(crawler)
    return engine.downloader if engine is not None else None


# -- the download handler --------------------------------------------------------------------------


class RoutedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP/1.1 with connections chosen by a Route, and with answers whose head
    has at most `max_head` bytes, and whose body at most MOST_CHUNKS chunks (else TooLarge).

    `HTTP11DownloadHandler._pool`, `_contextFactory`, `HTTPConnectionPool._factory`: the handler
    creates its pool itself. A resolver (the setting TWISTED_DNS_RESOLVER) sees neither numeric
    addresses nor ports.
    """

    def __init__(
        self, crawler: Crawler, route: Callable[[Any, Any], Route], *, max_head: int
    ) -> None:
        """`route` builds a Route from the reactor and the factory of TLS contexts."""
        from twisted.internet import reactor

        super().__init__(crawler)
        self.crawler = crawler
        # Scrapy asks for the TLS context of a host at each request, also where a connection is
        # open; each reads the certificates of the system.
        contexts = self._contextFactory
        contexts.creatorForNetloc = lru_cache(256)(contexts.creatorForNetloc)  # type: ignore[method-assign]
        pool = _RoutedPool(reactor, route(reactor, self._contextFactory))
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        pool._factory = partial(_BoundedFactory, max_head)  # type: ignore[assignment]
        self._pool = pool


class _RoutedPool(HTTPConnectionPool):
    """Twisted's pool, with the endpoint of each connection chosen by the route. `getConnection` is
    public, but not documented as a hook; Scrapy's agents replace an agent's endpoint factory."""

    def __init__(self, reactor: Any, route: Route) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self.route = route

    def getConnection(self, key: Hashable, endpoint: IStreamClientEndpoint) -> Any:
        assert isinstance(key, tuple)
        return super().getConnection(key, self.route(key, endpoint))


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Bounds the head of an answer and the chunks of its body. `HTTP11ClientProtocol._parser`:
    Twisted bounds each line of a head, at 16 KiB, but not their number; here the size of the whole
    head counts. `HTTPClientParser._transferDecoders`: the number of chunks is not bounded."""

    _head = 0
    max_head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        answer = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = 2 * self.max_head
            self._parser._transferDecoders = {
                b"chunked": _bounded_chunks  # type: ignore[dict-item]
            }
        return answer

    def dataReceived(self, bytes: bytes) -> None:
        parser = self._parser
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]
        if parser is None or self._parser is not parser or parser.state not in (STATUS, HEADER):
            return
        self._head += len(bytes)
        if self._head > self.max_head and self.transport is not None:
            self.transport.abortConnection()
            too_large = TooLarge(f"a head of over {self.max_head} bytes")
            self._disconnectParser(Failure(too_large))  # type: ignore[no-untyped-call]


def _bounded_chunks(receive: Callable[[bytes], None], finish: Callable[[bytes], None]) -> Any:
    """Return a decoder for a body of at most MOST_CHUNKS chunks."""
    number = count(1)

    def bounded(data: bytes) -> None:
        if next(number) > MOST_CHUNKS:
            raise TooLarge(f"a body of over {MOST_CHUNKS} chunks")
        receive(data)

    return _ChunkedTransferDecoder(bounded, finish)


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def __init__(self, max_head: int, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self.max_head = max_head

    def buildProtocol(self, addr: Any) -> _BoundedProtocol:
        protocol = _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.max_head = self.max_head
        return protocol


def store_now(storage: BlockingFeedStorage, file: IO[bytes]) -> None:
    """Upload a file by a feed storage. `BlockingFeedStorage._store_in_thread`: `store` needs a
    reactor, and the file of a run is whole only when its reactor has ended. Tried by
    `tests/crawling/test_feeds.py`."""
    storage._store_in_thread(file)
