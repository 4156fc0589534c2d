"""The records of runs, and their page."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from newsspider.crawling.report import Report
from newsspider.errors import StartError
from newsspider.monitor.page import page
from newsspider.monitor.record import RunRecord, run_id
from newsspider.monitor.runs import SHOWN, read_records, report_of, save
from newsspider.store.counts import Counts
from newsspider.store.ledger import RUNS_KEPT

START = datetime(2026, 11, 28, 3, 19, 47, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&\x00\ud800"


def record(number: int = 1, **counts: int) -> RunRecord:
    started = START + timedelta(hours=number)
    return RunRecord(
        id=run_id(started, number),
        newsspider="0.1.0",
        started=started,
        ended=started + timedelta(seconds=9),
        exit_code=0,
        requests=7,
        sources={"a/b": {name.replace("__", "/"): count for name, count in counts.items()}},
    )


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    save(record(1, found=3), tmp_path)
    save(record(2, found=4, dropped__NoDate=1), tmp_path)
    newest, oldest = read_records(tmp_path, 9)
    assert (newest, oldest) == (record(2, found=4, dropped__NoDate=1), record(1, found=3))
    assert newest.counts("a/b").dropped == {"NoDate": 1}
    assert (newest.counts(), newest.counts("c/d")) == (newest.counts("a/b"), Counts())
    assert newest.outcome == "done"
    assert read_records(tmp_path, 1) == [newest]
    assert (tmp_path / ".newsspider/runs" / f"{newest.id}.json").exists()


def test_the_oldest_records_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / ".newsspider/runs"
    folder.mkdir(parents=True)
    for number in range(RUNS_KEPT):
        (folder / f"{record(number).id}.json").write_text("{}")
    save(record(RUNS_KEPT), tmp_path)
    names = sorted(path.stem for path in folder.iterdir())
    assert (len(names), names[0], names[-1]) == (RUNS_KEPT, record(1).id, record(RUNS_KEPT).id)


def test_a_record_that_cannot_be_read_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    save(record(1), tmp_path)
    values = json.loads(record(2).model_dump_json())
    for number, text in ((3, "{"), (4, json.dumps(values | {"version": 2})), (5, "[" * 100_000)):
        (tmp_path / ".newsspider/runs" / f"{record(number).id}.json").write_text(text)
    (tmp_path / ".newsspider/runs" / f"{record(6).id}.json").mkdir()
    assert read_records(tmp_path, 9) == [record(1)]
    assert caplog.text.count("cannot be read") == 4


def test_the_report_of_a_run_becomes_its_record(tmp_path: Path) -> None:
    report = Report(notes=[HOSTILE])
    report.add("a/b", {"news/found": 2, "news/failed/Timeout": 2, "x": 1}, [])
    values = report.record(12, START, None)
    assert values.id == "2026-11-28T031947Z-12"
    assert (values.exit_code, values.outcome, values.error) == (3, "nothing fetched", "")
    assert values.sources == {"a/b": {"found": 2, "failed/Timeout": 2}}
    error = report.record(12, START, StartError(HOSTILE))
    assert (error.exit_code, "alert" in error.error) == (2, True)
    save(values, tmp_path)  # no character of a page keeps it from being written
    assert read_records(tmp_path, 1) == [values]


# -- the page ---------------------------------------------------------------------------------


def test_the_page_shows_the_sources_and_the_runs() -> None:
    runs = [
        record(3, found=5, written=2, dropped__NoDate=3),
        record(2, failed__Timeout=1, failed_listings=1),
        record(1, known=5),
    ]
    tree = html.fromstring(page(runs))
    sources, all_runs = tree.xpath("//table")
    (row,) = sources.xpath(".//tr[td]")
    cells = [cell.text_content() for cell in row.xpath("td")]
    assert (cells[0], cells[1]) == ("a/b", "2026-11-28 06:19 UTC")
    assert cells[3:] == ["5", "2", "0", "NoDate 3", "0"]
    assert len(all_runs.xpath(".//tr[td]")) == 3
    bars = {path.get("class"): path.get("d") for path in row.xpath(".//path")}
    assert bars == {"none": "M1 24v-1", "bad": "M4 24v-24", "new": "M7 24v-24"}


def test_nothing_on_the_page_acts() -> None:
    run = record(1, written=1).model_copy(
        update={
            "sources": {HOSTILE: {f"dropped/{HOSTILE}": 1, f"failed/{HOSTILE}": 1}},
            "notes": (HOSTILE,),
            "error": HOSTILE,
        }
    )
    text = page([run])
    tree = html.fromstring(text.encode("utf-8", "replace").decode())
    assert not tree.xpath("//script | //*[@onload or @onclick or @href or @src]")
    assert text.count("&lt;script&gt;") >= 5
    assert "default-src 'none'" in text


def test_the_page_has_the_last_runs_and_stays_small(tmp_path: Path) -> None:
    for number in range(SHOWN + 1):
        save(record(number, written=number), tmp_path)
    text = report_of(tmp_path).read_text("utf-8")
    assert len(html.fromstring(text).xpath("//table[2]//tr[td]")) == SHOWN
    assert len(text) < 50_000


def test_the_page_of_no_run_says_so() -> None:
    assert "There is no run yet." in page([])
