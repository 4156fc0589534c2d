"""The age of the newest article, at the edges of `fresh`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsspider.monitor.fresh import stale

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "is_error"), [(0, None), (12, None), (13, False), (48, False), (49, True)]
)
def test_a_source_that_falls_silent(hours: int, is_error: bool | None) -> None:
    found = stale(NOW - hours * HOUR, NOW, warn=12 * HOUR, error=48 * HOUR)
    assert (found.is_error if found else None) is is_error


def test_the_words() -> None:
    found = stale(NOW - 72 * HOUR, NOW, warn=None, error=48 * HOUR)
    assert found is not None
    assert found.words == "its newest article is 3 days old; `fresh` allows 2 days"


def test_without_an_article_or_a_limit_nothing_is_stale() -> None:
    assert stale(None, NOW, warn=HOUR, error=HOUR) is None
    assert stale(NOW - 1000 * HOUR, NOW, warn=None, error=None) is None
