"""The stage that keeps the pictures of articles in the site.

In: an article that gets a post. Out: the article with the pictures that are kept; those that failed
are fetched again once the spider has nothing more to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from newsspider.errors import Unwritable
from newsspider.exporters.publisher import Publisher
from newsspider.fetch.pictures import PictureDownloads
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture, with_pictures
from newsspider.pipelines.stage import Stage
from newsspider.pipelines.validate import update_of
from newsspider.spiders.desk import DeskKeeper
from newsspider.store.files import read_text
from newsspider.store.records import PublishedPost


class Pictures(Stage):
    """Keeps the pictures of an article in the site, if `images` says so. When the spider has
    nothing more to do, fetches those that failed before, and shows them in their posts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._again: asyncio.Task[None] | None = None
        self._has_linked = False  # whether an article has pictures, and nothing says what to do

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stage = super().from_crawler(crawler)
        crawler.signals.connect(stage.idle, signals.spider_idle)
        return stage

    @cached_property
    def _downloads(self) -> PictureDownloads:
        return PictureDownloads(self.crawler, self.desk.shared.pictures, self.desk.count)

    def process_item(self, item: Any) -> Article | Awaitable[Article]:  # type: ignore[override]
        article = cast(Article, item)
        return self._keep(article) if self.keeps(article) else article

    def keeps(self, article: Article) -> bool:
        """Return whether the pictures of an article are to be kept."""
        desk = self.desk
        is_whole = not article.same_story and self.text_of(article) == "full"
        if desk.images(article) == "local" and not desk.output.dry and is_whole:
            return True
        chosen = desk.options.images or desk.shared.recipes.of(article).images
        self._has_linked |= is_whole and bool(article.images) and not chosen
        return False

    async def _keep(self, article: Article) -> Article:
        try:
            kept = await self.fetch(article)
            # What has been published while the pictures were on their way.
            row = self.desk.output.ledger.article(article.key)
            if row is None or row.state == "promised":
                article = self.check_story(article)
            else:
                article = update_of(article, row)
            return self.shown(article, kept)
        except Exception as error:
            vars(error)["item"] = article
            raise

    async def fetch(self, article: Article) -> Mapping[str, KeptPicture]:
        """Return the kept pictures of an article, after those that are to be asked for."""
        urls = [image.url for image in article.images]
        site = self.desk.sites[article.site]
        return await self._downloads.fetch(urls, article=article.key, link=article.link, site=site)

    def shown(self, article: Article, kept: Mapping[str, KeptPicture]) -> Article:
        """Return an article whose post shows these pictures from their files."""
        return with_pictures(article, kept, self.desk.shared.format.base(self.desk.output.path))

    def idle(self) -> None:
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        if self._again is None and hasattr(keeper, "desk") and self._may_fetch_again():
            self._again = asyncio.get_running_loop().create_task(self._fetch_again())
        if self._again is not None and not self._again.done():
            raise DontCloseSpider

    def _may_fetch_again(self) -> bool:
        desk = self.desk
        return desk.site is not None and not desk.output.dry and desk.keeps_pictures()

    async def _fetch_again(self) -> None:
        desk = self.desk
        assert desk.site is not None
        for post, urls in self.due(desk.site.name):
            try:
                kept = await self._downloads.fetch(
                    urls, article=post.key, link=post.link, site=desk.site
                )
                self.show_later(post, urls, kept)
            except OSError as error:  # of this post alone: its pictures stay links
                desk.note(f"{post.path}: {error}")
            except Unwritable as error:
                desk.output.trouble = desk.output.trouble or str(error)
                return

    def show_later(
        self, post: PublishedPost, urls: Sequence[str], kept: Mapping[str, KeptPicture]
    ) -> None:
        """Show in a post those of the addresses that it links to whose pictures are kept by now.
        Raises OSError or Unwritable."""
        desk = self.desk
        assert desk.site is not None
        publisher = Publisher(desk.output, desk.shared.format, desk.site)
        if kept and publisher.show_pictures(post, kept):
            desk.count("pictures/later")

    def due(self, site: str) -> Iterator[tuple[PublishedPost, list[str]]]:
        """Yield the posts of a site whose pictures are to be asked for again, with the addresses,
        and with those whose picture is kept and not shown."""
        store, posts = self.desk.shared.pictures, self.desk.output.posts
        due, late = store.due(datetime.now(UTC)), store.late()
        for post in self.posts_of(site, {**due, **late}):
            linked = [url for url in late.get(post.key, ()) if _links_to(posts / post.path, url)]
            if urls := [*due.get(post.key, ()), *linked]:
                yield post, urls

    def posts_of(self, site: str, keys: Iterable[str]) -> Iterator[PublishedPost]:
        """Yield the posts that articles of a site have, by their keys."""
        for key in keys:
            post = self.desk.output.ledger.article(key)
            if post is not None and post.state == "published" and post.site == site:
                yield post

    def close_spider(self) -> None:
        if self._again is not None:
            self._again.cancel()
        is_one_off = getattr(self.crawler.spider, "by_hand", False)
        if self._has_linked and is_one_off and not self.crawler.settings.getbool("NEWS_SCHEDULED"):
            self.desk.note(
                "The pictures are linked, not kept: their hosts may remove them;"
                " --images local keeps them in the site."
            )


def _links_to(file: Path, url: str) -> bool:
    """Return whether a post has an address, such as that of a picture."""
    try:
        text = read_text(file, "replace")
    except OSError:
        return False
    return escape(url) in text or url in text
