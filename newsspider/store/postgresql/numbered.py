"""A ledger whose runs begin at several places at once, each with a number of its own.

In: the start of a run. Out: its number. The ledgers of this package derive from it.
"""

from __future__ import annotations

from newsspider.store.sql.ledger import SqlLedger

_NUMBERING = 0x72756E73  # the advisory lock of the numbers of runs


class NumberedLedger(SqlLedger):
    """A ledger in PostgreSQL. No other run gets its number before the transaction ends that begins
    one."""

    def _begin_run(self, ended: str | None) -> None:
        self._db.do("SET LOCAL lock_timeout = '60s'")  # the start of a run may rebuild the ledger
        self._db.do(f"SELECT pg_advisory_xact_lock({_NUMBERING})")
        super()._begin_run(ended)
