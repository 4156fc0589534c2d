"""The requests for the pages of a listing: the first, and the one after each page.

In: the listing of a site file, its variables, a page's reference to the next one. Out: a
PageRequest, which the spiders turn into a Scrapy request. Called by `newsspider.listing`. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from newsspider.sites.listings import FeedListing, HtmlListing, JsonListing, Listing, SitemapListing
from newsspider.sites.types import fill
from newsspider.text.urls import absolute

_NUMBERS = ("{page}", "{offset}")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A listing page to request: by GET, or by POST if there is a body to send."""

    url: str
    body: bytes = b""
    content_type: str = ""


def first_request(listing: Listing, variables: Mapping[str, str]) -> PageRequest:
    """Return the request for the first page of a listing."""
    if isinstance(listing, FeedListing | SitemapListing):
        return PageRequest(_address(listing.url, variables))
    return _request(listing, listing.url, _at(listing, variables, 0))


def next_request(
    listing: Listing, variables: Mapping[str, str], url: str, reference: str, number: int
) -> PageRequest | None:
    """Return the request for the page after page `number` (from 0) at `url`; None at the end.

    `reference` is that page's address or cursor for the next page; "" if it has none.
    """
    if isinstance(listing, HtmlListing) and listing.next:
        address = absolute(reference, url)
        return PageRequest(address) if address else None
    if isinstance(listing, FeedListing | SitemapListing):
        address = absolute(reference, url) if reference else None
        return PageRequest(address) if address else None
    if isinstance(listing, JsonListing) and listing.next:
        cursor = {**_at(listing, variables, number + 1), "cursor": reference}
        return _request(listing, listing.next_url or listing.url, cursor) if reference else None
    if listing.counts:
        return _request(
            listing, listing.next_url or listing.url, _at(listing, variables, number + 1)
        )
    return None


def _at(
    listing: HtmlListing | JsonListing, variables: Mapping[str, str], number: int
) -> Mapping[str, str]:
    """Return the variables of page `number` (from 0)."""
    return {
        **variables,
        "page": str(listing.first_page + number),
        "offset": str(listing.step * number),
        "cursor": "",
    }


def _request(
    listing: HtmlListing | JsonListing, template: str, values: Mapping[str, str]
) -> PageRequest:
    url = _address(template, values)
    if listing.form:
        form = {name: fill(value, values) for name, value in listing.form.items()}
        return PageRequest(url, urlencode(form).encode(), "application/x-www-form-urlencoded")
    if listing.json_:
        body = json.dumps(_filled(listing.json_, values), ensure_ascii=False, sort_keys=True)
        return PageRequest(url, body.encode(), "application/json")
    return PageRequest(url)


def _address(template: str, values: Mapping[str, str]) -> str:
    # `(` and `)` are legal in a path segment, and published links have them unescaped.
    return fill(template, {name: quote(value, safe="()") for name, value in values.items()})


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return a value of the site file with its variables filled in; a value that is only a number's
    variable becomes a number."""
    if isinstance(value, str):
        filled = fill(value, values)
        return int(filled) if value in _NUMBERS and filled.isdigit() else filled
    if isinstance(value, Mapping):
        return {name: _filled(part, values) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(part, values) for part in value]
    return value
