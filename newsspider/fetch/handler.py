"""The download handler: where a connection goes, and when.

In: Scrapy's requests. Out: responses, or an exception of `failures`. Scrapy makes it (the setting
DOWNLOAD_HANDLERS). It is a subclass of Scrapy's HTTP/1.1 handler that chooses the endpoint of each
connection. Every request passes through it: redirects, robots.txt and pictures included.

- With `NEWS_CONNECT_TO` every connection goes to that address over plain HTTP; URL, Host header and
  https addresses stay as they are.
- Otherwise it connects to public addresses only, or to private ones where a site file opens them
  (`site_meta`). It checks the address that the connection is about to use, so a name that changes
  its answer between look-up and connect gains nothing.
- Through the proxy of a site file only the text of an address can be checked, because the proxy
  looks names up. The address of the proxy itself is not restricted: the site file's owner sets it.
- Each request waits until its host may be asked (`politeness`).

`scrapy_private` holds the hooks that place it between Scrapy and the connections.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IHostnameResolver,
    IHostResolution,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from newsspider.fetch.failures import LongAddress, RefusedAddress, TooLarge
from newsspider.fetch.packing import is_cut
from newsspider.fetch.politeness import hosts_of
from newsspider.fetch.scrapy_private import RoutedHandler
from newsspider.fetch.site_meta import PRIVATE
from newsspider.text.addresses import is_open, refusal
from newsspider.text.urls import LONGEST

MAX_HEAD = 128 * 1024  # bytes of status line and headers; Chromium takes 256 KiB, news sites send 2


class GuardedHandler(RoutedHandler):
    """HTTP/1.1 that connects to public addresses only, or to one address for everything."""

    def __init__(self, crawler: Crawler, *, private: bool | None = None) -> None:
        settings = crawler.settings
        target = settings.get("NEWS_CONNECT_TO")
        self._private = settings.getbool("NEWS_ALLOW_PRIVATE") if private is None else private
        self._troubles = tuple(map(load_object, settings.getlist("RETRY_EXCEPTIONS")))
        # A second handler: a connection that one site may open must not serve another site.
        self._opened: GuardedHandler | None = None
        route = partial(
            _Guard,
            timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
            target=_host_and_port(target) if target else None,
            private=self._private,
        )
        super().__init__(crawler, route, max_head=MAX_HEAD)

    async def download_request(self, request: Request) -> Response:
        if request.meta.get(PRIVATE) and not self._private:
            self._opened = self._opened or GuardedHandler(self.crawler, private=True)
            return await self._opened.download_request(request)
        if len(request.url) > LONGEST:
            raise LongAddress(f"an address of {len(request.url)} characters: {request.url[:80]}…")
        if reason := refusal(request.url, private=self._private):
            raise RefusedAddress(reason)
        hosts, host = hosts_of(self.crawler), urlparse_cached(request).hostname or ""
        slot = request.meta.get("download_slot", "")
        async with hosts.turn(host, slot):  # the answer is noted inside: the next request heeds it
            try:
                response = await self._answer(request)
            except self._troubles as error:
                hosts.failed(host, type(error).__name__.removesuffix("Error"))
                raise
            retry_after = response.headers.get("Retry-After") or b""
            hosts.answered(host, response.status, retry_after.decode("latin-1"))
            return response

    async def _answer(self, request: Request) -> Response:
        largest = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        try:
            response = await super().download_request(request)
        except DownloadCancelledError as error:  # what Scrapy raises over DOWNLOAD_MAXSIZE
            raise TooLarge(str(error)) from error
        except (DownloadFailedError, ResponseDataLossError) as error:
            for reason in getattr(error.__cause__, "reasons", ()):
                if reason.check(TooLarge):
                    raise reason.value from error
            raise
        codings = (response.headers.get("Content-Encoding") or b"").decode("latin-1").split(",")
        if response.status < 300 and is_cut(response.body, codings[-1].strip().lower(), largest):
            raise ResponseDataLossError(f"{request.url} breaks off within its compression")
        return response

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
        await super().close()


class _Guard:
    """Chooses where each connection goes."""

    def __init__(
        self,
        reactor: Any,
        context_factory: Any,
        *,
        timeout: float,
        target: tuple[str, int] | None,
        private: bool,
    ) -> None:
        self._reactor = reactor
        self._context_factory = context_factory
        self._timeout = timeout
        self._target = target
        self._private = private

    def __call__(self, key: tuple[Any, ...], endpoint: IStreamClientEndpoint) -> Any:
        """Return the endpoint for a key of the pool (see `scrapy_private.Route`)."""
        if self._target is not None:
            return TCP4ClientEndpoint(self._reactor, *self._target, timeout=self._timeout)
        if len(key) > 4 or key[0] == b"http-proxy":
            return endpoint
        scheme, host, port = key[:3]
        guarded: Any = _Endpoint(self._reactor, host, port, self._timeout, self._private)
        if scheme == b"https":
            return wrapClientTLS(self._context_factory.creatorForNetloc(host, port), guarded)
        return guarded


@implementer(IStreamClientEndpoint)
class _Endpoint:
    """A host; connects only to those of its addresses that are allowed."""

    def __init__(self, reactor: Any, host: bytes, port: int, timeout: float, private: bool) -> None:
        self._host = host.decode("ascii", "replace")
        self._resolver = _Filter(reactor.nameResolver, private)
        filtering = _Reactor(reactor, self._resolver)
        self._inner = HostnameEndpoint(filtering, host, port, timeout=timeout)

    def connect(self, factory: Any) -> Any:
        return self._inner.connect(factory).addErrback(self._explain)

    def _explain(self, failure: Any) -> Any:
        if self._resolver.refused and failure.check(DNSLookupError):
            addresses = ", ".join(sorted(self._resolver.refused))
            error = RefusedAddress(f"{self._host} leads to {addresses}, which is not public")
            return _failed(error)
        return failure


@implementer(IReactorPluggableNameResolver)
class _Reactor:
    """The reactor, with our resolver."""

    def __init__(self, reactor: Any, resolver: Any) -> None:
        self._reactor = reactor
        self.nameResolver = resolver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


@implementer(IHostnameResolver)
class _Filter:
    """A resolver that passes on only the addresses that are allowed."""

    def __init__(self, inner: Any, private: bool) -> None:
        self._inner = inner
        self._private = private
        self.refused: set[str] = set()

    def resolveHostName(self, receiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        filtered = _Receiver(receiver, self._private, self.refused)
        return self._inner.resolveHostName(filtered, hostName, *args, **kwargs)


@implementer(IResolutionReceiver)
class _Receiver:
    """Passes allowed addresses on to `receiver`, collects the others in `refused`."""

    def __init__(self, receiver: Any, private: bool, refused: set[str]) -> None:
        self._receiver = receiver
        self._private = private
        self._refused = refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_open(address.host, private=self._private):
            self._receiver.addressResolved(address)
        else:
            self._refused.add(address.host)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


def _failed(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
