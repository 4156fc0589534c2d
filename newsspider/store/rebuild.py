"""A lost ledger, made anew from the posts that are in the folder.

In: the files of the posts, what reads them (the `read` of their format) and the sites they may be
of. Out: the articles in the ledger. `store/folder` calls it for a ledger that is empty.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from newsspider.dates import post_date
from newsspider.model import Article, Link
from newsspider.sites.identity import article_key
from newsspider.sites.schema import Site
from newsspider.store.ledger import Ledger
from newsspider.store.records import PublishedPost
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

ReadPost = Callable[[str, str], Article | None]  # a file's name and its text → its article


def rebuild(ledger: Ledger, files: Iterable[Path], read: ReadPost, sites: Sequence[Site]) -> None:
    """Note the articles of these posts, and their categories. Whether the content of a post is
    ours is not known, so its hash stays empty."""
    count, categories = 0, set()
    for file in filter(Path.is_file, files):
        # The file of somebody else is passed over: one that may not be read or is not text.
        with contextlib.suppress(OSError, UnicodeError):
            article = read(file.name, file.read_text("utf-8"))
            post = identified(article, sites) if article else None
            if post is not None:
                ledger.adopt(replace(post, path=file.name))
                categories.add(post.category)
                count += 1
    ledger.note_categories(categories)
    if count:
        logger.info("the ledger is new: %d posts that were there are kept as they are", count)


def identified(article: Article, sites: Iterable[Site]) -> PublishedPost | None:
    """The ledger's row for the article of a post: which site's it is, and which of its articles.
    None when it is no site's. `path` is left empty."""
    site = next((site for site in sites if _is_of(article, site)), None)
    if site is None or article.published is None:
        return None
    date = article.published
    if date.tzinfo is None:
        date = date.replace(tzinfo=site.zone)
    return PublishedPost(
        key=article_key(site, Link(url=article.link, id=article.id)),
        site=site.name,
        id=article.id,
        path="",
        category=article.category,
        tag=article.tag,
        date=post_date(date),
        link=article.link,
        state="published",
        hash="",
        intended="",
        run=0,
    )


def _is_of(article: Article, site: Site) -> bool:
    if site.claim(article.link) is not None:
        return True
    if site.number(article.id):
        return article.category in site.categories or not site.shares
    return bool(site.home) and host(site.home) == host(article.link)
