"""A listing page of any kind → the links on it and where the next page is.

In: the page's bytes and the listing of a site file. Out: `Found`. Pure; the category spider asks
for the pages and hands them in. To add a kind: its model in `site.py`, a reader function here and
its entry in READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from newsspider.article import Link, Page
from newsspider.names import one_line
from newsspider.select import (
    NotReadable,
    elements,
    html_field,
    json_field,
    parse_html,
    parse_json,
    records,
)
from newsspider.site import HtmlListing, JsonListing, Site
from newsspider.urls import absolute
from newsspider.values import fill

_OWN = ("url", "id", "title", "time", "source", "summary")


class EmptyListing(NotReadable):
    """A listing page without a single entry: the end of the pages, or a source that broke."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one listing page gave. `next` is the address of the page after it, or "" at the end;
    `unusable` counts entries that lead nowhere: no address, or no id where the site has ids."""

    links: tuple[Link, ...]
    next: str = ""
    unusable: int = 0


def first_page(listing: HtmlListing | JsonListing, category: str) -> str:
    """The address of a listing's first page."""
    return _address(listing, category, page=listing.first_page)


def read(page: Page, site: Site, category: str, *, number: int) -> Found:
    """The links of one listing page in its own order, each article once.

    `number` counts the pages of this listing in this run from 0. Raises NotReadable when the
    answer is not what the listing's kind says, or gives no list at all: a list API that answers
    200 with an error is a failure, never "no news".
    """
    listing = site.listing_of(category)
    records, following = READERS[listing.kind](page, listing)
    links: dict[str, Link] = {}
    unusable = 0
    for record in records:
        link = _link(record, page, site)
        if link is None:
            unusable += 1
        else:
            key = site.number(link.id) or link.url
            links[key] = _filled_up(links[key], link) if key in links else link
    return Found(tuple(links.values()), _next(page, listing, category, number, following), unusable)


def _filled_up(link: Link, other: Link) -> Link:
    """A link with what another entry of the same article says and it does not."""
    own = {name: getattr(link, name) or getattr(other, name) for name in _OWN}
    return Link(**own, fields={**other.fields, **link.fields})


def _read_html(page: Page, listing: HtmlListing) -> tuple[list[Mapping[str, Any]], str]:
    tree = parse_html(page)
    found: list[Mapping[str, Any]] = [
        {
            name: html_field(node, picks, markup=name == "body")
            for name, picks in listing.fields.items()
        }
        for node in elements(tree, listing.items)
    ]
    if not found:
        raise EmptyListing(f"nothing matches {listing.items!r}")
    return found, html_field(tree, listing.next) if listing.next else ""


def _read_json(page: Page, listing: JsonListing) -> tuple[list[Mapping[str, Any]], str]:
    value = parse_json(page)
    found = records(value, listing.items)
    if not found:
        seen = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
        kind = NotReadable if found is None else EmptyListing
        what = "is no list" if found is None else "is empty"
        seen = one_line(seen[:200]) or "nothing"
        raise kind(f"{listing.items!r} {what} (the answer has: {seen})")
    cursor = json_field(value, listing.next) if listing.next else ""
    return [
        {name: json_field(record, picks) for name, picks in listing.fields.items()}
        for record in found
    ], str(cursor)


READERS: Mapping[str, Callable[..., tuple[list[Mapping[str, Any]], str]]] = {
    "html": _read_html,
    "json": _read_json,
}


def _link(record: Mapping[str, Any], page: Page, site: Site) -> Link | None:
    url = absolute(str(record.get("url", "")), page.url) or ""
    own = {name: str(record.get(name, "")).strip() for name in _OWN}
    own["id"] = own["id"] or (url if site.number(url) else "")
    if not url and site.ids and site.ids.url:
        url = fill(site.ids.url, {"number": site.number(own["id"])})
    if not site.number(own["id"]) if site.ids else not url:
        return None
    rest = {name: value for name, value in record.items() if name not in _OWN and value != ""}
    if "link" in rest:  # East Money's lists mix `https:` and `//`
        rest["link"] = absolute(str(rest["link"]), page.url) or ""
    return Link(**{**own, "url": url}, fields=rest)


def _next(
    page: Page, listing: HtmlListing | JsonListing, category: str, number: int, following: str
) -> str:
    if isinstance(listing, HtmlListing) and listing.next:
        return absolute(following, page.url) or ""
    if isinstance(listing, JsonListing) and listing.next:
        return _address(listing, category, cursor=following) if following else ""
    if listing.counts:
        return _address(listing, category, page=listing.first_page + number + 1)
    return ""


def _address(
    listing: HtmlListing | JsonListing, category: str, *, page: int = 0, cursor: str = ""
) -> str:
    # The slug is one path segment; `(` and `)` are legal there and stand so in published links.
    values = {"page": str(page), "cursor": quote(cursor, safe=""), "slug": quote(category, "()")}
    return fill(listing.url, values)
