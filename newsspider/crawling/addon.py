"""newsspider behind another project's spider: an add-on for Scrapy's setting ADDONS.

In: items of the spider, of any class that itemadapter supports. Out: posts in the folder
NEWS_OUTPUT, and the Articles, which go on to the project's feeds. Called by Scrapy; docs/scrapy.md
is for users.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Self

from itemadapter import is_item
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro

from newsspider import pipelines, settings
from newsspider.errors import Dropped, NewsspiderError, Unwritable
from newsspider.extraction.items import LISTING, article_of, read_item
from newsspider.model import Article
from newsspider.pipelines.reasons import Incomplete, NoLink
from newsspider.sites import Claimed, claimed
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.desk import Desk, DeskKeeper, Shared, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.store.counts import PREFIX, Counts
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

# Behind the project's own pipelines, which thus get the items as the spider yields them.
_FIRST = 9000
_MOST_NAMES = 100  # unknown fields that are reported: a spider may take names from its pages
_FULL = "Unwritable"  # the finish reason of a crawl whose output folder cannot be written
# Settings of newsspider that are useful for any spider; the project's own take precedence.
_DEFAULTS = ("FEED_EXPORT_FIELDS", "FEED_EXPORT_ENCODING")


class Newsspider:
    """The add-on: adds the stages of newsspider after the project's pipelines."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def update_settings(self, project: BaseSettings) -> None:
        if issubclass(self._crawler.spidercls, NewsSpider):
            return  # a spider of newsspider has the stages already
        stages: tuple[type, ...] = (Adapt, *pipelines.STAGES)
        for place, stage in enumerate(stages):
            project.setdefault_in_component_priority_dict(
                "ITEM_PIPELINES", stage, _FIRST + 100 * place
            )
        for name in _DEFAULTS:
            project.set(name, getattr(settings, name), priority="addon")


class NotKept(Dropped, DropItem):
    """The output folder cannot be written: the crawl ends, and the next crawl keeps the item."""


class Adapt(DeskKeeper):
    """The first stage: turns an item into an Article, whose link is pending until it is settled.
    Holds the output folder while the spider is open."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._opened = time.monotonic()
        self._shared: Shared | None = None
        self._noted: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stage = cls(crawler)
        crawler.signals.connect(stage.closed, signals.spider_closed)
        crawler.signals.connect(stage.failed, signals.item_error)
        crawler.signals.connect(stage.dropped, signals.item_dropped)
        crawler.signals.connect(stage.idle, signals.spider_idle)
        return stage

    async def open_spider(self) -> None:
        """Open the output folder. If it cannot be used, the crawl ends before it begins."""
        try:
            options = RunOptions.from_settings(self.crawler.settings)
            self._shared = shared = Shared.opened(options, tell=logger.info)
        except (NewsspiderError, ValueError) as error:
            logger.error("newsspider: %s", error)
            raise CloseSpider(type(error).__name__) from None
        self.desk = Desk(
            options=options,
            shared=shared,
            sites=dict(shared.sites),
            site=None,
            wanted=partial(wanted_by, options),
            count=self._count,
            note=logger.info,
        )

    def process_item(self, item: Any) -> Article:
        """Return the Article of an item. Raises Incomplete for an item that lacks a required field,
        NotKept if the output folder cannot be written."""
        output = self.desk.output
        if trouble := output.trouble or output.ledger.trouble:
            raise NotKept(trouble)
        if not is_item(item):
            raise Incomplete(f"{type(item).__name__} is not an item class")
        self._count("found")
        values = read_item(item)
        self._note_unknown(values.unknown)
        if values.missing:
            lacks = " and ".join(f"no {name}" for name in values.missing)
            raise Incomplete(f"the item has {lacks}: {values.url[:200]!r}")
        claim = self._claim(values.url)
        recipe = claim.site.recipe(claim.share)
        article = article_of(values, claim, recipe, datetime.now(claim.site.zone))
        key = output.ledger.resolve(article.key)
        if key != article.key and (post := output.ledger.article(key)):
            article = replace(article, key=key, id=post.id)
        place = (article.site, LISTING, article.key)
        output.ledger.note_link(*place, claim.link, "pending")
        self.desk.shared.recipes.note(*place, recipe)
        return article

    def _claim(self, url: str) -> Claimed:
        """Return the site of an address, as for `newsspider share`; add it to the desk's sites."""
        if not host(url):
            raise NoLink(f"not an http or https address: {url[:200]!r}")
        claim = claimed(url, self.desk.shared.sites.values())
        assert claim is not None  # every http or https address has a site
        self.desk.sites.setdefault(claim.site.name, claim.site)
        return claim

    def _note_unknown(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self._noted and len(self._noted) < _MOST_NAMES:
                self._noted.add(name)
                self.desk.note(f"items have a field {name[:60]!r}, which newsspider ignores")

    def _count(self, name: str, number: int = 1) -> None:
        self.crawler.stats.inc_value(f"{PREFIX}{name}", number)

    # -- a full disk --------------------------------------------------------------------------

    def failed(self, failure: Any, response: Any) -> None:
        if isinstance(failure.value, Unwritable) and self._shared is not None:
            output = self._shared.output
            output.trouble = output.trouble or str(failure.value)
            self._end(response)

    def dropped(self, exception: BaseException, response: Any) -> None:
        if isinstance(exception, NotKept):
            self._end(response)

    def _end(self, response: Any) -> None:
        """End the crawl at once if the item belongs to a response. For an item of `start` the crawl
        ends when idle: a spider that is closed during such an item never closes (Scrapy 2.19)."""
        if response is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=_FULL))

    def idle(self) -> None:
        if self._shared is not None and self._shared.output.trouble:
            raise CloseSpider(_FULL)

    def closed(self, reason: str) -> None:
        """Save and log the counts of the crawl, and release the output folder."""
        if self._shared is None:
            return
        output, name = self._shared.output, self.crawler.spidercls.name
        self._count("seconds", round(time.monotonic() - self._opened))
        self._count(f"finish/{reason}")
        counts = Counts.of_stats(self.crawler.stats.get_stats())
        try:
            if not output.dry:
                with suppress(Unwritable):  # `close` raises it again
                    output.ledger.note_counts(f"{name}/{LISTING}", counts)
            output.close()
        except Unwritable as error:
            logger.error("newsspider: %s", error)
        logger.info("newsspider: %s: %s", output.path, _summary(counts))


def _summary(counts: Counts) -> str:
    """`5 found, 3 written, 2 dropped (Incomplete 2)`."""
    parts = [f"{counts[name]} {name}" for name in ("found", "written", "updated", "unchanged")]
    for prefix in ("dropped", "failed"):
        if reasons := counts.under(prefix):
            listed = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
            parts.append(f"{sum(reasons.values())} {prefix} ({listed})")
    return ", ".join(parts)
