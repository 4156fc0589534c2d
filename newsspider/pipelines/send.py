"""The last stages of a worker of a fleet: what it has read goes to the machine that publishes.

In: an article that is cleaned, sanitised and has its metadata. Out: the same, in the outbox of the
fleet, with its pictures. Whether and how it becomes a post is decided where the folder is
(`crawling/received.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from newsspider.fetch.pictures import MOST_PICTURES
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture
from newsspider.pipelines.pictures import Pictures
from newsspider.pipelines.publish import Remember, fetched_now
from newsspider.pipelines.stage import Stage
from newsspider.spiders.crawl import Crawl
from newsspider.store.pictures import PictureStore
from newsspider.store.records import PublishedPost
from newsspider.store.sent_archive import WorkerArchive
from newsspider.store.sent_pictures import pack
from newsspider.store.whole import values_of

# The settings of a crawl that decide about the post of an article.
PASSED = (
    *("NEWS_MEDIA", "NEWS_STOCK", "NEWS_SINCE", "NEWS_TEXT", "NEWS_SAME_STORY", "NEWS_IMAGES"),
    *("NEWS_UNDATED", "NEWS_RETAIN", "NEWS_RESPECT_RIGHTS", "NEWS_VERSIONS", "NEWS_STORY_DAYS"),
    *("NEWS_CONTRACT", "NEWS_CORRECTIONS", "NEWS_SCHEDULED"),
    *("NEWS_ARCHIVE_SIZE", "NEWS_ARCHIVE_AGE"),
)


class Outgoing(Protocol):
    """The ledger of a worker."""

    def send(
        self,
        kind: Literal["pictures"],
        key: str,
        source: str,
        values: Mapping[str, Any],
        files: Sequence[bytes] = (),
    ) -> None:
        """Leave an entry to the publisher."""

    def send_article(
        self, article: Article, source: str, values: Mapping[str, Any], files: Sequence[bytes]
    ) -> None:
        """Leave an article to the publisher, and settle its link, in one transaction."""

    def has_settled(self, url: str) -> bool:
        """Return whether the picture of an address need not be asked for now."""

    def due_pictures(self, site: str) -> Mapping[str, Sequence[str]]:
        """Return the pictures to ask for again, by the key of the article of a site."""


class WorkerPictures(PictureStore):
    """The pictures that a worker has fetched, in a folder of its own. What the folder of the site
    has, or waits for, is not asked for again."""

    def __init__(self, output: Path, ledger: Outgoing) -> None:
        super().__init__(output)
        self._ledger = ledger

    def waits(self, url: str, now: datetime) -> bool:
        return super().waits(url, now) or self._ledger.has_settled(url)


class Fetch(Pictures):
    """Fetches the pictures of articles, and later those that failed before, for the publisher,
    which shows them."""

    async def _keep(self, article: Article) -> Article:
        try:
            await self.fetch(article)
        except Exception as error:
            vars(error)["item"] = article
            raise
        return article

    def due(self, site: str) -> Iterator[tuple[PublishedPost, list[str]]]:
        due = _ledger(self).due_pictures(site)
        for post in self.posts_of(site, due):
            yield post, list(due[post.key])

    def show_later(
        self, post: PublishedPost, urls: Sequence[str], kept: Mapping[str, KeptPicture]
    ) -> None:
        pictures, files = pack(self.desk.shared.pictures, urls)
        values = {"pictures": pictures, "settings": _settings(self)}
        _ledger(self).send("pictures", post.key, _source(self), values, files)


class Send(Remember):
    """Sends each article with its recipe, the settings of its crawl, its pictures, and the answers
    that it was read from, if they are archived. What is dropped or fails before is remembered as in
    any crawl."""

    def process(self, article: Article) -> Article:
        desk, recipes = self.desk, self.desk.shared.recipes
        urls = list(dict.fromkeys(image.url for image in article.images))[:MOST_PICTURES]
        is_local = desk.images(article) == "local"
        pictures, files = pack(desk.shared.pictures, urls if is_local else ())
        desk.archive(article)
        archived, answers = cast(WorkerArchive, desk.output.archive).pack(article.key)
        values = {
            "article": values_of(fetched_now(article)),
            "recipe": recipes.of(article).model_dump(mode="json", exclude_defaults=True),
            "settings": _settings(self),
            "judged": bool(desk.source),
            "pictures": pictures,
            "archived": archived,
        }
        _ledger(self).send_article(article, _source(self), values, [*files, *answers])
        recipes.forget(article.site, article.listing, article.key)
        desk.count("sent")
        return article


def _ledger(stage: Stage) -> Outgoing:
    return cast(Outgoing, stage.desk.output.ledger)


def _source(stage: Stage) -> str:
    spider = stage.crawler.spider
    assert isinstance(spider, Crawl)
    return spider.source


def _settings(stage: Stage) -> dict[str, object]:
    return {name: stage.crawler.settings.get(name) for name in PASSED}
