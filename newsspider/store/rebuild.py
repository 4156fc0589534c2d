"""A lost ledger, rebuilt from the posts in the folder.

In: the files of the posts, the `read` of their format, and the sites that they may belong to. Out:
the articles in the ledger. `store/folder.py` calls it for an empty ledger.
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
from newsspider.text.characters import counted
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

ReadPost = Callable[[str, str], Article | None]  # a file's name and its text → its article


def rebuild(ledger: Ledger, files: Iterable[Path], read: ReadPost, sites: Sequence[Site]) -> None:
    """Add the articles of these posts, and their categories. Whether the content of a post is ours
    is unknown, so its hash stays empty."""
    count, categories = 0, set()
    for file in filter(Path.is_file, files):
        # A file that cannot be read or is not text is not ours, and is skipped.
        with contextlib.suppress(OSError, UnicodeError):
            article = read(file.name, file.read_text("utf-8"))
            post = identified(article, sites) if article else None
            if post is not None:
                ledger.adopt(replace(post, path=file.name))
                categories.add(post.category)
                count += 1
    ledger.note_categories(categories)
    if count:
        posts = f"{counted(count, 'post')} {'is' if count == 1 else 'are'}"
        logger.info("the ledger is new: %s in the folder already and will not be changed", posts)


def identified(article: Article, sites: Iterable[Site]) -> PublishedPost | None:
    """Return the ledger's row for the article of a post, with its site and its key; None if the
    post belongs to none of the sites. `path` is left empty."""
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
