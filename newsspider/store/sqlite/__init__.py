"""The ledger in a SQLite file: the only package that imports sqlite3.

In: the path of the file. Out: the open ledger of a run. `store/ledgers.py` calls `open_ledger`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from newsspider.errors import BrokenLedger
from newsspider.store.ledger import Ledger
from newsspider.store.sql.database import Row
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite.database import read_row, tables_of
from newsspider.store.sqlite.ledger import SqliteLedger

__all__ = [
    "copied_ledger",
    "has_open_run",
    "join_ledger",
    "ledger_of_rows",
    "open_ledger",
    "tables_of",
]

logger = logging.getLogger(__name__)


def open_ledger(file: Path, *, dry: bool) -> Ledger:
    """Open the ledger in `file`, creating it if necessary; a `dry` run gets a copy in memory. A
    broken file is set aside beside the new one (`ledger.broken`), or ignored in a dry run.

    Raises NewerLedger or another OutputError if it cannot be used, OSError if a broken file cannot
    be set aside.
    """
    try:
        return copied_ledger(file) if dry else SqliteLedger(file)
    except BrokenLedger as error:
        if dry:
            logger.warning("%s; the dry run ignores it", error)
            return SqliteLedger(None)
        aside = _set_aside(file)
        logger.warning("%s; set aside as %s and replaced by a new one", error, aside.name)
        return SqliteLedger(file)


def join_ledger(file: Path) -> Ledger:
    """Open the ledger that another process of the run has opened. Raises OutputError if it cannot
    be used."""
    return SqliteLedger(file, shared=True)


def copied_ledger(file: Path) -> Ledger:
    """Return a copy in memory, empty if there is no file. Raises OutputError if it cannot be
    read."""
    copy = SqliteLedger(None)
    try:
        if file.exists():
            copy.copy_of(file)
    except BaseException:
        copy.close()
        raise
    return copy


def ledger_of_rows(
    steps: Sequence[str], every: Callable[[str, Sequence[str]], Iterable[Row]]
) -> Ledger:
    """Return a ledger in memory with the rows of another, whose tables are as `steps` leave them;
    `every` returns the rows of a table with these columns."""
    copy = SqliteLedger(None, steps=steps)
    try:
        for table, columns in tables_of(steps).items():
            copy.fill(table, columns, every(table, columns))
        copy.file.upgrade(STEPS)
    except BaseException:
        copy.close()
        raise
    return copy


def has_open_run(file: Path) -> bool:
    """Return whether the last run of a ledger has not come to its end: it goes on, or was killed.
    False for a file that cannot be read."""
    row = read_row(file, "SELECT ended IS NULL FROM runs ORDER BY id DESC LIMIT 1")
    return bool(row and row[0])


def _set_aside(file: Path) -> Path:
    """Move the file out of the way, without its write-ahead log, which no other file can use."""
    aside = file.with_suffix(".broken")
    file.replace(aside)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    return aside
