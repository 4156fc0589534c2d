"""A listing that is a JSON answer, JSONP, or data in a script of a page.

In: a page and a JsonListing with the paths of the site file. Out: Entries. Called by
`newsspider.listing`. Pure.
"""

from __future__ import annotations

from typing import Any

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.model import Page
from newsspider.sites.listings import JsonListing
from newsspider.text.characters import one_line
from newsspider.text.selectors import json_field, parse_script, read_json_fields, records, search

# The keys under which APIs describe an error (East Money `message`, its older lists `me`).
_MESSAGES = ("message", "msg", "me", "error", "errmsg")


def read(page: Page, listing: JsonListing) -> Entries:
    """Return the entries of an answer. Raises NotReadable for an error or an answer without the
    list, EmptyListing for an empty list."""
    document = page.document
    value = parse_script(document.tree, listing.script) if listing.script else document.value
    if listing.ok and not search(listing.ok, value):
        raise NotReadable(f"the answer is an error: {_message(value)}")
    rows = records(value, listing.items)
    if not rows:
        error = NotReadable if rows is None else EmptyListing
        fault = "is not a list" if rows is None else "is empty"
        raise error(f"{listing.items!r} {fault} (the answer has: {_keys(value)})")
    cursor = json_field(value, listing.next) if listing.next else ""
    return Entries(
        [read_json_fields(record, listing.fields) for record in rows],
        str(cursor),
    )


def _message(value: Any) -> str:
    """Return the error message in an answer, or the answer's keys if it has none."""
    answer = value if isinstance(value, dict) else {}
    message = next((answer[name] for name in _MESSAGES if isinstance(answer.get(name), str)), "")
    return one_line(message[:200]) or f"it has {_keys(value)}"


def _keys(value: Any) -> str:
    """Return the keys of an answer, or its type if it is not an object."""
    keys = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
    return one_line(keys[:200]) or "nothing"
