"""Where an article's fields come from: each field's value, its page and its place on the page.

In: an article. Out: lines for a person, or the values themselves. Called by the spiders for
--explain, and by `newsspider.authoring.replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsspider.extraction.origins import WORKED_OUT
from newsspider.model import FIELDS, Article
from newsspider.text.characters import one_line

_LONGEST = 100


def explain(article: Article) -> str:
    """Return the article's address, then a line for each field: its value and its origin."""
    return "\n".join([article.link, *_lines(article)])


def fields_of(article: Article) -> Iterator[tuple[str, Any, str]]:
    """Yield the name, value (as the article holds it) and origin of each field it has."""
    origins = {each.field: each.origin for each in article.origins}
    for attribute, info in FIELDS.items():
        if info.rule and (value := getattr(article, attribute)):
            yield info.rule, value, origins.get(attribute, WORKED_OUT)


def _lines(article: Article) -> Iterator[str]:
    for name, value, origin in fields_of(article):
        yield f"  {name:9} {_short(value)}  ({origin})"
    if article.rejection:
        yield f"  verdict   {article.rejection}"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        value = ", ".join(str(getattr(part, "url", part)) for part in value)
    text = one_line(str(value)[: 3 * _LONGEST])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(str(value))} characters)"
