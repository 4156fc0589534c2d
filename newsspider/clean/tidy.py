"""Tree rules that keep all text and put the markup in order.

In: the tree of a body. Out: the same tree, changed in place; tables, lists, headings, figures, code
and links in the running text stay as they are. `clean` runs the rules of a profile, in the order of
RULES.
"""

from __future__ import annotations

import re

from lxml import etree

from newsspider.clean.tree import (
    BLANK,
    Notes,
    above,
    below,
    drop,
    elements,
    is_blank,
    lines,
    unwrap,
)
from newsspider.text import urls
from newsspider.text.elements import BLOCKS, LINES

_WEB = re.compile(r"https?://", re.I)

_KEPT = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "col": ("span",),
    "colgroup": ("span",),
    "ol": ("start", "type", "reversed"),
    "li": ("value",),
    "code": ("class",),  # the language, for highlighting
    "blockquote": ("cite",),
    "q": ("cite",),
    "abbr": ("title",),
    "time": ("datetime",),
    "video": ("src", "poster", "controls"),
    "audio": ("src", "controls"),
    "source": ("src", "type"),
}
_KEPT_EVERYWHERE = ("lang", "dir")
_ADDRESSES = ("href", "src", "poster", "cite")
_NO_MEANING = ("span", "font", "picture", "form", "big", "nobr", "tt", "ins")
_EMPTY_BLOCKS = frozenset((*LINES, "article", "aside", "figure", "figcaption", "header", "footer"))
_EMPTY_BLOCKS -= {"li"}
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "em", "font", "i", "ins", "label", "mark", "s", "small", "span"}
    | {"strong", "sub", "sup", "u"}
)
_MAY_BE_EMPTY = _EMPTY_BLOCKS | _INLINE | {"br"}
_CONTAINERS = frozenset({"body", "div", "section", "article", "main", "center", "blockquote"})


def attributes(root: etree._Element, notes: Notes) -> None:
    """Keep only attributes that tell what an element is; no style, class, size or script."""
    for element in elements(root):
        if not len(element.attrib):
            continue
        names = (*_KEPT.get(element.tag, ()), *_KEPT_EVERYWHERE)
        kept = [(name, value) for name in names if (value := element.get(name)) is not None]
        element.attrib.clear()
        for name, value in kept:
            element.set(name, value)


def spans(root: etree._Element, notes: Notes) -> None:
    """Unwrap tags without a meaning for a reader: span, font, anchors without an address."""
    meaningless = list(elements(root, *_NO_MEANING))
    meaningless += [anchor for anchor in elements(root, "a") if anchor.get("href") is None]
    unwrap(root, meaningless)


def links(root: etree._Element, notes: Notes) -> None:
    """Make the addresses of links and pictures absolute, where the article's own is known."""
    for element in elements(root):
        for name in _ADDRESSES:
            address = element.get(name)
            if address is None:
                continue
            plain = address.strip()
            if not _WEB.match(plain) and notes.base:
                plain = urls.absolute(plain, notes.base) or plain
            if plain != address:
                element.set(name, plain)


def empties(root: etree._Element, notes: Notes) -> None:
    """Remove blocks with neither text nor picture, the tags of inline elements with neither, and
    breaks at either end of a block."""
    empty = _empty(root)
    unwrap(root, [element for element in empty if element.tag in _INLINE])
    drop(root, [element for element in empty if element.tag in _EMPTY_BLOCKS])
    drop(root, _outer_breaks(root))


def _empty(root: etree._Element) -> list[etree._Element]:
    """Return the elements that show nothing. Read from the end: children come before parents."""
    full: set[etree._Element] = set()
    empty = []
    for node in reversed(list(root.iter())):
        if isinstance(node.tag, str):  # a comment shows nothing, but text may follow it
            if not is_blank(node.text) or node.tag not in _MAY_BE_EMPTY:
                full.add(node)
            if node not in full:
                empty.append(node)
        parent = node.getparent()
        if parent is not None and (node in full or not is_blank(node.tail)):
            full.add(parent)
    return empty


def _outer_breaks(root: etree._Element) -> list[etree._Element]:
    breaks: dict[etree._Element, None] = {}
    for block in [root, *elements(root, *LINES, "td", "figcaption")]:
        if is_blank(block.text):
            child = block[0] if len(block) else None
            while child is not None and child.tag == "br":
                breaks[child] = None
                child = child.getnext() if is_blank(child.tail) else None
        child = block[-1] if len(block) else None
        while child is not None and child.tag == "br" and is_blank(child.tail):
            breaks[child] = None
            child = child.getprevious()
    return list(breaks)


def paragraphs(root: etree._Element, notes: Notes) -> None:
    """Turn a div (section, center) with a line of text into a paragraph, and wrap a body without
    any block in one."""
    holders = above(root, elements(root, *BLOCKS))
    if root not in holders and (len(root) or not is_blank(root.text)):
        paragraph = root.makeelement("p")
        paragraph.text, root.text = root.text, None
        paragraph.extend(list(root))
        root.append(paragraph)
        return
    for element in elements(root, "div", "section", "center"):
        parent = element.getparent()
        if element not in holders and parent is not None and parent.tag in _CONTAINERS:
            element.tag = "p"
        elif element.tag == "center":
            element.tag = "div"


def paragraph_indents(root: etree._Element, notes: Notes) -> None:
    """Remove white space, including U+3000, before the first word of a paragraph and after a break.
    Tables keep theirs: it indents their rows."""
    kept = below(root, "table", "pre")
    for line in lines(root):
        if line not in kept:
            _strip_start(line)
    for line_break in elements(root, "br"):
        if line_break.tail and line_break not in kept:
            line_break.tail = line_break.tail.lstrip(BLANK)


def _strip_start(element: etree._Element | None) -> None:
    while element is not None:
        if element.text:
            element.text = element.text.lstrip(BLANK)
        if element.text or not len(element) or element[0].tag not in _INLINE:
            return
        element = element[0]


def joints(root: etree._Element, notes: Notes) -> None:
    """Start each block on a line of its own and end it without white space. Markdown would read
    the indents of a page's source as code blocks."""
    kept = below(root, "table", "pre")
    holders = above(root, elements(root, *BLOCKS))
    for block in [root, *elements(root, *BLOCKS)]:
        if block in kept and (block.getparent() in kept or block.tag not in ("table", "pre")):
            continue
        if block is not root and is_blank(block.tail):
            block.tail = None if block.getnext() is None else "\n"
        if block in kept:
            continue
        if block in holders:
            block.text = None if is_blank(block.text) else block.text
        elif len(block):
            block[-1].tail = (block[-1].tail or "").rstrip(BLANK)
        elif block.text:
            block.text = block.text.rstrip(BLANK)
