"""A listing page of any kind → the links on it and the requests for the next pages.

In: a page and the listing of a site file. Out: a ListingPage. Called by the category and probe
spiders, which fetch the pages, and by `authoring.replay`. Pure. To add a kind: its model in
`sites/listings.py`, a module here with its reader, and its line in READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from newsspider.errors import EmptyListing as EmptyListing
from newsspider.listing import feed, html, json, sitemap
from newsspider.listing.entries import Entries
from newsspider.listing.paging import PageRequest, first_request, next_request
from newsspider.listing.section import section_of_feed, section_of_page
from newsspider.model import Link, Page
from newsspider.sites.hosts import is_own
from newsspider.sites.listings import FeedListing, HtmlListing, JsonListing, Listing, PageRules
from newsspider.sites.schema import Site
from newsspider.sites.types import fill
from newsspider.text.addresses import refusal
from newsspider.text.budget import budget
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
    """A listing page that an index names, and when it last changed according to the index."""

    request: PageRequest
    lastmod: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """The links of one listing page.

    `next` is the request for the page after it, None at the end; `subs` are the pages of an index.
    `unusable` counts entries without an address, or without an id where the site has ids;
    `elsewhere` counts links to other sites, which are left out. `section` is the name of the
    section that the first page shows, "" if it has none.
    """

    links: tuple[Link, ...]
    next: PageRequest | None = None
    subs: tuple[SubListing, ...] = ()
    unusable: int = 0
    elsewhere: int = 0
    section: str = ""


def first_page(listing: Listing, site: Site, category: str) -> PageRequest:
    """Return the request for a listing's first page."""
    return first_request(listing, _variables(site, category))


def read(page: Page, site: Site, category: str, listing: Listing, *, number: int) -> ListingPage:
    """Return the links of a listing page in the page's order, each article once.

    `number` is the page's number within the run, from 0. Raises NotReadable when the answer is not
    of the listing's kind or has no list: an API that answers 200 with an error is a failure, not
    "no news". Raises EmptyListing when the list is empty or all its links lead to other sites,
    TooCostly when the answer takes too long to read.
    """
    with budget():
        return _read(page, site, category, listing, number)


def _read(page: Page, site: Site, category: str, listing: Listing, number: int) -> ListingPage:
    entries = READERS[listing.kind](page, listing)
    links: dict[str, Link] = {}
    unusable = 0
    for entry in entries.records:
        link = _link(entry, page, site)
        if link is None:
            unusable += 1
        else:
            key = site.number(link.id) or f"{link.url}#{link.fields.get('part', '')}"
            links[key] = _filled_up(links[key], link) if key in links else link
    following = next_request(listing, _variables(site, category), page.url, entries.next, number)
    subs = tuple(
        SubListing(PageRequest(url), lastmod)
        for address, lastmod in entries.subs
        if (url := absolute(address, page.url))
    )
    section = "" if number else _section(page, site, listing, entries, links.values())
    result = ListingPage(tuple(links.values()), following, subs, unusable, section=section)
    # The links of a feed or an API are its content; a page also links to partners and advertisers.
    return _within(result, page, site, category) if listing.kind == "html" else result


def _section(
    page: Page, site: Site, listing: Listing, entries: Entries, links: Iterable[Link]
) -> str:
    """Return the name of the section that a listing page shows, or ""."""
    if isinstance(listing, FeedListing):
        return section_of_feed(entries.title, page.url, site.title)
    if isinstance(listing, HtmlListing) or (isinstance(listing, JsonListing) and listing.script):
        return section_of_page(page, site.title, {link.title for link in links})
    return ""


def _within(result: ListingPage, page: Page, site: Site, category: str) -> ListingPage:
    """Return the listing page without the links that lead to other sites."""
    own: list[Link] = []
    elsewhere: list[Link] = []
    # When the site file gives the address of each article's page, a link's host does not matter.
    any_host = not any("{url}" in rules.url for rules in _pages_of(site, category))
    for link in result.links:
        # A refused address is kept: the spider reports the reason.
        kept = any_host or is_own(site, link.url, page.url) or refusal(link.url)
        (own if kept else elsewhere).append(link)
    if elsewhere and not own:
        hosts = ", ".join(dict.fromkeys(host(link.url) for link in elsewhere[:3]))
        raise EmptyListing(
            f"all links ({len(elsewhere)}) lead to other sites, such as {hosts}; "
            "to follow them, add their hosts to `hosts` in the site file"
        )
    following = result.next
    if following is not None and not is_own(site, following.url, page.url):
        following = None
    return replace(result, links=tuple(own), next=following, elsewhere=len(elsewhere))


def _pages_of(site: Site, category: str) -> Iterator[PageRules]:
    """Yield the rules of the pages that a category's articles are read from."""
    for name in site.recipe(site.category(category)).ask or ():
        yield site.pages[name]


def _variables(site: Site, category: str) -> Mapping[str, str]:
    return {**site.category(category).variables, "slug": category}


def _filled_up(link: Link, other: Link) -> Link:
    """Return a link with its empty fields filled from another link to the same article."""
    own = {name: getattr(link, name) or getattr(other, name) for name in _OWN}
    return Link(**own, fields={**other.fields, **link.fields})


def _link(entry: Mapping[str, Any], page: Page, site: Site) -> Link | None:
    """Return the link of an entry; None if it lacks an address, or an id where the site has ids."""
    url = absolute(str(entry.get("url", "")), page.url) or ""
    own = {name: str(entry.get(name, "")).strip() for name in _OWN}
    if not own["id"] or (site.ids and not site.number(own["id"])):
        own["id"] = url if site.number(url) else own["id"]
    if not url and site.ids and site.ids.url:
        url = fill(site.ids.url, {"number": site.number(own["id"])})
    if not site.number(own["id"]) if site.ids else not url:
        return None
    rest = {
        name: value for name, value in entry.items() if name not in _OWN and value not in ("", ())
    }
    for name in ("link", "image"):  # East Money's lists mix `https:` and `//`
        if name in rest:
            rest[name] = absolute(str(rest[name]), page.url) or ""
    return Link(**{**own, "url": url}, fields=rest)
