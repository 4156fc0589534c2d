"""Markdown with front matter: a file per article in a folder per month, for language models.

In: rows with Markdown. Out: a folder. Called by `exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.front_matter import (
    article_values,
    file_stem,
    front_matter,
    month_of,
)


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write a file for each row."""
    for row in rows:
        file = target / month_of(row) / f"{file_stem(row)}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{front_matter(article_values(row))}\n{row['markdown']}\n", "utf-8")
