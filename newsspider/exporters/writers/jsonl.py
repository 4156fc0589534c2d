"""JSON Lines: an object per article, in UTF-8.

In: rows. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About

_BUFFER = 1024 * 1024  # bytes


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a file."""
    with target.open("wb", _BUFFER) as file:
        for row in rows:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
