"""The ledger in a PostgreSQL database.

In and out: see the methods of `store/ledger.py`. `store/ledgers.py` opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from newsspider.store.ledger import utc_now
from newsspider.store.postgresql.database import Database
from newsspider.store.sql.ledger import SqlLedger
from newsspider.store.sql.schema import STEPS


class PostgresqlLedger(SqlLedger):
    """A ledger at an address."""

    def __init__(self, address: str, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(Database(address, STEPS), clock)
