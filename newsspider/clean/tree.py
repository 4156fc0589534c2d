"""The tree that the rules of `reader` change, and the few ways to change it.

In: a body as HTML text, of any length and depth. Out: one lxml tree, and HTML text again. Rules
name elements to drop or to unwrap; the functions here do that for all of them at once, because
removing them one by one moves the text around each time (100,000 hidden spans: minutes).
`clean` and `clean.reading` parse bodies here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from newsspider.text.elements import BLOCKS, LINES, VOID
from newsspider.text.repairs import closed_drawings, flattened, readable_tags, tag_counts

# White space, and the characters without width: a reader sees nothing.
BLANK = " \t\r\n\f\v\xa0\u3000\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
BLANK += "\u200a\u200b\u2028\u2029\u202f\u205f\u2060\ufeff"

# libxml2 silently drops what is nested deeper than 2048, and all that follows.
_DEEPEST = 400
_MOST_OPENED = 2000
_OPENED = re.compile(r"<[a-zA-Z]")
# A fragment has none of these; libxml2 drops what follows `</body>`, and `<plaintext>` never ends.
_DOCUMENT = re.compile(r"</?(?:html|head|body|frameset|plaintext)(?![\w-])[^<>]*>?", re.I)
# XML does not allow these, so the tree could not be serialised.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,6})(?![0-9a-fA-F])|0*([0-9]{1,7})(?!\d));?")
# No HTML parser makes a tag in capitals, so no page can name these.
_DROP, _UNWRAP = "DROP", "UNWRAP"


@dataclass(slots=True)
class Notes:
    """What the rules need (`base`, the address of the article), and the values that they collect
    from credit lines."""

    base: str = ""
    editor: str = ""
    original_title: str = ""
    source: str = ""
    authors: list[str] = field(default_factory=list)
    texts: dict[etree._Element, str] = field(default_factory=dict)

    def text_of_line(self, line: etree._Element) -> str:
        """Return the text of a line, read once for the rules that look at each line: they remove
        whole lines, and change no other."""
        if line not in self.texts:
            self.texts[line] = text_of(line)
        return self.texts[line]


def parse(body: str) -> etree._Element:
    """Return the tree of a body: an element `body` around it. Never raises.

    Markup that nests deeper than in any article loses its tags, not its text.
    """
    body = readable_tags(body)
    body = closed_drawings(body, tag_counts(body))
    body = _REFERENCE.sub(_writable, _DOCUMENT.sub("", _UNWRITABLE.sub("", body)))
    if len(_OPENED.findall(body)) > _MOST_OPENED:
        body = flattened(body, _DEEPEST)
    # A new parser for each call: in lxml, threads that share a parser wait for each other.
    parser = etree.HTMLParser(remove_pis=True, huge_tree=True)
    return etree.fromstring(f"<html><body>{body}</body></html>", parser)[0]


def _writable(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if code <= 0x10FFFF and _UNWRITABLE.match(chr(code)) else reference[0]


def serialise(root: etree._Element) -> str:
    """Return the inner HTML of `root` as XHTML: `<br />`, double quotes, every tag closed."""
    for element in elements(root):
        if not len(element) and not element.text and element.tag not in VOID:
            element.text = ""  # `<td></td>`; an HTML parser reads `<td />` as a start tag
    root.attrib.clear()
    root.tail = None
    text = etree.tostring(root, encoding="unicode")
    text = text[len("<body>") : -len("</body>")] if text.endswith("</body>") else ""
    return text.replace("/>", " />").strip("\r\n")


def elements(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield the elements with these tags, or all, in reading order; comments are left out."""
    return root.iter(*tags) if tags else root.iter("*")


def drop(root: etree._Element, unwanted: Iterable[etree._Element]) -> None:
    """Remove elements with their content; the text after them stays."""
    if _rename(unwanted, _DROP):
        etree.strip_elements(root, _DROP, with_tail=False)


def unwrap(root: etree._Element, unwanted: Iterable[etree._Element]) -> None:
    """Remove the tags of elements; their content stays."""
    if _rename(unwanted, _UNWRAP):
        etree.strip_tags(root, _UNWRAP)


def _rename(unwanted: Iterable[etree._Element], name: str) -> bool:
    unwanted = list(unwanted)
    for element in unwanted:
        element.tag = name
    return bool(unwanted)


def text_of(element: etree._Element) -> str:
    """Return the text of an element, as one line."""
    return " ".join("".join(cast(Iterable[str], element.itertext())).split())


def is_blank(text: str | None) -> bool:
    """Return whether a text shows nothing to a reader."""
    return not text or not text.strip(BLANK)


def above(root: etree._Element, inner: Iterable[etree._Element]) -> set[etree._Element]:
    """Return all elements that contain an element of `inner`. Linear: no step upwards is taken
    twice."""
    ancestors: set[etree._Element] = set()
    for element in inner:
        parent = element.getparent()
        while parent is not None and parent not in ancestors:
            ancestors.add(parent)
            parent = parent.getparent()
    return ancestors


def below(root: etree._Element, *tags: str) -> set[etree._Element]:
    """Return all elements with these tags and all elements in them."""
    inside: set[etree._Element] = set()
    if next(elements(root, *tags), None) is None:
        return inside
    for element in elements(root):
        if element.tag in tags or element.getparent() in inside:
            inside.add(element)
    return inside


def lines(root: etree._Element) -> list[etree._Element]:
    """Return the blocks that contain no further block: paragraphs, whatever their tag."""
    holders = above(root, elements(root, *BLOCKS))
    return [element for element in elements(root, *LINES) if element not in holders]
