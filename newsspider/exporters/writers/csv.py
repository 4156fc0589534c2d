"""CSV for spreadsheets: a row per article, with a header.

In: rows. Out: a file in UTF-8 with a byte order mark, without which Excel reads Chinese as Latin.
Called by `exporters/export.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from newsspider.exporters.contract import COLUMNS, Row
from newsspider.exporters.writers.about import About

# A spreadsheet computes a cell that starts with one of these: a title may start a program.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a file."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)


def _cell(value: Any) -> str:
    """Return a value as a cell: a list in lines, an object by its values; `'` before a formula."""
    if isinstance(value, list):
        text = "\n".join(_part(part) for part in value)
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) else text


def _part(part: Any) -> str:
    return " ".join(filter(None, part.values())) if isinstance(part, dict) else str(part)
