"""Lines of a text that too few extractors have: its opening, parts of it, short lines.

In: the lines of a page, the numbers of those that are its text, where they stand. Out: these
numbers and more. Called by `body`. The libraries leave out a standfirst or a first paragraph in a
block of its own, and the layout is one block, although a text may continue in the next. It begins
and ends with a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from newsspider.extraction.generic.line import Line, block_around, block_names
from newsspider.extraction.generic.places import Places

_T = TypeVar("_T")
_SENTENCE_END = re.compile(r"[.!?。！？…]['\"”’»」]?$")
_TIME = re.compile(r"\d:\d\d")  # a byline with a time may end like a sentence: `11:04 a.m.`
_PARAGRAPH = 80  # letters
_PROSE = frozenset({"p", "h2", "h3", "h4"})  # a standfirst is often a heading
_HEADINGS = frozenset({"h2", "h3", "h4"})
_SHORT = frozenset({"p", "li", *_HEADINGS})
_MOSTLY_LINK = 0.8  # of a line's characters
_HEADLINE = 25  # characters of a link that may be the headline of a teaser


def with_opening(
    lines: Sequence[Line], kept: list[int], places: Places, headline: int
) -> list[int]:
    """Return the lines kept and the prose between the headline and the first paragraph kept.

    `headline` is the number of the headline's line, or -1. Prose that is longer than the text
    itself is another text."""
    first = next((n for n in kept if n > headline and places.weights[n]), -1)
    if headline < 0 or first < 0:
        return kept
    opening = [
        number
        for number in range(headline + 1, first)
        if places.is_prose(number)
        and _opens(lines[number], places.weights[number])
        and not is_teaser(lines, number)
    ]
    headings = [number for number in opening if lines[number].kind != "p"]
    if len(headings) > 1:  # the points of a summary
        opening = [number for number in opening if number not in headings]
    longer = sum(places.weights[n] for n in opening) > sum(places.weights[n] for n in kept)
    return kept if longer else sorted({*kept, *opening})


def with_parts(
    lines: Sequence[Line],
    kept: list[int],
    places: Places,
    headline: int,
    has_vote: Callable[[int], bool],
) -> list[int]:
    """Return the lines kept and the paragraphs among them, below the headline, that one extractor
    has and whose blocks are like those of most of the text."""
    names = _most(kept, places, lambda number: block_names(lines[number]))
    if names is None:
        return kept
    parts = [
        number
        for number in range(headline + 1, kept[-1])
        if has_vote(number)
        and lines[number].kind == "p"
        and places.is_prose(number)
        and block_names(lines[number]) == names
    ]
    return sorted({*kept, *parts})


def with_short_lines(
    lines: Sequence[Line], kept: list[int], places: Places, headline: int
) -> list[int]:
    """Return the lines kept and those of their block that do not read like sentences: headings,
    list items, and paragraphs in blocks of the same names. The layout has none of them below its
    last sentence."""
    names = _most(kept, places, lambda number: block_names(lines[number]))
    block = _most(kept, places, lambda number: block_around(lines[number]))
    if names is None or block is None:
        return kept
    inside = [
        number
        for number in range(headline + 1, len(lines))
        if block_around(line := lines[number]) is block
        and line.kind in _SHORT
        and (line.kind != "p" or block_names(line) == names)
        and 2 * line.linked < len(line.text)
        and not places.beside(number)
        and not places.of_others(number)
    ]
    chosen = {*kept, *inside}
    while lines[last := max(chosen)].kind in _HEADINGS and last not in kept:
        chosen.discard(last)
    return sorted(chosen)


def _most(kept: Sequence[int], places: Places, of: Callable[[int], _T]) -> _T | None:
    """Return what more than half of the text has in common, or None."""
    letters: Counter[_T] = Counter()
    for number in kept:
        letters[of(number)] += int(places.weights[number])
    value, most = max(letters.items(), key=lambda item: item[1], default=(None, 0))
    return value if 2 * most > letters.total() else None


def _opens(line: Line, letters: float) -> bool:
    """Return whether a line reads like a standfirst or a first paragraph."""
    if letters >= _PARAGRAPH or line.kind not in _PROSE:
        return line.kind in _PROSE
    ends = line.kind == "p" and _SENTENCE_END.search(line.text)
    return bool(ends) and not _TIME.search(line.text)


def is_teaser(lines: Sequence[Line], number: int) -> bool:
    """Return whether a line is below a link that may be the headline of another article."""
    before = lines[number - 1]
    return len(before.text) >= _HEADLINE and before.linked >= _MOSTLY_LINK * len(before.text)
