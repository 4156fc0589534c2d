"""Why an article is as it is: each field, and who said it.

In: a finished draft and its article. Out: lines for a person. Called by the spiders for --explain,
and by `newsspider.authoring.replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsspider.extraction.draft import Draft, ranked
from newsspider.model import Article
from newsspider.text.characters import one_line

# Fields of the site file, the attribute of the article they become, and what generic extraction
# calls them in its origins.
FIELDS = {
    "title": ("title", "title"),
    "time": ("published", "published"),
    "modified": ("modified", "modified"),
    "source": ("source", "source"),
    "author": ("authors", "authors"),
    "editor": ("editor", "editor"),
    "summary": ("summary", "summary"),
    "image": ("images", "images"),
    "tags": ("tags", "tags"),
    "language": ("language", "language"),
    "link": ("link", "canonical"),
    "body": ("body", "body"),
}
_LONGEST = 100


def explain(made: Draft, article: Article) -> str:
    """The article's address, and a line for each field: its value, and where it stood."""
    return "\n".join([article.link, *_lines(made, article)])


def told(made: Draft, article: Article) -> Iterator[tuple[str, Any, str]]:
    """The fields that the article has: name, value as the article holds it, who said it."""
    for name, (attribute, origin) in FIELDS.items():
        if value := getattr(article, attribute):
            yield name, value, _said_by(made, name, origin)


def _lines(made: Draft, article: Article) -> Iterator[str]:
    for name, value, where in told(made, article):
        yield f"  {name:9} {_short(value)}  ({where})"
    if article.verdict:
        yield f"  verdict   {article.verdict}"


def _said_by(made: Draft, name: str, origin: str) -> str:
    """The page that said a field, and by which means where it was no rule of the site."""
    for part, fields in ranked(made):
        if fields.get(name):
            how = made.origins.get(part, {}).get(origin, "")
            return f"{part}: {how}" if how else f"{part}: rule" if part != "listing" else part
    return "worked out"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        value = ", ".join(str(getattr(one, "url", one)) for one in value)
    text = one_line(str(value)[: 3 * _LONGEST])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(str(value))} characters)"
