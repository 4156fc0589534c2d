"""Articles that are held back: each whole, in a file of `_newsspider/held`, until it is published.

In: an article, and why it is doubtful. Out: its file, or the article again. The stages write and
remove the files; `newsspider show` reads them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsspider.model import Article
from newsspider.store.files import read_text, write_whole
from newsspider.store.lasting import LASTING
from newsspider.store.whole import article_of, values_of
from newsspider.text.slugs import short_hash

logger = logging.getLogger(__name__)

_FOLDER = "held"


@dataclass(frozen=True, slots=True)
class Held:
    """An article that is held back, and why, in words."""

    article: Article
    why: tuple[str, ...]


def hold(output: Path, article: Article, why: Sequence[str]) -> None:
    """Write the file of an article, if that changes it. Raises Unwritable or OSError."""
    values = {"why": list(why), "article": values_of(article)}
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
    path = _path(output, article)
    data = f"{text}\n".encode()
    if not path.is_file() or path.read_bytes() != data:
        write_whole(path, data, output, lasting=True)


def let_go(output: Path, article: Article) -> None:
    """Remove the file of an article that is no longer held back, if it has one."""
    path = _path(output, article)
    if path.exists():
        path.unlink()


def held_articles(output: Path) -> Iterator[Held]:
    """Yield the articles that are held back. A file that cannot be read is left out: a person may
    have left anything there."""
    for path in sorted((output / LASTING / _FOLDER).glob("*.json")):
        try:
            yield _read(json.loads(read_text(path)))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            logger.warning("%s cannot be read: %s", path, error)


def _path(output: Path, article: Article) -> Path:
    """Return the path of an article's file. Two sites may use the same id."""
    name = f"{article.id}-{short_hash(article.key, 6)}.json"
    return output / LASTING / _FOLDER / Path(name).name


def _read(values: Any) -> Held:
    return Held(article_of(values["article"]), tuple(map(str, values["why"])))
