"""What the articles of a crawl look like, in numbers that the ledger keeps by run.

In: each article that reaches Validate. Out: the names to count for it. `drift` compares them with
earlier runs. One Tally per crawl.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from newsspider.model import Article
from newsspider.text.slugs import short_hash


class Tally:
    """Counts the articles of one crawl: text, characters, language/XX, same/title, same/body,
    only_day/time, guessed/time."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def counts(self, article: Article) -> Iterator[tuple[str, int]]:
        """Yield what to count for an article, each a name and a number."""
        if article.body:
            yield "text", 1
            yield "characters", len(article.body)
        if article.language:
            yield f"language/{article.language.split('-')[0].lower()[:8]}", 1
        if article.dated_by:
            yield "guessed/time", 1
        elif article.published is not None and article.published.time() == time():
            yield "only_day/time", 1
        # A wall or an error page served as an article is the same every time.
        for name, text in (("title", article.title), ("body", article.body)):
            entry = (name, short_hash(text))
            if text and entry in self._seen:
                yield f"same/{name}", 1
            self._seen.add(entry)
