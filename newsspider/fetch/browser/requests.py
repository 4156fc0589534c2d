"""What the page in a browser gets of what it asks for. The browser itself asks nobody.

In: each request of a page, as Playwright's routing gives it. Out: an answer that `fetch` has had
through Scrapy's middlewares and our own download handler, so that the address guard,
`--connect-to`, robots.txt and all limits hold; a stand-in; or a refusal. `browser` makes one
Traffic for each page.

A redirect is never given to the browser: Playwright (1.65, crNetworkManager) lets what a redirect
leads to go out to the network without asking again. `fetch` follows redirects, hop by hop through
the guard; a script gets the end of it under the address it asked for, and a document a page that
goes on to the end, whose address relative links count from.
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

QUIET = 0.5  # seconds without an answer on its way: what networkidle of Chromium's own tools means
_AT_ONCE = 4  # requests of a page; Chromium takes 6 to a host
_LOOK = 0.05
_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
# What is not loaded, but must not fail either: a page swaps a picture that fails for another, and
# webpack's loader takes a script for failed whose style sheet is (both seen on news sites).
_STAND_INS: Mapping[str, dict[str, Any]] = {
    "image": {"status": 200, "content_type": "image/gif", "body": _PIXEL},
    "stylesheet": {"status": 200, "content_type": "text/css", "body": b""},
}
_PARTS = ("script", "xhr", "fetch")
_METHODS = ("GET", "POST")
# Of the browser's, only headers that say what is asked for: nothing that tells visitors apart,
# nothing that asks "has it changed", and what Scrapy sets itself.
_NOT_SENT = (
    *("cookie", "user-agent", "accept-encoding", "host", "connection", "content-length"),
    *("if-none-match", "if-modified-since", "range", "upgrade-insecure-requests", "purpose"),
)
_GIVEN = ("content-type", "content-language", "content-security-policy", "last-modified")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a page. `part` when it is of the page in hand, and not a page of its own."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    part: bool = True


Fetch = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one page may ask for: requests, bytes of all answers, addresses it may go on to."""

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
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._busy = self._asked = self._size = self._hops = 0
        self._last = 0.0
        self._page: Page | None = None

    def watch(self, page: Page) -> None:
        """The page whose traffic this is; what other pages of its context ask for is refused."""
        self._page = page

    async def quiet(self) -> None:
        """Return when no answer has been on its way for QUIET seconds."""
        loop = asyncio.get_running_loop()
        self._last = self._last or loop.time()
        while self._busy or loop.time() - self._last < QUIET:
            await asyncio.sleep(_LOOK)

    async def answer(self, route: Route) -> None:
        """Answer a request of the page, whatever comes of it."""
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
        """Whether the page itself goes somewhere: not a frame in it, nor a window it opened."""
        from playwright.async_api import Error

        try:
            return self._page is not None and request.frame == self._page.main_frame
        except Error:  # a window that is no page yet
            return False

    def _has_room(self) -> bool:
        return self._asked < self._allowed.requests and self._size < self._allowed.size

    async def _give_part(self, route: Route, request: Request) -> None:
        self._asked += 1
        async with self._turn:
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
    """A page that goes on to the address of `response`, with the fragment it was asked for with."""
    url = json.dumps(response.url).replace("<", "\\u003c")
    return f"<script>location.replace({url} + location.hash)</script>"


async def _abort(route: Route) -> None:
    """Refuse; a page that would have gone somewhere stays. Of any other reason Chromium makes a
    page of its own, which would stand in the place of the news."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await route.abort("aborted")
