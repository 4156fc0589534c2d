"""The listings that a page offers, best first, as a site file defines them.

In: a page that the user gave by its address alone. Out: listings; each is the fallback for the one
before it. Called by the URL spider and the probe spider, and by `authoring.probe` for a page that
offers no listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsspider.discover import (
    best_listing,
    describe,
    discover,
    list_listing,
    state_listing,
)
from newsspider.discover.interfaces import interfaces, json_listings
from newsspider.discover.model import Offer, literal
from newsspider.errors import NotReadable
from newsspider.listing.packed import MAGIC, SITEMAP, unpacked
from newsspider.model import Page
from newsspider.sites.listings import Listing

_LISTING: TypeAdapter[Listing] = TypeAdapter(Listing)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b|\{[^{}]{0,300}jsonfeed\.org/version", re.I)
# The same without the address of its version: the version, and an item with a field of JSON Feed.
_VERSION = re.compile(rb'\{[^{}]{0,300}"version"\s*:\s*"?1(?:\.[01])?"?\s*,')
_ITEM = re.compile(
    rb'"items"\s*:\s*\[\s*\{[^{}]{0,2000}"(?:date_published|content_(?:html|text)|external_url)"'
)
_JSON = re.compile(rb"[\xef\xbb\xbf\s]*(?:[\w$.]{1,60}\s*\(\s*)?[\[{]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)\b", re.I)


def listing_candidates(page: Page, *, rendered: bool = False) -> tuple[Listing, ...]:
    """Return the listings the page offers; () when it has neither a feed nor a list of links.

    `rendered`: a browser rendered the page, so an html listing of it is rendered next time too.
    """
    listings: list[Listing] = []
    for values in _values(page):
        try:
            render = {"render": "auto"} if rendered and values["kind"] == "html" else {}
            listing = _LISTING.validate_python({**values, **render})
        except ValidationError:  # a selector built from the page's own words may be invalid
            continue
        if listing not in listings:
            listings.append(listing)
    return tuple(listings)


def _values(page: Page) -> Iterator[dict[str, Any]]:
    start = _start(page)
    url = literal(page.url)
    if _FEED.search(start) or (_VERSION.search(start) and _ITEM.search(page.body)):
        yield {"kind": "feed", "url": url}
        return
    if _SITEMAP.search(start) or page.body.startswith(MAGIC):
        yield {"kind": "sitemap", "url": url}
        return
    if _JSON.match(start):
        yield from json_listings(page)
        return
    offer = discover(page)
    if not (offer.shell or _lists_articles(offer)):
        return
    if listing := best_listing(offer):
        yield listing
    yield from (list_listing(offer, links) for links in offer.lists[:1])
    yield from (state_listing(offer, state) for state in offer.states[:1])
    for feed in offer.feeds:
        if not feed.comments:
            yield {"kind": "feed", "url": literal(feed.url)}
            break


def _lists_articles(offer: Offer) -> bool:
    """Return whether the page itself lists articles. A page about the paper names the feed of the
    whole site too; that stands in only for a page that scripts fill."""
    return bool(offer.lists or offer.states) or any(feed.own for feed in offer.feeds)


def _start(page: Page) -> bytes:
    """Return the beginning of a page, of a gzip file as unpacked."""
    try:
        return unpacked(page.body, SITEMAP)[:2000]
    except NotReadable:  # the reader of sitemaps reports why
        return page.body[:2000]


def explain_no_listing(page: Page, *, rendered: bool = False) -> str:
    """Return one line on what a page without a listing has, and what to do about it."""
    offer = discover(page)
    contents = describe(offer)
    if offer.shell and not rendered:
        return f"{contents}: a browser shows it (pip install 'newsspider[browser]', and Chromium)"
    if urls := interfaces(page):
        return f"{contents}; its scripts name {urls[0]}: try that address"
    return f"{contents}; give a page that lists articles, or a feed"
