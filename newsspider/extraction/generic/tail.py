"""What a page has below its text, behind links: teasers, headings of lists, addresses of the site.

In: the lines of a page, the numbers of those that are its text, where they stand. Out: these
numbers without the tail. Called by `body`. Two extractors may take such lines for text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from lxml import etree

from newsspider.extraction.generic.line import Line, block_names
from newsspider.extraction.generic.places import Places

_TRUNK = 0.6  # of the letters: the smallest block with as many holds the text
_LONGEST = 0.3  # of the letters: a longer tail is text
_MOSTLY_LINK = 0.8  # of a line's characters


def without_tail(lines: Sequence[Line], kept: list[int], places: Places) -> list[int]:
    """Return the lines kept without those below the block with most of the text, behind a link.

    What has a paragraph in blocks named like those of the text is a part of the text."""
    total = sum(places.weights[number] for number in kept)
    trunk = _trunk(kept, places, _TRUNK * total)
    if trunk is None:
        return kept
    last = max(number for number in kept if trunk in places.chains[number])
    chosen = set(kept)
    text = takewhile(
        lambda number: number in chosen or not _is_link(lines[number]), range(last, len(lines))
    )
    end = max(text, default=last)
    tail = [number for number in kept if number > end]
    prose = [number for number in tail if places.weights[number]]
    if sum(places.weights[number] for number in prose) > _LONGEST * total:
        return kept
    names = {block_names(lines[number]) for number in kept if number <= end}
    if any(block_names(lines[number]) in names for number in prose):
        return kept
    return [number for number in kept if number <= end]


def _trunk(kept: Sequence[int], places: Places, letters: float) -> etree._Element | None:
    """Return the smallest block that holds as many letters of the lines kept, or None."""
    sums: dict[etree._Element, float] = {}
    for number in kept:
        if places.weights[number]:
            for block in places.chains[number]:
                sums[block] = sums.get(block, 0.0) + places.weights[number]
    blocks = (block for number in kept for block in places.chains[number])
    return next((block for block in blocks if sums.get(block, 0.0) >= letters > 0), None)


def _is_link(line: Line) -> bool:
    return bool(line.text) and line.linked >= _MOSTLY_LINK * len(line.text)
