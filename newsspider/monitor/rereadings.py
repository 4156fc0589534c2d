"""Whether the articles of a crawl that are read again change as single corrections do.

In: of each article with a post, whether it has changed in one way, as by its title. Out: whether it
is one of too many. One Rereadings per crawl and way; the stage Validate asks it.

A paper corrects one title, or two. When a site's titles changed language, an update would overwrite
the titles of all its posts.
"""

from __future__ import annotations

_FEW = 3  # articles that may change in a crawl
_MOST = 0.5  # of those that are read again


class Rereadings:
    """Counts the articles of a crawl that have a post, and those of them that have changed."""

    def __init__(self) -> None:
        self._articles = self._changed = 0

    def are_many(self, *, has_changed: bool) -> bool:
        """Count an article; return whether it is one of too many that have changed."""
        self._articles += 1
        self._changed += has_changed
        return has_changed and self._changed > _FEW and self._changed > _MOST * self._articles
