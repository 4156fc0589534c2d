"""Where an article's fields come from: each field's value, its page and its place on the page.

In: a finished draft and its article. Out: lines for a person, or the values themselves. Called by
the spiders for --explain, and by `newsspider.authoring.replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsspider.extraction.draft import Draft, ranked
from newsspider.model import FIELDS, Article
from newsspider.text.characters import one_line

_LONGEST = 100


def explain(draft: Draft, article: Article) -> str:
    """Return the article's address, then a line for each field: its value and its origin."""
    return "\n".join([article.link, *_lines(draft, article)])


def fields_of(draft: Draft, article: Article) -> Iterator[tuple[str, Any, str]]:
    """Yield the name, value (as the article holds it) and origin of each field it has."""
    for attribute, info in FIELDS.items():
        if info.rule and (value := getattr(article, attribute)):
            yield info.rule, value, _origin(draft, info.rule, info.origin or info.rule)


def _lines(draft: Draft, article: Article) -> Iterator[str]:
    for name, value, origin in fields_of(draft, article):
        yield f"  {name:9} {_short(value)}  ({origin})"
    if article.rejection:
        yield f"  verdict   {article.rejection}"


def _origin(draft: Draft, name: str, generic_name: str) -> str:
    """Return the page that gave a field, and how: the site's rule, or the place on the page where
    generic extraction, which calls the field `generic_name`, found it."""
    if name == "section" and draft.section.name:
        return "listing"
    for part, fields in ranked(draft):
        if fields.get(name):
            how = draft.origins.get(part, {}).get(generic_name, "")
            return f"{part}: {how}" if how else f"{part}: rule" if part != "listing" else part
    return "worked out"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        value = ", ".join(str(getattr(part, "url", part)) for part in value)
    text = one_line(str(value)[: 3 * _LONGEST])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(str(value))} characters)"
