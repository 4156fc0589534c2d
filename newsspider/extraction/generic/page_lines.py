"""The lines of a page, as a reader sees them, and lines as HTML.

In: an element of the page (hostile). Out: its lines in order, each with its text, its inline HTML
and its kind: paragraph, heading, list item, table cell, quotation, caption, picture. The HTML is
written here from scratch: it has only formatting and links, so it is safe to show. Called by
`extract`, `extractors` and `jsonld_body`; `write_lines` turns lines into HTML.
"""

from __future__ import annotations

from functools import partial
from html import escape

from lxml import etree

from newsspider.extraction.generic.captions import mark_captions
from newsspider.extraction.generic.code import code_text, is_code, is_gutter
from newsspider.extraction.generic.hidden import is_hidden_inline, is_unshown
from newsspider.extraction.generic.line import Line, is_sentence
from newsspider.extraction.generic.markup import Tag, written
from newsspider.extraction.generic.pictures import absolute, figure_address, picture_address
from newsspider.extraction.generic.tables import mark_cells
from newsspider.text import urls
from newsspider.text.elements import BLOCKS
from newsspider.text.embeds import (
    embeds_in,
    is_embed,
    is_quoted_post,
    post_address,
    read_embed,
    short,
)
from newsspider.text.pictures import (
    hidden_pictures,
    is_picture,
    is_teaser,
    linked_picture,
    lone_sources,
    may_state_picture,
)

_UNSEEN = frozenset(
    {*("script", "style", "noscript", "template", "select", "option", "textarea", "svg", "iframe")}
    | {*("button", "object", "embed", "input", "form-field", "canvas", "math", "audio", "video")}
    | {*("head", "nav", "link", "meta")}
)
_INLINE = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "code": "code",
    "sub": "sub",
    "sup": "sup",
    "del": "del",
    "s": "del",
    "mark": "mark",
    "u": "",
    "kbd": "kbd",
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "dl"})
_ITEMS = frozenset({"li", "dt", "dd"})
_AROUND = 16  # blocks around a line that decide its kind


class _Reader:
    """Walks through an element once and collects its lines."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.lines: list[Line] = []
        self.parts: list[str | Tag] = []  # of the line: its texts, and the tags around them
        self.blank = True  # no words in `parts`
        self.open: list[tuple[etree._Element, Tag, Tag]] = []  # inline elements: start and end
        self.blocks: list[etree._Element] = []
        self.pictures: list[Line] = []
        self.post: etree._Element | None = None  # the quoted post around
        self.post_start = 0  # the number of its first line
        self.hidden: etree._Element | None = None
        self.layout: set[etree._Element] = (
            set()
        )  # list items with an article or sections: the layout of a page
        self.linked = 0
        self.link_depth = 0

    def read(self, top: etree._Element) -> list[Line]:
        self.blocks.append(top)
        sections = top.iter("h1", "h2", "article")
        self.layout = {item for section in sections for item in section.iterancestors(*_ITEMS)}
        walker = etree.iterwalk(top, events=("start", "end", "comment", "pi"))
        skipped = None
        for event, node in walker:
            tag = node.tag
            if event == "start":
                unseen = tag in _UNSEEN or is_embed(node) or is_gutter(node)
                if unseen or self._is_unshown(node, tag):
                    self._unseen(node)
                    walker.skip_subtree()
                    skipped = node
                    continue
                self._start(node, tag)
                if is_code(node):
                    walker.skip_subtree()
                    self._code(node)
                elif node.text:
                    self._add(node.text)
            else:
                if isinstance(tag, str) and node is not skipped:
                    self._end(node, tag)
                if node is self.hidden:
                    self.hidden = None
                if node.tail and node is not top:
                    self._add(node.tail)
        self._flush()
        return self.lines

    def _is_unshown(self, node: etree._Element, tag: object) -> bool:
        """Return whether to skip a hidden inline element. The lines of a hidden block are marked:
        only the whole page shows whether they are text (see `hidden`)."""
        if self.hidden is not None or not is_unshown(node):
            return False
        if tag in BLOCKS:
            self._flush()
            self.hidden = node
            return False
        return is_hidden_inline(node)

    def _code(self, block: etree._Element) -> None:
        if text := code_text(block):
            inner = escape(text, quote=False)
            if next(block.iter("code"), None) is not None:
                inner = f"<code>{inner}</code>"
            self.lines.append(Line("pre", text, inner, block, group=block, hidden=self.hidden))

    def _add(self, text: str) -> None:
        if self.blank and not text.isspace():
            self.blank = False
            self._emit_pictures()  # they stand before the words of this line
        self.parts.append(text)
        if self.link_depth:
            self.linked += len(text)

    def _start(self, node: etree._Element, tag: str) -> None:
        if self.post is None and is_quoted_post(node):
            self._flush()
            self.post, self.post_start = node, len(self.lines)
        if tag in BLOCKS:
            self._flush()
            self.blocks.append(node)
            if may_state_picture(node):
                self._picture(figure_address(node, self.base), node)
        elif tag == "br":
            self._flush()
        elif is_picture(node):
            self._picture(picture_address(node, self.base), node)
        elif tag == "picture":
            self._picture(absolute(lone_sources(node), self.base), node)
        elif tag == "a" and node is not self.post:
            self.link_depth += 1
            self._open(node, "a", node.get("href") or "")
            self._picture(absolute(linked_picture(node), self.base), node)
        elif name := _INLINE.get(tag):
            self._open(node, name)

    def _picture(self, src: str, node: etree._Element) -> None:
        # A figure and the link in it may have the same picture.
        if src and all(src != line.src for line in (*self.lines[-1:], *self.pictures[-1:])):
            alt = " ".join((node.get("alt") or "").split())
            line = Line("img", alt, "", self.blocks[-1], linked=int(is_teaser(node)), src=src)
            line.hidden = self.hidden
            self.pictures.append(line)

    def _open(self, node: etree._Element, name: str, href: str = "") -> None:
        start = Tag(name, href)
        self.open.append((node, start, Tag(name, href, ends=True)))
        self.parts.append(start)

    def _end(self, node: etree._Element, tag: str) -> None:
        if tag in BLOCKS:
            self._flush()
            if self.blocks[-1] is node and len(self.blocks) > 1:
                self.blocks.pop()
        elif self.open and self.open[-1][0] is node:
            self.parts.append(self.open.pop()[2])
        if node is self.post:
            self._end_post(node)
        elif tag == "a":
            self.link_depth -= 1

    def _flush(self) -> None:
        """End the line, and reopen its inline elements in the next line."""
        if not self.blank:
            self._end_line()
            self.blank = True
        self._emit_pictures()
        self.parts, self.linked = [start for _, start, _ in self.open], 0

    def _end_line(self) -> None:
        """Add the line, with its open inline elements closed."""
        words = [part for part in self.parts if type(part) is str]
        text = " ".join("".join(words).split())
        if text:
            ends = [end for _, _, end in reversed(self.open)]
            markup = partial(written, [*self.parts, *ends], self.base)
            holder = self.blocks[-1]
            line = Line("p", text, markup, holder, linked=self.linked, hidden=self.hidden)
            self._place(line)
            self.lines.append(line)

    def _end_post(self, post: etree._Element) -> None:
        """End a quoted post: its last line is a link to it, unless one is in its text."""
        self._flush()
        href = urls.post_link(post_address(post), self.base)
        link, text = f'<a href="{escape(href or "")}">', short(href or "")
        if href and not any(link in line.html for line in self.lines[self.post_start :]):
            holder = self.blocks[-1]
            line = Line("quote", text, f"{link}{escape(text)}</a>", holder, linked=len(text))
            self.lines.append(line)
        for line in self.lines[self.post_start :]:
            if line.kind not in ("img", "caption"):
                line.kind, line.group, line.posted = "quote", post, True
        self.post = None

    def _unseen(self, node: etree._Element) -> None:
        """Add the pictures and embeds of a `noscript`, or the link of an embed."""
        if node.tag == "noscript":
            for image in hidden_pictures(node):
                self._picture(picture_address(image, self.base), image)
            for embed in embeds_in(node):
                self._embed(embed)
        elif isinstance(node.tag, str) and is_embed(node):
            self._embed(node)

    def _embed(self, node: etree._Element) -> None:
        embed = read_embed(node)
        href = urls.post_link(embed.address, self.base) or "" if embed else ""
        poster = urls.post_link(embed.poster, self.base) or "" if embed and embed.poster else ""
        if not embed or not (href or poster) or any(href == line.href for line in self.pictures):
            return  # a `noscript` repeats the embed beside it
        words = embed.title or ("" if poster else short(href))
        line = Line("img", words, "", self.blocks[-1], src=poster, href=href, hidden=self.hidden)
        self.pictures.append(line)

    def _emit_pictures(self) -> None:
        if self.pictures:
            self.lines += self.pictures
            self.pictures = []

    def _place(self, line: Line) -> None:
        """Set the kind, group and row of a line by the blocks around it, the innermost first."""
        around = self.blocks[: -_AROUND - 1 : -1]
        for number, block in enumerate(around):
            tag = str(block.tag)
            if tag in _HEADINGS and line.kind == "p":
                # A headline that is not closed holds the text; a lead may be a heading.
                if (number or tag == "h1") and is_sentence(line.text):
                    continue
                line.kind = "h2" if tag in ("h1", "h2") else tag if tag == "h3" else "h4"
            elif tag in _ITEMS and line.kind == "p" and block not in self.layout:
                line.kind, line.row = "li", block
            elif tag in _LISTS and line.kind == "li":
                line.group = self._outermost_list(around[number:])
                return
            elif tag in ("td", "th") and line.kind == "p":
                line.kind, line.row = "cell", block
            elif tag == "table" and line.kind == "cell":
                line.group = block
                return
            elif tag in ("figcaption", "caption") and line.kind == "p":
                line.kind = "caption"
                return
            elif tag == "blockquote" and line.kind == "p":
                line.kind, line.group = "quote", block
                return

    def _outermost_list(self, around: list[etree._Element]) -> etree._Element:
        """Return the list around a list, and so on. `around` are a list and the blocks around
        it."""
        outermost = around[0]
        in_item = False
        for block in around[1:]:
            # Old editors put a list in a list, behind the item that it belongs to.
            if block.tag in _LISTS and (in_item or outermost.getparent() is block):
                outermost, in_item = block, False
            elif block.tag in _ITEMS and block not in self.layout:
                in_item = True
            elif block.tag != "div":
                break
        return outermost


def read_lines(top: etree._Element, base: str) -> list[Line]:
    """Return the lines of an element in order. `base` is the address of the page."""
    return mark_captions(mark_cells(_Reader(base).read(top)))
