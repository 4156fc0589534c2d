"""Dates of Nepal's calendar, and where they are not of that calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsspider.dates import read_time
from newsspider.dates.nepali import nepali_in_gregorian

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("२०८३ जेठ २१ गते", "ne", "2026-06-04 00:00"),
        ("जेठ २१, २०८३", "ne", "2026-06-04 00:00"),
        ("२१ जेठ २०८३", "ne", "2026-06-04 00:00"),
        ("२०८३ असोज १२, सोमबार १०:१५", "ne", "2026-09-28 10:15"),
        ("2083 Jestha 21", "ne", "2026-06-04 00:00"),
        ("२०८३-०२-२१", "ne", "2026-06-04 00:00"),
        ("बैशाख १, २०८३", "ne-NP", "2026-04-14 00:00"),
        ("2026-06-04 10:15", "ne", "2026-06-04 10:15"),
        ("4 जुन 2026", "ne", "2026-06-04 00:00"),
        ("जेठ ३३, २०८३", "ne", None),
        ("जेठ २१, २०८३", "hi", None),
    ],
)
def test_days_of_nepal(text: str, language: str, expected: str | None) -> None:
    moment = read_time(text, now=NOW, zone=UTC, language=language)
    assert (f"{moment.at:%Y-%m-%d %H:%M}" if moment else None) == expected


def test_the_zone_names_the_country() -> None:
    moment = read_time("2083 Jestha 21", now=NOW, zone=ZoneInfo("Asia/Kathmandu"))
    assert moment is not None and f"{moment.at:%Y-%m-%d}" == "2026-06-04"
    assert read_time("2083 Jestha 21", now=NOW, zone=UTC) is None


def test_the_first_and_the_last_day_of_the_table() -> None:
    assert nepali_in_gregorian("2049 Baisakh 1") == "1992-04-13"
    assert nepali_in_gregorian("2090 Chait 30") == "2034-04-13"
    assert nepali_in_gregorian("2091 Baisakh 1") == "2091 Baisakh 1"


def test_each_day_follows_the_day_before() -> None:
    day = date(2026, 4, 14)
    for month in range(1, 13):
        for number in range(1, 33):
            try:
                text = nepali_in_gregorian(f"2083-{month}-{number}")
            except ValueError:
                assert number > 29
                break
            assert text == f"{day}"
            day += timedelta(days=1)
    assert day == date(2027, 4, 14)
