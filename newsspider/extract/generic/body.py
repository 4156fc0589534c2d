"""The text of an article: which lines of the page it is.

In: the tree of a page and its lines. Out: the lines of the article. Three readings of the page (see
`voters`) vote on its lines; where a line stands and what it looks like decides with them. The
article is written from the page's own lines: so its HTML keeps headings, lists, tables and
pictures, which no library keeps all, and each line can be judged for itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree, html

from newsspider.extract.generic.headline import squeeze
from newsspider.extract.generic.layout import Line, is_data_table
from newsspider.extract.generic.lines import is_credit, is_residue
from newsspider.extract.generic.voters import (
    SENTENCE_END,
    Places,
    by_layout,
    by_readability,
    by_trafilatura,
    size,
)

# How much each sign speaks for a line being the article's, fitted by logistic regression on the
# lines of the public sets of docs/extraction.md. A line two readings have stays unless the signs
# are clearly against it; one that fewer have comes in when they are clearly for it.
_POINTS = {
    "always": -2.14,
    "trafilatura": 0.69,
    "readability": 0.35,
    "layout": 0.53,
    "both libraries": 0.81,
    "trafilatura and layout": -0.46,
    "all three": -0.35,
    "a link": -1.24,
    "half a link": -0.73,
    "length": 0.30,
    "short": -0.93,
    "no end": -1.03,
    "caption": -0.61,
    "beside": -1.26,
    "comment": -0.60,
    "above headline": -0.56,
    "below headline": 0.47,
    "after the end": -1.43,
    "line before": 0.66,
    "line after": 0.54,
    "main block": 0.43,
    "same block": 1.39,
}
_AGAINST, _FOR = -2.5, 0.5
_MOSTLY_LINK = 0.8
_ENDS = 4  # lines at the head and the end of a text where credits stand


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the article, and the readings that found them."""

    lines: tuple[Line, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """The lines each reading has."""

    trafilatura: set[int]
    readability: set[int]
    layout: set[int]

    def count(self, number: int) -> int:
        """How many readings have a line."""
        return (number in self.trafilatura) + (number in self.readability) + (number in self.layout)


def find_body(tree: html.HtmlElement, lines: Sequence[Line], headline: int, title: str) -> Body:
    """The article among the lines of the page. `headline` is the number of its line, or -1."""
    keys = [squeeze(line.text) if line.kind != "img" else "" for line in lines]
    places = Places(lines)
    votes = Votes(
        by_trafilatura(tree).votes(keys),
        by_readability(tree).votes(keys),
        by_layout(lines, places, headline),
    )
    kept = _kept(lines, keys, votes, signs(lines, keys, votes, places, headline))
    kept = _with_tables(lines, keys, votes, kept)
    kept = _cleaned(lines, keys, kept, headline, squeeze(title))
    names = [
        name
        for name, found in (
            ("trafilatura", votes.trafilatura),
            ("readability", votes.readability),
            ("layout", votes.layout),
        )
        if 2 * len(found & set(kept)) > len(kept)
    ]
    return Body(tuple(_with_pictures(lines, kept)), "+".join(names))


def _kept(
    lines: Sequence[Line], keys: list[str], votes: Votes, told: dict[int, dict[str, float]]
) -> list[int]:
    kept = []
    seen: set[str] = set()
    for number, said in told.items():
        points = sum(_POINTS.get(name, 0.0) * value for name, value in said.items())
        if points > (_AGAINST if votes.count(number) >= 2 else _FOR):
            if len(keys[number]) > 20 and keys[number] in seen:
                continue
            seen.add(keys[number])
            kept.append(number)
    return kept


def signs(
    lines: Sequence[Line], keys: list[str], votes: Votes, places: Places, headline: int
) -> dict[int, dict[str, float]]:
    """What speaks for and against each line of text."""
    texts = [number for number, key in enumerate(keys) if key]
    counts = {number: votes.count(number) for number in texts}
    most = max(counts.values(), default=0)
    sure = [n for n in texts if most and counts[n] == most and n > headline and len(keys[n]) > 20]
    first, last = (sure[0], sure[-1]) if sure else (-1, len(lines))
    main, parent = _home(keys, counts, places, headline, sure)
    found = {}
    for position, number in enumerate(texts):
        line = lines[number]
        said = size(line.text)
        linked = line.linked / len(line.text)
        before = counts[texts[position - 1]] if position else 0
        after = counts[texts[position + 1]] if position + 1 < len(texts) else 0
        t, r = number in votes.trafilatura, number in votes.readability
        chain = places.chains[number]
        found[number] = {
            "always": 1.0,
            "trafilatura": float(t),
            "readability": float(r),
            "layout": float(number in votes.layout),
            "both libraries": float(t and r),
            "trafilatura and layout": float(t and number in votes.layout),
            "all three": float(counts[number] == 3),
            "a link": float(linked >= _MOSTLY_LINK),
            "half a link": float(0.5 <= linked < _MOSTLY_LINK),
            "length": min(3.0, math.log(1 + said / 20)),
            "short": float(said < 25),
            "no end": float(not SENTENCE_END.search(line.text)),
            "caption": float(line.kind == "caption"),
            "beside": float(places.beside(number, start=3)),
            "comment": float(places.in_comments(number)),
            "above headline": float(number < headline),
            "below headline": float(headline < number < first),
            "after the end": float(number > last),
            "line before": before / 3,
            "line after": after / 3,
            "main block": float(main is not None and main in chain),
            "same block": float(len(chain) > 1 and chain[1] is parent),
        }
    return found


def _home(
    keys: list[str], counts: dict[int, int], places: Places, headline: int, sure: list[int]
) -> tuple[etree._Element | None, etree._Element | None]:
    """The smallest block that holds four fifths of what two readings have, and the block around
    most of its paragraphs."""
    around: dict[etree._Element, int] = {}
    direct: dict[etree._Element, int] = {}
    for number, count in counts.items():
        if count < 2 or number <= headline:
            continue
        weight = len(keys[number]) * (count - 1)
        chain = places.chains[number]
        if len(chain) > 1:
            direct[chain[1]] = direct.get(chain[1], 0) + weight
        for block in chain[1:6]:
            around[block] = around.get(block, 0) + weight
    if not direct or not sure:
        return None, None
    total = sum(direct.values())
    middle = places.chains[sure[len(sure) // 2]]
    main = next((b for b in middle[1:] if around.get(b, 0) >= 0.8 * total), None)
    return main, max(direct, key=lambda block: direct[block])


def _with_tables(
    lines: Sequence[Line], keys: list[str], votes: Votes, kept: list[int]
) -> list[int]:
    """With all cells of the tables that stand in the text and that a reading has most of: alone, a
    cell looks like nothing."""
    cells: dict[etree._Element, list[int]] = {}
    for number in range(kept[0], kept[-1]) if kept else ():
        line = lines[number]
        if line.kind == "cell" and line.group is not None and keys[number]:
            cells.setdefault(line.group, []).append(number)
    chosen = set(kept)
    for table, numbers in cells.items():
        voted = sum(votes.count(number) >= 1 for number in numbers)
        if 2 * voted >= len(numbers) and is_data_table(table):
            chosen.update(numbers)
    return sorted(chosen)


def _cleaned(
    lines: Sequence[Line], keys: list[str], kept: list[int], headline: int, title: str
) -> list[int]:
    """Without the headline and what stands above it, lines that are one link, promotion."""
    below = sum(len(keys[number]) for number in kept if number > headline) > 300
    found = []
    for number in kept:
        line = lines[number]
        if keys[number] == title or (number <= headline and below):
            continue
        if line.linked >= _MOSTLY_LINK * len(line.text) and not is_data_table(line.group):
            continue
        if is_residue(line):
            continue
        found.append(number)
    ends = {*found[:_ENDS], *found[-_ENDS:]}
    found = [number for number in found if number not in ends or not is_credit(lines[number])]
    while found and lines[found[-1]].kind in ("h2", "h3", "h4"):
        found.pop()  # the heading of what was dropped
    return found


def _with_pictures(lines: Sequence[Line], kept: list[int]) -> list[Line]:
    """The lines kept, the pictures between them and just above the first, and their captions."""
    if not kept:
        return []
    chosen = set(kept)
    start = kept[0]
    while start and lines[start - 1].kind in ("img", "caption"):
        start -= 1
    found: list[Line] = []
    for number in range(start, kept[-1] + 1):
        line = lines[number]
        caption = line.kind == "caption" and bool(found) and found[-1].kind == "img"
        if line.kind == "img" or caption or (number in chosen and line.kind != "caption"):
            found.append(line)
    return found
