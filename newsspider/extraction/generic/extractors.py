"""Three readings of a page, made comparable: two libraries' and one of our own.

In: the tree of a page, its lines. Out: for each reading the numbers of the lines it takes for the
article. The libraries (trafilatura, readability-lxml) give text; a line of the page is theirs when
their text has most of it. Our own reading goes by where the text is: down from the body, each time
into the block that holds three quarters of it, past comments and what stands beside the text.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree, html

from newsspider.extraction.generic.headline import squeeze
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.page_lines import read_lines

_CHUNK = 24  # characters of a line looked up at once
_SHORT = 14  # squeezed characters: a shorter line must be a line of the reading
_ENOUGH = 0.6  # of a line's chunks that a reading must have
_DEEPEST = 40  # blocks around a line that are looked at
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?。！？…”\"»)）:：;；]\s*$")
# Classes and ids of what stands beside a text.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentar\w*|disqus|respond|related|recommend\w*|recirc\w*"
    r"|more-?(?:stories|news|on|from)|read-?(?:more|next|also)|most-?\w*|popular|trending|footer"
    r"|side-?bar|widget|promo\w*|newsletter|subscri\w*|sign-?up|share\w*|sharing|social\w*|nav\w*"
    r"|menu|breadcrumbs?|cookie\w*|consent|gdpr|advert\w*|ads?|banner|sponsor\w*|outbrain|taboola"
    r"|tags?|pagination|pager|author-?(?:bio|box|info|card|details)|bio|toolbar|login|popup|modal"
    r"|overlay|hidden|copyright|teaser\w*|poll|survey|rating|byline|credits?|caption|masthead"
    r"|dateline)(?:$|[\s_-])",
    re.I,
)
# Readers' comments, which read like an article; word beginnings in several languages.
_COMMENTS = re.compile(
    r"comm?ent|koment|kommentar|disqus|opini[ea]\b|opopini|respond|repl(?:y|ies)|talkback|guestbook"
    r"|forum|feedback|σχόλι|sxoli|otzyv|pinglun|discuss|livefyre",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a library took for the text: letters and digits only, in one string and by line."""

    text: str = ""
    lines: frozenset[str] = frozenset()

    def has(self, line: str) -> bool:
        """Whether a (squeezed) line of the page is in the reading."""
        if len(line) < _SHORT:
            return line in self.lines
        if line in self.text:
            return True
        if len(line) < 2 * _CHUNK:
            return line[:_CHUNK] in self.text or line[-_CHUNK:] in self.text
        chunks = [line[i : i + _CHUNK] for i in range(0, len(line) - _CHUNK + 1, _CHUNK)]
        return sum(chunk in self.text for chunk in chunks) >= _ENOUGH * len(chunks)

    def votes(self, keys: Sequence[str]) -> set[int]:
        """The numbers of the lines the reading has, each text once."""
        seen: set[str] = set()
        found: set[int] = set()
        for number, key in enumerate(keys):
            if not key or not self.text or not self.has(key) or (len(key) > 20 and key in seen):
                continue
            seen.add(key)
            found.add(number)
        return found


def reading(lines: Sequence[str]) -> Extraction:
    """A reading of these lines."""
    squeezed = [squeeze(line) for line in lines]
    return Extraction("".join(squeezed), frozenset(squeezed))


def by_trafilatura(tree: html.HtmlElement) -> Extraction:
    """What trafilatura takes for the text."""
    import trafilatura

    with contextlib.suppress(Exception), _quiet():  # a library, on any page of the web
        found = trafilatura.bare_extraction(deepcopy(tree), include_comments=False, fast=True)
        text = getattr(found, "text", None)
        if text:
            return reading(str(text).split("\n"))
    return Extraction()


def by_readability(tree: html.HtmlElement) -> Extraction:
    """What readability-lxml takes for the text."""
    from readability import Document

    with contextlib.suppress(Exception), _quiet():
        found = Document(deepcopy(tree)).summary(html_partial=True)
        if found:
            root = html.fragment_fromstring(found, create_parent="div")
            return reading([line.text for line in read_lines(root, "")])
    return Extraction()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Both libraries log what they could not read; no one can act on it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


class Places:
    """Where the lines stand: the blocks around each, and what their marks say."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.chains = [_chain(line.holder) for line in lines]
        self._marks: dict[etree._Element, tuple[bool, bool]] = {}

    def beside(self, number: int, *, start: int = 0, end: int = _DEEPEST) -> bool:
        """Whether blocks `start` to `end` around a line, the innermost first, are marked as no part
        of a text."""
        return any(self._mark(block)[0] for block in self.chains[number][start:end])

    def in_comments(self, number: int) -> bool:
        """Whether a line is a reader's comment by the marks around it."""
        return any(self._mark(block)[1] for block in self.chains[number])

    def _mark(self, block: etree._Element) -> tuple[bool, bool]:
        if (known := self._marks.get(block)) is not None:
            return known
        found = (False, False)
        if block.tag not in ("body", "html"):
            names = f"{block.get('class') or ''} {block.get('id') or ''}"[:400]
            if names != " ":
                beside = block.tag not in ("article", "main") and bool(_BESIDE.search(names))
                found = (beside, bool(_COMMENTS.search(names)))
        self._marks[block] = found
        return found


def _chain(block: etree._Element) -> list[etree._Element]:
    chain: list[etree._Element] = []
    node: etree._Element | None = block
    while node is not None and len(chain) < _DEEPEST:
        chain.append(node)
        node = node.getparent()
    return chain


def size(text: str) -> int:
    """How much a text says: a Chinese character counts for two letters."""
    return len(text) + (0 if text.isascii() else len(_CJK.findall(text)))


def by_layout(lines: Sequence[Line], places: Places, headline: int) -> set[int]:
    """Our own reading: by where the text of the page is."""
    weights = [_weight(line) for line in lines]
    apart = [
        weight if weight and number > headline and not places.in_comments(number) else 0.0
        for number, weight in enumerate(weights)
    ]
    found = _densest(lines, apart, places)
    if sum(len(lines[number].text) for number in found) >= 200:
        return found
    return _densest(lines, weights, places)


def _weight(line: Line) -> float:
    if line.kind == "img" or line.linked > 0.5 * len(line.text):
        return 0.0
    said = size(line.text)
    return said if said >= 80 or (said >= 25 and _SENTENCE_END.search(line.text)) else 0.0


def _densest(lines: Sequence[Line], weights: list[float], places: Places) -> set[int]:
    weights = [w * (0.1 if w and places.beside(n) else 1.0) for n, w in enumerate(weights)]
    sums: dict[etree._Element, float] = {}
    inner: dict[etree._Element, set[etree._Element]] = {}
    for number, weight in enumerate(weights):
        if weight:
            chain = places.chains[number]
            for block in chain:
                sums[block] = sums.get(block, 0.0) + weight
            for block, around in pairwise(chain):
                inner.setdefault(around, set()).add(block)
    if not sums:
        return set()
    top = max(sums, key=lambda block: (sums[block], -len(_chain(block))))
    while blocks := inner.get(top):
        most = max(blocks, key=lambda block: sums[block])
        if sums[most] < 0.75 * sums[top]:
            break
        top = most
    return _within(lines, weights, places, top)


def _within(
    lines: Sequence[Line], weights: list[float], places: Places, top: etree._Element
) -> set[int]:
    """The lines of a block from its first paragraph to its last, without links and asides."""
    inside = [n for n in range(len(lines)) if top in places.chains[n]]
    sure = [n for n in inside if weights[n] >= size(lines[n].text)]
    sure = sure or [n for n in inside if weights[n]]
    found = set()
    for number in inside:
        line = lines[number]
        if not sure[0] <= number <= sure[-1] or line.kind == "img":
            continue
        depth = places.chains[number].index(top)
        if line.linked <= 0.6 * len(line.text) and not places.beside(number, end=depth):
            found.add(number)
    return found
