"""The download of the pictures of articles: Scrapy's media pipeline behind our download handler.

In: an article, and the PictureStore of the run. Out: the files of its pictures, in the store. The
stage Pictures calls it. A picture is asked for as a page is: the address guard, robots.txt, the
limits and the politeness hold, and a run that ends calls its requests back. What fails is noted in
the store for a later run; it never fails the article.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.pipelines.media import FileInfo, MediaPipeline
from scrapy.utils.datatypes import SequenceExclude
from twisted.python.failure import Failure

from newsspider.errors import BrokenPicture, NotAPicture, TooCostly, Unwritable
from newsspider.fetch.failures import (
    CalledBack,
    LongAddress,
    RefusedAddress,
    RobotsTxt,
    TooLarge,
)
from newsspider.fetch.reader import reader_of
from newsspider.fetch.site_meta import PRIVATE, meta_of
from newsspider.pictures.decode import read_picture
from newsspider.pictures.placing import KeptPicture
from newsspider.sites.schema import Site
from newsspider.store.pictures import NEVER, PictureStore
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

MOST_PICTURES = 40  # of an article; the others stay links
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,*/*;q=0.5"
# What another run would not get either.
_FOR_GOOD = (RobotsTxt, RefusedAddress, LongAddress, TooLarge, TooCostly, NotAPicture)
# In the meta of a request: the address as the post has it, and the key of the article.
_URL, _ARTICLE = "picture", "article"


class PictureDownloads(MediaPipeline):
    """Downloads pictures for a crawl, each once. `count` counts for the report."""

    LOG_FAILED_RESULTS = False

    def __init__(
        self, crawler: Crawler, store: PictureStore, count: Callable[[str], object]
    ) -> None:
        super().__init__(crawler=crawler)
        self.handle_httpstatus_list = SequenceExclude(range(300, 400))  # redirects are followed
        self._store = store
        self._count = count
        self._trouble: Unwritable | None = None
        self.open_spider()

    async def fetch(
        self, urls: Iterable[str], *, article: str, link: str, site: Site
    ) -> Mapping[str, KeptPicture]:
        """Return the kept pictures of these addresses, fetching those that are not kept and may be
        asked for. Raises Unwritable if the disk accepts no more writes."""
        wanted = list(dict.fromkeys(urls))[:MOST_PICTURES]
        now = datetime.now(UTC)
        asked = [
            request
            for url in wanted
            if not self._store.kept(url) and not self._store.waits(url, now)
            if (request := self._request(url, article, link, site))
        ]
        await self.process_item(asked)
        if self._trouble:
            raise self._trouble
        kept = {url: picture for url in wanted if (picture := self._store.kept(url))}
        for url in wanted:
            if url not in kept:
                self._store.note_showing(url, article)
        return kept

    def _request(self, url: str, article: str, link: str, site: Site) -> Request | None:
        meta = {**meta_of(site), _URL: url, _ARTICLE: article}
        headers = {**site.headers, "Accept": _ACCEPT}
        if host(url) != host(link):  # a page may name any address
            meta.pop(PRIVATE, None)
            headers = {"Accept": _ACCEPT}
        # As a browser says where a picture is shown; some hosts refuse a request that does not.
        if url.startswith("https:") or not link.startswith("https:"):
            headers["Referer"] = link
        try:
            return Request(url, headers=headers, meta=meta)
        except ValueError:
            self._count("pictures/BadAddress")
            return None

    # -- Scrapy's hooks -----------------------------------------------------------------------

    def get_media_requests(self, item: Any, info: MediaPipeline.SpiderInfo) -> list[Request]:
        return list(item)

    def media_to_download(
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> None:
        return None

    def file_path(self, *_: Any, **__: Any) -> str:
        raise NotImplementedError("the store names the files, by what they contain")

    async def media_downloaded(  # type: ignore[override]
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo | None:
        if response.status != 200:
            self._note_failure(request, f"Http{response.status}")
            return None
        picture = await reader_of(self.crawler).read(partial(read_picture, response.body))
        self._store.keep(request.meta[_URL], picture)
        self._count("pictures/kept")
        return None

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        error, tries = failure.value, 1
        if isinstance(error, Unwritable):
            self._trouble = error
            return
        if isinstance(error, CalledBack):
            tries = 0
        elif isinstance(error, _FOR_GOOD) and not isinstance(error, BrokenPicture):
            tries = NEVER
        logger.info("%s is not kept: %s", request.meta[_URL], error)
        self._note_failure(request, type(error).__name__.removesuffix("Error"), tries)

    def _note_failure(self, request: Request, why: str, tries: int = 1) -> None:
        self._count(f"pictures/{why}")
        url, article = request.meta[_URL], request.meta[_ARTICLE]
        try:
            self._store.note_failure(url, article, why, datetime.now(UTC), tries=tries)
        except Unwritable as trouble:
            self._trouble = trouble
