"""A listing that is an HTML page: each element that `items` matches is an entry.

In: a page and an HtmlListing with the selectors of the site file. Out: Entries. Called by
`newsspider.listing`. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsspider.errors import EmptyListing
from newsspider.listing.entries import Entries
from newsspider.model import Page
from newsspider.sites.listings import HtmlListing
from newsspider.text.script_links import ScriptLinks
from newsspider.text.selectors import elements, html_field, read_fields
from newsspider.text.urls import absolute


def read(page: Page, listing: HtmlListing) -> Entries:
    """Return the entries of a page. Raises EmptyListing when `items` matches nothing."""
    tree = page.document.tree
    records = [read_fields(node, listing.fields) for node in elements(tree, listing.items)]
    if not records:
        raise EmptyListing(f"nothing matches {listing.items!r}")
    scripts = ScriptLinks(tree)
    records = [{**record, **_targets(record, scripts)} for record in records]
    base = page.document.base
    if base != page.url:
        records = [{**record, **_addresses(record, base)} for record in records]
    following = html_field(tree, listing.next) if listing.next else ""
    return Entries(records, (absolute(following, base) or "") if following else "")


def _targets(record: Mapping[str, Any], scripts: ScriptLinks) -> dict[str, str]:
    """Return the addresses of an entry whose links are scripts: `javascript:fnView('17')`."""
    return {name: scripts.target(url) for name in ("url", "link") if (url := record.get(name))}


def _addresses(record: Mapping[str, Any], base: str) -> dict[str, str]:
    """Return the addresses of an entry, resolved against the `<base>` of its page."""
    return {
        name: absolute(url, base) or "" for name in ("url", "link") if (url := record.get(name))
    }
