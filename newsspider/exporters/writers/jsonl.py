"""JSON Lines: an object per article, in UTF-8.

In: rows. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About

# One encoder for all lines: json.dumps would create one for each.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a file."""
    with target.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(_ENCODER.encode(row))
            file.write("\n")
