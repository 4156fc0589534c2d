"""What the stages have in common.

In: an article that Scrapy passes on. Out: what the stage makes of it, or an exception that carries
the article. The other modules of the package derive their stages from it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cached_property
from typing import Any, Self, cast

from scrapy.crawler import Crawler

from newsspider.clean.excerpt import SHORTEST
from newsspider.errors import TooCostly
from newsspider.extraction.rights import allowed_text
from newsspider.fetch.reader import reader_of
from newsspider.model import Article
from newsspider.pipelines.reasons import SameStory
from newsspider.sites.schema import Recipe
from newsspider.spiders.desk import Desk, DeskKeeper
from newsspider.spiders.options import RunOptions
from newsspider.text.budget import BRIEF, budget

# Seconds for each of three stages, between two of which a run hears nothing.
_SHARE = BRIEF / 3


class Stage:
    """A stage: `process` takes an article and returns it changed, or raises."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @classmethod
    def at(cls, desk: Desk, crawler: Crawler | None = None) -> Self:
        """Return the stage at a desk without a crawl; a `crawler` that does not run gives the
        settings."""
        stage = cls(cast(Crawler, crawler))
        vars(stage)["desk"] = desk
        return stage

    @cached_property
    def desk(self) -> Desk:
        """The Desk of the crawl: the add-on's, else the spider's own."""
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        assert isinstance(keeper, DeskKeeper)
        return keeper.desk

    def process_item(self, item: Any) -> Article:
        try:
            return self.process(item)
        except Exception as error:
            # Scrapy's signals pass the item that the spider yielded, which may not be an Article.
            vars(error)["item"] = item
            raise

    def process(self, article: Article) -> Article:
        raise NotImplementedError

    # -- what two stages ask, as pictures take their time before Publish ------------------------

    def text_of(self, article: Article) -> str:
        """Return how much of an article this run publishes: see the function `text_of`."""
        respects = self.crawler.settings.getbool("NEWS_RESPECT_RIGHTS")
        recipe = self.desk.shared.recipes.of(article)
        return text_of(article, recipe, self.desk.options, respects_rights=respects)

    def check_story(self, article: Article) -> Article:
        """Drop an article whose story has a post, or return it with the key of that article."""
        if (same_story := self._same_story(article)) == "all":
            return article
        days = self.crawler.settings.getint("NEWS_STORY_DAYS")
        first = self.desk.shared.stories.first(article, days)
        if first is None:
            return article
        if same_story == "first":
            why = f"{first.path} has the same story: {article.link} ({article.key})"
            raise SameStory(first.key, why)
        return replace(article, same_story=first.key)

    def _same_story(self, article: Article) -> str:
        desk = self.desk
        return desk.options.same_story or desk.shared.recipes.of(article).same_story or "all"


class PureStage(Stage):
    """A stage that only computes: what takes too long here is left to the reader process."""

    def process_item(self, item: Any) -> Article | Awaitable[Article]:  # type: ignore[override]
        try:
            return super().process_item(item)
        except TooCostly:
            return self._elsewhere(item)

    async def _elsewhere(self, article: Article) -> Article:
        try:
            return await reader_of(self.crawler).read(self.task(article))
        except Exception as error:
            vars(error)["item"] = article
            raise

    def process(self, article: Article) -> Article:
        with budget(_SHARE):
            return self.task(article)()

    def task(self, article: Article) -> Callable[[], Article]:
        """Return what computes the changed article."""
        raise NotImplementedError


def text_of(article: Article, recipe: Recipe, options: RunOptions, *, respects_rights: bool) -> str:
    """Return how much of an article is published (one of TEXTS): as much as the run or the site
    asks for, and where the publisher's wishes count, no more than it allows."""
    text = options.text or recipe.text or "full"
    respects = respects_rights or recipe.respect_rights
    return min(text, allowed_text(article.rights), key=SHORTEST.index) if respects else text
