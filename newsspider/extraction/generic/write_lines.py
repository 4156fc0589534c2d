"""Lines as HTML: paragraphs, headings, lists, tables, quotations, code, figures.

In: the lines of an article. Out: its HTML. Called by `extract`. The HTML of a single line comes
from `page_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from itertools import groupby, islice

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.tables import table_of, write_table

_DEEPEST = 16  # lists in lists
_MOST_BEFORE = 999  # items before the first
_NUMBER = re.compile(r"\d{1,4}")


def write(lines: Iterable[Line]) -> str:
    """Return lines as HTML: paragraphs, headings, lists, tables, quotations, figures."""
    parts: list[str] = []
    for (kind, _), grouped in groupby(lines, key=_section):
        section = list(grouped)
        if kind == "li":
            parts.append(_list(section))
        elif kind == "table":
            parts.append(write_table(section, _cell))
        elif kind == "quote":
            inner = "".join(f"<p>{line.html}</p>" for line in section)
            parts.append(f"<blockquote>{inner}</blockquote>")
        elif kind == "pre":
            parts.append("<pre>" + "\n".join(line.html for line in section) + "</pre>")
        elif kind == "figure":
            parts.append(_figures(section))
        else:
            parts += [f"<{kind}>{line.html}</{kind}>" for line in section]
    return "\n".join(parts)


def _section(line: Line) -> tuple[str, int]:
    if line.cell is not None:
        return "table", id(table_of(line))
    if line.kind in ("img", "caption"):
        return "figure", 0
    if line.kind == "cell":  # of the layout
        return "p", 0
    return line.kind, id(line.group) if line.group is not None else 0


# A line and the lists and items around it that are still to be written, the outermost first.
_Nested = tuple[Line, list[tuple[etree._Element, etree._Element]]]


def _list(section: list[Line]) -> str:
    return _lists([(line, _path(line)) for line in section])


def _path(line: Line) -> list[tuple[etree._Element, etree._Element]]:
    """Return the lists around a line, each with the item that leads to the line. For an item that
    is in no list, it is the block around the item."""
    path: list[tuple[etree._Element, etree._Element]] = []
    item = line.row
    while item is not None and len(path) < _DEEPEST:
        around = next(item.iterancestors("ul", "ol", "dl"), None)
        if around is None:
            parent = item.getparent()
            return path or ([] if parent is None else [(parent, item)])
        path.insert(0, (around, item))
        if around is line.group:
            break
        item = next(around.iterancestors("li", "dt", "dd"), None)
        parent, before = around.getparent(), around.getprevious()
        if parent is not None and parent.tag in ("ul", "ol") and before is not None:
            item = before if before.tag == "li" else item
    return path


def _lists(lines: list[_Nested]) -> str:
    parts = []
    for around, section in groupby(lines, key=lambda nested: nested[1][0][0]):
        items = []
        for item, content in groupby(section, key=lambda nested: nested[1][0][1]):
            inner = [(line, path[1:]) for line, path in content]
            items.append((item, _item(inner)))
        name = str(around.tag)
        if name not in ("ul", "ol", "dl"):
            name = "ul" if _name(items[0][0]) == "li" else "dl"
        written = "".join(f"<{_name(item)}>{text}</{_name(item)}>" for item, text in items)
        parts.append(f"<{name}{_numbering(around, items[0][0])}>{written}</{name}>")
    return "".join(parts)


def _item(content: list[_Nested]) -> str:
    parts = []
    for nested, group in groupby(content, key=lambda line: bool(line[1])):
        lines = list(group)
        parts.append(_lists(lines) if nested else "<br>".join(line.html for line, _ in lines))
    return "".join(parts)


def _name(item: etree._Element) -> str:
    return str(item.tag) if item.tag in ("dt", "dd") else "li"


def _numbering(numbered: etree._Element, first: etree._Element) -> str:
    """Return the attributes that number an ordered list, whose first item to write is `first`."""
    if numbered.tag != "ol":
        return ""
    kind = numbered.get("type") or ""
    kind = f' type="{kind}"' if kind in ("a", "A", "i", "I") else ""
    start = numbered.get("start") or ""
    before = islice(first.itersiblings("li", preceding=True), _MOST_BEFORE)
    number = (int(start) if _NUMBER.fullmatch(start) else 1) + sum(1 for _ in before)
    return kind + (f' start="{number}"' if number != 1 else "")


def _cell(lines: list[Line]) -> str:
    parts = []
    for (kind, _), group in groupby(lines, key=_section_of_cell):
        if kind == "table":
            inner = [replace(line, cell=line.inner[0], inner=line.inner[1:]) for line in group]
            parts.append(write_table(inner, _cell))
        elif kind == "li":
            parts.append(_list(list(group)))
        elif kind == "img":
            parts += [_image(line) for line in group if line.src]
        else:
            parts.append("<br>".join(line.html for line in group))
    return "".join(parts)


def _section_of_cell(line: Line) -> tuple[str, int]:
    if line.inner:
        return "table", id(next(line.inner[0].iterancestors("table"), None))
    return line.kind, id(line.group)


def _figures(section: list[Line]) -> str:
    figures: list[list[Line]] = []
    for line in section:
        if line.kind == "img" or not figures:
            figures.append([])
        if line.kind == "img" or all(line.html != other.html for other in figures[-1]):
            figures[-1].append(line)
    return "\n".join(map(_figure, figures))


def _figure(lines: list[Line]) -> str:
    """Return a picture with its caption. The link of an embed without a poster is in its caption,
    so that the text of the article is that of its other elements."""
    picture = "".join(_image(line) for line in lines if line.src)
    captions = [_link(line, escape(line.text)) for line in lines if line.href and not line.src]
    captions += [line.html for line in lines if line.kind == "caption"]
    caption = "<br>\n".join(captions)
    return f"<figure>{picture}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _image(line: Line) -> str:
    return _link(line, f'<img src="{escape(line.src)}" alt="{escape(line.text)}">')


def _link(line: Line, inner: str) -> str:
    return f'<a href="{escape(line.href)}">{inner}</a>' if line.href else inner
