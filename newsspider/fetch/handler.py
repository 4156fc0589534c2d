"""The download handler: where a connection goes.

In: Scrapy's requests. Out: responses. A subclass of Scrapy's own HTTP/1.1 handler that chooses the
endpoint of each connection, and so the one place that no request of ours gets round: redirects,
robots.txt and pictures included.

- With `NEWS_CONNECT_TO` every connection goes to that address over plain HTTP; URL, Host header and
  https addresses stay as they are.
- Else only public addresses are connected to. What is judged is the address the connection is about
  to use, so a name that changes its answer between look-up and connect gains nothing.

The handler overrides the connection pool's `getConnection(key, endpoint)`: Scrapy 2.19 and Twisted
have no public hook there.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from newsspider.fetch.addresses import is_public, refusal


class Refused(IgnoreRequest):
    """An address that must not be asked for. Neither retried nor logged with a traceback."""


class GuardedHandler(HTTP11DownloadHandler):
    """HTTP/1.1 that connects to public addresses only, or to one address for everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        target = settings.get("NEWS_CONNECT_TO")
        self._allow_private: bool = settings.getbool("NEWS_ALLOW_PRIVATE")
        pool = _Pool(
            self._pool._reactor,
            context_factory=self._contextFactory,
            timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
            target=_host_and_port(target) if target else None,
            allow_private=self._allow_private,
        )
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        pool._factory = self._pool._factory
        self._pool = pool

    async def download_request(self, request: Request) -> Response:
        if not self._allow_private and (reason := refusal(request.url)):
            raise Refused(reason)
        return await super().download_request(request)


class _Pool(HTTPConnectionPool):
    """Twisted's pool of connections, each opened where the guard says."""

    def __init__(
        self,
        reactor: Any,
        *,
        context_factory: Any,
        timeout: float,
        target: tuple[str, int] | None,
        allow_private: bool,
    ) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._context_factory = context_factory
        self._timeout = timeout
        self._target = target
        self._allow_private = allow_private

    def getConnection(self, key: Hashable, endpoint: IStreamClientEndpoint) -> Any:
        # The key is (scheme, host, port, local address): see twisted.web.client.Agent.request and
        # scrapy's _BindAddressAgent.
        assert isinstance(key, tuple)
        scheme, host, port = key[:3]
        return super().getConnection(key, self._endpoint(scheme, host, port))

    def _endpoint(self, scheme: bytes, host: bytes, port: int) -> Any:
        if self._target is not None:
            return TCP4ClientEndpoint(self._reactor, *self._target, timeout=self._timeout)
        endpoint: Any = HostnameEndpoint(self._reactor, host, port, timeout=self._timeout)
        if not self._allow_private:
            endpoint._nameResolver = _PublicOnly(endpoint._nameResolver)
        if scheme == b"https":
            return wrapClientTLS(self._context_factory.creatorForNetloc(host, port), endpoint)
        return endpoint


@implementer(IHostnameResolver)
class _PublicOnly:
    """A resolver that passes on public addresses only; what it leaves out is connected to never."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def resolveHostName(self, receiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        return self._inner.resolveHostName(_Sieve(receiver), hostName, *args, **kwargs)


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
