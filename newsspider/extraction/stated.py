"""The source that is stated for an article although a selector of its site file finds none.

In: the fields of each page and of the listing, in order of rank, and which of them generic
extraction found. Out: the source, "" without one. Called by `extraction.draft`. Pure.

A post is filed under its source for ever, so what a page or the listing states counts before what
generic extraction takes for it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from newsspider.text.characters import shows


def stated_source(
    ranked: Iterable[tuple[str, Mapping[str, Any]]],
    origins: Mapping[str, Mapping[str, str]],
    authors: Container[str],
) -> str:
    """Return the first source that generic extraction did not find, and that is no author."""
    sources = (
        str(fields.get("source", ""))
        for part, fields in ranked
        if "source" not in origins.get(part, {})
    )
    return next((source for source in sources if shows(source) and source not in authors), "")
