"""What the articles of a crawl look like, in numbers that the ledger keeps by run.

In: each article that reaches Validate. Out: the names to count for it. `drift` compares them with
earlier runs. One Tally per crawl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time

from newsspider.clean.metadata import language as by_script
from newsspider.exporters.texts import plain_text
from newsspider.model import Article
from newsspider.monitor.walls import is_mostly_wall
from newsspider.text.slugs import short_hash
from newsspider.text.stop_words import language_by_words

_LONG = 100  # characters of a text whose language is looked for


class Tally:
    """Counts the articles of one crawl: text, characters, language/XX, written_in, written_in/XX,
    same/title, same/body, wall/body, only_day/time, guessed/time."""

    def __init__(self, held: Iterable[Article] = ()) -> None:
        """`held` are articles of earlier runs, whose texts count as seen."""
        self._keys: dict[tuple[str, str], set[str]] = {}  # of the articles with a text
        for article in held:
            self._others_with(article, "body", article.body)

    def counts(self, article: Article) -> Iterator[tuple[str, int]]:
        """Yield what to count for an article, each a name and a number."""
        if article.body:
            yield "text", 1
            yield "characters", len(article.body)
            text = plain_text(article.body)
            if is_mostly_wall(text):
                yield "wall/body", 1
            yield from _language(text)
        if article.language:
            yield f"language/{article.language.split('-')[0].lower()[:8]}", 1
        if article.dated_by:
            yield "guessed/time", 1
        elif article.published is not None and article.published.time() == time():
            yield "only_day/time", 1
        # A wall or an error page served as an article is the same every time.
        for name, text in (("title", article.title), ("body", article.body)):
            if text and self._others_with(article, name, text):
                yield f"same/{name}", 1

    def _others_with(self, article: Article, name: str, text: str) -> bool:
        """Return whether another article has this text, and note that this one has it."""
        keys = self._keys.setdefault((name, short_hash(text)), set())
        others = bool(keys - {article.key})
        keys.add(article.key)
        return others


def language_of(text: str) -> str:
    """Return the language that a text is written in, whatever its page states; "" where none is
    clear."""
    return by_script(text, "") or language_by_words(text)


def _language(text: str) -> Iterator[tuple[str, int]]:
    """Yield that the language of a text was looked for, and which it is."""
    if len(text) >= _LONG:
        yield "written_in", 1
        if language := language_of(text):
            yield f"written_in/{language}", 1
