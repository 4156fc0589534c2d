"""The listings that a page offers, best first, as a site file would say them.

In: a page that was given by its address alone. Out: listings, each of which stands in for the one
before it. Called by the anywhere spider and by `newsspider add`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsspider.article import Page
from newsspider.discover import best, discover, of_list, of_state
from newsspider.sources import Listing

_LISTING: TypeAdapter[Listing] = TypeAdapter(Listing)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b|\{[^{}]{0,300}jsonfeed\.org/version", re.I)
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)\b|\x1f\x8b", re.I)


def offered(page: Page) -> tuple[Listing, ...]:
    """What the page offers; nothing where it has neither a feed nor a list of links."""
    found: list[Listing] = []
    for values in _values(page):
        try:
            one = _LISTING.validate_python(values)
        except ValidationError:  # a selector of the page's own words that is none
            continue
        if one not in found:
            found.append(one)
    return tuple(found)


def _values(page: Page) -> Iterator[dict[str, Any]]:
    start = page.body[:2000]
    url = page.url.replace("{", "%7B").replace("}", "%7D")
    if _FEED.search(start):
        yield {"kind": "feed", "url": url}
        return
    if _SITEMAP.match(start) or _SITEMAP.search(start):
        yield {"kind": "sitemap", "url": url}
        return
    offer = discover(page)
    if chosen := best(offer):
        yield chosen
    yield from (of_list(offer, one) for one in offer.lists[:1])
    yield from (of_state(offer, one) for one in offer.states[:1])
    for feed in offer.feeds:
        if not feed.comments:
            yield {"kind": "feed", "url": feed.url.replace("{", "%7B").replace("}", "%7D")}
            break
