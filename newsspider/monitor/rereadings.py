"""Whether the articles of a crawl that are read again change as single corrections do.

In: the fields of a post, and its article as it reads now. Out: whether the change is doubtful. One
Rereadings per crawl; the stage Validate asks it.

A paper corrects one title, or two. When a site's titles changed language, an update would overwrite
the titles of all its posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsspider.model import Article

_FEW = 3  # titles that may change in a crawl
_MOST = 0.5  # of the articles that are read again


class Rereadings:
    """Counts the articles of a crawl that have a post, and those whose title is another now."""

    def __init__(self) -> None:
        self._articles = self._retitled = 0

    def is_doubtful(self, before: Mapping[str, Any], article: Article) -> bool:
        """Return whether an article is one of too many whose titles change; `before` are the fields
        of its post, empty if they are not known."""
        if not before:
            return False
        self._articles += 1
        if before.get("title") == article.title:
            return False
        self._retitled += 1
        return self._retitled > _FEW and self._retitled > _MOST * self._articles
