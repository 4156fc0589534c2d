"""The footnotes of a text: what its marks lead to is text.

In: the lines of a page, the numbers of those that are its text. Out: these numbers and those of the
notes. Called by `body`. A mark is a short link to another place of the page, `[1]` or `*`; the note
is the element with the id, or around the anchor, that the mark names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.text.urls import absolute

_MARK = re.compile(
    r"[\[(（［〔]?(?:\d{1,3}|[*†‡§¶①-⑳]{1,3}|[a-z]|[ivx]{1,5}|注\d{0,3})[\])）］〕]?", re.I
)
_BACK = r"[\s↩↵⏎↑⇧⬆▲^⤴⮌\ufe0e\ufe0f]+"
_BACK_LINK = re.compile(rf'\s*<a href="[^"]{{0,2083}}">{_BACK}</a>')
_BACK_END = re.compile(rf"{_BACK}$")
_AROUND = 4  # elements around a line, or in it, that may have the id
_INSIDE = 8
_MOST_LINKS = 20_000


def with_notes(lines: Sequence[Line], kept: Sequence[int], url: str) -> list[int]:
    """Return the lines kept and the notes that their marks lead to, with the heading above them.

    `url` is the address of the page. The links back from the notes go."""
    marks = _marks(lines, kept, url)
    if not marks:
        return list(kept)
    notes = []
    for number in range(kept[0], len(lines)):
        line = lines[number]
        if line.kind != "img" and any(marks.get(name, number) < number for name in _names(line)):
            notes.append(number)
            line.markup = _BACK_END.sub("", _BACK_LINK.sub("", line.html))
            line.text = _BACK_END.sub("", line.text)
    above = notes[0] - 1 if notes else 0
    if above > kept[0] and lines[above].kind in ("h2", "h3", "h4"):
        notes.append(above)
    return sorted({*kept, *notes})


def _marks(lines: Sequence[Line], kept: Sequence[int], url: str) -> dict[str, int]:
    """Return the names that marks of the text lead to, each with the first line that has it."""
    page = url.partition("#")[0]
    holders: dict[etree._Element, int] = {}
    for number in kept:
        holders.setdefault(lines[number].holder, number)
    marks: dict[str, int] = {}
    links = ((link, number) for holder, number in holders.items() for link in holder.iter("a"))
    for link, number in islice(links, _MOST_LINKS):
        before, _, name = (link.get("href") or "")[:2083].strip().partition("#")
        text = "".join(map(str, islice(link.itertext(), 8))).strip()
        here = not before or absolute(before, page) == page
        if name and here and _MARK.fullmatch(text):
            marks.setdefault(unquote(name), number)
    return marks


def _names(line: Line) -> set[str]:
    """Return the ids and the names of the anchors around and in a line."""
    elements = [line.holder, *islice(line.holder.iterancestors(), _AROUND)]
    elements += islice(line.holder.iter("a", "span", "sup"), _INSIDE)
    return {
        name for element in elements for name in (element.get("id"), element.get("name")) if name
    }
