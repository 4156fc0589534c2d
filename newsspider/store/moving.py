"""A ledger moved from its file to PostgreSQL, or back: copied, checked, then gone where it was.

In: an output folder and the address of a database. Out: the ledger in the other place, with all its
rows; or an OutputError, and the ledger where it was. A move that is killed is done again.
`newsspider fleet move` calls it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from newsspider.errors import OutputError, Unwritable
from newsspider.store import ledgers
from newsspider.store.files import FOLDER, sync_folder, trouble_of
from newsspider.store.folder import hold
from newsspider.store.ledgers import FILE, REFERENCE, Reference
from newsspider.store.postgresql.address import shown
from newsspider.store.sql.database import Row
from newsspider.store.sql.ledger import SqlLedger
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite import tables_of
from newsspider.store.sqlite.ledger import SqliteLedger
from newsspider.text.characters import counted

if TYPE_CHECKING:
    from newsspider.store.postgresql.database import Database

MOVED = "ledger.moved"  # in .newsspider: the file of a ledger that is in PostgreSQL now
_NEW = "unfinished.sqlite"  # there: a file that is not whole yet


def to_postgresql(path: Path, address: str) -> int:
    """Move the ledger of a folder to an empty database; return how many rows it has. Its file stays
    as `ledger.moved`. Raises OutputError; OutputHeld if a run holds the folder."""
    file, place = path / FOLDER / FILE, ledgers.place_of(path)
    if not file.exists():
        raise OutputError(f"{path}: has no ledger to move: the first run with --ledger makes one")
    with _held(path):
        ledgers.refuse_other(path)
        with closing(ledgers.postgresql(address).PostgresqlLedger(address)) as target:
            owner = Reference(*target.owner())
            if owner.token and owner.place != place:
                raise OutputError(f"{shown(address)}: is the ledger of {owner.place}")
            token = owner.token or uuid.uuid4().hex
            with closing(SqliteLedger(file)) as source, target.transaction():
                target.clear()  # of a move that was killed
                number = _copy(source, target, shown(address))
                target.claim(token, place, before="")
            ledgers.note_reference(path, Reference(token, shown(address)))
        file.replace(file.with_name(MOVED))
    return number


def to_file(path: Path, address: str) -> int:
    """Move the ledger of a folder from its database to the file; return how many rows it has. The
    tables stay, empty. Raises OutputError; OutputHeld if a run holds the folder."""
    folder = path / FOLDER
    with _held(path), closing(ledgers.postgresql(address).PostgresqlLedger(address)) as source:
        owner, reference = Reference(*source.owner()), ledgers.reference_of(path)
        number = 0
        is_emptied = not owner.token and reference is not None
        if not (is_emptied and (folder / FILE).exists()):  # else a killed move did all but the last
            _refuse_waiting(source.database)
            if not ledgers.checked_owner(path, address, owner).token:
                raise OutputError(f"{shown(address)}: has no ledger to move")
            for leftover in (_NEW, f"{FILE}-wal", f"{FILE}-shm"):
                (folder / leftover).unlink(missing_ok=True)
            with closing(SqliteLedger(folder / _NEW)) as target:
                number = _copy(source, target, str(folder / FILE))
            (folder / _NEW).replace(folder / FILE)
            sync_folder(folder)
            with source.transaction():
                source.clear()
        (folder / REFERENCE).unlink(missing_ok=True)
    return number


def _refuse_waiting(db: Database) -> None:
    """Raise OutputError if a fleet has read articles that are not published."""
    from newsspider.store.postgresql import fleet, outbox

    if fleet.has_fleet(db) and (number := outbox.count(db)):
        raise OutputError(
            f"{counted(number, 'article')} of the fleet to be published before: run `newsspider"
            " fleet publish --once`"
        )


def _copy(source: SqlLedger, target: SqlLedger, name: str) -> int:
    """Copy all rows, and return their number. Raises OutputError if the copy differs."""
    total = 0
    for table, columns in tables_of(STEPS).items():
        target.fill(table, columns, source.every(table, columns))
        number, digest = _digest(source.every(table, columns))
        if (number, digest) != _digest(target.every(table, columns)):
            raise OutputError(f"{name}: the copy of {table} differs: nothing was moved")
        total += number
    return total


def _digest(rows: Iterable[Row]) -> tuple[int, int]:
    """Return the number of rows, and a digest of them in whatever order."""
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
    return number, total


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the folder, and turn errors of the disk and the server into OutputError."""
    try:
        with hold(path):
            yield
    except OSError as error:
        raise OutputError(f"{error.filename or path}: {trouble_of(error)}") from error
    except Unwritable as error:
        raise OutputError(str(error)) from error
