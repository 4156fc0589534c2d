"""What belongs to the lines of a text though it is no text: pictures, captions, quoted posts.

In: the lines of a page, the numbers of those that are the text. Out: the lines of the article.
Called by `body`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from newsspider.extraction.generic.captions import figure_of
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.pictures import is_of_others
from newsspider.text.pictures import address_of, is_picture

_MOSTLY_LINK = 0.8  # of the characters of a line


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
    lead = _lead(lines, headline, start, holding) if headline >= 0 else []
    article: list[Line] = []
    beside = False  # the last picture
    for number in (*lead, *range(start, _end(lines, kept))):
        line = lines[number]
        if line.cell is not None:
            wanted = number in chosen
        elif line.kind == "img":
            beside = _is_beside(line.holder, holding) or _is_of_teaser(lines, number, holding)
            wanted = not beside
        elif line.kind == "caption":
            wanted = not beside and bool(article) and article[-1].kind in ("img", "caption")
            wanted = wanted or (_lacks_picture(line) and not _is_beside(line.holder, holding))
        else:
            wanted = number in chosen or line.posted
        if wanted:
            article.append(line)
    return article


def _end(lines: Sequence[Line], kept: list[int]) -> int:
    """Return the number of the line below the text and the pictures that end its block."""
    letters: Counter[etree._Element | None] = Counter()
    for number in kept:
        letters[lines[number].holder.getparent()] += len(lines[number].text)
    block, end = letters.most_common(1)[0][0], kept[-1] + 1
    while end < len(lines) and lines[end].kind in ("img", "caption") and not lines[end].linked:
        holder = lines[end].holder
        if block is not holder and all(each is not block for each in holder.iterancestors()):
            break
        end += 1
    return end


def _lacks_picture(line: Line) -> bool:
    """Return whether a line is the caption of a figure whose picture has no address."""
    figure = figure_of(line)
    if figure is None:
        return False
    inside = islice(figure.iter(etree.Element), 40)
    return not any(is_picture(element) and address_of(element) for element in inside)


def _lead(
    lines: Sequence[Line], headline: int, end: int, holding: set[etree._Element]
) -> list[int]:
    """Return the first figure between the headline and the text, and its captions. A byline is
    often between the figure and the text."""
    for number in range(headline + 1, end):
        line = lines[number]
        framed = figure_of(line) is not None or lines[number + 1].kind == "caption"
        framed = framed or bool(line.href)
        if line.kind == "img" and framed and not _is_beside(line.holder, holding):
            following = range(number + 1, end)
            return [number, *itertools.takewhile(lambda n: lines[n].kind == "caption", following)]
    return []


def _blocks_around(lines: Sequence[Line], kept: list[int]) -> set[etree._Element]:
    """Return the blocks around the lines kept."""
    blocks: set[etree._Element] = set()
    for number in kept:
        block: etree._Element | None = lines[number].holder
        while block is not None and block not in blocks:
            blocks.add(block)
            block = block.getparent()
    return blocks


def _is_of_teaser(lines: Sequence[Line], number: int, holding: set[etree._Element]) -> bool:
    """Return whether a picture links to another page, and so does the line below it, in a block
    without any text."""
    if not lines[number].linked or number + 1 == len(lines):
        return False
    below = lines[number + 1]
    if below.kind in ("img", "caption") or below.linked < _MOSTLY_LINK * len(below.text):
        return False
    block = _without_text(below.holder, holding)
    return block is not None and block is _without_text(lines[number].holder, holding)


def _without_text(
    block: etree._Element | None, holding: set[etree._Element]
) -> etree._Element | None:
    """Return the outermost block around a block that holds no text, or None."""
    outermost = None
    while block is not None and block not in holding:
        outermost, block = block, block.getparent()
    return outermost


def _is_beside(block: etree._Element | None, holding: set[etree._Element]) -> bool:
    while block is not None and block not in holding:
        if is_of_others(block):
            return True
        block = block.getparent()
    return False
