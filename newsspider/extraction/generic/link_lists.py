"""Lists of links that belong to the text of an article.

In: the lines of a page, those of its text so far. Out: the numbers of more lines of the text; the
lines without the labels of other lists. Called by `body`. The extractors take a list whose items
are links for a menu or for links to other articles. It is part of the text if the text goes on
below it, and if the sentence above announces it or its links lead to other sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from newsspider.extraction.generic.boilerplate import is_notice, is_residue
from newsspider.extraction.generic.line import Line, block_around
from newsspider.extraction.generic.texts import size
from newsspider.text.urls import publisher_host

_MOSTLY_LINK = 0.8  # of the characters of a list
_ANNOUNCES = re.compile(r"[:：]\W{0,3}$")
_HREF = re.compile(r'<a href="([^"]{1,2000})"')
_SENTENCE_END = re.compile(r"[.!?。！？…]\W{0,2}$")
_LABELS = frozenset({"p", "h2", "h3", "h4"})
_LONGEST_LABEL = 30  # letters
_LINKS = 2  # links below a label
_LOOKED_AT = 8  # lines below a label
_LISTS = ("ul", "ol", "dl")


def find_link_lists(
    lines: Sequence[Line], kept: Sequence[int], url: str, is_beside: Callable[[int], bool]
) -> set[int]:
    """Return the numbers of the lines of such lists.

    `kept` are the numbers of the lines of the text, in order; `url` is the address of the page.
    `is_beside` returns whether a line is marked as beside the text."""
    numbers: set[int] = set()
    if not kept:
        return numbers
    chosen = set(kept)
    for first, end in _lists(lines, kept[0], kept[-1]):
        section = [line for line in lines[first:end] if line.kind == "li"]
        above = next((n for n in range(first - 1, -1, -1) if lines[n].kind != "img"), -1)
        below = next((n for n in range(end, kept[-1] + 1) if lines[n].kind != "img"), -1)
        if above not in chosen or below not in chosen or not _is_of_links(section):
            continue
        if is_beside(first) or block_around(lines[below]) is not block_around(section[0]):
            continue
        boilerplate = is_residue(lines[above]) or is_notice(lines[above])
        announced = _ANNOUNCES.search(lines[above].text) and not boilerplate
        if announced or _leads_away(section, url):
            numbers.update(n for n in range(first, end) if lines[n].kind == "li")
    return numbers


def without_labels(lines: Sequence[Line], kept: Sequence[int]) -> list[int]:
    """Return the lines kept without the labels of links that are no text: short lines, such as
    `Trending`, right above several. A line above one link may be the heading of the text that
    goes on."""
    chosen = set(kept)
    return [n for n in kept if not (_may_label(lines[n]) and _heads_links(lines, n, chosen))]


def _may_label(line: Line) -> bool:
    short = line.kind in _LABELS and line.cell is None and size(line.text) <= _LONGEST_LABEL
    return short and not line.linked and not _SENTENCE_END.search(line.text)


def _heads_links(lines: Sequence[Line], number: int, chosen: set[int]) -> bool:
    """Return whether links that are not chosen are right below a line."""
    links = 0
    for below in range(number + 1, min(len(lines), number + 1 + _LOOKED_AT)):
        if below in chosen or (lines[below].kind != "img" and not _is_link(lines[below])):
            break
        links += lines[below].kind != "img"
    return links >= _LINKS


def _is_link(line: Line) -> bool:
    return bool(line.text) and line.linked >= _MOSTLY_LINK * len(line.text)


def _lists(lines: Sequence[Line], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the first line of each list between two lines, and the line behind the list."""
    number = first
    while number < last:
        start, group = number, lines[number].group
        number += 1
        if group is None or group.tag not in _LISTS:
            continue
        while number < last and _belongs(lines[number], group):
            number += 1
        yield start, number


def _belongs(line: Line, group: etree._Element) -> bool:
    return line.group is group or line.kind == "img"


def _is_of_links(section: Sequence[Line]) -> bool:
    length = sum(len(line.text) for line in section)
    return len(section) > 1 and sum(line.linked for line in section) >= _MOSTLY_LINK * length


def _leads_away(section: Sequence[Line], url: str) -> bool:
    links = [match[1] for line in section if (match := _HREF.search(line.html))]
    own = _publisher(url)
    return 2 * sum(_publisher(link) != own for link in links) > len(section)


def _publisher(url: str) -> str:
    """Return the name in the domain of an address: bbc of bbc.com and of bbc.co.uk."""
    return publisher_host(url).partition(".")[0]
