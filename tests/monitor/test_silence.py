"""When a source that has no new article is silent, and when it only rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsspider.dates.zones import country_of_zone
from newsspider.monitor.holidays import holidays_of
from newsspider.monitor.silence import silence, usual_gap

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def weekdays(weeks: int, on: set[int]) -> Iterator[datetime]:
    """Yield six in the morning of these days of the week."""
    yield from (MONDAY + at * DAY for at in range(7 * weeks) if at % 7 in on)


def unusual(published: list[datetime], after: timedelta, holidays: set[date] = frozenset()) -> bool:  # type: ignore[assignment]
    now = published[-1] + after
    silent = silence(published, now, zone=UTC, is_holiday=holidays.__contains__)
    return silent is not None and silent.is_unusual


@pytest.mark.parametrize(("after", "expected"), [(2.8 * DAY, False), (3 * DAY, True)])
def test_a_daily_is_silent_within_three_days(after: timedelta, expected: bool) -> None:
    assert unusual(list(weekdays(8, set(range(7)))), after) is expected


def test_after_a_friday_comes_the_weekend() -> None:
    thursday = list(weekdays(8, set(range(5))))[:-1]
    friday = list(weekdays(8, set(range(5))))
    assert unusual(thursday, 3 * DAY)
    assert not unusual(friday, 8 * DAY)
    assert unusual(friday, 9 * DAY)


def test_a_weekly_rests_for_weeks() -> None:
    assert not unusual(list(weekdays(8, {3})), 20 * DAY)
    assert unusual(list(weekdays(8, {3})), 21 * DAY)


def test_holidays_do_not_count() -> None:
    published = list(weekdays(8, set(range(7))))
    after = {(published[-1] + at * DAY).date() for at in (1, 2)}
    assert not unusual(published, 4 * DAY, after)
    assert unusual(published, 5 * DAY, after)


@pytest.mark.parametrize(("number", "expected"), [(5, False), (6, True)])
def test_without_five_gaps_nothing_is_usual(number: int, expected: bool) -> None:
    assert unusual([MONDAY + at * DAY for at in range(number)], 99 * DAY) is expected


def test_a_busy_source_may_rest_for_three_hours() -> None:
    published = [MONDAY + at * HOUR / 4 for at in range(2000)]
    assert not unusual(published, 3 * HOUR)
    assert unusual(published, 3.1 * HOUR)


def test_gaps_within_a_burst_do_not_count() -> None:
    """Of 200 articles within an hour of each day, 99 of 100 gaps are seconds."""
    published = [MONDAY + day * DAY + at * HOUR / 200 for day in range(56) for at in range(200)]
    assert not unusual(published, 2.7 * DAY)
    assert unusual(published, 3 * DAY)


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([5.0] * 5, 0.1),  # too few pauses: one gap in a hundred is such
        ([5.0] * 6, 5.0),
        ([4.0, 6, 8, 10, 12, 14, 16, 18], 36.0),  # 12 and three times 8
        ([4.0] * 7 + [40], 40.0),
        ([20.0] * 501, 20.0),  # most gaps are such: no bursts
    ],
)
def test_the_usual_gap_of_a_source_in_bursts(pauses: list[float], expected: float) -> None:
    gaps = [hours * HOUR for hours in [*pauses, *[0.1] * (1000 - len(pauses))]]
    assert usual_gap(gaps) == expected * HOUR


def test_nothing_at_all_is_no_silence() -> None:
    assert silence([], MONDAY, zone=UTC) is None


def test_the_words_name_both_times() -> None:
    published = list(weekdays(8, set(range(7))))
    silent = silence(published, published[-1] + 4 * DAY, zone=UTC)
    assert silent is not None
    assert "no new article for 4 days" in silent.words
    assert "are 1 day at most" in silent.words


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", date(2026, 10, 3), True),
        ("Europe/Berlin", date(2026, 10, 5), False),
        ("Europe/London", date(2026, 12, 25), True),
        ("America/Chicago", date(2026, 7, 4), True),
        ("Asia/Shanghai", date(2026, 10, 1), True),
        ("UTC", date(2026, 12, 25), False),
    ],
)
def test_public_holidays_are_those_of_the_zone(zone: str, day: date, expected: bool) -> None:
    assert holidays_of(zone)(day) is expected


def test_every_zone_that_sites_have_by_default_has_a_country() -> None:
    for zone in ("Europe/London", "Asia/Tokyo", "America/New_York", "America/Sao_Paulo"):
        assert ZoneInfo(zone) and len(country_of_zone(zone)) == 2
