"""A listing that is a JSON answer, JSONP, or data in a script of a page."""

from __future__ import annotations

from typing import Any

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.model import Page
from newsspider.sites.listings import JsonListing
from newsspider.text.characters import one_line
from newsspider.text.selectors import json_field, parse_script, read_json_fields, records, search

# Where APIs say what went wrong (East Money `message`, its older lists `me`).
_MESSAGES = ("message", "msg", "me", "error", "errmsg")


def read(page: Page, listing: JsonListing) -> Entries:
    """The entries of an answer. Raises NotReadable for an error or no list, EmptyListing for an
    empty one."""
    document = page.document
    value = parse_script(document.tree, listing.script) if listing.script else document.value
    if listing.ok and not search(listing.ok, value):
        raise NotReadable(f"the answer is an error: {_message(value)}")
    found = records(value, listing.items)
    if not found:
        kind = NotReadable if found is None else EmptyListing
        what = "is no list" if found is None else "is empty"
        raise kind(f"{listing.items!r} {what} (the answer has: {_keys(value)})")
    cursor = json_field(value, listing.next) if listing.next else ""
    return Entries(
        [read_json_fields(record, listing.fields) for record in found],
        str(cursor),
    )


def _message(value: Any) -> str:
    told = value if isinstance(value, dict) else {}
    message = next((told[name] for name in _MESSAGES if isinstance(told.get(name), str)), "")
    return one_line(message[:200]) or f"it has {_keys(value)}"


def _keys(value: Any) -> str:
    seen = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
    return one_line(seen[:200]) or "nothing"
