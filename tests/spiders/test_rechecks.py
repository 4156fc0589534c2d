"""When a published article is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsspider.model import Link
from newsspider.spiders.rechecks import is_due, pause
from newsspider.store.records import Check, PublishedPost

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TWO_DAYS = timedelta(days=2)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def check(age: timedelta, looked: timedelta | None, missing: timedelta | None = None) -> Check:
    """Return an article of this age, last asked for and missing for so long."""
    post = PublishedPost(
        **dict.fromkeys(("key", "site", "id", "path", "category", "tag", "link"), "x"),
        date=f"{NOW - age:%Y-%m-%d %H:%M:%S %z}",
        state="published",
        hash="h",
        intended="",
        run=1,
    )
    checked = "" if looked is None else (NOW - looked).isoformat()
    since = "" if missing is None else (NOW - missing).isoformat()
    return Check("x", Link(url="https://x.example/a"), post, checked, since)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), 15 * MINUTE),
        (2 * HOUR - MINUTE, 15 * MINUTE),
        (2 * HOUR, HOUR),
        (12 * HOUR, 3 * HOUR),
        (DAY, DAY),
        (30 * DAY, DAY),
    ],
)
def test_the_pause_grows_with_the_age(age: timedelta, expected: timedelta) -> None:
    assert pause(age) == expected


@pytest.mark.parametrize(
    ("age", "looked", "due"),
    [
        (HOUR, 15 * MINUTE, True),
        (HOUR, 14 * MINUTE, False),
        (30 * HOUR, 23 * HOUR, False),
        (30 * HOUR, 24 * HOUR, True),
        (TWO_DAYS - MINUTE, None, True),
        (TWO_DAYS, None, False),
        (HOUR, -HOUR, True),  # noted by a wrong clock
    ],
)
def test_young_articles_are_due(age: timedelta, looked: timedelta | None, due: bool) -> None:
    assert is_due(check(age, looked), NOW, TWO_DAYS) is due


@pytest.mark.parametrize(("missing", "due"), [(DAY - MINUTE, False), (DAY, True)])
@pytest.mark.parametrize("recheck", [timedelta(0), TWO_DAYS])
@pytest.mark.parametrize("age", [HOUR, 300 * DAY])
def test_a_missing_article_is_due_a_day_later_whatever_its_age(
    age: timedelta, recheck: timedelta, missing: timedelta, due: bool
) -> None:
    assert is_due(check(age, missing, missing), NOW, recheck) is due
