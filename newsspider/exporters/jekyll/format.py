"""Jekyll as a Format: posts in `_posts`, the scaffold around them.

In: articles. Out: the text and names of posts, the files of the site. `spiders/base.py` creates it
for a run; Publisher and `store/folder.py` call it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from newsspider.dates.zones import find_zone, zone_of_offsets
from newsspider.exporters.corrections import Correction
from newsspider.exporters.jekyll import post
from newsspider.exporters.jekyll.address import base, paths
from newsspider.exporters.jekyll.config import CONFIGS, find_config, read_base, read_language
from newsspider.exporters.jekyll.corrections import lay_correction
from newsspider.exporters.jekyll.gone import lay_gone_page, list_gone
from newsspider.exporters.jekyll.redirects import RedirectList
from newsspider.exporters.jekyll.scaffold import (
    Look,
    has_category_layout,
    lay_category_page,
    lay_lists,
    lay_site,
)
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture
from newsspider.sites.schema import Recipe, Site
from newsspider.store.records import PublishedPost, Record, article_of
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

_DOMAIN = re.compile(r"[a-z0-9.-]+")


class Jekyll:
    """The Format of Jekyll's posts (see `exporters/format.py`)."""

    folder = "_posts"
    marks = CONFIGS

    def __init__(self, recipe_of: Callable[[Article], Recipe]) -> None:
        """`recipe_of` returns the recipe of an article, which its site sets."""
        self._recipe_of = recipe_of
        self._redirects: dict[tuple[Path, str], RedirectList] = {}
        self._languages: dict[Path, str] = {}  # of the folders that have a configuration

    def path(self, article: Article) -> str:
        return post.file_name(article)

    def address(self, output: Path, post: PublishedPost) -> str:
        path = _path(output, post)
        return f"{base(output)}{path}" if path else ""

    def correct(self, output: Path, post: PublishedPost, correction: Correction) -> None:
        lay_correction(output, post, _path(output, post), correction)

    def language(self, output: Path, site: Site, first: Article) -> str:
        if output not in self._languages:
            config = find_config(output)
            if config is None:
                return _look(site, first).language
            self._languages[output] = read_language(config)
        return self._languages[output]

    def render(self, article: Article, language: str) -> str:
        recipe = self._recipe_of(article)
        return post.render(article, recipe, post.own_language(article, recipe, language))

    def base(self, output: Path) -> str:
        return read_base(output)

    def with_pictures(self, text: str, kept: Mapping[str, KeptPicture], base: str) -> str:
        return post.with_pictures(text, kept, base)

    def earlier(self, article: Article) -> Iterable[str]:
        return post.earlier(article, self._recipe_of(article))

    def read(self, name: str, text: str) -> Article | None:
        return post.read(name, text)

    def surround(self, output: Path, site: Site, first: Article, *, lay_category: bool) -> None:
        if find_config(output) is None:
            lay_site(output, _look(site, first))
        if not lay_category:
            return
        if has_category_layout(output):
            path = post.category_path(first.category, self._recipe_of(first))
            lay_category_page(output, slug=first.category, title=first.tag, path=path)
        else:
            logger.warning(
                "%s: category %r gets no page, because the site there has no layout `category`; "
                "a page of yours can list its posts: site.categories[%r]",
                output,
                first.category,
                first.category,
            )

    def paginate(self, output: Path, counts: Mapping[str, int]) -> None:
        lay_lists(output, counts)

    def leave(
        self, output: Path, name: str, text: str, target: str = "", kind: str = "page"
    ) -> bool:
        if kind == "page":
            return lay_gone_page(output, name, text, target)
        place = (output, kind)
        if place not in self._redirects:
            self._redirects[place] = RedirectList(output, kind)
        return list_gone(output, name, text, self._redirects[place], target)


def _path(output: Path, post: PublishedPost) -> str:
    """Return the path of a post's page inside the site; "" if it is not known."""
    return paths(output)(article_of(Record(post, {}, {})), post.path) or ""


def _look(site: Site, first: Article) -> Look:
    """Return the look of the site; one without a site file has the language of its first article,
    one without a zone that of the article's time."""
    language = site.stated_language or first.language or site.language
    known = site.timezone or find_zone(site.home)
    times = [first.published] if first.published and not known else []
    zone = zone_of_offsets(times, language)
    feed_id = _feed_id(host(site.home or first.link), first.published)
    return Look(site.title, language, zone or site.zone.key, "", site.description, feed_id)


def _feed_id(name: str, day: datetime | None) -> str:
    """Return the beginning of the feed's ids: the host of the source, in a year in which it had the
    name. Where the site will be served is not known yet, and may change."""
    domain = _DOMAIN.match(name)
    return f"tag:{domain[0]},{day.year}:" if domain and day else "tag:localhost,2000:"
