"""An article whose source is lost is filed where the others of its listing are."""

from __future__ import annotations

import pytest

from newsspider.monitor.filing import Filing, has_lost_source, usual_filing, without_lost_source

DAILY, WIRE = Filing("Daily", "daily", "Daily"), Filing("Wire", "wire", "Wire")


@pytest.mark.parametrize(
    ("filings", "usual"),
    [
        ([DAILY] * 5, DAILY),
        ([DAILY] * 4, None),
        ([], None),
        ([DAILY] * 9 + [WIRE], DAILY),
        ([DAILY] * 8 + [WIRE], None),
        ([DAILY, WIRE] * 20, None),
    ],
)
def test_what_nearly_all_posts_have_is_usual(filings: list[Filing], usual: Filing | None) -> None:
    assert usual_filing(filings) == usual


@pytest.mark.parametrize("mark", ["by_fallback/source", "lacking/source"])
def test_a_mark_of_a_lost_source(mark: str) -> None:
    assert has_lost_source(["lacking/time", mark])
    assert without_lost_source(["lacking/time", mark]) == ("lacking/time",)
    assert not has_lost_source(["lacking/time", "by_fallback/title"])
