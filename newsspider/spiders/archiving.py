"""The answers of the articles of a crawl, until they are in the archive.

In: the answers and the Draft of an article, from the spider. Out: an article in the archive, before
its post is promised. A crawl whose archive fails goes on without it: no article waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal, Self

from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsspider.errors import OutputError, Unwritable
from newsspider.extraction.draft import Draft, NextPage
from newsspider.extraction.reading import Answer
from newsspider.model import Article, Page
from newsspider.sites.schema import Site
from newsspider.spiders.options import RunOptions
from newsspider.spiders.responses import header
from newsspider.store.archived import ArchivedArticle, ArchivedPage, hash_of_body
from newsspider.store.output import Output
from newsspider.store.warc import check_installed

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # articles after which the archive is trimmed
_OFF = ("", "0", "false", "no", "off")
READING = ("profile", "text", "images")  # options that say how an article is read and written
RESPECT = "respect_rights"  # a key of a source that does, too
WARC = "warc"  # a wish for WARC files
Wish = bool | Literal["warc"]


class Archiving:
    """Fills the archive of a crawl with the articles of each site that wishes it; a `wish` of the
    source takes precedence. `of_feed` has the keys of the articles whose text their feed gave,
    `caps` what `Archive.trim` takes."""

    def __init__(
        self,
        output: Output,
        options: Mapping[str, str],
        wish: Wish | None,
        of_feed: Collection[str],
        caps: tuple[int, int],
    ) -> None:
        self._output = output
        self._options = options
        self._wish = wish
        self._of_feed = of_feed
        self._caps = caps
        self._pages: dict[str, list[tuple[ArchivedPage, bytes]]] = {}
        self._drafts: dict[str, tuple[Draft, datetime]] = {}
        self._kept = 0
        self._failed = False

    @classmethod
    def of_crawl(
        cls, settings: BaseSettings, output: Output, site: Site, of_feed: Collection[str]
    ) -> Self:
        """Return that of a crawl with these settings and this first site. Raises OutputError if it
        needs the archive, which cannot be used."""
        respects = settings.getbool("NEWS_RESPECT_RIGHTS")
        options = reading_options(RunOptions.from_settings(settings), respects_rights=respects)
        wish = wish_of(settings.get("NEWS_ARCHIVE"))
        caps = settings.getint("NEWS_ARCHIVE_SIZE"), settings.getint("NEWS_ARCHIVE_AGE")
        archiving = cls(output, options, wish, of_feed, caps)
        if wished := archiving._wished(site):
            if wished == WARC:
                check_installed()
            _ = output.archive
        return archiving

    def _wished(self, site: Site) -> Wish:
        wish = site.archive if self._wish is None else self._wish
        return False if self._failed or self._output.dry else wish

    def note_answer(
        self, start: Draft, wanted: NextPage, response: Response, answer: Answer
    ) -> None:
        """Note an answer to a request of an article under way, if it is a page."""
        if not isinstance(answer, Page) or not self._wished(start.site):
            return
        page = ArchivedPage(
            name=wanted.page,
            asked=wanted.url,
            url=response.url,
            status=response.status,
            type=header(response, "Content-Type"),
            hash=hash_of_body(response.body),
            rights=answer.rights,
        )
        self._pages.setdefault(start.key, []).append((page, response.body))

    def note_draft(self, draft: Draft, now: datetime) -> None:
        """Note an article that has all its pages, and when it was read."""
        if self._wished(draft.site):
            self._drafts[draft.key] = draft, now

    def forget(self, key: str) -> None:
        """Forget an article that goes no further, or has its post."""
        self._pages.pop(key, None)
        self._drafts.pop(key, None)

    def keep(self, article: Article) -> None:
        """Save an article whose post is about to be promised."""
        draft, now = self._drafts.get(article.key, (None, None))
        if draft is None or now is None or self._failed:
            return
        pages = self._pages.get(article.key, [])
        archived = ArchivedArticle(
            key=article.key,
            run=self._output.ledger.run,
            read=now,
            site=article.site,
            listing=article.listing,
            share=_share(draft),
            link=draft.link,
            options=self._options,
            of_feed=article.key in self._of_feed,
            pages=tuple(page for page, _ in pages),
        )
        try:
            bodies = {page.hash: body for page, body in pages}
            as_warc = self._wished(draft.site) == WARC
            self._output.archive.keep(archived, bodies, as_warc=as_warc)
            self._kept += 1
            if self._kept % _AT_ONCE == 0:
                self._output.archive.trim(*self._caps)
        except (Unwritable, OutputError) as error:
            self._fail(error)

    def close(self) -> None:
        """Bring the archive below its caps, if the crawl added to it."""
        try:
            if self._kept and not self._failed:
                self._output.archive.trim(*self._caps)
        except Unwritable as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._failed = True
        logger.warning("%s; the articles of this crawl are published without it", error)


def _share(draft: Draft) -> str:
    """Return the pattern of the share link whose recipe an article has, "" without one."""
    site = draft.site
    if not draft.listing.startswith("@"):
        return ""
    patterns = (each.pattern for each in site.shares if site.recipe(each) == draft.recipe)
    return next(patterns, "")


def reading_options(options: RunOptions, *, respects_rights: bool) -> dict[str, str]:
    """Return the options of a run that say how its articles are read and written."""
    values = {name: str(getattr(options, name)) for name in READING}
    return values | {RESPECT: "1" if respects_rights else ""}


def wish_of(value: Any) -> Wish | None:
    """Return what the setting NEWS_ARCHIVE says: None leaves it to the site files."""
    if value is None:
        return None
    text = str(value).lower()
    return "warc" if text == WARC else text not in _OFF
