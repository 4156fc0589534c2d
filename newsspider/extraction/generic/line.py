"""One line of a page: its text, its HTML, and what it is.

In: what `page_lines` reads in the tree. Out: a `Line`. All modules of this package that judge lines
use it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from newsspider.extraction.generic.texts import size

_SENTENCE = 90  # letters of a sentence that is no heading: half as many in Chinese


@dataclass(slots=True, eq=False)
class Line:
    """A line of a page, as a reader sees it.

    `kind` is p, h2, h3, h4, li, cell, quote, pre, caption or img. `holder` is the block around the
    line, `group` the list (the outermost), table, quotation or code around it, `row` its list item
    or table cell. `linked` counts the characters of its text that are in links. `hidden` is the
    outermost block around it that the page does not show (see `hidden`), or None. Of a picture,
    `src` is the address, `text` the alternative text, and `linked` 1 if it links to another page.
    An embed is a picture too: `href` is its address, `text` its title, `src` its poster or "".
    `markup` is the HTML in the line, or writes it: most lines of a page are in no article.
    `posted` lines are those of a quoted post. `cell` is the cell of a data table around the line,
    or its caption (see `tables`), or None; `inner` are the cells of the tables within that cell
    that hold the line, the outermost first.
    """

    kind: str
    text: str
    markup: str | Callable[[], str]
    holder: etree._Element
    group: etree._Element | None = None
    row: etree._Element | None = None
    linked: int = 0
    src: str = ""
    href: str = ""
    posted: bool = False
    cell: etree._Element | None = None
    inner: tuple[etree._Element, ...] = ()
    hidden: etree._Element | None = None

    @property
    def html(self) -> str:
        """The HTML in the line, written on the first use."""
        if not isinstance(self.markup, str):
            self.markup = self.markup()
        return self.markup


def is_sentence(text: str) -> bool:
    """Return whether a text is too long for a heading and ends like a sentence. Some pages have
    their whole text in headings, or do not close the headline."""
    return size(text) >= _SENTENCE and text.rstrip("\"'”’»)")[-1:] in (
        ".",
        "!",
        "?",
        "。",
        "！",
        "？",
    )


def block_around(line: Line) -> etree._Element | None:
    """Return the block around a line, or around its list or table."""
    place = line.group if line.group is not None else line.holder
    return place.getparent()


def block_names(line: Line) -> tuple[str, ...]:
    """Return the tags and classes of the two blocks around a line."""
    parent = line.holder.getparent()
    blocks = (line.holder,) if parent is None else (line.holder, parent)
    return tuple(name for block in blocks for name in (str(block.tag), block.get("class") or ""))
