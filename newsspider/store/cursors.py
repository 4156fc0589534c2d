"""The named cursors of the change feed: `_newsspider/cursors.jsonl`.

In: the name of a cursor and numbers of changes. Out: the number up to which its reader has all
changes. `exporters/change_feed.py` calls it, and holds a lock meanwhile.

The file is kept by git, not beside the numbers: a cursor that outlives its epoch is refused, where
one that is forgotten would begin again, without the removals that its reader lacks. A cursor has a
line for each epoch, since machines that share a repository have one each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from newsspider.store.files import read_text, write_whole
from newsspider.store.lasting import LASTING

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FILE = "cursors.jsonl"


def positions(folder: Path, name: str) -> list[int]:
    """Return the numbers of a cursor, of this epoch and of others; empty for a new one."""
    return [seq for each, seq in _lines(folder) if each == name]


def move(folder: Path, name: str, seq: int, replaced: range) -> None:
    """Move a cursor to a number, in place of those of its epoch. Raises Unwritable or OSError."""
    kept = {(each, at) for each, at in _lines(folder) if each != name or at not in replaced}
    lines = (json.dumps({"cursor": each, "seq": at}) for each, at in sorted(kept | {(name, seq)}))
    data = "".join(f"{line}\n" for line in lines).encode()
    write_whole(folder / LASTING / _FILE, data, folder, lasting=True, unfinished="cursors.new")


def _lines(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the lines; those that cannot be read are skipped: a merge may have left anything."""
    try:
        text = read_text(folder / LASTING / _FILE, "replace")
    except FileNotFoundError:
        return
    for line in text.split("\n"):
        try:
            values = json.loads(line)
            name, seq = values["cursor"], values["seq"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if isinstance(name, str) and isinstance(seq, int) and not isinstance(seq, bool):
            yield name, seq
