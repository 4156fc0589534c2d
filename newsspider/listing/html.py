"""A listing that is an HTML page: one element an entry, by the selectors of the site file."""

from __future__ import annotations

from newsspider.article import Page
from newsspider.listing.entries import EmptyListing, Entries
from newsspider.select import elements, html_field, parse_html
from newsspider.sources import HtmlListing


def read(page: Page, listing: HtmlListing) -> Entries:
    """The entries of a page. Raises EmptyListing when `items` matches nothing."""
    tree = parse_html(page)
    found: list[dict[str, str]] = [
        {
            str(name): html_field(node, picks, markup=name == "body")
            for name, picks in listing.fields.items()
        }
        for node in elements(tree, listing.items)
    ]
    if not found:
        raise EmptyListing(f"nothing matches {listing.items!r}")
    return Entries(found, html_field(tree, listing.next) if listing.next else "")
