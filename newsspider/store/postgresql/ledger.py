"""The ledger in a PostgreSQL database.

In and out: see the methods of `store/ledger.py`. `store/ledgers.py` opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from newsspider.store.ledger import Ledger, utc_now
from newsspider.store.postgresql.database import Database
from newsspider.store.postgresql.numbered import NumberedLedger
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite import ledger_of_rows, tables_of

Owner = tuple[str, str]  # the token and the place of an output folder; empty for none


class PostgresqlLedger(NumberedLedger):
    """A ledger at an address. The file `open_run` is there while a run goes on, and after one that
    was killed. `shared`: other processes of the run have it open."""

    def __init__(
        self,
        address: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        open_run: Path | None = None,
        shared: bool = False,
    ) -> None:
        self._database = Database(address, STEPS, shared=shared)
        self._open_run = open_run
        super().__init__(self._database, clock)
        try:
            self._database.check_columns(tables_of(STEPS))
        except BaseException:
            self._database.close()
            raise

    def owner(self) -> Owner:
        """Return the folder that this is the ledger of."""
        return _owner(self._database)

    def claim(self, token: str, place: str, *, before: str) -> bool:
        """Note that this is the ledger of a folder; return False if it is no longer that of the
        folder `before`."""
        done = self._database.do(
            "UPDATE newsspider SET token = ?, folder = ? WHERE token = ?", (token, place, before)
        )
        return done.rowcount > 0

    def clear(self) -> None:
        """Delete all rows; the database is no longer the ledger of a folder."""
        for table in tables_of(STEPS):
            self._database.do(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._database.do("UPDATE newsspider SET token = '', folder = ''")

    @property
    def database(self) -> Database:
        """The database, for what is saved in one transaction with the notes of the ledger."""
        return self._database

    @contextmanager
    def start_run(self) -> Iterator[int | None]:
        with super().start_run() as unclean:
            if self._open_run is not None:
                self._open_run.touch()
            yield unclean

    def end_run(self) -> None:
        super().end_run()
        if self._open_run is not None:
            self._open_run.unlink(missing_ok=True)


def copied_ledger(address: str) -> tuple[Ledger, Owner]:
    """Return a copy of a ledger in memory, as it is at one moment, and its owner. Raises
    OutputError or Unwritable if it cannot be read."""
    with closing(Database(address, STEPS, read_only=True)) as source:
        steps = STEPS[: source.version]
        source.check_columns(tables_of(steps))
        return ledger_of_rows(steps, source.every), _owner(source)


def _owner(db: Database) -> Owner:
    row = db.row("SELECT token, folder FROM newsspider") if db.version else None
    return (row[0], row[1]) if row else ("", "")
