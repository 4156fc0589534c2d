"""The numbers of the change feed: `.newsspider/changes.sqlite`.

In: versions of posts, as they are noticed. Out: the last change of each post, by its number.
`exporters/change_feed.py` fills and reads it.

A post has one row, with the number of its last change: a reader that has all changes up to a number
gets from the rest the present state of all others. The row of a removed post stays. Numbers only
grow, and each epoch has a range of its own, drawn by lot when the file is made: so a number of
another epoch is recognised.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsspider.errors import BrokenLedger
from newsspider.store.files import FOLDER, write_whole
from newsspider.store.sqlite.database import Database

_STEPS = (
    """
CREATE TABLE epoch (base INTEGER PRIMARY KEY);  -- the number before the first change
CREATE TABLE posts (
  seq INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first INTEGER NOT NULL,       -- the number of its first change
  version INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,    -- '' if the post was removed
  fields TEXT NOT NULL,         -- JSON: of each field a hash, and the number of its last change
  stamp TEXT NOT NULL,          -- changes with the file
  line TEXT NOT NULL            -- its record, '' without one
);
CREATE INDEX posts_stamps ON posts (name, stamp, fingerprint);  -- read each time, without the rest
CREATE TABLE months (name TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
""",
)
# A program that reads JSON numbers as doubles gets all 53 bits.
_EPOCH_BITS, _NUMBER_BITS = 27, 26
_IN_DOUBT = "?"  # in the place of a fingerprint
_SELECT = """
SELECT seq, name, first, version, fingerprint, fields, stamp, line FROM posts
WHERE seq > ? AND seq <= ? ORDER BY seq
"""
_FIRST, _NEWEST = f"{_SELECT} LIMIT ?", f"{_SELECT} DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a post: its file's name and stamp, the line of its record, its fingerprint (""
    if the post was removed), and a hash of each field that is not empty."""

    name: str
    stamp: str = ""
    line: str = ""
    fingerprint: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """The last change of a post. `fields` has, of each field, the number of its last change."""

    seq: int
    name: str
    first: int
    version: int
    fingerprint: str
    fields: Mapping[str, int]
    stamp: str
    line: str


class ChangeLog:
    """The open file. Raises what Database raises."""

    def __init__(self, file: Path) -> None:
        self._db = Database(file, _STEPS, whole=False)
        # A number that somebody has seen must survive a power cut, or it would be given twice.
        self._db.do("PRAGMA synchronous=FULL")
        base = (1 + secrets.randbelow((1 << _EPOCH_BITS) - 1)) << _NUMBER_BITS
        self._db.do("INSERT INTO epoch SELECT ? WHERE NOT EXISTS (SELECT 1 FROM epoch)", (base,))
        (self._base,) = self._db.row("SELECT base FROM epoch") or (base,)

    def close(self) -> None:
        self._db.close()

    @property
    def epoch(self) -> str:
        """The name of the epoch."""
        return f"{self._base >> _NUMBER_BITS:x}"

    @property
    def numbers(self) -> range:
        """The numbers of the epoch so far, and that before the first."""
        return range(self._base, self.last + 1)

    @property
    def last(self) -> int:
        """The number of the last change; that before the first if there is none."""
        (last,) = self._db.row("SELECT MAX(seq) FROM posts") or (None,)
        return self._base if last is None else int(last)

    # -- what is known --------------------------------------------------------------------------

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each post that is not removed."""
        return dict(
            self._db.rows(
                "SELECT name, stamp FROM posts INDEXED BY posts_stamps WHERE fingerprint != ''"
            )
        )

    def line(self, name: str) -> str | None:
        """Return the record of a post as last noted; None for a post that is not known."""
        row = self._db.row("SELECT line FROM posts WHERE name = ? AND fingerprint != ''", (name,))
        return str(row[0]) if row else None

    def months(self) -> dict[str, str]:
        """Return the stamp of each file of records."""
        return dict(self._db.rows("SELECT name, stamp FROM months"))

    # -- what is noticed ------------------------------------------------------------------------

    def note(self, versions: Iterable[Version]) -> None:
        """Note versions of posts, all or none. One with the fingerprint of before is no change."""
        with self._db.transaction():
            last = self.last
            for version in versions:
                last += self._note(version, last + 1)

    def _note(self, version: Version, seq: int) -> bool:
        row = self._db.row(
            "SELECT first, version, fingerprint, fields FROM posts WHERE name = ?", (version.name,)
        )
        first, number, fingerprint, text = row or (seq, 0, "", "{}")
        if fingerprint == version.fingerprint:
            self._db.do(
                "UPDATE posts SET stamp = ?, line = ? WHERE name = ?",
                (version.stamp, version.line, version.name),
            )
            return False
        fields = json.loads(text)
        for name in fields.keys() | version.hashes.keys():
            hash_ = version.hashes.get(name, "")
            if name not in fields or fields[name][0] != hash_:
                fields[name] = (hash_, seq)
        self._db.do(
            "REPLACE INTO posts (seq, name, first, version, fingerprint, fields, stamp, line)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(seq, version.name, first, number + 1, version.fingerprint),
                *(json.dumps(fields, sort_keys=True), version.stamp, version.line),
            ),
        )
        return True

    def note_month(self, name: str, stamp: str) -> None:
        """Note that all records of a file are known."""
        self._db.do("REPLACE INTO months VALUES (?, ?)", (name, stamp))

    def doubt(self, name: str) -> None:
        """Let the post be read again: whatever it is then is a change, with a number of its own."""
        self._db.do(
            "UPDATE posts SET stamp = '', fingerprint = ? WHERE name = ? AND fingerprint != ''",
            (_IN_DOUBT, name),
        )

    # -- changes --------------------------------------------------------------------------------

    def changes(
        self, after: int, last: int, most: int, *, newest: bool = False
    ) -> list[LoggedChange]:
        """Return at most so many changes with a number above `after` and up to `last`: the first of
        them in their order, or the newest, the last first."""
        rows = self._db.rows(_NEWEST if newest else _FIRST, (after, last, most))
        return [
            LoggedChange(seq, name, first, version, fingerprint, _last_changes(fields), stamp, line)
            for seq, name, first, version, fingerprint, fields, stamp, line in rows
        ]

    def count(self, after: int, last: int) -> int:
        """Return how many changes have such a number."""
        row = self._db.row("SELECT COUNT(*) FROM posts WHERE seq > ? AND seq <= ?", (after, last))
        return int(row[0]) if row else 0


def _last_changes(fields: str) -> dict[str, int]:
    return {name: seq for name, (_, seq) in json.loads(fields).items()}


def open_change_log(folder: Path) -> ChangeLog:
    """Open the log of an output folder, creating it if necessary; a broken one is replaced, which
    begins a new epoch. Raises OutputError, Unwritable or OSError if it cannot be used."""
    file = folder / FOLDER / "changes.sqlite"
    if not (folder / FOLDER / ".gitignore").exists():
        write_whole(folder / FOLDER / ".gitignore", b"*\n", folder)
    try:
        return ChangeLog(file)
    except BrokenLedger:
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return ChangeLog(file)
