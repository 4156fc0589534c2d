"""A SQLite file: opened, checked, brought to the version that is known here, its troubles told.

In: a path and the scripts that lead from each version to the next. Out: a Database, which the
ledger is, with transactions, and with every fault of the disk as one exception.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newsspider.errors import NewsspiderError, Unwritable

_WAIT = 5  # seconds for another program's lock; Ctrl-C is not heard meanwhile
_Row = tuple[Any, ...]
_COLUMNS = """
SELECT one.name, its.name FROM sqlite_master AS one, pragma_table_info(one.name) AS its
WHERE one.type = 'table'
"""
_TROUBLES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk fails or is full",
    sqlite3.SQLITE_CORRUPT: "it is broken; the next run makes a new one from the posts",
    sqlite3.SQLITE_NOTADB: "it is broken; the next run makes a new one from the posts",
}


class NewerVersion(NewsspiderError):
    """A file that a newer newsspider made."""


class Database:
    """One SQLite file, or one in memory where `path` is None. The n-th of `steps` leads from
    version n (PRAGMA user_version) to n + 1.

    Opening it raises sqlite3.Error when it cannot be used, NewerVersion when it must not be. Once
    it is open, whatever is asked of it raises Unwritable where the disk or another program does not
    let it; `trouble` says so from then on.
    """

    def __init__(self, path: Path | None, steps: Sequence[str]) -> None:
        self._path = path or Path(":memory:")
        self._steps = steps
        self._db = sqlite3.connect(self._path, isolation_level=None, timeout=_WAIT)
        self._whole = False  # inside `transaction`
        self.trouble = ""
        try:
            # WAL without a sync per commit loses at most the last commits to a power cut, never
            # consistency; after an unclean end the last run's posts are held against their hashes.
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        """Check it, further in too, and bring it to the newest version."""
        found = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise _broken(" ".join(found.split()))
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version < 0:
            raise _broken(f"its version is {version}")
        if version > len(self._steps):
            raise NewerVersion(
                f"a newer newsspider made it (its version is {version}, this one knows"
                f" {len(self._steps)}): update newsspider, or remove it"
            )
        for number, step in enumerate(self._steps[version:], version + 1):
            self._db.executescript(f"BEGIN; {step}; PRAGMA user_version={number}; COMMIT")
        if lacking := self._lacking():
            raise _broken(f"it has no {lacking}")

    def _lacking(self) -> str:
        """A table or column that the steps make and this file has not, as when somebody had a hand
        in it; "" for none."""
        pattern = sqlite3.connect(":memory:")
        try:
            pattern.executescript(";".join(self._steps))
            there = set(self._db.execute(_COLUMNS))
            found = [place for place in pattern.execute(_COLUMNS) if place not in there]
        finally:
            pattern.close()
        return ".".join(found[0]) if found else ""

    def copy_of(self, path: Path) -> None:
        """Take over what another file holds (for a dry run); it is only read."""
        # Even a reader makes the files of a WAL, unless it is told that nobody writes.
        still = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
        source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{still}", uri=True)
        try:
            source.backup(self._db)
        finally:
            source.close()
        self._prepare()

    def close(self) -> None:
        """Let the file go. Raises Unwritable when the last of what was noted could not be kept."""
        try:
            if not self.trouble:
                self.flush()
        finally:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is noted inside."""
        self.flush()
        self._do("BEGIN IMMEDIATE")
        self._whole = True
        try:
            yield
        except BaseException:
            self._whole = False
            if self._db.in_transaction:
                self._db.rollback()
            raise
        self._whole = False
        self._do("COMMIT")

    def flush(self) -> None:
        """What was noted lazily is kept from here on."""
        if self._db.in_transaction and not self._whole:
            self._do("COMMIT")

    def _lazily(self) -> None:
        """What is noted next may wait for the next commit: a process that dies before is as one
        that died before it noted it."""
        if not self._db.in_transaction:
            self._do("BEGIN IMMEDIATE")

    def _do(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        if self.trouble:
            raise Unwritable(self.trouble)
        try:
            return self._db.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[_Row]:
        cursor = self._do(statement, values)
        try:
            return cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def _row(self, statement: str, values: Sequence[object] = ()) -> _Row | None:
        row: _Row | None = self._do(statement, values).fetchone()
        return row

    def _told(self, error: sqlite3.DatabaseError) -> Exception:
        """A fault of what was to be noted is the caller's; any other is the end of the run."""
        if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError):
            return error
        self.trouble = f"{self._path}: cannot be used any more: {trouble_of(error)}"
        return Unwritable(self.trouble)


def trouble_of(error: sqlite3.Error) -> str:
    """What is wrong with a file, in plain words."""
    return _TROUBLES.get(_code(error), str(error))


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault: it is no database, one that fell apart, or one that the
    steps do not go with."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def _broken(why: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(why)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _code(error: sqlite3.Error) -> int:
    """SQLite's result code without its further details; 0 where Python gives none."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
