"""A listing that is an HTML page: one element an entry, by the selectors of the site file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsspider.errors import EmptyListing
from newsspider.listing.entries import Entries
from newsspider.model import Page
from newsspider.sites.listings import HtmlListing
from newsspider.text.selectors import elements, html_field, read_fields
from newsspider.text.urls import absolute


def read(page: Page, listing: HtmlListing) -> Entries:
    """The entries of a page. Raises EmptyListing when `items` matches nothing."""
    tree = page.document.tree
    found = [read_fields(node, listing.fields) for node in elements(tree, listing.items)]
    if not found:
        raise EmptyListing(f"nothing matches {listing.items!r}")
    base = page.document.base
    if base != page.url:
        found = [{**record, **_moved(record, base)} for record in found]
    following = html_field(tree, listing.next) if listing.next else ""
    return Entries(found, (absolute(following, base) or "") if following else "")


def _moved(record: Mapping[str, Any], base: str) -> dict[str, str]:
    """The addresses of a record, counted from the `<base>` of its page."""
    return {
        name: absolute(url, base) or "" for name in ("url", "link") if (url := record.get(name))
    }
