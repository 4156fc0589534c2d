"""An article as the values of JSON, whole, and back.

In: an Article. Out: a mapping of texts, numbers and lists; and the Article again. Files of articles
that are held back and the outbox of a fleet have this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from newsspider.model import PARTS, Article, Rejection

_TIMES = ("published", "modified", "fetched_at")


def values_of(article: Article) -> dict[str, Any]:
    """Return the values of an article; its times in ISO 8601."""
    values = asdict(article)
    for name in _TIMES:
        if values[name] is not None:
            values[name] = values[name].isoformat()
    return values


def article_of(values: Mapping[str, Any]) -> Article:
    """Return the article of these values; fields of another version are left out. Raises
    ValueError, TypeError, KeyError or AttributeError for other values."""
    known = {field.name for field in fields(Article)}
    article = {name: value for name, value in values.items() if name in known}
    for name, value in article.items():
        if name in _TIMES and value:
            article[name] = datetime.fromisoformat(value)
        elif isinstance(value, list):
            article[name] = tuple(value)
    for name, kind in PARTS.items():
        article[name] = tuple(kind(**each) for each in article.get(name, ()))
    if rejection := article.get("rejection"):
        article["rejection"] = Rejection(**rejection)
    return Article(**article)
