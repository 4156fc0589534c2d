"""The last stage of a worker of a fleet: what it has read goes to the machine that publishes.

In: an article that is cleaned, sanitised and has its metadata. Out: the same, in the outbox of the
fleet. Whether and how it becomes a post is decided where the folder is (`crawling/received.py`).
"""

from __future__ import annotations

from typing import Protocol, cast

from newsspider.model import Article
from newsspider.pipelines.publish import Remember, fetched_now
from newsspider.sites.schema import Recipe
from newsspider.spiders.crawl import Crawl

# The settings of a crawl that decide about the post of an article.
PASSED = (
    *("NEWS_MEDIA", "NEWS_STOCK", "NEWS_SINCE", "NEWS_TEXT", "NEWS_SAME_STORY", "NEWS_IMAGES"),
    *("NEWS_UNDATED", "NEWS_RETAIN", "NEWS_RESPECT_RIGHTS", "NEWS_VERSIONS", "NEWS_STORY_DAYS"),
    *("NEWS_CONTRACT", "NEWS_CORRECTIONS", "NEWS_SCHEDULED"),
)


class Outgoing(Protocol):
    """The ledger of a worker."""

    def send(
        self,
        article: Article,
        recipe: Recipe,
        source: str,
        *,
        judged: bool,
        settings: dict[str, object],
    ) -> None:
        """Leave an article to the publisher, and settle its link, in one transaction."""


class Send(Remember):
    """Sends each article with its recipe and the settings of its crawl. What is dropped or fails
    before is remembered as in any crawl."""

    def process(self, article: Article) -> Article:
        desk, spider = self.desk, self.crawler.spider
        assert isinstance(spider, Crawl)
        cast(Outgoing, desk.output.ledger).send(
            fetched_now(article),
            desk.shared.recipes.of(article),
            spider.source,
            judged=bool(desk.source),
            settings={name: self.crawler.settings.get(name) for name in PASSED},
        )
        desk.shared.recipes.forget(article.site, article.listing, article.key)
        desk.count("sent")
        return article
