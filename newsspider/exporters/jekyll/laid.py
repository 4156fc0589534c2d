"""What newsspider laid into an output folder: the hash of each file of the site, as it was laid.

In: an output folder. Out: for each file's name the hashes by which it is known to be ours, from the
record in `_newsspider/site.txt` and from `laid.txt`, which stands in for the record of older
folders. `scaffold.py` and `renew.py` call it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from newsspider import __version__
from newsspider.store.files import read_text, write_whole

_RECORD = Path("_newsspider", "site.txt")
_OLDER = Path(__file__).with_name("laid.txt")


def known_hashes(output: Path) -> dict[str, set[str]]:
    """Return the hashes of each file that newsspider has laid, by its name (`_layouts/post.html`).
    Raises OSError if the record cannot be read."""
    hashes: dict[str, set[str]] = defaultdict(set)
    for text in (_OLDER.read_text("utf-8"), _record(output)):
        for line in _lines(text):
            hashes[_name(line)].add(line.split()[0])
    return dict(hashes)


def note_laid(output: Path, texts: Mapping[str, str]) -> None:
    """Record these files as laid by this version: a line for each, with hash, version and name.
    Raises Unwritable or OSError if the folder cannot be written."""
    lines = {_name(line): line for line in _lines(_record(output))}
    for name, text in texts.items():
        lines[name] = f"{hash_of(text.encode('utf-8'))} {__version__} {name}"
    head = "# The files of the site as newsspider laid them, for `newsspider init --update`.\n"
    text = head + "".join(f"{lines[name]}\n" for name in sorted(lines))
    write_whole(output / _RECORD, text.encode("utf-8"), output)


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[:1] not in ("", "#") and " " in line]


def _name(line: str) -> str:
    return line.rpartition(" ")[2]


def _record(output: Path) -> str:
    file = output / _RECORD
    return read_text(file) if file.is_file() else ""
