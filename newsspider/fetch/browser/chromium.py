"""Chromium, for pages that need their scripts to run: started when first needed, one for each run.

In: the document of a page, as `render` has fetched it, and a function that fetches what its scripts
request. Out: the page after its scripts have run. `render` calls it. Playwright drives the Chromium
of the system; neither downloads a browser.

A page is an attacker whose code we run:

- Chromium has no network: no name resolves, and all connections go to a proxy that does not exist.
  Routing alone is not enough: requests without a frame (a shared worker's, a prefetch's) and those
  behind a redirect never reach it (Playwright 1.65), nor do WebSockets of workers and WebRTC. All
  that a page gets comes from `requests`.
- Each page has its own context, so it leaves no cookie, storage or cache to the next page. A
  browser is replaced after `recycle` pages, because it grows (scrapy-playwright's issues 126, 183,
  240).
- Chromium's own sandbox stays on, unless we run as root, where Chromium does not start with it.

scrapy-playwright is not used. Its download handler holds the request in the slot of its host while
the page loads, so a request of the page to the same host through `engine.download_async` waits for
ever with one request at a time (tried: 0.0.48, Scrapy 2.19), and Scrapy forbids handlers to call it
for that reason. It routes the page only, so windows that a page opens reach the network. It keeps
one context for all pages, and it starts Playwright's driver in every run.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsspider.fetch.browser.requests import Allowance, Fetch, Traffic
from newsspider.fetch.failures import (
    BrowserLost,
    NoBrowser,
    NotRendered,
    PageCrashed,
    RenderTimeout,
    TooLarge,
)

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import CDPSession, Page, Playwright

logger = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 5  # seconds for a page or a browser to close, before it is left or killed
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",  # the discard port: nothing listens, and it would not resolve
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=512",  # megabytes for a page's scripts
)
_PARSED = "document.readyState !== 'loading'"
_READ = """(() => {
  const html = document.documentElement ? document.documentElement.outerHTML : "";
  return html.length > %d ? null : "<!DOCTYPE html>" + html;
})()"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Our settings for the browser, read once."""

    program: str
    pages: int  # at once
    recycle: int  # pages after which a browser is replaced
    seconds: float  # for a page
    size: int  # bytes of a page, and of all answers to its requests
    requests: int  # of a page
    hops: int  # navigations of a page after its first document

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(
            program=settings.get("NEWS_BROWSER") or "",
            pages=max(1, settings.getint("NEWS_BROWSER_PAGES")),
            recycle=max(1, settings.getint("NEWS_BROWSER_RECYCLE")),
            seconds=settings.getfloat("NEWS_BROWSER_TIMEOUT"),
            size=settings.getint("DOWNLOAD_MAXSIZE"),
            requests=settings.getint("NEWS_BROWSER_REQUESTS"),
            hops=settings.getint("REDIRECT_MAX_TIMES"),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to show: its address with the fragment, its document, and the browser's user agent,
    time zone and language."""

    url: str
    document: Response
    agent: str
    zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page after its scripts have run: its address, its HTML, and its document as fetched."""

    url: str
    html: str
    document: Response


@dataclass(slots=True, eq=False)
class _Process:
    """One run of Chromium."""

    playwright: Playwright
    chromium: Chromium
    shown: int = 0
    open: int = 0
    retired: bool = False

    async def close(self) -> None:
        """End Chromium, then the driver, which ends what is left of it."""
        for ending in (self.chromium.close, self.playwright.stop):
            await _in_time(ending())


class Browser:
    """Chromium, for at most `Limits.pages` pages at once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._room = asyncio.Semaphore(limits.pages)
        self._starting = asyncio.Lock()
        self._process: _Process | None = None

    async def render(self, wanted: Wanted, fetch: Fetch, count: Callable[[str], None]) -> Rendered:
        """Show a page, let it fetch what it requests, and read it when it is quiet.

        Raises NoBrowser, RenderTimeout, PageCrashed, BrowserLost, NotRendered or TooLarge.
        """
        limits = self._limits
        allowed = Allowance(limits.requests, limits.size, limits.hops)
        traffic = Traffic(wanted.document, fetch, allowed, count)
        async with self._room, self._lent() as process:
            work = asyncio.ensure_future(_visit(process, wanted, traffic, limits))
            try:
                async with asyncio.timeout(limits.seconds):
                    return await work
            except TimeoutError:
                why = f"{wanted.url} did not load in {limits.seconds:g} s (NEWS_BROWSER_TIMEOUT)"
                raise RenderTimeout(why) from None

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.close()

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[_Process]:
        """Lend a running Chromium; the last page to leave a retired one ends it."""
        async with self._starting:
            process = self._process
            if process is None or process.retired or not process.chromium.is_connected():
                process = self._process = await _start(self._limits.program)
            process.shown += 1
            process.open += 1
            process.retired |= process.shown >= self._limits.recycle
        try:
            yield process
        finally:
            process.open -= 1
            process.retired |= not process.chromium.is_connected()
            if process.retired and not process.open:
                if self._process is process:
                    self._process = None
                await process.close()


async def _visit(process: _Process, wanted: Wanted, traffic: Traffic, limits: Limits) -> Rendered:
    """Show a page in its own context."""
    from playwright.async_api import Error

    chromium, context = process.chromium, None
    try:
        context = await chromium.new_context(
            accept_downloads=False,
            service_workers="block",
            user_agent=wanted.agent,
            locale=wanted.language or None,
            timezone_id=wanted.zone or None,
        )
        await context.route("**/*", traffic.answer)
        page = await context.new_page()
        context.on("page", _close)
        traffic.watch(page)
        return await _unless_it_crashes(page, _show(page, wanted, traffic, limits))
    except Error as error:
        message = error.message.partition("\n")[0][:200]
        # The disconnection may be reported after the call that it ended; we close nothing in use.
        if not chromium.is_connected() or "has been closed" in message:
            process.retired = True
            raise BrowserLost(f"the browser ended while it showed {wanted.url}") from error
        kind = PageCrashed if "crash" in message.lower() else NotRendered
        raise kind(f"{wanted.url}: {message}") from error
    finally:
        if context is not None and chromium.is_connected():
            process.retired |= not await _in_time(context.close())


async def _show(page: Page, wanted: Wanted, traffic: Traffic, limits: Limits) -> Rendered:
    """Load a page, wait until it is quiet, and read it."""
    await page.goto(wanted.url, wait_until="commit", timeout=0)
    session = await page.context.new_cdp_session(page)
    with contextlib.suppress(TimeoutError):
        # A page that never falls quiet is read as it is then. Playwright's own load states are no
        # use: they never come for a page with a failed navigation during loading.
        async with asyncio.timeout(limits.seconds / 2):
            await traffic.quiet()
            while not await _evaluate(session, _PARSED):
                await traffic.quiet()
    html = await _evaluate(session, _READ % limits.size)
    if html is None:
        why = f"{page.url[:200]}: the page has over {limits.size} characters after its scripts"
        raise TooLarge(why)
    if not page.url.startswith(("http://", "https://")):
        raise NotRendered(f"{wanted.url} navigated to {page.url[:80]}")
    return Rendered(page.url, str(html), traffic.document)


async def _evaluate(session: CDPSession, expression: str) -> Any:
    """Return the value of a JavaScript expression in the page, in an isolated world, where the page
    cannot replace functions."""
    tree = await session.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    parameters = {"expression": expression, "contextId": world["executionContextId"]}
    answer = await session.send("Runtime.evaluate", {**parameters, "returnByValue": True})
    return answer["result"].get("value")


async def _unless_it_crashes(page: Page, work: Coroutine[Any, Any, Rendered]) -> Rendered:
    """Return the result of `work`. Raises PageCrashed: Playwright keeps calls to a crashed page
    waiting for ever."""
    crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    page.on("crash", lambda _: None if crashed.done() else crashed.set_result(None))
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait((crashed, task), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise PageCrashed(f"{page.url[:200]} crashed its browser process")
        return task.result()
    finally:
        task.cancel()


async def _close(page: Page) -> None:
    """Close a window that a page opened."""
    await _in_time(page.close())


async def _in_time(closing: Awaitable[object]) -> bool:
    """Wait for something to close; return whether it did, or was closed already."""
    from playwright.async_api import Error

    try:
        await asyncio.wait_for(closing, _PATIENCE)
    except TimeoutError:
        return False
    except Error:
        pass
    return True


def missing(program: str) -> str:
    """Return what is not installed that a browser needs, and how to install it; "" if nothing is
    missing."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "this page needs a browser: pip install 'newsspider[browser]'"
    if _path_of(program) is None:
        return "this page needs Chromium: apt-get install chromium, or set NEWS_BROWSER to its path"
    return ""


def unsafe() -> bool:
    """Return whether Chromium runs without its sandbox: as root it does not start with it."""
    return os.geteuid() == 0


def _path_of(program: str) -> str | None:
    names = (program,) if program else PROGRAMS
    return next((path for name in names if (path := shutil.which(name))), None)


async def _start(program: str) -> _Process:
    if lacking := missing(program):
        raise NoBrowser(lacking)
    from playwright.async_api import Error, async_playwright

    playwright = await async_playwright().start()
    try:
        chromium = await playwright.chromium.launch(
            executable_path=_path_of(program),
            chromium_sandbox=not unsafe(),
            args=list(_ARGUMENTS),
        )
    except Error as error:
        await _in_time(playwright.stop())
        message = " ".join(line.strip() for line in error.message.splitlines()[:3])[:300]
        raise NoBrowser(f"{_path_of(program)} does not start: {message}") from error
    logger.info("Chromium %s started", chromium.version)
    return _Process(playwright, chromium)
