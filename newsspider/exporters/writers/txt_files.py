"""Plain text: a file per article in a folder per month, for language models.

In: rows. Out: a folder. Called by `exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.front_matter import file_stem, month_of


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write a file for each row: its title, an empty line, its text."""
    for row in rows:
        file = target / month_of(row) / f"{file_stem(row)}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{row['title']}\n\n{row['text']}\n", "utf-8")
