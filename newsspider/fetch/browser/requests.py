"""The answers to the requests of a page in the browser. The browser itself has no network.

In: each request of a page, as Playwright's routing gives it. Out: an answer that `fetch` got
through Scrapy's middlewares and our own download handler, so that the address guard,
`--connect-to`, robots.txt and all limits hold; a stand-in; or a refusal. `chromium` creates one
Traffic for each page.

A redirect never reaches the browser: Playwright (1.65, crNetworkManager) sends the request after a
redirect to the network without asking again. `fetch` follows redirects, hop by hop through the
guard. A script gets the final answer under the address it requested. A document gets a page that
goes on to the final address, so that relative links resolve against it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.http import HtmlResponse, Response

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route

logger = logging.getLogger(__name__)

QUIET = 0.5  # seconds without a request under way, as for networkidle of Chromium's own tools
_AT_ONCE = 4  # requests of a page; Chromium takes 6 to a host
_LOOK = 0.05  # seconds between two looks at whether a page is quiet
_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
# Answers to requests that are not fetched, but must not fail either: a page replaces a picture that
# fails, and webpack's loader fails a script whose style sheet fails (both seen on news sites).
_STAND_INS: Mapping[str, dict[str, Any]] = {
    "image": {"status": 200, "content_type": "image/gif", "body": _PIXEL},
    "stylesheet": {"status": 200, "content_type": "text/css", "body": b""},
}
_PARTS = ("script", "xhr", "fetch")
_METHODS = ("GET", "POST")
# Headers of the browser that are left out: those that identify a visitor, those that ask whether a
# page has changed, and those that Scrapy sets itself.
_NOT_SENT = (
    *("cookie", "user-agent", "accept-encoding", "host", "connection", "content-length"),
    *("if-none-match", "if-modified-since", "range", "upgrade-insecure-requests", "purpose"),
)
_GIVEN = ("content-type", "content-language", "content-security-policy", "last-modified")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a page. `part`: it loads a part of the current page, not another page."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    part: bool = True


Fetch = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of one page: requests, bytes of all answers, navigations."""

    requests: int
    size: int
    hops: int


class Traffic:
    """The requests of one page. `document` is the answer that the page now shows."""

    def __init__(
        self, document: Response, fetch: Fetch, allowed: Allowance, count: Callable[[str], None]
    ) -> None:
        self.document = document
        self._waiting: Response | None = document  # the answer to the page's next navigation
        self._fetch, self._allowed, self._count = fetch, allowed, count
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._busy = self._asked = self._size = self._hops = 0
        self._last = 0.0
        self._page: Page | None = None

    def watch(self, page: Page) -> None:
        """Set the page to answer; the requests of other pages in its context are refused."""
        self._page = page

    async def quiet(self) -> None:
        """Return when no request has been under way for QUIET seconds."""
        loop = asyncio.get_running_loop()
        self._last = self._last or loop.time()
        while self._busy or loop.time() - self._last < QUIET:
            await asyncio.sleep(_LOOK)

    async def answer(self, route: Route) -> None:
        """Answer a request of the page; a failure is logged and the request refused."""
        from playwright.async_api import Error

        self._busy += 1
        try:
            await self._answer(route, route.request)
        except Error:
            pass  # the page is gone
        except Exception as error:
            logger.debug("a page did not get %s: %s", route.request.url[:200], error)
            await _abort(route)
        finally:
            self._busy -= 1

    async def _answer(self, route: Route, request: Request) -> None:
        kind = request.resource_type
        if kind in _STAND_INS:
            await route.fulfill(**_STAND_INS[kind])
        elif kind == "document" and self._is_ours(request):
            self._last = asyncio.get_running_loop().time()
            await self._navigate(route, request)
        elif kind in _PARTS and request.method in _METHODS and self._has_room():
            await self._give_part(route, request)
        else:
            self._count(f"refused/{kind}")
            await _abort(route)

    def _is_ours(self, request: Request) -> bool:
        """Return whether the page itself navigates, not a frame in it or a window it opened."""
        from playwright.async_api import Error

        try:
            return self._page is not None and request.frame == self._page.main_frame
        except Error:  # a window that is not a page yet
            return False

    def _has_room(self) -> bool:
        return self._asked < self._allowed.requests and self._size < self._allowed.size

    async def _give_part(self, route: Route, request: Request) -> None:
        self._asked += 1
        async with self._room:
            if self._page is None or self._page.is_closed() or self._size > self._allowed.size:
                await _abort(route)
                return
            asked = Asked(
                request.url, request.method, _sent(request), request.post_data_buffer or b""
            )
            response = await self._fetch(asked)
            self._last = asyncio.get_running_loop().time()
        self._size += len(response.body)
        if self._size > self._allowed.size:
            self._count("refused/size")
            await _abort(route)
        else:
            await _give(route, response)

    async def _navigate(self, route: Route, request: Request) -> None:
        response, self._waiting = self._waiting, None
        if response is None:
            self._hops += 1
            if self._hops > self._allowed.hops or request.method != "GET":
                self._count("refused/navigation")
                await _abort(route)
                return
            response = await self._fetch(Asked(request.url, headers=_sent(request), part=False))
            if not isinstance(response, HtmlResponse):
                await _abort(route)
                return
            if urldefrag(response.url)[0] != urldefrag(request.url)[0]:
                self._waiting = response
                await route.fulfill(status=200, content_type="text/html", body=_onward(response))
                return
        self.document = response
        await _give(route, response)


def _sent(request: Request) -> dict[str, str]:
    return {
        name: value
        for name, value in request.headers.items()
        if name not in _NOT_SENT and not name.startswith(("sec-", ":"))
    }


async def _give(route: Route, response: Response) -> None:
    if 300 <= response.status < 400:  # see the module's docstring
        await _abort(route)
        return
    headers = {}
    for key, values in response.headers.items():
        name = key.decode("latin-1").lower()
        if name in _GIVEN or name.startswith(("access-control-", "x-")):
            headers[name] = b", ".join(values).decode("latin-1")
    await route.fulfill(status=response.status, headers=headers, body=response.body)


def _onward(response: Response) -> str:
    """Return a page that goes on to the address of `response` and keeps its own fragment."""
    url = json.dumps(response.url).replace("<", "\\u003c")
    return f"<script>location.replace({url} + location.hash)</script>"


async def _abort(route: Route) -> None:
    """Refuse a request; a page that would have navigated stays. For any other reason Chromium shows
    an error page of its own, in place of the news."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await route.abort("aborted")
