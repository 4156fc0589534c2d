"""Where the ledger of an output folder is: in its SQLite file, or in a PostgreSQL database.

In: an output folder, and the address of a database; "" for the file. Out: the ledger of a run, or a
copy to read. A database remembers the folder that it is the ledger of, and the folder remembers its
database (`.newsspider/ledger.txt`): neither is used with another. Called by `store/folder.py` and
`store/moving.py`.
"""

from __future__ import annotations

import contextlib
import socket
import uuid
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from newsspider.errors import OutputError, Unwritable
from newsspider.store import sqlite
from newsspider.store.files import FOLDER, read_text, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.postgresql.address import shown

if TYPE_CHECKING:
    from newsspider.store.postgresql.database import Database

FILE = "ledger.sqlite"  # in .newsspider
REFERENCE = "ledger.txt"  # there, of a folder whose ledger is in a database
_OPEN_RUN = "run.txt"  # there, while a run goes on: for readers without the database


class Reference(NamedTuple):
    """What a folder and its database have in common, and where the other one is."""

    token: str
    place: str


def open_ledger(path: Path, address: str, *, dry: bool) -> Ledger:
    """Open the ledger of a folder for a run, creating it if necessary; a `dry` run gets a copy in
    memory. Raises OutputError if it cannot be used, OSError if a broken file cannot be set aside.
    """
    if not address:
        refuse_other(path)
        return sqlite.open_ledger(path / FOLDER / FILE, dry=dry)
    if dry:
        return copied_ledger(path, address)
    ledger = postgresql(address).PostgresqlLedger(address, open_run=path / FOLDER / _OPEN_RUN)
    try:
        owner = checked_owner(path, address, Reference(*ledger.owner()))
        here = Reference(owner.token or uuid.uuid4().hex, place_of(path))
        if here != owner and not ledger.claim(*here, before=owner.token):
            raise OutputError(f"{shown(address)}: another folder has just made it its ledger")
        note_reference(path, Reference(here.token, shown(address)))
    except BaseException:
        with contextlib.suppress(Unwritable):
            ledger.close()
        raise
    return ledger  # type: ignore[no-any-return]


def join_ledger(path: Path, address: str, run: int) -> Ledger:
    """Open the ledger of a folder for the run of this number, which another process has opened.
    Raises OutputError if it cannot be used."""
    ledger: Ledger
    if address:
        open_run = path / FOLDER / _OPEN_RUN
        ledger = postgresql(address).PostgresqlLedger(address, open_run=open_run, shared=True)
    else:
        ledger = sqlite.join_ledger(path / FOLDER / FILE)
    ledger.run = run
    return ledger


def copied_ledger(path: Path, address: str) -> Ledger:
    """Return a copy of the ledger of a folder in memory, empty if it has none; nothing is written,
    and a run may go on meanwhile. Raises OutputError if it cannot be read."""
    if not address:
        refuse_other(path)
        return sqlite.copied_ledger(path / FOLDER / FILE)
    try:
        copy, owner = postgresql(address).copied_ledger(address)
    except Unwritable as error:
        raise OutputError(str(error)) from error
    with contextlib.ExitStack() as undo:
        undo.callback(copy.close)
        checked_owner(path, address, Reference(*owner))
        undo.pop_all()
    return copy  # type: ignore[no-any-return]


def has_open_run(path: Path) -> bool:
    """Return whether the last run into a folder has not come to its end: it goes on, or was killed.
    False for a ledger that cannot be read."""
    if reference_of(path) is None:
        return sqlite.has_open_run(path / FOLDER / FILE)
    return (path / FOLDER / _OPEN_RUN).exists()


def postgresql(address: str) -> ModuleType:
    """Return the package that needs psycopg. Raises OutputError if that is not installed."""
    try:
        from newsspider.store.postgresql import ledger
    except ImportError:
        raise OutputError(
            f"{shown(address)}: a ledger in PostgreSQL needs psycopg:"
            " pip install 'newsspider[fleet]'"
        ) from None
    return ledger


def database_of(ledger: Ledger) -> Database:
    """Return the database of a ledger in PostgreSQL."""
    assert isinstance(ledger, postgresql("").PostgresqlLedger)
    database: Database = ledger.database
    return database


def checked_owner(path: Path, address: str, owner: Reference) -> Reference:
    """Return the owner of a database, which is empty or this folder. Raises OutputError if it is
    another one, or if the folder has another ledger."""
    reference = reference_of(path)
    if not owner.token:
        if reference is not None:
            refuse_other(path)
        return owner
    is_same = owner.place == place_of(path)
    if reference is not None:
        is_same = reference.token == owner.token and not _is_copy(path, owner)
    if not is_same:
        raise OutputError(
            f"{shown(address)}: is the ledger of {owner.place}, not of {path}: name another"
            " database, or another schema of it with ?options=-csearch_path%3DNAME (a folder that"
            f" was moved is recognised by its {FOLDER}/{REFERENCE})"
        )
    return owner


def refuse_other(path: Path) -> None:
    """Raise OutputError for a folder whose ledger is in another place than the one named."""
    reference = reference_of(path)
    if reference is not None:
        raise OutputError(
            f"{path}: its ledger is in {reference.place}: name it with --ledger, or as `ledger` in"
            " newsspider.yml; to begin a new ledger from the posts, delete"
            f" {path / FOLDER / REFERENCE} and {path / FOLDER / FILE}"
        )


def note_reference(path: Path, reference: Reference) -> None:
    """Save where the ledger of a folder is, if that is new. Raises Unwritable or OSError."""
    if reference != reference_of(path):
        text = f"{reference.token} {reference.place}\n"
        write_whole(path / FOLDER / REFERENCE, text.encode(), path)


def reference_of(path: Path) -> Reference | None:
    """Return where the ledger of a folder is; None if it is in its file."""
    try:
        token, _, place = read_text(path / FOLDER / REFERENCE, "replace").strip().partition(" ")
    except OSError:
        return None
    return Reference(token, place)


def place_of(path: Path) -> str:
    """Return where a folder is, for people and other machines."""
    return f"{socket.gethostname()}:{path.resolve()}"


def _is_copy(path: Path, owner: Reference) -> bool:
    """Return whether a folder is a copy of the one that a database is the ledger of, which is still
    there; on this machine, as no other can be looked at."""
    machine, _, name = owner.place.partition(":")
    other = Path(name)
    if machine != socket.gethostname() or not other.is_dir() or other.samefile(path):
        return False
    reference = reference_of(other)
    return reference is not None and reference.token == owner.token
