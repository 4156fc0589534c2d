"""The text of an article: which lines of the page it is.

In: the tree of a page and its lines. Out: the lines of the article. Three readings of the page (see
`voters`) vote on its lines, and two of them decide; then tables are completed and what is no part
of a text goes (see `lines`). The article is written from the page's own lines: so its HTML keeps
headings, lists, tables and pictures, which no library keeps all, and each line can be judged for
itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree, html

from newsspider.extraction.generic.boilerplate import is_residue
from newsspider.extraction.generic.datelines import is_credit
from newsspider.extraction.generic.extractors import (
    Places,
    by_layout,
    by_readability,
    by_trafilatura,
    reading,
)
from newsspider.extraction.generic.headline import squeeze
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.page_lines import is_data_table
from newsspider.extraction.generic.pictures import is_of_others

_MOSTLY_LINK = 0.8
_AGREED = 0.9
_SHOWN = 0.8  # of the text told for machines
_UNSHOWN = 2  # times as much is told as is shown
_NOTHING = 50  # letters
_REPEATED = 20  # letters of a line that is not said twice
_DATE_LINE = re.compile(r"(?:\w{2,15},? )?\d{1,2}\.? \w{3,12} (?:19|20)\d\d(?:,? \d\d:\d\d)?")
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
    third: set[int]
    layout: set[int]

    def count(self, number: int) -> int:
        """How many readings have a line."""
        return (number in self.trafilatura) + (number in self.third) + (number in self.layout)


def find_body(
    tree: html.HtmlElement,
    lines: Sequence[Line],
    headline: int,
    title: str,
    told: Sequence[Line] = (),
) -> Body:
    """The article among the lines of the page. `headline` is the number of its line, or -1; `told`
    is the text that the page tells for machines: a reading like the others where the page shows it,
    and the article where the page shows next to nothing."""
    keys = [squeeze(line.text) if line.kind != "img" else "" for line in lines]
    places = Places(lines)
    first, layout = by_trafilatura(tree).votes(keys), by_layout(lines, places, headline)
    own = reading([line.text for line in told])
    third, name = own.votes(keys), "json-ld"
    if sum(len(keys[n]) for n in third) < _SHOWN * len(own.text) or not third:
        # readability costs as much as all the rest: only where the two do not agree.
        agreed = _agreement(keys, first, layout) >= _AGREED
        third, name = set() if agreed else by_readability(tree).votes(keys), "readability"
    votes = Votes(first, third, layout)
    kept = _kept(keys, votes)
    kept = _with_tables(lines, keys, votes, kept)
    kept = _with_companions(lines, keys, votes, kept)
    kept = _cleaned(lines, keys, kept, headline, squeeze(title))
    if _UNSHOWN * sum(len(keys[number]) for number in kept) < len(own.text):
        return Body(tuple(told), "json-ld")
    readings = {"trafilatura": first, name: third, "layout": layout}
    names = [name for name, has in readings.items() if 2 * len(has & set(kept)) > len(kept)]
    return Body(tuple(_with_pictures(lines, kept, headline)), "+".join(names))


def _agreement(keys: list[str], one: set[int], other: set[int]) -> float:
    """The share of the letters of two readings that both have."""
    shared, said = (sum(len(keys[n]) for n in lines) for lines in (one & other, one | other))
    return shared / said if said else 0.0


def _kept(keys: list[str], votes: Votes) -> list[int]:
    """The lines that two readings have; where they have none, those of the longest."""
    kept = [number for number in range(len(keys)) if votes.count(number) >= 2]
    if sum(len(keys[number]) for number in kept) < _NOTHING:
        readings = (votes.trafilatura, votes.third, votes.layout)
        kept = sorted(max(readings, key=lambda found: sum(len(keys[n]) for n in found)))
    seen: set[str] = set()
    found = []
    for number in kept:
        if len(keys[number]) <= _REPEATED or keys[number] not in seen:
            found.append(number)
        seen.add(keys[number])
    return found


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


def _with_companions(
    lines: Sequence[Line], keys: list[str], votes: Votes, kept: list[int]
) -> list[int]:
    """With what stands in the block that holds most of the text: a line that one reading has, and
    the short points of a list, which look like a menu to every reading."""
    letters: dict[etree._Element | None, int] = {}
    for number in kept:
        block = _block(lines[number])
        letters[block] = letters.get(block, 0) + len(keys[number])
    main = max(letters, key=lambda block: letters[block], default=None)
    if main is None or 2 * letters[main] < sum(letters.values()):
        return kept
    inside = [n for n in range(kept[0], len(lines)) if keys[n] and _block(lines[n]) is main]
    chosen = set(kept)
    for at, number in enumerate(inside):
        line = lines[number]
        if 2 * line.linked >= len(line.text):
            continue
        ended = not any(votes.count(n) for n in inside[at:])
        if votes.count(number) or (line.kind == "li" and not ended):
            chosen.add(number)
    return sorted(chosen)


def _block(line: Line) -> etree._Element | None:
    """The block that a line, or the list or table that it is of, stands in."""
    place = line.group if line.group is not None else line.holder
    return place.getparent()


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
        if is_residue(line) or _DATE_LINE.fullmatch(line.text):
            continue
        found.append(number)
    ends = {*found[:_ENDS], *found[-_ENDS:]}
    found = [
        n
        for n in found
        if n not in ends or is_data_table(lines[n].group) or not is_credit(lines[n])
    ]
    while found and lines[found[-1]].kind in ("h2", "h3", "h4"):
        found.pop()  # the heading of what was dropped
    return found


def _with_pictures(lines: Sequence[Line], kept: list[int], headline: int) -> list[Line]:
    """The lines kept, the pictures between them and just above the first, the figure below the
    headline, and their captions; but not those of a block beside the text: who wrote it, other
    articles."""
    if not kept:
        return []
    chosen, holding = set(kept), _around(lines, kept)
    start = kept[0]
    while start and lines[start - 1].kind in ("img", "caption"):
        start -= 1
    found: list[Line] = []
    lead = _lead(lines, headline, start, holding) if headline >= 0 else []
    for number in (*lead, *range(start, kept[-1] + 1)):
        line = lines[number]
        picture = line.kind == "img" and not _is_beside(line.holder, holding)
        caption = line.kind == "caption" and bool(found) and found[-1].kind == "img"
        if picture or caption or (number in chosen and line.kind not in ("img", "caption")):
            found.append(line)
    return found


def _lead(
    lines: Sequence[Line], headline: int, end: int, holding: set[etree._Element]
) -> list[int]:
    """The first figure between the headline and the text, and its caption: who wrote it often
    stands between them."""
    for number in range(headline + 1, end):
        line = lines[number]
        if line.kind == "img" and _framed(line) and not _is_beside(line.holder, holding):
            behind = range(number + 1, end)
            return [number, *itertools.takewhile(lambda n: lines[n].kind == "caption", behind)]
    return []


def _framed(line: Line) -> bool:
    return line.holder.tag == "figure" or any(True for _ in line.holder.iterancestors("figure"))


def _around(lines: Sequence[Line], kept: list[int]) -> set[etree._Element]:
    """The blocks that hold the lines kept."""
    found: set[etree._Element] = set()
    for number in kept:
        block: etree._Element | None = lines[number].holder
        while block is not None and block not in found:
            found.add(block)
            block = block.getparent()
    return found


def _is_beside(block: etree._Element | None, holding: set[etree._Element]) -> bool:
    while block is not None and block not in holding:
        if is_of_others(block):
            return True
        block = block.getparent()
    return False
