"""The ledger in a SQLite file.

In and out: see the methods of `store/ledger.py`. `open_ledger` creates it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from newsspider.store.ledger import utc_now
from newsspider.store.sql.ledger import SqlLedger
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite.database import Database


class SqliteLedger(SqlLedger):
    """A ledger in the file `path`; None keeps it in memory, for a run that writes nothing.
    `shared`: other processes of the run have it open."""

    def __init__(
        self,
        path: Path | None,
        *,
        clock: Callable[[], datetime] = utc_now,
        steps: Sequence[str] = STEPS,
        shared: bool = False,
    ) -> None:
        self.file = Database(path, steps, whole=not shared, shared=shared)
        super().__init__(self.file, clock)

    def copy_of(self, path: Path) -> None:
        """Copy the ledger in another file, which is only read. Raises what opening it raises."""
        self.file.copy_of(path)
