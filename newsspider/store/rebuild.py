"""A lost ledger, rebuilt from the posts in the folder.

In: the files of the posts, the `read` of their format, and the sites that they may belong to. Out:
the articles in the ledger. `store/repair.py` calls it for an empty ledger.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from newsspider.dates import post_date
from newsspider.model import Article, Link
from newsspider.sites.hosts import is_own
from newsspider.sites.identity import article_key
from newsspider.sites.schema import Site
from newsspider.store.files import read_text
from newsspider.store.ledger import Ledger
from newsspider.store.records import PublishedPost
from newsspider.text.characters import counted
from newsspider.text.urls import host, publisher_host

logger = logging.getLogger(__name__)

ReadPost = Callable[[str, str], Article | None]  # a file's name and its text → its article


def rebuild(ledger: Ledger, files: Iterable[Path], read: ReadPost, sites: Sequence[Site]) -> None:
    """Add the articles of these posts, and their categories. Whether the content of a post is ours
    is unknown, so its hash stays empty."""
    count, categories, strange = 0, set(), list[str]()
    owners_of = Owners(sites)
    for file in filter(Path.is_file, files):
        # A file that cannot be read or is not text is not ours, and is skipped.
        with contextlib.suppress(OSError, UnicodeError):
            article = read(file.name, read_text(file))
            if article is None or article.published is None:
                continue
            owners = owners_of(article)
            if not owners:
                strange += [file.name] if host(article.link) else []
                continue
            adopt_post(ledger, file.name, article, owners)
            categories.add(article.category)
            count += 1
    ledger.note_categories(categories)
    if count:
        posts = f"{counted(count, 'post')} {'is' if count == 1 else 'are'}"
        logger.info("the ledger is new: %s in the folder already and will not be changed", posts)
    if strange:
        number = "1 post belongs" if len(strange) == 1 else f"{len(strange)} posts belong"
        logger.warning(
            "the ledger is new: %s to no site file (such as %s) and may be published again:"
            " if a site file has them, write their host under `hosts` in it",
            number,
            strange[0],
        )


def adopt_post(ledger: Ledger, path: str, article: Article, owners: Sequence[Site]) -> None:
    """Add the article as the first owner's; the identities that it has for the others lead to
    it."""
    assert article.published is not None
    site, link, date = owners[0], Link(url=article.link, id=article.id), article.published
    if date.tzinfo is None:
        date = date.replace(tzinfo=site.zone)
    post = PublishedPost(
        key=article_key(site, link),
        site=site.name,
        id=article.id,
        path=path,
        category=article.category,
        tag=article.tag,
        date=post_date(date),
        link=article.link,
        state="published",
        hash="",
        intended="",
        run=0,
    )
    ledger.adopt(post)
    for other in owners[1:]:
        ledger.note_alias(article_key(other, link), post.key)


class Owners:
    """The sites that may have published an article."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._sites = sites
        self._own: dict[tuple[str, str], bool] = {}  # by site and host: a folder has few hosts

    def __call__(self, article: Article) -> list[Site]:
        """Return the sites that may have published the article of a post, the most likely first."""
        ranked = [(self._rank(article, site), site) for site in self._sites]
        owners = [(rank, site) for rank, site in ranked if any(rank)]
        return [site for _, site in sorted(owners, key=lambda pair: pair[0], reverse=True)]

    def _rank(self, article: Article, site: Site) -> tuple[bool, bool, bool]:
        """Return whether a site knows the article by its id, whether it has a category of its name,
        and whether the article is on a host of the site; three times False if it is not the
        site's."""
        here = article.category in site.categories
        if site.claim(article.link) is not None:
            return True, here, True
        if site.number(article.id):
            known = here or not site.shares
            return known, here, known
        own = self._is_own(article.link, site)
        return False, here and (own or "*" in site.hosts), own

    def _is_own(self, link: str, site: Site) -> bool:
        place = site.name, host(link)
        if place not in self._own:
            at_home = bool(site.home) and host(site.home) == host(link)
            # "*" says nothing of whose an article is.
            named = "*" not in site.hosts and bool(publisher_host(link)) and is_own(site, link, "")
            self._own[place] = at_home or named
        return self._own[place]
