"""Whether an article may be published: it keeps the contract of its source, and its pattern.

In: an article, what is odd about it (its marks), the source's history and contract. Out: what
speaks against publishing it, in words. Pure. The stage Validate holds such an article back.

A mark is the name that a count has: `lacking/time`, `same/body`. Only marks after which a post may
be wrong for ever, or is no article at all, make an article doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from newsspider.exporters.texts import plain_text
from newsspider.model import FIELDS, Article
from newsspider.monitor.drift import ENOUGH, ordinary, runs_of, share_of
from newsspider.store.counts import Counts
from newsspider.text.likeness import is_unlike

OnBreak = Literal["hold", "drop", "publish"]

_RARE = 0.02  # share of the articles with a mark, up to which the mark is unusual
_LEAST = 25  # articles, without which nothing is rare
_SURE = ("wall/body",)  # but this, which says enough by itself
_SHORT = 0.2  # of the usual length of a text: of ordinary texts, one in two hundred is so short
# Of the usual length: of longer texts, one in fifty has no word of its title in some papers.
_SHORTER = 0.5
# Articles without the mark that are read while one is held: then it is odd, and its source is not.
_FEW = 3
_MARKS: Mapping[str, str] = {
    "by_fallback/time": "its time was read by generic extraction",
    "by_fallback/source": "its source was read by generic extraction",
    "lacking/time": "it has no time",
    "lacking/source": "it has no source",
    "only_day/time": "it has a day and no time of day",
    "guessed/time": "no source states its time",
    "same/title": "another article has its title",
    "same/body": "another article has its text",
    "short/body": "its text is far shorter than usual",
    "unlike/body": "its text has no word of its title",
    "unlike/title": "its title has no word of the title in the listing",
    "wall/body": "its text reads like a wall or an error page",
}
# Marks that only a text has which is short for its source.
BRIEF = frozenset({"short/body", "unlike/body", "unlike/title"})
_LANGUAGES = ("language", "written_in")  # as the page states it, and of the text
# Fields that a contract may require, by their names in site files.
_ATTRIBUTES = {info.rule: name for name, info in FIELDS.items() if info.rule}
REQUIRABLE = tuple(_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Contract:
    """What each article of a source must have: fields, by their names in site files, and one of
    these languages; and what happens to an article that does not."""

    required: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    on_break: OnBreak = "hold"

    def broken_by(self, article: Article, marks: Iterable[str] = ()) -> list[str]:
        """Return how an article with these marks breaks the contract, in words."""
        words = [
            f"it has no {name}" for name in self.required if not getattr(article, _ATTRIBUTES[name])
        ]
        allowed = {_macro(language) for language in self.languages}
        if allowed:
            stated = article.language.split("-")[0].lower()
            read = (mark.partition("/")[2] for mark in marks if mark.startswith("written_in/"))
            words += [
                f"its language is {language or 'not known'}"
                for language in dict.fromkeys([stated, *read])
                if _macro(language) not in allowed
            ]
        return words


class Pattern:
    """The history of a source; `history` are its earlier runs, the newest first."""

    def __init__(self, history: Sequence[Counts]) -> None:
        self._history = history
        self._usual = _usual_length(history)

    def marks(self, article: Article, marks: Iterable[str]) -> Iterator[str]:
        """Yield the marks of an article, and those that only its source's history shows."""
        is_brief = 0 < len(article.body) < _SHORTER * self._usual
        yield from (mark for mark in marks if is_brief or mark not in BRIEF)
        if 0 < len(article.body) < _SHORT * self._usual:
            yield "short/body"
        if is_brief and is_unlike(article.title, plain_text(article.body)):
            yield "unlike/body"

    def doubts(self, marks: Iterable[str], tries: int) -> list[str]:
        """Return which of these marks are unusual for the source, in words. `tries` are the runs
        that have held the article back."""
        if runs_of(self._history) < ENOUGH:
            return []
        words = [
            words
            for mark in marks
            if (words := _words(mark)) and self._is_unusual(mark) and not self._is_odd(mark, tries)
        ]
        return list(dict.fromkeys(words))

    def _is_unusual(self, mark: str) -> bool:
        runs = ordinary(self._history, mark)
        articles, hits = (sum(run[name] for run in runs) for name in (share_of(mark), mark))
        is_enough = articles >= _LEAST or mark in _SURE
        return is_enough and hits <= _RARE * articles

    def _is_odd(self, mark: str, tries: int) -> bool:
        """Return whether the source has had articles without the mark since this one was held."""
        others = (max(run[share_of(mark)] - run[mark], 0) for run in self._history[:tries])
        return sum(others) >= _FEW


def _macro(language: str) -> str:
    """Return a language, both written forms of Norwegian as `no`, which a contract may name."""
    return "no" if language in ("nb", "nn") else language


def _words(mark: str) -> str:
    """Return a mark in words; "" for one that makes no article doubtful."""
    kind, _, language = mark.partition("/")
    if kind in _LANGUAGES and language:
        return f"its language is {language}"
    return _MARKS.get(mark, "")


def _usual_length(history: Sequence[Counts]) -> float:
    """Return the median of the mean lengths of the texts of a run; 0 without enough runs."""
    means = sorted(run["characters"] / run["text"] for run in history if run["text"])
    return means[len(means) // 2] if len(means) >= ENOUGH // 2 else 0
