"""Rewriting of nh3's output into markup that `grammar` accepts.

In: nh3's output, a serialised HTML5 tree of allowed elements. No parser may read such a tree back
(a block in a link, a paragraph in a heading), or kramdown may read it as Markdown (text at top
level). Out: its text, in order and once, in a structure by the tables of `grammar`. `sanitize`
calls it, and checks the result.
"""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin

from newsspider.errors import TooLong
from newsspider.sanitize.grammar import (
    ATTRIBUTE_NAME,
    ATTRIBUTES,
    BLOCK,
    DECLARATION,
    ELEMENTS,
    HIDDEN,
    INLINE,
    MAX_BYTES,
    PHRASE,
    TABLE,
    TEXT,
    TOP,
)
from newsspider.text.urls import plain_parts

# Elements that separate text on a page: unwrapped, `<section>a</section><section>b</section>` would
# show `ab`.
_BOXES: Final = (
    "address article aside details dialog dir fieldset footer form header hgroup legend"
    " main menu nav optgroup option search section summary"
)
SYNONYMS: Final = {
    **dict.fromkeys(_BOXES.split(), "div"),
    "strike": "s",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
}
# Blocks deeper than this dissolve into the block around them, inline elements into their text:
# together, with those that are supplied, well below `grammar.MAX_DEPTH`.
_BLOCKS_DEEP: Final = 36
_INLINES_DEEP: Final = 16
# The element to supply inside an element that may not contain some content itself.
_SUPPLIED: Final = {
    TOP: "p",
    ELEMENTS["ul"].holds: "li",
    ELEMENTS["dl"].holds: "dd",
    TABLE: "tbody",
    ELEMENTS["tbody"].holds: "tr",
    ELEMENTS["tr"].holds: "td",
}
_SPACE: Final = " \t\n"
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|[^<]+")
_ATTRIBUTE = re.compile(r' ([a-z0-9-]+)="([^"]*)"')
_IN_URLS = re.compile(r"[\s\x00-\x20\"<>\\^`{|}\x7f-\x9f]")
_SCHEME = re.compile(r"https?(?=://)", re.IGNORECASE)

_INLINE_END, _DISSOLVED_END, _NO_END = -1, -2, -3


class _Block(NamedTuple):
    name: str
    holds: int
    supplied: bool  # by the writer, around content that may not be there alone


def rewrite(canonical: str, base: str) -> str:
    """Return strict markup with the text and the usable links and images of nh3's output.

    Relative addresses are resolved against `base`, an absolute URL. Raises TooLong for a result
    over `grammar.MAX_BYTES`: pushed-down markup repeats itself.
    """
    writer = _Writer()
    for match in _TOKEN.finditer(canonical):
        slash, name, attributes = match.groups()
        if name is None:
            writer.text(match[0])
        elif slash:
            writer.end()
        else:
            name = SYNONYMS.get(name, name)
            writer.start(name, _attributes(name, attributes, base) if attributes else "")
    return writer.finish()


class _Writer:
    """Writes a body, token by token.

    Blocks are written when they come. Inline elements are pushed down: opened only around text and
    images and closed at each edge of a block, so they never contain a block.
    """

    def __init__(self) -> None:
        self._out: list[str] = []
        self._size = 0
        self._blocks: list[_Block] = []  # written and still open
        self._inlines: list[str] = []  # start tags written and still open
        self._wanted: list[str] = []  # start tags of the input's open inline elements
        # For each open element of the input: how many blocks stay open when it ends, or a code.
        self._ends: list[int] = []

    def text(self, text: str) -> None:
        if not self._holds() & TEXT:
            text = text.lstrip(_SPACE)
            if not text:
                return
            self._make_room(TEXT)
        self._match_inlines()
        self._write(text.replace('"', "&quot;"))

    def start(self, name: str, attributes: str) -> None:
        kind, holds = ELEMENTS[name]
        tag = f"<{name}{attributes}"
        if holds == 0:
            self._void(name, kind, tag)
        elif kind & PHRASE:
            linked = any(wanted.startswith("<a ") for wanted in self._wanted)
            dropped = name == "a" and (linked or ' href="' not in attributes)
            dropped = dropped or len(self._wanted) >= _INLINES_DEEP
            if not dropped:
                self._wanted.append(tag + ">")
            self._ends.append(_NO_END if dropped else _INLINE_END)
        else:
            self._block(name, kind, tag)

    def end(self) -> None:
        left = self._ends.pop()
        if left == _INLINE_END:
            self._wanted.pop()
        elif left == _DISSOLVED_END:
            self._separate()
        elif left >= 0:
            self._close_blocks(left)

    def finish(self) -> str:
        self._close_blocks(0)
        return "".join(self._out).strip(_SPACE)

    def _block(self, name: str, kind: int, tag: str) -> None:
        if len(self._blocks) < _BLOCKS_DEEP:
            if not self._make_room(kind) and kind != BLOCK:  # a list item outside a list
                name, kind, tag = "div", BLOCK, "<div"
            if self._make_room(kind):
                self._ends.append(len(self._blocks))
                self._open(name, tag + ">", supplied=False)
                return
        self._separate()
        self._ends.append(_DISSOLVED_END)

    def _void(self, name: str, kind: int, tag: str) -> None:
        if name == "img" and ' src="' not in tag:
            return
        if name == "br" and not self._holds() & INLINE:
            return  # between blocks, where it would become a paragraph of its own
        if not self._make_room(kind):
            self._separate()
            return
        if kind == INLINE:
            self._match_inlines()
        else:
            self._close_inlines()
        self._write(tag + " />")

    def _holds(self) -> int:
        return self._blocks[-1].holds if self._blocks else TOP

    def _make_room(self, kind: int) -> bool:
        """Close supplied blocks and supply missing ones until `kind` may follow. Return whether it
        may."""
        while self._blocks and self._blocks[-1].supplied and not self._holds() & kind:
            self._close_blocks(len(self._blocks) - 1)
        missing = []
        holds = self._holds()
        while not holds & kind:
            name = _SUPPLIED.get(holds)
            if name is None:
                return False
            missing.append(name)
            holds = ELEMENTS[name].holds
        for name in missing:
            self._open(name, f"<{name}>", supplied=True)
        return True

    def _open(self, name: str, tag: str, *, supplied: bool) -> None:
        self._close_inlines()
        self._write(tag)
        self._blocks.append(_Block(name, ELEMENTS[name].holds, supplied))

    def _close_blocks(self, left: int) -> None:
        while len(self._blocks) > left:
            self._close_inlines()
            self._write(f"</{self._blocks.pop().name}>")
            if not self._blocks:
                self._write("\n")

    def _match_inlines(self) -> None:
        """Open and close inline elements until they match those that are open in the input."""
        if self._wanted == self._inlines:
            return
        common = 0
        for written, wanted in zip(self._inlines, self._wanted, strict=False):
            if written != wanted:
                break
            common += 1
        self._close_inlines(common)
        for tag in self._wanted[common:]:
            self._write(tag)
            self._inlines.append(tag)

    def _close_inlines(self, left: int = 0) -> None:
        while len(self._inlines) > left:
            tag = self._inlines.pop()
            self._write(f"</{tag[1:-1].partition(' ')[0]}>")

    def _separate(self) -> None:
        """Separate text that the edge of a block separated, where the block is not allowed."""
        if self._holds() & TEXT:
            last = self._out[-1]
            if last != "\n" and not last.startswith(f"<{self._blocks[-1].name}"):
                self._write("\n")

    def _write(self, markup: str) -> None:
        self._size += len(markup)
        if self._size > MAX_BYTES:
            raise TooLong("its markup is longer than a post may be")
        self._out.append(markup)


def _attributes(tag: str, attributes: str, base: str) -> str:
    """Return the usable attributes of a start tag, in the form that `grammar` accepts."""
    written = []
    for name, escaped in _ATTRIBUTE.findall(attributes):
        pattern = ATTRIBUTES[tag].get(name)
        if pattern is None:
            continue
        value = html.unescape(escaped) if "&" in escaped else escaped
        if name == "src":
            value = _absolute(value.partition("#")[0], base)  # `#` alone is the page itself
        elif name == "href":
            value = _absolute(value, base)
        elif name == "style":
            value = _plain_style(value)
        elif "\n" in value:
            value = value.replace("\n", " ")
        if not value and name != "alt":
            continue
        if pattern.fullmatch(value):
            written.append(f' {name}="{escape(value)}"')
    return "".join(written)


def escape(value: str) -> str:
    """Return `value` escaped for HTML text and for a double-quoted attribute."""
    for character, reference in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;")):
        if character in value:
            value = value.replace(character, reference)
    return value


def _absolute(url: str, base: str) -> str:
    url = url.strip()
    if url and not url.startswith(("https://", "http://")):
        try:
            url = urljoin(base, url)
        except ValueError:  # `//[`
            return ""
        url = _SCHEME.sub(lambda scheme: scheme[0].lower(), url, count=1)
    url = _IN_URLS.sub(lambda character: quote(character[0], safe=""), url)
    return plain_parts(url)


def _plain_style(style: str) -> str:
    """Return the declarations of a style that a post may contain. None hides an element: all text
    must stay visible."""
    declarations = [part.strip() for part in style.replace('"', "'").split(";")]
    return "".join(
        f"{declaration};"
        for declaration in declarations
        if DECLARATION.fullmatch(declaration)
        and not (HIDDEN.search(declaration) or ATTRIBUTE_NAME.search(declaration))
    )
