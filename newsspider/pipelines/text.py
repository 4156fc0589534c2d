"""The stages that only compute: Clean, Sanitise, Metadata.

In: an article as it was extracted. Out: the article with its text as a post has it, and its fields
complete. Scrapy calls them; `crawling.rendering` does so without a crawl.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from newsspider.clean import metadata
from newsspider.clean.article import clean_article
from newsspider.model import Article
from newsspider.pictures.placing import leave_out
from newsspider.pipelines.reasons import (
    NoLink,
)
from newsspider.pipelines.stage import PureStage
from newsspider.sanitize import sanitise_article
from newsspider.text.urls import post_link


class Clean(PureStage):
    """Removes characters that no post may contain, then applies the profile's cleaning rules."""

    def task(self, article: Article) -> Callable[[], Article]:
        recipe = self.desk.shared.recipes.of(article)
        profile = self.desk.options.profile or recipe.profile or "reader"
        rules = {"on": recipe.add_rules, "off": recipe.skip_rules}
        return partial(clean_article, article, profile, **rules)


class Sanitise(PureStage):
    """Sanitises the HTML and the link: the result is safe to publish."""

    def task(self, article: Article) -> Callable[[], Article]:
        link = post_link(article.link)
        if link is None:
            raise NoLink(f"no usable address: {article.link[:200]!r} ({article.key})")
        if self.desk.images(article) == "drop":
            return partial(leave_out, article, link)
        return partial(sanitise_article, article, link)


class Metadata(PureStage):
    """Adds what the finished text gives: summary, pictures, language, content hash. (Stocks and the
    source are read before cleaning removes the keyword links.)"""

    def task(self, article: Article) -> Callable[[], Article]:
        language = self.desk.sites[article.site].stated_language
        return partial(metadata.describe, article, language)
