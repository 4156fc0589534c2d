"""When a source is due: intervals and cron lines, at their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsspider.crawling.schedule import Schedule

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("1m", timedelta(minutes=1)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("366d", timedelta(days=366)),
        ("0 6 * * *", timedelta(days=1)),
        ("*/15 * * * *", timedelta(minutes=15)),
    ],
)
def test_the_interval_of_a_schedule(text: str, interval: timedelta) -> None:
    assert Schedule(text).interval == interval


@pytest.mark.parametrize("text", ["0m", "367d", "5", "5 minutes", "* * *", "61 * * * *", "", "@"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is neither an interval|is not between 1m and 366d"):
        Schedule(text)


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"never comes|neither an interval"):
        Schedule("0 0 31 2 *")


def test_a_source_that_was_never_crawled_is_due() -> None:
    assert Schedule("1d").next_after(None, NOW) == NOW


def test_a_timer_that_starts_a_little_early_finds_its_source_due() -> None:
    last = NOW - timedelta(minutes=4, seconds=31)
    assert Schedule("5m").next_after(last, NOW) <= NOW
    assert Schedule("5m").next_after(last + timedelta(seconds=2), NOW) > NOW


def test_a_cron_line_counts_in_the_zone_of_the_machine() -> None:
    now = NOW.astimezone(ZoneInfo("Asia/Shanghai"))  # 20:00
    last = now.replace(hour=5, minute=59)
    due = Schedule("0 6 * * *").next_after(last.astimezone(UTC), now)
    assert due == now.replace(hour=6, minute=0)
