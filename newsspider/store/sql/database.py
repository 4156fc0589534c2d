"""What the tables of a ledger need of a database, whatever it is.

In: statements in the SQL that SQLite and PostgreSQL share, with `?` or `?1` for a value. Out: rows.
`store/sqlite` and `store/postgresql` each have a Database; the modules of `store/sql` use it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol

from newsspider.store.ledger import Ledger, utc_now

Row = tuple[Any, ...]


class Result(Protocol):
    """What a statement did."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""


class Database(Protocol):
    """A database that is open. Every method raises Unwritable if it can no longer be used;
    `trouble` gives the reason from then on."""

    @property
    @abstractmethod
    def trouble(self) -> str:
        """Why the database can no longer be used; "" while it can."""

    def close(self) -> None:
        """Close it. Raises Unwritable if the last notes cannot be saved."""

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Commit all statements made inside, or none; a `durable` commit survives a power cut."""

    def flush(self) -> None:
        """Commit the statements that `lazily` held back."""

    def lazily(self) -> None:
        """Let the next statements wait for the next commit."""

    def do(self, statement: str, values: Sequence[object] = ()) -> Result:
        """Execute a statement."""

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a statement."""

    def row(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row of a statement; None without one."""


class Tables(Ledger):
    """A ledger in the tables of a database, which closes with it."""

    def __init__(self, db: Database, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self._db = db

    @property
    def trouble(self) -> str:
        return self._db.trouble

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._db.transaction():
            yield

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")
