"""The files in which a site states the reuse of its articles: tdmrep.json and RSL licences.

In: the requests of articles, after `fetch/robots.py` has noted what robots.txt states. Out: the
same, with what the files state for their addresses. A downloader middleware, because an article
waits for the answers as it waits for robots.txt; each file is asked for once a crawl, and one that
does not answer states nothing. The files are fetched as pages are: the address guard, robots.txt,
the limits and the politeness hold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from newsspider.extraction.rights_files import (
    READ,
    Rule,
    all_of,
    first_of,
    read_rsl,
    read_tdmrep,
)
from newsspider.fetch.robots import RIGHTS
from newsspider.fetch.site_meta import PRIVATE, opened_by
from newsspider.model import Right
from newsspider.text.urls import host

# In the meta of a request for an article: whether its site respects what publishers state.
RESPECTS = "respects_rights"
MOST_LICENSES = 3  # of a host
_PATH = "/.well-known/tdmrep.json"
_SECONDS = 10  # for a file; articles wait for it
_PRIORITY = 1000  # as robots.txt

_Key = tuple[str, tuple[tuple[str, object], ...]]


class Rights:
    """Asks for the files of each host when an article of it is asked for whose site or source
    respects rights, or any article with NEWS_RIGHTS_FILES."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        wishes = ("NEWS_RESPECT_RIGHTS", "NEWS_RIGHTS_FILES")
        self._always = any(map(crawler.settings.getbool, wishes))
        self._files: dict[_Key, asyncio.Task[tuple[Rule, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request, spider: object = None) -> None:
        respects = request.meta.get(RESPECTS)
        is_asked = respects is not None and (respects or self._always)
        if not is_asked or not request.url.startswith("http"):
            return
        url = urlparse_cached(request)
        stated: list[Right] = list(request.meta.get(RIGHTS, ()))
        licenses = [right.value for right in stated if right.name == "license"][:MOST_LICENSES]
        tdmrep = f"{url.scheme}://{url.netloc}{_PATH}"
        rules = await self._rules(request, tdmrep, read_tdmrep)
        rights = [*stated, *first_of(rules, request.url)]
        for license in licenses:
            rights += all_of(await self._rules(request, license, read_rsl), request.url)
        request.meta[RIGHTS] = tuple(dict.fromkeys(rights))

    async def _rules(
        self, article: Request, url: str, read: Callable[[bytes], tuple[Rule, ...]]
    ) -> tuple[Rule, ...]:
        meta = opened_by(article)
        if host(url) != host(article.url):  # a robots.txt may name any address
            meta.pop(PRIVATE, None)
        key = (url, tuple(meta.items()))
        if key not in self._files:
            self._files[key] = asyncio.create_task(self._ask(url, meta, read))
        return await asyncio.shield(self._files[key])

    async def _ask(
        self, url: str, meta: dict[str, Any], read: Callable[[bytes], tuple[Rule, ...]]
    ) -> tuple[Rule, ...]:
        meta |= {"dont_retry": True, "download_timeout": _SECONDS, "download_maxsize": READ}
        try:
            request = Request(url, priority=_PRIORITY, meta=meta, callback=NO_CALLBACK)
            response = await self._crawler.engine.download_async(request)
        except Exception:  # no answer, refused, forbidden, too large: it states nothing
            return ()
        return read(response.body) if response.status == 200 else ()
