"""A listing page of any kind → the links on it and where the next pages are.

In: the page's bytes and the listing of a site file. Out: `ListingPage`. Pure; the category spider
asks for the pages and hands them in. To add a kind: its model in `sites/listings.py`, a module here
with its reader, and its entry in READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from newsspider.errors import EmptyListing as EmptyListing
from newsspider.listing import feed, html, json, sitemap
from newsspider.listing.entries import Entries
from newsspider.listing.paging import PageRequest, first_request, next_request
from newsspider.model import Link, Page
from newsspider.sites.hosts import is_own
from newsspider.sites.listings import Listing, PageRules
from newsspider.sites.schema import Site
from newsspider.sites.types import fill
from newsspider.text.addresses import refusal
from newsspider.text.urls import absolute, host

_OWN = ("url", "id", "title", "time", "source", "summary")

READERS: Mapping[str, Callable[[Page, Any], Entries]] = {
    "html": html.read,
    "json": json.read,
    "feed": feed.read,
    "sitemap": sitemap.read,
}


@dataclass(frozen=True, slots=True)
class SubListing:
    """A listing page that an index names, and when it changed last, as the index says."""

    turn: PageRequest
    lastmod: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What one listing page gave. `next` is the page after it, None at the end; `subs` are the
    pages of an index; `unusable` counts entries that lead nowhere: no address, or no id where the
    site has ids. `elsewhere` those that lead to other sites."""

    links: tuple[Link, ...]
    next: PageRequest | None = None
    subs: tuple[SubListing, ...] = ()
    unusable: int = 0
    elsewhere: int = 0


def first_page(listing: Listing, site: Site, category: str) -> PageRequest:
    """How a listing's first page is asked for."""
    return first_request(listing, _variables(site, category))


def read(page: Page, site: Site, category: str, listing: Listing, *, number: int) -> ListingPage:
    """The links of one listing page in its own order, each article once.

    `number` counts the pages of this listing in this run from 0. Raises NotReadable when the
    answer is not what the listing's kind says, or gives no list at all: a list API that answers
    200 with an error is a failure, never "no news".
    """
    entries = READERS[listing.kind](page, listing)
    links: dict[str, Link] = {}
    unusable = 0
    for record in entries.records:
        link = _link(record, page, site)
        if link is None:
            unusable += 1
        else:
            key = site.number(link.id) or link.url
            links[key] = _filled_up(links[key], link) if key in links else link
    following = next_request(listing, _variables(site, category), page.url, entries.next, number)
    subs = tuple(
        SubListing(PageRequest(url), lastmod)
        for address, lastmod in entries.subs
        if (url := absolute(address, page.url))
    )
    found = ListingPage(tuple(links.values()), following, subs, unusable)
    # What feeds and interfaces hold is what they are for; a page has partners and advertisements.
    return _within(found, page, site, category) if listing.kind == "html" else found


def _within(found: ListingPage, page: Page, site: Site, category: str) -> ListingPage:
    """What stays on the site, of what a page of it leads to."""
    own: list[Link] = []
    elsewhere: list[Link] = []
    # Where the site file itself says what is asked, a link's host matters to nobody.
    free = not any("{url}" in rules.url for rules in _asked(site, category))
    for link in found.links:
        stays = free or is_own(site, link.url, page.url) or refusal(link.url)  # which tells more
        (own if stays else elsewhere).append(link)
    if elsewhere and not own:
        named = ", ".join(dict.fromkeys(host(link.url) for link in elsewhere[:3]))
        raise EmptyListing(
            f"all {len(elsewhere)} links lead to other sites, such as {named}; "
            "name those that may be followed under `hosts` of the site file"
        )
    following = found.next
    if following is not None and not is_own(site, following.url, page.url):
        following = None
    return replace(found, links=tuple(own), next=following, elsewhere=len(elsewhere))


def _asked(site: Site, category: str) -> Iterator[PageRules]:
    """The pages that a category's articles are read from."""
    for name in site.recipe(site.category(category)).ask or ():
        yield site.pages[name]


def _variables(site: Site, category: str) -> Mapping[str, str]:
    return {**site.category(category).variables, "slug": category}


def _filled_up(link: Link, other: Link) -> Link:
    """A link with what another entry of the same article says and it does not."""
    own = {name: getattr(link, name) or getattr(other, name) for name in _OWN}
    return Link(**own, fields={**other.fields, **link.fields})


def _link(record: Mapping[str, Any], page: Page, site: Site) -> Link | None:
    url = absolute(str(record.get("url", "")), page.url) or ""
    own = {name: str(record.get(name, "")).strip() for name in _OWN}
    if not own["id"] or (site.ids and not site.number(own["id"])):
        own["id"] = url if site.number(url) else own["id"]
    if not url and site.ids and site.ids.url:
        url = fill(site.ids.url, {"number": site.number(own["id"])})
    if not site.number(own["id"]) if site.ids else not url:
        return None
    rest = {
        name: value for name, value in record.items() if name not in _OWN and value not in ("", ())
    }
    for name in ("link", "image"):  # East Money's lists mix `https:` and `//`
        if name in rest:
            rest[name] = absolute(str(rest[name]), page.url) or ""
    return Link(**{**own, "url": url}, fields=rest)
