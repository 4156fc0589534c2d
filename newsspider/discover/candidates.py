"""The listings that a page offers, best first, as a site file would say them.

In: a page that was given by its address alone. Out: listings, each of which stands in for the one
before it. Called by the anywhere spider and by `newsspider add`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsspider.discover import best, discover, of_list, of_state, told
from newsspider.discover.interfaces import interfaces, of_json
from newsspider.model import Page
from newsspider.sites.listings import Listing

_LISTING: TypeAdapter[Listing] = TypeAdapter(Listing)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b|\{[^{}]{0,300}jsonfeed\.org/version", re.I)
_JSON = re.compile(rb"[\xef\xbb\xbf\s]*(?:[\w$.]{1,60}\s*\(\s*)?[\[{]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)\b|\x1f\x8b", re.I)


def listing_candidates(page: Page, *, rendered: bool = False) -> tuple[Listing, ...]:
    """What the page offers; nothing where it has neither a feed nor a list of links. A list on a
    page that a browser had to show is read in one the next time, too."""
    found: list[Listing] = []
    for values in _values(page):
        try:
            shown = {"render": "auto"} if rendered and values["kind"] == "html" else {}
            one = _LISTING.validate_python({**values, **shown})
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
    if _JSON.match(start):
        yield from of_json(page)
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


def instead(page: Page, *, rendered: bool = False) -> str:
    """In a line what a page without a listing has, and what to do about it."""
    offer = discover(page)
    said = told(offer)
    if offer.shell and not rendered:
        return f"{said}: a browser shows it (pip install 'newsspider[browser]', and Chromium)"
    if named := interfaces(page):
        return f"{said}; its scripts name {named[0]}: try that address"
    return f"{said}; give a page that lists articles, or a feed"
