"""What a site changes in articles after their publication, for its readers.

In: an article as its post has it, and as it is now. Out: a Correction, or None where nothing but
trivial things changed: marks, case, spaces, order, credits, or fewer words than a source wants to
hear of. A changed figure always counts. Pure. The publisher makes one of each update.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from newsspider.clean import metadata
from newsspider.clean.credits import credit
from newsspider.errors import TooCostly
from newsspider.model import Article
from newsspider.text.budget import budget
from newsspider.text.differences import Difference, changed_words, places

# Words that must change, by what they are part of, for a correction.
Thresholds = Mapping[str, int]
KINDS = ("title", "lead", "body")

_MOST = 20  # places
_LONGEST = 400  # characters of a part of a place
_SECONDS = 0.5  # of CPU time for their comparison
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of a published article: what it concerns (of KINDS), the old and the new title, the
    places that differ, none if the texts take too long to compare, and when."""

    article: Article
    kinds: tuple[str, ...]
    old_title: str
    places: tuple[Difference, ...]
    at: datetime


def correction(before: Article, after: Article, least: Thresholds) -> Correction | None:
    """Return what an update corrects; None for a trivial change."""
    old, new = _parts(before), _parts(after)
    kinds = tuple(kind for kind in KINDS if _counts(old[kind], new[kind], least.get(kind, 1)))
    if not kinds or after.published is None:
        return None
    at = after.modified or after.published
    return Correction(after, kinds, before.title, tuple(_places(before, after)), at)


def _parts(article: Article) -> dict[str, str]:
    """Return the text of each kind: the lead is the digest and the first paragraph."""
    first, *rest = _lines(article) or [""]
    lead, body = f"{article.digest}\n{first}", "\n".join(rest)
    return {"title": article.title, "lead": lead, "body": body}


def _lines(article: Article) -> Sequence[str]:
    """Return the paragraphs of an article, without the lines that only name who made it."""
    return [line for line in metadata.read(article.body).lines if credit(line) is None]


def _counts(old: str, new: str, least: int) -> bool:
    changed = changed_words(old, new)
    return max(words.total() for words in changed) >= least or any(
        _FIGURE.search(word) for words in changed for word in words
    )


def _places(before: Article, after: Article) -> Iterator[Difference]:
    texts = [[article.digest, *_lines(article)] for article in (before, after)]
    try:
        with budget(_SECONDS):
            differing = list(islice(filter(_has_words, places(*texts)), _MOST))
    except TooCostly:
        return
    for place in differing:
        parts = (place.before, place.removed, place.added, place.after)
        yield Difference(*map(_shown, parts))


def _has_words(place: Difference) -> bool:
    """Return whether more than marks, case and spaces differ."""
    return any(changed_words(place.removed, place.added))


def _shown(text: str) -> str:
    """Return a part of a place in a line, its middle left out if it is long."""
    line = re.sub(r"\s+", " ", text)
    half = _LONGEST // 2
    return line if len(line) <= _LONGEST else f"{line[:half]} … {line[-half:]}"
