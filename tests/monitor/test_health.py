"""The health of a source, from what its last crawl counted and when it is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsspider.monitor.health import Crawled, Plan, State, age, health, reasons
from newsspider.store.counts import Counts

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _crawled(**counts: int) -> Crawled:
    values = {name.replace("__", "/"): count for name, count in counts.items()}
    return Crawled(NOW - HOUR, NOW - 50 * HOUR, Counts(values))


@pytest.mark.parametrize(
    ("crawled", "state", "why"),
    [
        (Crawled(), State.NEVER, ""),
        (_crawled(written=3, known=9, finish__finished=1), State.FINE, "3 new"),
        (_crawled(known=9, finish__finished=1), State.FINE, "nothing new for 2 days"),
        (Crawled(NOW, None, Counts(known=1)), State.FINE, "nothing new yet"),
        (_crawled(dropped__NoDate=2, finish__finished=1), State.FINE, "all dropped: NoDate 2"),
        (_crawled(known=1, failed__Http503=2), State.PARTLY, "Http503 2"),
        (_crawled(failed__Timeout=1, failed_listings=1), State.FAILED, "Timeout 1"),
        (_crawled(failed_listings=1), State.FAILED, "no listing could be read"),
        (
            _crawled(failed_listings=1, drift__links=1),
            State.BROKEN,
            "links; the report of the crawl says more",
        ),
        (
            _crawled(written=1, finish__shutdown=1),
            State.PARTLY,
            "stopped before its end (shutdown)",
        ),
    ],
)
def test_the_health_of_a_source(crawled: Crawled, state: State, why: str) -> None:
    found = health(crawled, None, NOW)
    assert (found.state, found.why) == (state, why)
    assert str(found) == (f"{state}: {why}" if why else state)


def test_a_source_is_overdue_after_two_intervals() -> None:
    crawled, interval = _crawled(written=1), timedelta(minutes=5)
    at_the_edge = Plan(NOW - 2 * interval, interval)
    assert health(crawled, at_the_edge, NOW).state is State.FINE
    late = health(crawled, at_the_edge, NOW + timedelta(seconds=1))
    assert str(late) == "overdue: no crawl for 1 hour; see its timer"


def test_a_source_that_was_never_crawled_is_not_overdue() -> None:
    assert health(Crawled(), Plan(NOW, HOUR), NOW + 9 * HOUR).state is State.NEVER


def test_the_most_frequent_reasons_are_named() -> None:
    counts = {"A": 9, "B": 8, "C": 7, "D": 1, "E": 1}
    assert reasons(counts) == "A 9, B 8, C 7 and 2 other reasons"
    assert reasons({}) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 minutes"), (59, "0 minutes"), (60, "1 minute"), (3600, "1 hour"), (172800, "2 days")],
)
def test_an_age_has_one_unit(seconds: int, text: str) -> None:
    assert age(timedelta(seconds=seconds)) == text
