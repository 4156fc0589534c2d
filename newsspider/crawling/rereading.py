"""An archived article → the article as its answers read today.

In: an article of the archive, its site, and what its post keeps. Out: an Article for the stages, or
NotRendered with the reason. `crawling.rendering` calls it. Pure, but for the bodies of the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsspider.dates import post_date
from newsspider.errors import NewsspiderError, NotReadable
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft, NextPage
from newsspider.extraction.feed_draft import assembled, feed_draft
from newsspider.extraction.ftr import Rules
from newsspider.extraction.reading import Answer, Failed, GivenUp, read_article, read_at_once
from newsspider.model import Article, Page
from newsspider.sites import site_of
from newsspider.sites.schema import Recipe, Site
from newsspider.store.archived import ArchivedArticle, ArchivedPage
from newsspider.store.records import PublishedPost, Record, article_of, recorded_time
from newsspider.text.encoding import to_utf8
from newsspider.text.urls import host


class NotRendered(NewsspiderError):
    """A post cannot be rendered; the text is the reason that is counted."""


def site_of_article(archived: ArchivedArticle, sites: Mapping[str, Site]) -> Site:
    """Return the site of an article: of its name, or one for its address, as the crawl had."""
    if archived.site in sites:
        return sites[archived.site]
    for url in filter(host, (archived.listing, archived.link.url)):
        site = site_of(url, sites.values())
        if site.name == archived.site:
            return site
    raise NotRendered(f"{archived.site} is not a known site: its file is missing")


def recipe_of(archived: ArchivedArticle, site: Site) -> Recipe:
    """Return the recipe of an article: that of its share link or its category."""
    share = next((each for each in site.shares if each.pattern == archived.share), None)
    return site.recipe(share or site.category(archived.listing))


def read_again(
    archived: ArchivedArticle,
    draft: Draft,
    body_of: Callable[[ArchivedPage], bytes],
    rules_for: Callable[[str], Rules | None],
) -> Article:
    """Return the article of a draft from the archived answers, as of the time at which they came.
    Raises NotRendered if they lack a page that it needs, NotReadable if one is damaged."""
    now = archived.read.astimezone(draft.site.zone)
    pages = {(page.name, page.asked): page for page in archived.pages}

    def answer_of(wanted: NextPage) -> Answer:
        page = pages.get((wanted.page, wanted.url))
        if page is None:
            return Failed(NotReadable.__name__, f"{wanted.url} is missing from the archive")
        body = to_utf8(body_of(page), page.type)
        return Page(url=page.url, body=body, status=page.status, rights=page.rights)

    try:
        draft = read_at_once(read_article(draft, lambda: now, rules_for), answer_of)
    except GivenUp as error:
        if not archived.of_feed:
            raise NotRendered(f"{error.failed.reason}: a page that it needs") from error
    article, is_less = assembled(draft, now)
    listed = feed_draft(draft) if archived.of_feed and is_less else None
    return assemble(listed, now) if listed else article


def as_published(article: Article, post: PublishedPost, before: Mapping[str, Any]) -> Article:
    """Return the article with what its post keeps: what its address is built from, whose story it
    has, when it was fetched, and when it was last changed at its site, unless its answers give a
    later time. What its publisher stated of its reuse may be later than the answers, too."""
    modified = before.get("modified")
    times = [datetime.fromisoformat(modified)] if modified else []
    times += [article.modified] if article.modified else []
    return replace(
        article,
        published=_first_published(post, before.get("published", "")),
        dated_by=before.get("dated_by", ""),
        same_story=before.get("same_story", ""),
        modified=max(times, default=None),
        fetched_at=recorded_time(before.get("fetched_at")),
        rights=article_of(Record(post, before, {})).rights or article.rights,
        category=post.category,
        tag=post.tag,
        id=post.id,
    )


def published(post: PublishedPost) -> datetime | None:
    """Return when a post was first published; None for one that does not say it."""
    try:
        return datetime.strptime(post.date, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


def _first_published(post: PublishedPost, recorded: str) -> datetime | None:
    """Return when a post was published: as its record has it, if that is the time in its address,
    which lacks fractions of a second."""
    stated = published(post)
    exact = datetime.fromisoformat(recorded) if recorded else stated
    return exact if exact and post_date(exact) == post.date else stated
