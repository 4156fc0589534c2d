"""A page's HTML → its article, without a crawl.

In: the HTML of an article's page and its address (both hostile). Out: an Article, cleaned and safe
to publish. Called by `newsspider.extract`. Pure: pages that would have to be fetched are left out.
"""

from __future__ import annotations

from datetime import UTC, datetime

from newsspider.clean import metadata
from newsspider.clean.article import clean_article
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import new_draft
from newsspider.extraction.reading import Failed, read_article, read_at_once
from newsspider.model import Article, Link, Page
from newsspider.sanitize import sanitise_article
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.schema import Site
from newsspider.text.encoding import to_utf8
from newsspider.text.urls import post_link

_NOT_FETCHED = Failed("NotFetched", "only the given page is read; nothing is fetched")


def read_page_alone(
    html: str | bytes, url: str, *, site: Site | None = None, now: datetime | None = None
) -> Article:
    """Return the article on a page; see `newsspider.extract`.

    Raises GivenUp (a NewsspiderError) when the page cannot be read, ValueError when `url` is not an
    http or https address.
    """
    site = site or adhoc_site(url)
    body = html.encode("utf-8", "replace") if isinstance(html, str) else to_utf8(html, "")
    moment = now or datetime.now(UTC)
    recipe = site.recipe(site.articles)
    reading = read_article(new_draft(site, Link(url=url), recipe), lambda: moment)
    pages = iter([Page(url=url, body=body)])
    draft = read_at_once(reading, lambda wanted: next(pages, _NOT_FETCHED))
    article = assemble(draft, moment)
    profile = recipe.profile or "reader"
    article = clean_article(article, profile, on=recipe.add_rules, off=recipe.skip_rules)
    article = sanitise_article(article, post_link(article.link) or url)
    return metadata.describe(article, site.stated_language)
