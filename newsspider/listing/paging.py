"""How the pages of a listing are asked for: the first, and the one after each.

In: the listing of a site file, its variables, what a page says of the next one. Out: a PageRequest,
which the category spider turns into a request.
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
    """A listing page to ask for: by GET, or by POST where there is a body to send."""

    url: str
    body: bytes = b""
    content_type: str = ""


def first_request(listing: Listing, variables: Mapping[str, str]) -> PageRequest:
    """The first page of a listing."""
    if isinstance(listing, FeedListing | SitemapListing):
        return PageRequest(_address(listing.url, variables))
    return _request(listing, listing.url, _at(listing, variables, 0))


def next_request(
    listing: Listing, variables: Mapping[str, str], here: str, told: str, number: int
) -> PageRequest | None:
    """The page after page `number` (from 0) at `here`; `told` is what that page says of it."""
    if isinstance(listing, HtmlListing) and listing.next:
        told = absolute(told, here) or ""
        return PageRequest(told) if told else None
    if isinstance(listing, FeedListing | SitemapListing):
        told = absolute(told, here) or "" if told else ""
        return PageRequest(told) if told else None
    if isinstance(listing, JsonListing) and listing.next:
        cursor = {**_at(listing, variables, number + 1), "cursor": told}
        return _request(listing, listing.next_url or listing.url, cursor) if told else None
    if listing.counts:
        return _request(
            listing, listing.next_url or listing.url, _at(listing, variables, number + 1)
        )
    return None


def _at(
    listing: HtmlListing | JsonListing, variables: Mapping[str, str], number: int
) -> Mapping[str, str]:
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
    # `(` and `)` are legal in a path segment and stand so in published links.
    return fill(template, {name: quote(value, safe="()") for name, value in values.items()})


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """A value of the site file with its variables put in; one that is all number stays one."""
    if isinstance(value, str):
        filled = fill(value, values)
        return int(filled) if value in _NUMBERS and filled.isdigit() else filled
    if isinstance(value, Mapping):
        return {name: _filled(one, values) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(one, values) for one in value]
    return value
