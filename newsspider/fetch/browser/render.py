"""Pages that need their scripts to run: which requests go to the browser, and what comes back.

In: requests with `meta["render"]`, True or "auto". Out: for those, the page after its scripts have
run, with the flag "rendered"; "auto" renders only a page that is an empty shell, and adds the flag
"shell". Status, headers and redirects are the document's. All other requests pass.

A downloader middleware, as Scrapy's for robots.txt is: the requests of a page go through
`engine.download_async`, and so through every middleware and the download handler again, and Scrapy
2.19 forbids download handlers to call it.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from functools import partial
from typing import Any, Self
from urllib.parse import urldefrag, urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from newsspider.errors import NotReadable
from newsspider.fetch.browser.chromium import Browser, Limits, Wanted, missing, unsafe
from newsspider.fetch.browser.requests import Asked
from newsspider.fetch.failures import NoBrowser
from newsspider.fetch.politeness import note
from newsspider.fetch.reader import read_in_time
from newsspider.fetch.site_meta import PRIVATE, opened_by
from newsspider.sites.schema import Site
from newsspider.text.document import Document
from newsspider.text.encoding import to_utf8
from newsspider.text.js_shell import is_shell

RENDER, ZONE, LANGUAGE = "render", "render_zone", "render_language"
RENDERED, SHELL = "rendered", "shell"  # flags of responses
UNRENDERED = "unrendered"  # a shell, and no browser to show it
SLOT = "@browser"  # see DOWNLOAD_SLOTS in settings.py
_UNSAFE = "Chromium ran without its sandbox, because root started it: run as another user."
_KEPT = ("handle_httpstatus_list", "download_slot", "download_timeout")
_NOT_OURS = ("Content-Encoding", "Content-Length", "Transfer-Encoding", "Content-Type")


def render_meta(site: Site, wish: bool | str) -> dict[str, Any]:
    """Return the meta of a request for a page of this site; {} where no browser is wanted."""
    if not wish:
        return {}
    return {RENDER: wish, ZONE: site.timezone, LANGUAGE: site.language}


class _Lent:
    """The browser of a run, and the crawls that have used it; the last one to end closes it."""

    def __init__(self, limits: Limits) -> None:
        self.browser = Browser(limits)
        self.users: set[Crawler] = set()


_browsers: MutableMapping[asyncio.AbstractEventLoop, _Lent]
_browsers = WeakKeyDictionary()  # by event loop: each run has its own


class Render:
    """Answers requests for pages that a browser must render."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limits = Limits.from_settings(crawler.settings)
        self._scripts: dict[str, Response] = {}  # pages of a site share them
        self._kept = 0  # bytes of scripts
        crawler.signals.connect(self._let_go, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request, spider: Any = None) -> Response | None:
        wish = request.meta.get(RENDER)
        if not wish:
            return None
        lacking = missing(self._limits.program)
        if lacking and wish != "auto":
            raise NoBrowser(self._noted(lacking))
        document = (await self._document(request)).replace(request=request)
        if not isinstance(document, HtmlResponse) or not 200 <= document.status < 300:
            return document
        shell = wish == "auto"
        if shell and not await self._is_shell(document):
            return document
        if lacking:
            self._noted(lacking)
            return document.replace(flags=[*document.flags, UNRENDERED])
        return await self._rendered(request, document, [RENDERED, *([SHELL] if shell else [])])

    async def _document(self, request: Request) -> Response:
        """Fetch the page as its server sends it. Retries repeat `request`, not this one."""
        kept = {key: request.meta[key] for key in _KEPT if key in request.meta}
        meta = {**kept, **opened_by(request), "dont_retry": True}
        plain = request.replace(
            meta=meta, callback=NO_CALLBACK, errback=None, cb_kwargs={}, dont_filter=True
        )
        return await self._crawler.engine.download_async(plain)

    async def _rendered(self, request: Request, document: Response, flags: list[str]) -> Response:
        fragment = urldefrag(document.url)[1] or urldefrag(request.url)[1]
        wanted = Wanted(
            url=urldefrag(document.url)[0] + (f"#{fragment}" if fragment else ""),
            document=document,
            agent=_text(document.request, "User-Agent") or self._crawler.settings["USER_AGENT"],
            zone=request.meta.get(ZONE, ""),
            language=request.meta.get(LANGUAGE, ""),
        )

        async def fetch(asked: Asked) -> Response:
            return await self._fetch(asked, request)

        rendered = await self._browser().render(wanted, fetch, self._count)
        self._crawler.stats.inc_value("news/rendered")
        if unsafe():
            note(self._crawler, _UNSAFE)
        headers = rendered.document.headers.copy()
        for name in _NOT_OURS:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        return HtmlResponse(
            rendered.url,
            status=rendered.document.status,
            headers=headers,
            body=rendered.html.encode("utf-8", "replace"),
            encoding="utf-8",
            request=request,
            flags=flags,
        )

    async def _fetch(self, asked: Asked, of: Request) -> Response:
        """Fetch a request of the page `of`, through all middlewares and the download handler."""
        if asked.url in self._scripts and asked.method == "GET":
            return self._scripts[asked.url]
        meta: dict[str, Any] = {"dont_retry": True, **opened_by(of)}
        if urlsplit(asked.url).netloc != urlsplit(of.url).netloc:
            meta.pop(PRIVATE, None)  # a site file opens private addresses to its own hosts only
        if asked.part:
            meta |= {"download_slot": SLOT, "autothrottle_dont_adjust_delay": True}
            meta["download_timeout"] = self._limits.seconds
        request = Request(
            asked.url,
            method=asked.method,
            headers=dict(asked.headers),
            body=asked.body,
            meta=meta,
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        self._count("requests")
        response = await self._crawler.engine.download_async(request)
        self._keep(asked, response)
        return response

    def _keep(self, asked: Asked, response: Response) -> None:
        """Keep a script for the rest of the crawl, unless its server forbids it."""
        kind = _text(response, "Content-Type").lower()
        control = _text(response, "Cache-Control").lower()
        if "javascript" not in kind or response.status != 200 or asked.method != "GET":
            return
        if "no-store" in control or "private" in control:
            return
        if self._kept + len(response.body) <= self._limits.size:
            self._kept += len(response.body)
            self._scripts[asked.url] = response

    # -- within -------------------------------------------------------------------------------

    def _browser(self) -> Browser:
        loop = asyncio.get_running_loop()
        lent = _browsers.get(loop)
        if lent is None:
            lent = _browsers[loop] = _Lent(self._limits)
        lent.users.add(self._crawler)
        return lent.browser

    async def _let_go(self) -> None:
        loop = asyncio.get_running_loop()
        lent = _browsers.get(loop)
        if lent is None or self._crawler not in lent.users:
            return
        lent.users.discard(self._crawler)
        if not lent.users:
            del _browsers[loop]
            await lent.browser.close()

    async def _is_shell(self, document: Response) -> bool:
        kind = _text(document, "Content-Type")
        task = partial(_reads_as_shell, document.url, document.body, kind, document.status)
        try:
            return await read_in_time(self._crawler, task)
        except NotReadable:
            return False

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(f"browser/{name}")

    def _noted(self, lacking: str) -> str:
        """Note what a browser lacks, and return it."""
        note(self._crawler, lacking[:1].upper() + lacking[1:])
        return lacking


def _reads_as_shell(url: str, body: bytes, kind: str, status: int) -> bool:
    return is_shell(Document(url, to_utf8(body, kind), status=status))


def _text(of: Request | Response | None, name: str) -> str:
    """A header as text; "" for none."""
    return (of.headers.get(name) or b"").decode("latin-1") if of is not None else ""
