"""Single corrections are updates; the same change of many articles is doubtful."""

from __future__ import annotations

from newsspider.monitor.rereadings import Rereadings


def test_three_articles_may_change() -> None:
    rereadings = Rereadings()
    many = [rereadings.are_many(has_changed=True) for _ in range(5)]
    assert many == [False, False, False, True, True]
    assert not rereadings.are_many(has_changed=False)


def test_many_corrections_among_many_articles_are_fine() -> None:
    rereadings = Rereadings()
    assert not any(rereadings.are_many(has_changed=changed) for changed in [False, True] * 20)
