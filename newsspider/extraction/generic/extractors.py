"""The extractors that vote on the lines of a page: two libraries and one of our own.

In: the tree of a page, its lines. Out: the numbers of the lines that an extractor takes for the
article. Called by `votes`. The libraries (trafilatura, readability-lxml) give text; a line of the
page counts as extracted if their text contains most of it. Our own extractor follows the layout: it
goes down from the body into the block that holds three quarters of the text, again and again,
without comments and what is beside the text.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml import etree, html

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.places import Places
from newsspider.extraction.generic.texts import size, squeeze
from newsspider.text.budget import budget, unmeasured

_CHUNK = 24  # characters of a line looked up at once
_SHORT = 14  # squeezed characters: a shorter line must be a whole line of the extraction
_ENOUGH = 0.6  # of a line's chunks that an extraction must contain
# The libraries take 0.1 ms for an element of an ordinary page, and the square of some others. Of
# 350 news pages none has more than 4,500 elements.
_MOST_ELEMENTS = 6000
_MOST_ATTRIBUTES = 60_000
_LONGEST = 500_000  # characters that the libraries read
_SECONDS = 1.0  # of CPU time for a library
_MOST_COMPARED = 500_000_000  # characters, in the search for the lines in an extraction


# Words for which a library leaves out a block, whatever it has.
_MISLEADING = re.compile(r"comment|side-?bar|related|disqus|community|discuss|remark", re.I)


@dataclass(frozen=True, slots=True)
class Corrections:
    """What misleads the libraries on a page: the names of `around`, the blocks around its text."""

    around: Sequence[etree._Element] = ()

    def copy(self, tree: html.HtmlElement) -> html.HtmlElement:
        """Return a copy of the tree without the names that mislead."""
        root = tree.getroottree()
        paths = [root.getpath(block) for block in self.around if is_misleading([block])]
        copy = deepcopy(tree)
        copied = copy.getroottree()
        for block in [element for path in paths for element in copied.xpath(path)]:
            for name in ("class", "id"):
                words = (block.get(name) or "").split()
                block.set(name, " ".join(w for w in words if not _MISLEADING.search(w)))
        return copy


_NONE = Corrections()


def is_misleading(blocks: Iterable[etree._Element]) -> bool:
    """Return whether the name of one of these blocks has a word for which a library leaves it
    out."""
    return any(
        _MISLEADING.search(f"{block.get('class') or ''} {block.get('id') or ''}")
        for block in blocks
    )


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text that an extractor gives: letters and digits only, as one string and by line."""

    text: str = ""
    lines: frozenset[str] = frozenset()

    def has(self, line: str) -> bool:
        """Return whether the extraction contains a (squeezed) line of the page."""
        if len(line) < _SHORT:
            return line in self.lines
        if line in self.text:
            return True
        if len(line) < 2 * _CHUNK:
            return line[:_CHUNK] in self.text or line[-_CHUNK:] in self.text
        chunks = [line[i : i + _CHUNK] for i in range(0, len(line) - _CHUNK + 1, _CHUNK)]
        return sum(chunk in self.text for chunk in chunks) >= _ENOUGH * len(chunks)

    def votes(self, keys: Sequence[str]) -> set[int]:
        """Return the numbers of the lines that the extraction contains, each text once. In a very
        long text only whole lines are looked for."""
        searches = len(keys) + sum(map(len, keys)) // _CHUNK
        has = self.has if searches * len(self.text) <= _MOST_COMPARED else self.lines.__contains__
        seen: set[str] = set()
        numbers: set[int] = set()
        for number, key in enumerate(keys):
            if not key or not self.text or not has(key) or (len(key) > 20 and key in seen):
                continue
            seen.add(key)
            numbers.add(number)
        return numbers


def extraction_of(lines: Sequence[str]) -> Extraction:
    """Return the extraction that consists of these lines."""
    squeezed = [squeeze(line) for line in lines]
    return Extraction("".join(squeezed), frozenset(squeezed))


def is_affordable(tree: html.HtmlElement, keys: Sequence[str]) -> bool:
    """Return whether the libraries read the page in bounded time. `keys` are its lines."""
    elements = list(islice(tree.iter(), _MOST_ELEMENTS + 1))
    attributes = sum(len(element.keys()) for element in elements)
    few = len(elements) <= _MOST_ELEMENTS and attributes <= _MOST_ATTRIBUTES
    return few and sum(map(len, keys)) <= _LONGEST


def by_trafilatura(tree: html.HtmlElement, corrections: Corrections = _NONE) -> Extraction:
    """Return the text that trafilatura extracts."""
    with unmeasured():
        import trafilatura

    tree = corrections.copy(tree)
    # A library may fail on any page of the web.
    with contextlib.suppress(Exception), _quiet(), budget(_SECONDS):
        result = trafilatura.bare_extraction(tree, include_comments=False, fast=True)
        text = getattr(result, "text", None)
        if text:
            return extraction_of(str(text).split("\n"))
    return Extraction()


def by_readability(tree: html.HtmlElement, corrections: Corrections = _NONE) -> Extraction:
    """Return the text that readability-lxml extracts."""
    with unmeasured():
        from readability import Document

    tree = corrections.copy(tree)
    with contextlib.suppress(Exception), _quiet(), budget(_SECONDS):
        summary = Document(tree).summary(html_partial=True)
        if summary:
            root = html.fragment_fromstring(summary, create_parent="div")
            return extraction_of([line.text for line in read_lines(root, "")])
    return Extraction()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep both libraries from logging what they cannot parse: nobody can act on it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def by_layout(lines: Sequence[Line], places: Places, headline: int) -> set[int]:
    """Return the numbers of the lines in the block that holds the text of the page."""
    weights = places.weights
    apart = [
        weight if weight and number > headline and not places.of_others(number) else 0.0
        for number, weight in enumerate(weights)
    ]
    numbers = _densest(lines, apart, places)
    if sum(len(lines[number].text) for number in numbers) >= 200:
        return numbers
    return _densest(lines, weights, places)


def _densest(lines: Sequence[Line], weights: list[float], places: Places) -> set[int]:
    weights = [w * (0.1 if w and places.beside(n) else 1.0) for n, w in enumerate(weights)]
    sums: dict[etree._Element, float] = {}
    inner: dict[etree._Element, set[etree._Element]] = {}
    for number, weight in enumerate(weights):
        if weight:
            chain = places.chains[number]
            for block in chain:
                sums[block] = sums.get(block, 0.0) + weight
            for block, outer in pairwise(chain):
                inner.setdefault(outer, set()).add(block)
    if not sums:
        return set()
    top = max(sums, key=lambda block: sums[block])
    while blocks := inner.get(top):
        most = max(blocks, key=lambda block: sums[block])
        if sums[most] < 0.75 * sums[top]:
            break
        top = most
    return _within(lines, weights, places, top)


def _within(
    lines: Sequence[Line], weights: list[float], places: Places, top: etree._Element
) -> set[int]:
    """Return the numbers of a block's lines from its first paragraph to its last, without links and
    asides."""
    inside = [n for n in range(len(lines)) if top in places.chains[n]]
    sure = [n for n in inside if weights[n] >= size(lines[n].text)]
    sure = sure or [n for n in inside if weights[n]]
    numbers = set()
    for number in inside:
        line = lines[number]
        if not sure[0] <= number <= sure[-1] or line.kind == "img":
            continue
        depth = places.chains[number].index(top)
        if line.linked <= 0.6 * len(line.text) and not places.beside(number, end=depth):
            numbers.add(number)
    return numbers
