"""The runs of a ledger, and what each counted of each source.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about runs and
sources. Part of SqlLedger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from newsspider.store.counts import RUNS, Counts
from newsspider.store.ledger import RUNS_KEPT
from newsspider.store.sql.database import Tables

WORKER = ""  # in the place of the end of a run that writes no post
_LAST = 2**62  # above the numbers of all runs
_OF_A_PAGE = "first_page/"  # counts that say how a page is, not how often something happened


class Runs(Tables):
    """Runs and their counts."""

    @contextmanager
    def start_run(self) -> Iterator[int | None]:
        # The start of a run must survive a power cut, or its posts would not be checked.
        with self._db.transaction(durable=True):
            self._begin_run(None)
            last = self._db.row(
                "SELECT id, ended FROM runs WHERE id > 0 AND id < ?"
                " AND (ended IS NULL OR ended != ?) ORDER BY id DESC LIMIT 1",
                (self.run, WORKER),
            )
            yield last[0] if last and last[1] is None else None

    def _begin_run(self, ended: str | None) -> None:
        """Give the run its number, in the open transaction."""
        row = self._db.row("SELECT MAX(id) FROM runs WHERE id > 0")
        self.run = row[0] + 1 if row and row[0] else 1
        self._db.do(
            "INSERT INTO runs (id, started, ended) VALUES (?, ?, ?)",
            (self.run, self._now(), ended),
        )

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

    def counts(self, source: str, runs: int, before: int | None = None) -> list[Counts]:
        rows = self._db.rows(
            "SELECT run, name, count FROM runs_of_source WHERE source = ?1 AND run IN (SELECT"
            " DISTINCT run FROM runs_of_source WHERE source = ?1 AND run < ?2"
            " ORDER BY run DESC LIMIT ?3) ORDER BY run DESC, name",
            (source, _LAST if before is None else before, runs),
        )
        by_run: dict[int, Counts] = {}
        for run, name, count in rows:
            by_run.setdefault(run, Counts())[name] = count
        return list(by_run.values())

    def counts_by_day(self) -> Iterable[tuple[str, str, Counts]]:
        of_days = (
            " FROM runs_of_source JOIN runs ON run = runs.id WHERE started < ? AND run > 0"
            " GROUP BY source, substr(started, 1, 10)"
        )
        today = (self._now()[:10],)
        rows = self._db.rows(
            f"SELECT source, substr(started, 1, 10), COUNT(DISTINCT run){of_days}", today
        )
        days = {(source, day): Counts({RUNS: runs}) for source, day, runs in rows}
        for source, day, name, total, least in self._db.rows(
            f"SELECT source, substr(started, 1, 10), name, SUM(count), MIN(count){of_days}, name",
            today,
        ):
            days[source, day][name] = int(least if name.startswith(_OF_A_PAGE) else total)
        return [(source, day, counts) for (source, day), counts in days.items()]

    def restore_counts(self, source: str, day: date, counts: Counts) -> None:
        run = day.toordinal() - date.max.toordinal() - 1  # below all runs, in the order of days
        self._db.do(
            "INSERT INTO runs (id, started, ended) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (run, f"{day}T00:00:00+00:00", f"{day}T00:00:00+00:00"),
        )
        for name, count in counts.items():
            self._db.do(
                "INSERT INTO runs_of_source (source, run, name, count) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (source, run, name) DO NOTHING",
                (source, run, name, count),
            )
