"""Lines as HTML: paragraphs, headings, lists, tables, quotations, code, figures.

In: the lines of an article. Out: its HTML. Called by `extract`. The HTML of a single line comes
from `page_lines`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from lxml import etree

from newsspider.extraction.generic.line import Line


def write(lines: Iterable[Line]) -> str:
    """Return lines as HTML: paragraphs, headings, lists, tables, quotations, figures."""
    parts: list[str] = []
    for (kind, _), grouped in groupby(lines, key=_section):
        section = list(grouped)
        if kind == "li":
            parts.append(_list(section))
        elif kind == "cell":
            parts.append(_table(section))
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
    if line.kind in ("img", "caption"):
        return "figure", 0
    if line.kind == "cell" and not is_data_table(line.group):
        return "p", 0
    return line.kind, id(line.group) if line.group is not None else 0


def is_data_table(table: etree._Element | None) -> bool:
    """Return whether a table holds data: old pages use tables for their layout."""
    if table is None:
        return False
    rows = 0
    for row in table.iter("tr"):
        rows += len(row) > 1
        if row.find(".//table") is not None:
            return False
    return rows > 1


def _list(section: list[Line]) -> str:
    name = "ol" if section[0].group is not None and section[0].group.tag == "ol" else "ul"
    items = [
        "<br>".join(line.html for line in item)
        for _, item in groupby(section, key=lambda line: id(line.row))
    ]
    return f"<{name}>" + "".join(f"<li>{item}</li>" for item in items) + f"</{name}>"


def _table(section: list[Line]) -> str:
    rows = []
    for _, row in groupby(section, key=_row):
        cells = []
        for _, cell in groupby(row, key=lambda line: id(line.row)):
            content = list(cell)
            name = "th" if content[0].row is not None and content[0].row.tag == "th" else "td"
            cells.append(f"<{name}>" + "<br>".join(line.html for line in content) + f"</{name}>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table>" + "".join(rows) + "</table>"


def _row(line: Line) -> etree._Element | None:
    return line.row.getparent() if line.row is not None else None


def _figures(section: list[Line]) -> str:
    parts: list[str] = []
    picture: Line | None = None
    for line in [*section, None]:
        if line is None or line.kind == "img":
            if picture is not None:
                parts.append(f"<figure>{_image(picture)}</figure>")
            picture = line
        elif picture is not None:
            parts.append(f"<figure>{_image(picture)}<figcaption>{line.html}</figcaption></figure>")
            picture = None
        else:
            parts.append(f"<p>{line.html}</p>")
    return "\n".join(parts)


def _image(line: Line) -> str:
    return f'<img src="{escape(line.src)}" alt="{escape(line.text)}">'
