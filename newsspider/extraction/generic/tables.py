"""Data tables: which lines of a page are in their cells, and their HTML.

In: the lines of a page; the lines of one table. Out: the same lines, with their cell; the table as
HTML with its caption, its empty cells and its spans. Old pages use tables for their layout: those
hold other tables, or have one cell in a row. Called by `page_lines`, `body` and `write_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from lxml import etree

from newsspider.extraction.generic.line import Line

_AROUND = 16  # blocks around a line
_SPAN = re.compile(r"[1-9]\d{0,2}")
_CELLS = frozenset({"td", "th", "caption"})


def mark_cells(lines: list[Line]) -> list[Line]:
    """Return the lines of a page; those in a data table have their cell or the table's caption."""
    known: dict[etree._Element, bool] = {}
    for line in lines:
        around = (line.holder, *islice(line.holder.iterancestors(), _AROUND))
        cell = next((block for block in around if block.tag in _CELLS), None)
        table = _table_of(cell) if cell is not None else None
        if table is None:
            continue
        if table not in known:
            known[table] = _is_data_table(table)
        if known[table]:
            line.cell = cell
    return lines


def table_of(line: Line) -> etree._Element | None:
    """Return the data table around a line, or None."""
    return _table_of(line.cell) if line.cell is not None else None


def _table_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors("table"), None)


def _is_data_table(table: etree._Element) -> bool:
    rows = 0
    for row in table.iter("tr"):
        rows += len(row) > 1
        if row.find(".//table") is not None:
            return False
    return rows > 1


def with_tables(
    lines: Sequence[Line], kept: Iterable[int], voted: Callable[[int], bool]
) -> list[int]:
    """Return the lines kept and the missing lines of the data tables among them.

    A table counts if the extractors have half of its lines: they miss short cells. `voted` returns
    whether one of them has a line."""
    chosen = set(kept)
    tables: dict[etree._Element, list[int]] = {}
    for number, line in enumerate(lines):
        if (table := table_of(line)) is not None:
            tables.setdefault(table, []).append(number)
    for numbers in tables.values():
        with_text = [number for number in numbers if lines[number].kind != "img"]
        if chosen.isdisjoint(with_text):
            continue
        if 2 * sum(map(voted, with_text)) >= len(with_text):
            chosen.update(numbers)
    return sorted(chosen)


def write_table(lines: Sequence[Line], write_cell: Callable[[list[Line]], str]) -> str:
    """Return the HTML of a table with the rows that have one of the lines.

    `write_cell` returns the HTML of the lines of a cell."""
    cells: dict[etree._Element | None, list[Line]] = {}
    for line in lines:
        cells.setdefault(line.cell, []).append(line)
    table = table_of(lines[0])
    rows: list[str] = []
    for row in table.iter("caption", "tr") if table is not None else ():
        if row.tag == "caption":
            if row in cells:
                rows.append(f"<caption>{' '.join(line.html for line in cells[row])}</caption>")
            continue
        inside = [cell for cell in row if cell.tag in ("td", "th")]
        if not cells.keys().isdisjoint(inside):
            written = (_cell(cell, write_cell(cells.get(cell, []))) for cell in inside)
            rows.append(f"<tr>{''.join(written)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _cell(cell: etree._Element, content: str) -> str:
    spans = ((name, (cell.get(name) or "").strip()) for name in ("colspan", "rowspan"))
    written = (f' {name}="{span}"' for name, span in spans if span != "1" and _SPAN.fullmatch(span))
    return f"<{cell.tag}{''.join(written)}>{content}</{cell.tag}>"
