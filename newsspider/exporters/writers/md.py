"""Markdown: one file with all articles, for a newsletter or a person.

In: rows with Markdown. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About

_SPECIAL = re.compile(r"([\\`*_\[\]<>#&!|~])")


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a file."""
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {_line(about.title)}\n")
        for row in rows:
            day = (row["published"] or "")[:10]
            parts = filter(None, (_line(row["source"]), day, f"<{row['link']}>"))
            file.write(f"\n## {_line(row['title'])}\n\n{' · '.join(parts)}\n")
            file.write(f"\n{row['markdown']}\n" if row["markdown"] else "")


def _line(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
