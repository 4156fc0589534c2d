"""The runs of a ledger, and what each counted of each source.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about runs and
sources. Part of SqlLedger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from newsspider.store.counts import Counts
from newsspider.store.ledger import RUNS_KEPT
from newsspider.store.sql.database import Tables


class Runs(Tables):
    """Runs and their counts."""

    @contextmanager
    def start_run(self) -> Iterator[int | None]:
        # The start of a run must survive a power cut, or its posts would not be checked.
        with self._db.transaction(durable=True):
            last = self._db.row("SELECT id, ended FROM runs ORDER BY id DESC LIMIT 1")
            self.run = last[0] + 1 if last else 1
            self._db.do("INSERT INTO runs (id, started) VALUES (?, ?)", (self.run, self._now()))
            yield last[0] if last and last[1] is None else None

    def end_run(self) -> None:
        self._db.flush()
        self._db.do("UPDATE runs SET ended = ? WHERE id = ?", (self._now(), self.run))

    def last_run(self) -> datetime | None:
        row = self._db.row(
            "SELECT MAX(CASE WHEN ended > started THEN ended ELSE started END) FROM runs"
            " WHERE id != ?",
            (self.run,),
        )
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def note_counts(self, source: str, counts: Mapping[str, int]) -> None:
        with self.transaction():
            for name, count in counts.items():
                self._db.do(
                    "INSERT INTO runs_of_source (source, run, name, count) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (source, run, name) DO UPDATE"
                    " SET count = runs_of_source.count + excluded.count",
                    (source, self.run, name, count),
                )
            self._db.do(
                # NOT IN: SQLite 3.40 ignores the OFFSET of `run <= (SELECT DISTINCT … OFFSET ?)`.
                "DELETE FROM runs_of_source WHERE source = ? AND run NOT IN (SELECT DISTINCT run"
                " FROM runs_of_source WHERE source = ? ORDER BY run DESC LIMIT ?)"
                " AND run != (SELECT COALESCE(MAX(run), 0) FROM runs_of_source"
                " WHERE source = ? AND name = 'written')",
                (source, source, RUNS_KEPT, source),
            )

    def last_crawls(self, name: str = "") -> dict[str, datetime]:
        rows = self._db.rows(
            "SELECT source, MAX(started) FROM runs_of_source JOIN runs ON run = runs.id"
            " WHERE ? IN ('', name) GROUP BY source",
            (name,),
        )
        return {source: datetime.fromisoformat(started) for source, started in rows}

    def counts(self, source: str, runs: int) -> list[Counts]:
        rows = self._db.rows(
            "SELECT run, name, count FROM runs_of_source WHERE source = ? AND run IN (SELECT"
            " DISTINCT run FROM runs_of_source WHERE source = ? ORDER BY run DESC LIMIT ?)"
            " ORDER BY run DESC, name",
            (source, source, runs),
        )
        by_run: dict[int, Counts] = {}
        for run, name, count in rows:
            by_run.setdefault(run, Counts())[name] = count
        return list(by_run.values())
