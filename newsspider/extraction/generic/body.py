"""The text of an article: the lines of the page that belong to it.

In: the tree of a page, its lines, the text in its structured data. Out: the lines of the article,
and the extractors that found them. Called by `extract`. The layout of the page decides, or two of
three extractors (see `votes`). Then tables are completed, and boilerplate and bylines are removed
(see `boilerplate`, `datelines`). The article consists of the page's own lines: so its HTML keeps
headings, lists, tables and pictures, which no library keeps all of, and each line can be judged by
itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree, html

from newsspider.extraction.generic.attachments import with_attachments
from newsspider.extraction.generic.boilerplate import (
    at_ends,
    is_disclaimer,
    is_notice,
    is_pager,
    is_residue,
    is_wall,
)
from newsspider.extraction.generic.datelines import is_credit
from newsspider.extraction.generic.extractors import extraction_of
from newsspider.extraction.generic.hidden import shown
from newsspider.extraction.generic.line import Line, block_around, is_sentence
from newsspider.extraction.generic.link_lists import find_link_lists, without_labels
from newsspider.extraction.generic.notes import with_notes
from newsspider.extraction.generic.opening import with_opening, with_parts, with_short_lines
from newsspider.extraction.generic.places import Places
from newsspider.extraction.generic.tables import with_tables
from newsspider.extraction.generic.tail import without_tail
from newsspider.extraction.generic.texts import squeeze
from newsspider.extraction.generic.votes import Votes, find_votes

_MOSTLY_LINK = 0.8  # of a line's characters
_UNSHOWN = 2  # times the text shown: a page whose structured data has more is filled by a script
_NOTHING = 50  # letters
_REPEATED = 20  # letters: a longer line counts once
_DATE_LINE = re.compile(r"(?:\w{2,15},? )?\d{1,2}\.? \w{3,12} (?:19|20)\d\d(?:,? \d\d:\d\d)?")
_PARAGRAPH, _FEW = 60, 2  # letters of a paragraph, paragraphs of a block of the text
# The time above an entry of a live blog: `16:45`, `16.45 Uhr`, `4:45 pm`, `16h45`
_CLOCK = re.compile(r"\d{1,2}(?:[:.h]|[时時点點] ?)\d{2}(?: ?(?:Uhr|h|分|[ap]\.? ?m\.?))?", re.I)
_ENTRIES = 3
_SECTIONS = ("article", "section")
_HEADINGS = frozenset({"h2", "h3", "h4"})
_TIME = 20  # characters of a line, such as a time, between a heading and its text
_ENDS = 4  # lines at the head and the end of a text that may be credits


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the article, and the extractors that found them (`trafilatura+layout`)."""

    lines: tuple[Line, ...] = ()
    origin: str = ""


def find_body(
    tree: html.HtmlElement,
    lines: Sequence[Line],
    headline: int,
    title: str,
    jsonld_lines: Sequence[Line] = (),
    url: str = "",
) -> Body:
    """Return the article's lines.

    `headline` is the number of the headline's line, or -1. `jsonld_lines` is the text in the
    structured data: if the page shows it, it votes like an extractor; if the page shows less than
    half of it, it is the article. `url` is the address of the page."""
    lines, headline = shown(lines, headline)
    keys = [squeeze(line.text) if line.kind != "img" else "" for line in lines]
    places = Places(lines, headline)
    stated = extraction_of([line.text for line in jsonld_lines])
    votes = find_votes(tree, lines, keys, places, headline, stated)
    kept = sorted(votes.sure.union(_kept(keys, votes)))
    kept = _without_others(keys, kept, places)
    kept = with_opening(lines, kept, places, headline)
    kept = with_parts(lines, kept, places, headline, votes.has)
    if not votes.trafilatura:
        kept = with_short_lines(lines, kept, places, headline)
    kept = with_tables(lines, kept, votes.has, places.beside)
    kept = _with_companions(lines, keys, votes, kept)
    kept = _with_headings(lines, votes, kept, places)
    listed = find_link_lists(lines, kept, url, places.beside)
    kept = _cleaned(lines, keys, sorted({*kept, *listed}), listed, headline, squeeze(title))
    kept = without_tail(lines, kept, places)
    kept = _with_times(lines, votes, kept)
    if _UNSHOWN * sum(len(keys[number]) for number in kept) < len(stated.text):
        return Body(tuple(jsonld_lines), "json-ld")
    kept = with_notes(lines, kept, url)
    names = votes.names(set(kept))
    return Body(tuple(with_attachments(lines, kept, headline)), names)


def _kept(keys: list[str], votes: Votes) -> list[int]:
    """Return the lines that two extractors have, or else those of the longest extraction."""
    kept = [number for number in range(len(keys)) if votes.count(number) >= votes.enough]
    if sum(len(keys[number]) for number in kept) < _NOTHING:
        extractions = (votes.trafilatura, votes.third, votes.layout)
        kept = sorted(max(extractions, key=lambda numbers: sum(len(keys[n]) for n in numbers)))
    seen: set[str] = set()
    unique = []
    for number in kept:
        if len(keys[number]) <= _REPEATED or keys[number] not in seen:
            unique.append(number)
        seen.add(keys[number])
    return unique


def _without_others(keys: list[str], kept: list[int], places: Places) -> list[int]:
    """Return the lines kept without readers' comments and other articles. A mark on more than half
    of the text does not count."""
    rest = [number for number in kept if not places.of_others(number)]
    whole = 2 * sum(len(keys[number]) for number in rest) < sum(len(keys[n]) for n in kept)
    return kept if whole else rest


def _with_companions(
    lines: Sequence[Line], keys: list[str], votes: Votes, kept: list[int]
) -> list[int]:
    """Return the lines kept and more from the block that holds most of the text.

    These are lines that a single extractor has, and list items: to extractors short ones look like
    a menu."""
    letters: dict[etree._Element | None, int] = {}
    for number in kept:
        block = block_around(lines[number])
        letters[block] = letters.get(block, 0) + len(keys[number])
    main = max(letters, key=lambda block: letters[block], default=None)
    if main is None or 2 * letters[main] < sum(letters.values()):
        return kept
    inside = [n for n in range(kept[0], len(lines)) if keys[n] and block_around(lines[n]) is main]
    chosen = set(kept)
    last = max((n for n in inside if votes.count(n)), default=-1)
    for number in inside:
        line = lines[number]
        if 2 * line.linked >= len(line.text):
            continue
        if votes.count(number) or (line.kind == "li" and number < last):
            chosen.add(number)
    return sorted(chosen)


def _with_headings(
    lines: Sequence[Line], votes: Votes, kept: list[int], places: Places
) -> list[int]:
    """Return the lines kept and the headings that open their sections, which only the layout has: a
    library takes a short heading for no text."""
    chosen = set(kept)
    for before, after in pairwise(kept):
        opened = set(places.chains[after]) - set(places.chains[before])
        if after - before < 2 or not any(block.tag in _SECTIONS for block in opened):
            continue
        for number in range(after - 1, before, -1):
            line = lines[number]
            if line.kind in _HEADINGS and number in votes.layout and not line.linked:
                chosen.add(number)
            elif line.linked or len(line.text) > _TIME:
                break
    return sorted(chosen)


def _with_times(lines: Sequence[Line], votes: Votes, kept: list[int]) -> list[int]:
    """Return the lines kept and the times of day above the entries of a live blog: there are
    several, each right above a line of the text, and the layout has all but the first."""
    times = {number - 1 for number in kept if number and _CLOCK.fullmatch(lines[number - 1].text)}
    return sorted({*kept, *times}) if len(times & votes.layout) >= _ENTRIES else kept


def _cleaned(
    lines: Sequence[Line],
    keys: list[str],
    kept: list[int],
    listed: set[int],
    headline: int,
    title: str,
) -> list[int]:
    """Return the lines kept without the headline, all above it, boilerplate, credits, and links
    other than those `listed`."""
    below = sum(len(keys[number]) for number in kept if number > headline) > 300
    cleaned, notices = [], _notices(lines, kept)
    for number in kept:
        line = lines[number]
        if keys[number] == title or (number <= headline and below):
            continue
        linked = line.linked >= _MOSTLY_LINK * len(line.text)
        if linked and number not in listed and line.cell is None:
            continue
        if is_residue(line) or _DATE_LINE.fullmatch(line.text):
            continue
        if number in notices:
            continue
        cleaned.append(number)
    cleaned = [n for n in cleaned if not (is_pager(lines[n]) and _is_beside_pager(lines, n))]
    last = set(cleaned[-_ENDS:])
    ends = last.union(cleaned[:_ENDS])
    cleaned = [
        n
        for n in cleaned
        if lines[n].cell is not None
        or not ((n in ends and is_credit(lines[n])) or (n in last and is_disclaimer(lines[n])))
    ]
    cleaned = without_labels(lines, cleaned)
    while cleaned and _is_heading(lines[cleaned[-1]]):
        cleaned.pop()  # the heading of a section that was removed
    return cleaned


def _is_heading(line: Line) -> bool:
    return line.kind in _HEADINGS and not is_sentence(line.text)


def _notices(lines: Sequence[Line], kept: list[int]) -> set[int]:
    """Return the numbers of the notices among the lines kept. One that only speaks of consent has a
    block of its own; in a block with paragraphs of the text it is news about data protection."""
    notices = {number for number in at_ends(kept) if is_notice(lines[number])}
    news = {number for number in notices if not is_wall(lines[number])}
    if not news:
        return notices
    paragraphs = Counter(
        block_around(lines[number])
        for number in kept
        if number not in notices and len(lines[number].text) >= _PARAGRAPH
    )
    return notices - {n for n in news if paragraphs[block_around(lines[n])] >= _FEW}


def _is_beside_pager(lines: Sequence[Line], number: int) -> bool:
    """Return whether a line is beside a pager's link, as the number of the page itself is."""
    beside = (lines[at] for at in (number - 1, number + 1) if 0 <= at < len(lines))
    return lines[number].cell is None and any(line.linked and is_pager(line) for line in beside)
