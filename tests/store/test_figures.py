"""The figures of each source and day: written once the day is over, and known to a new ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.monitor.drift import ENOUGH, find_breaks
from newsspider.store.counts import Counts
from newsspider.store.figures import figures_to_save, restore_figures
from newsspider.store.ledger import RUNS_KEPT, Ledger
from newsspider.store.sqlite.ledger import SqliteLedger

MONDAY = datetime(2026, 3, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = "harbour/port"


class Hands:
    """A clock that a test sets."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def a_ledger(clock: Hands) -> Iterator[Ledger]:
    ledger = SqliteLedger(None, clock=clock)
    try:
        yield ledger
    finally:
        ledger.close()


def crawl(ledger: Ledger, counts: Mapping[str, int], source: str = SOURCE) -> None:
    with ledger.start_run():
        pass
    ledger.note_counts(source, counts)
    ledger.end_run()


def save(ledger: Ledger, folder: Path) -> list[str]:
    """Write the files that changed; return their names."""
    folder.mkdir(exist_ok=True)
    names = []
    for path, lines in figures_to_save(ledger, folder):
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        names.append(path.name)
    return sorted(names)


def lines(folder: Path) -> list[dict[str, object]]:
    files = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def test_a_day_is_written_when_it_is_over(tmp_path: Path) -> None:
    clock = Hands()
    with a_ledger(clock) as ledger:
        crawl(ledger, {"found": 30, "first_page/links": 30, "dropped/NoDate": 1})
        crawl(ledger, {"found": 28, "first_page/links": 28, "written": 2})
        assert save(ledger, tmp_path) == []
        clock.now += DAY
        assert save(ledger, tmp_path) == ["2026-03.jsonl"]
        counts = {"dropped/NoDate": 1, "first_page/links": 28, "found": 58, "written": 2}
        day = {"source": SOURCE, "day": "2026-03-30", "runs": 2, "counts": counts}
        assert lines(tmp_path) == [day]
        assert save(ledger, tmp_path) == []


def test_the_months_have_files_of_their_own_which_keep_what_the_ledger_forgot(
    tmp_path: Path,
) -> None:
    clock = Hands()
    with a_ledger(clock) as ledger:
        for _ in range(3):
            crawl(ledger, {"found": 1})
            clock.now += DAY
        assert save(ledger, tmp_path) == ["2026-03.jsonl", "2026-04.jsonl"]
        before = lines(tmp_path)
        for _ in range(RUNS_KEPT):
            crawl(ledger, {"found": 2})
        clock.now += DAY
        assert save(ledger, tmp_path) == ["2026-04.jsonl"]
    assert lines(tmp_path)[:3] == before
    assert lines(tmp_path)[3]["runs"] == RUNS_KEPT


def test_a_new_ledger_knows_what_is_usual(tmp_path: Path) -> None:
    clock = Hands()
    with a_ledger(clock) as ledger:
        for links in range(28, 28 + ENOUGH):
            crawl(ledger, {"first_page/links": links, "first_page/bytes": 84_000})
        clock.now += DAY
        save(ledger, tmp_path)
    with a_ledger(clock) as clone:
        restore_figures(clone, tmp_path)
        crawl(clone, {"first_page/links": 30})
        history = clone.counts(SOURCE, 500)
        assert [run.runs for run in history] == [1, ENOUGH]
        assert clone.last_crawls() == {SOURCE: clock.now}
        empty = Counts({"first_page/links": 0, "first_page/bytes": 84_000})
        (found,) = find_breaks(empty, history)
        assert "found 0 links" in found.words.replace("finds", "found")
        assert f"the last {ENOUGH + 1} runs found 28 to 30" in found.words
        clock.now += DAY
        assert save(clone, tmp_path) == ["2026-03.jsonl"]
    assert [day["runs"] for day in lines(tmp_path)] == [ENOUGH, 1]


def test_days_are_restored_in_their_order(tmp_path: Path) -> None:
    clock = Hands()
    with a_ledger(clock) as ledger:
        for found in (1, 2, 3):
            crawl(ledger, {"found": found})
            clock.now += DAY
        save(ledger, tmp_path)
    with a_ledger(clock) as clone:
        restore_figures(clone, tmp_path)
        assert [run["found"] for run in clone.counts(SOURCE, 500)] == [3, 2, 1]
        assert clone.last_crawls()[SOURCE].date() == date(2026, 4, 1)


def test_of_two_machines_the_one_with_more_runs_counts(tmp_path: Path) -> None:
    def line(runs: int) -> str:
        values = {"source": SOURCE, "day": "2026-03-30", "runs": runs, "counts": {"found": runs}}
        return f"{json.dumps(values)}\n"

    (tmp_path / "2026-03.jsonl").write_text(line(2) + line(9) + line(5), "utf-8")
    with a_ledger(Hands()) as ledger:
        restore_figures(ledger, tmp_path)
        assert [run["found"] for run in ledger.counts(SOURCE, 9)] == [9]


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< HEAD",
        "[]",
        "[" * 100_000,
        '{"source": "x", "day": "2026-13-01", "runs": 1, "counts": {}}',
        '{"source": "x", "day": "2026-03-01", "runs": 0, "counts": {"found": 1}}',
        '{"source": "x", "day": "2026-03-01", "runs": 1, "counts": {"found": "many"}}',
        '{"source": "x", "day": "2026-03-01", "runs": 1, "counts": {"found": 1e999}}',
        '{"source": "x", "day": "2026-03-01", "runs": 1, "counts": []}',
        '{"day": "2026-03-01", "runs": 1, "counts": {}}',
    ],
)
def test_a_line_that_cannot_be_read_is_skipped(tmp_path: Path, line: str) -> None:
    (tmp_path / "2026-03.jsonl").write_text(f"{line}\n", "utf-8")
    with a_ledger(Hands()) as ledger:
        restore_figures(ledger, tmp_path)
        assert ledger.last_crawls() == {}
