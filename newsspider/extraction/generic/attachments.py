"""What belongs to the lines of a text though it is no text: its pictures and their captions.

In: the lines of a page, the numbers of those that are the text. Out: the lines of the article.
Called by `body`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.pictures import is_of_others


def with_attachments(lines: Sequence[Line], kept: list[int], headline: int) -> list[Line]:
    """Return the lines kept with the pictures between them and just above the first, the figure
    below the headline, and their captions. Pictures of a block beside the text (about the author,
    other articles) are left out."""
    if not kept:
        return []
    chosen, holding = set(kept), _blocks_around(lines, kept)
    start = kept[0]
    while start and lines[start - 1].kind in ("img", "caption"):
        start -= 1
    article: list[Line] = []
    lead = _lead(lines, headline, start, holding) if headline >= 0 else []
    for number in (*lead, *range(start, kept[-1] + 1)):
        line = lines[number]
        picture = line.kind == "img" and not _is_beside(line.holder, holding)
        caption = line.kind == "caption" and bool(article) and article[-1].kind == "img"
        if picture or caption or (number in chosen and line.kind not in ("img", "caption")):
            article.append(line)
    return article


def _lead(
    lines: Sequence[Line], headline: int, end: int, holding: set[etree._Element]
) -> list[int]:
    """Return the first figure between the headline and the text, and its captions. A byline is
    often between the figure and the text."""
    for number in range(headline + 1, end):
        line = lines[number]
        if line.kind == "img" and _framed(line) and not _is_beside(line.holder, holding):
            following = range(number + 1, end)
            return [number, *itertools.takewhile(lambda n: lines[n].kind == "caption", following)]
    return []


def _framed(line: Line) -> bool:
    return line.holder.tag == "figure" or any(True for _ in line.holder.iterancestors("figure"))


def _blocks_around(lines: Sequence[Line], kept: list[int]) -> set[etree._Element]:
    """Return the blocks around the lines kept."""
    blocks: set[etree._Element] = set()
    for number in kept:
        block: etree._Element | None = lines[number].holder
        while block is not None and block not in blocks:
            blocks.add(block)
            block = block.getparent()
    return blocks


def _is_beside(block: etree._Element | None, holding: set[etree._Element]) -> bool:
    while block is not None and block not in holding:
        if is_of_others(block):
            return True
        block = block.getparent()
    return False
