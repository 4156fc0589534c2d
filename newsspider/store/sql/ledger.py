"""A ledger in the tables of a database.

In and out: see the methods of `store/ledger.py`, which the modules of this package implement, one
for each kind of row. `store/sqlite` and `store/postgresql` open its databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from newsspider.store.sql.articles import Articles
from newsspider.store.sql.checks import Checks
from newsspider.store.sql.database import Row
from newsspider.store.sql.links import Links
from newsspider.store.sql.listings import Listings
from newsspider.store.sql.runs import Runs
from newsspider.store.sql.saved import Saved


class SqlLedger(Runs, Links, Listings, Articles, Checks, Saved):
    """A ledger in the tables of `schema.py`."""

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table."""
        return self._db.every(table, columns)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table that has none of their keys."""
        self._db.fill(table, columns, rows)
