"""When a source counts as broken, down and recovered, and what is sent about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsspider.monitor.alerts import Change, State, changes, message_of, send_alerts
from newsspider.monitor.channels import Channel
from newsspider.store.counts import Counts

FINISHED = {"finish/finished": 1}
GOOD = {**FINISHED, "first_page/links": 30, "written": 2, "read": 2}
NOT_MODIFIED = {**FINISHED, "listing_pages": 1}
NO_ARTICLE = {**FINISHED, "first_page/links": 30, "known": 30}
STOPPED = {"finish/shutdown": 1, "failed/Timeout": 3}
DOWN = {**FINISHED, "failed/Http503": 1, "failed_listings": 1}
PARTLY = {**GOOD, "failed/Http503": 1}
NO_LINKS = {**FINISHED, "first_page/links": 0, "drift/links": 1}
GONE = {**FINISHED, "failed_listings": 1, "drift/listing": 1}
NO_TITLE = {**GOOD, "drift/lacking/title": 1}
SILENT = {**GOOD, "drift/fresh": 1}

# A series of crawls, and the state that is reported after each; "" where nothing is.
SERIES = {
    "nothing happens": ([GOOD, NOT_MODIFIED, PARTLY, STOPPED], ["", "", "", ""]),
    "broken once": ([NO_LINKS, NO_LINKS, GOOD, GOOD], ["broken", "", "fine", ""]),
    "broken another way": ([NO_LINKS, NO_TITLE, NO_LINKS], ["broken", "", ""]),
    "not modified shows nothing": ([NO_LINKS, NOT_MODIFIED, NO_LINKS], ["broken", "", ""]),
    "no article shows no field": ([NO_TITLE, NO_ARTICLE, GOOD], ["broken", "", "fine"]),
    "no listing, and as it was": ([GONE, DOWN, NOT_MODIFIED], ["broken", "", "fine"]),
    "no listing, and back": ([GONE, DOWN, NO_ARTICLE], ["broken", "", "fine"]),
    "silent, and back": ([SILENT, SILENT, NOT_MODIFIED], ["broken", "", "fine"]),
    "down twice is usual": ([DOWN, DOWN, GOOD, DOWN, DOWN], ["", "", "", "", ""]),
    "down": ([DOWN] * 5 + [NOT_MODIFIED], ["", "", "down", "", "", "fine"]),
    "a stop tells nothing": ([DOWN, DOWN, STOPPED, DOWN], ["", "", "", "down"]),
    "down, then broken": ([DOWN, DOWN, DOWN, GONE, GOOD], ["", "", "down", "broken", "fine"]),
}


@pytest.mark.parametrize(("crawls", "expected"), SERIES.values(), ids=SERIES)
def test_a_change_is_reported_once(crawls: list[dict[str, int]], expected: list[str]) -> None:
    states, reported = {}, []
    for counts in crawls:
        states, changed = changes(states, {"a/b": Counts(counts)}, [])
        reported.append("".join(change.state for change in changed))
    assert reported == expected


def test_the_reason_is_what_the_report_notes_of_the_source() -> None:
    notes = ["a/b: the listing finds 0 links", "a/bc: something else", "a note"]
    sources = {"a/b": Counts(NO_LINKS), "c/d": Counts(NO_LINKS)}
    _, changed = changes({}, sources, notes)
    assert list(map(str, changed)) == [
        "a/b is broken: the listing finds 0 links",
        "c/d is broken: links",
    ]


def test_the_message_names_one_source_and_counts_many() -> None:
    one = Change("a/b", State.BROKEN, "why")
    assert message_of([one]).title == "newsspider: a/b is broken"
    message = message_of([one, Change("c/d", State.FINE)])
    assert (message.title, message.is_bad) == ("newsspider: 2 sources changed", True)
    assert message.lines == ("a/b is broken: why", "c/d has recovered")
    assert not message_of([Change("c/d", State.FINE)]).is_bad
    assert len(message_of([one] * 51).lines) == 50


def test_what_no_channel_took_is_sent_by_the_next_run(tmp_path: Path) -> None:
    folder, log = tmp_path / "later", tmp_path / "later/alerts.log"
    for _ in range(2):
        send_alerts([Channel("alerts.0", str(log))], {"a/b": Counts(NO_LINKS)}, [], tmp_path)
        folder.mkdir(exist_ok=True)
    assert log.read_text().endswith("Z a/b is broken: links\n")
    send_alerts([Channel("alerts.0", str(log))], {"a/b": Counts(NO_LINKS)}, [], tmp_path)
    assert len(log.read_text().splitlines()) == 1


def test_one_channel_that_fails_does_not_repeat_the_message_to_the_others(tmp_path: Path) -> None:
    log = tmp_path / "alerts.log"
    channels = [Channel("alerts.0", str(tmp_path / "no/x")), Channel("alerts.1", str(log))]
    for _ in range(2):
        send_alerts(channels, {"a/b": Counts(NO_LINKS)}, [], tmp_path)
    assert len(log.read_text().splitlines()) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"a/b": 1}', "\xff"])
def test_states_that_cannot_be_read_are_those_of_no_run(tmp_path: Path, text: str) -> None:
    (tmp_path / ".newsspider").mkdir()
    (tmp_path / ".newsspider/alerts.json").write_text(text, "latin-1")
    log = tmp_path / "alerts.log"
    send_alerts([Channel("alerts.0", str(log))], {"a/b": Counts(NO_LINKS)}, [], tmp_path)
    assert len(log.read_text().splitlines()) == 1


def test_a_run_that_changes_no_state_writes_no_file(tmp_path: Path) -> None:
    send_alerts([], {"a/b": Counts(GOOD)}, [], tmp_path)
    assert list(tmp_path.iterdir()) == []
