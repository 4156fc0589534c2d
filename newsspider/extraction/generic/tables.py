"""Data tables: which lines of a page are in their cells, and their HTML.

In: the lines of a page; the lines of one table. Out: the same lines, with their cell; the table as
HTML with its caption, its empty cells and its spans. Old pages use tables for their layout: those
have one cell in a row, or they hold other tables and much text, and have neither a caption nor
headings. Called by `page_lines`, `body` and `write_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from lxml import etree

from newsspider.extraction.generic.line import Line, block_around

_AROUND = 16  # blocks around a line
_MOSTLY_LINK = 0.8  # of the characters of a table
_SPAN = re.compile(r"[1-9]\d{0,2}")
# Characters of a text in a data table without headings that holds tables, and of all its texts.
_LONGEST_WORDS, _LONGEST_NESTING = 60, 500
_CELLS = frozenset({"td", "th", "caption"})


def mark_cells(lines: list[Line]) -> list[Line]:
    """Return the lines of a page; those in a data table have their cell or the table's caption."""
    if not lines or next(lines[0].holder.getroottree().iter(*_CELLS), None) is None:
        return lines
    known: dict[etree._Element, bool] = {}
    for line in lines:
        around = (line.holder, *islice(line.holder.iterancestors(), _AROUND))
        cells: list[etree._Element] = []
        for cell in (block for block in around if block.tag in _CELLS):
            table = _table_of(cell)
            if table is not None and table not in known:
                known[table] = _is_data_table(table)
            if table is not None and known[table]:
                cells.insert(0, cell)
        line.cell, line.inner = (cells[0], tuple(cells[1:])) if cells else (None, ())
    return lines


def table_of(line: Line) -> etree._Element | None:
    """Return the data table around a line, or None."""
    return _table_of(line.cell) if line.cell is not None else None


def _table_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors("table"), None)


def _is_data_table(table: etree._Element) -> bool:
    rows = spanned = 0
    holds_tables = has_headings = False
    lengths = set()
    for row in table.iter("caption", "tr"):
        if _table_of(row) is not table:
            holds_tables = True
            continue
        has_headings = has_headings or row.tag == "caption" or row.find("th") is not None
        rows += len(row) > 1 or (len(row) == 1 and spanned > 0)
        lengths.add(len(row))
        spans = (cell.get("rowspan") or "" for cell in row)
        spanned = max(0, spanned - 1, *(int(n) - 1 for n in spans if _SPAN.fullmatch(n)))
    return rows > 1 and (
        has_headings or not holds_tables or (len(lengths) == 1 and _is_short(table))
    )


def _is_short(table: etree._Element) -> bool:
    """Return whether a table has only a few short texts, unlike one that lays a page out."""
    length = 0
    for text in map(str, table.itertext()):
        length += len(text.strip())
        if len(text.strip()) > _LONGEST_WORDS or length > _LONGEST_NESTING:
            return False
    return True


def with_tables(
    lines: Sequence[Line],
    kept: Iterable[int],
    voted: Callable[[int], bool],
    is_beside: Callable[[int], bool],
) -> list[int]:
    """Return the lines kept and the missing lines of the data tables among them.

    A table counts if the extractors have half of its lines: they miss short cells. So does one
    between two paragraphs of the text: they take a small one for a menu. `voted` returns whether
    one of them has a line, `is_beside` whether a line is marked as beside the text."""
    chosen = set(kept)
    tables: dict[etree._Element, list[int]] = {}
    for number, line in enumerate(lines):
        if (table := table_of(line)) is not None:
            tables.setdefault(table, []).append(number)
    for numbers in tables.values():
        with_text = [number for number in numbers if lines[number].kind != "img"]
        votes = sum(map(voted, with_text))
        is_known = votes > 0 and not chosen.isdisjoint(with_text) and 2 * votes >= len(with_text)
        if is_known or (_is_in_text(lines, numbers, chosen) and not is_beside(numbers[0])):
            chosen.update(numbers)
    return sorted(chosen)


def _is_in_text(lines: Sequence[Line], numbers: Sequence[int], chosen: set[int]) -> bool:
    """Return whether a table, given by the numbers of its lines, is right between two lines of the
    text in one block, and its text is not mostly links."""
    above = (number for number in range(numbers[0] - 1, -1, -1) if lines[number].kind != "img")
    below = (number for number in range(numbers[-1] + 1, len(lines)) if lines[number].kind != "img")
    before, after = next(above, -1), next(below, -1)
    if before not in chosen or after not in chosen:
        return False
    block, inside = block_around(lines[before]), [lines[number] for number in numbers]
    if block is None or block is not block_around(lines[after]):
        return False
    if sum(line.linked for line in inside) >= _MOSTLY_LINK * sum(len(line.text) for line in inside):
        return False
    return block in islice(lines[numbers[0]].holder.iterancestors(), _AROUND)


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
