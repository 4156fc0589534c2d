"""How often Python looks for garbage: seldom while a command starts, as ever while it works."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from newsspider.garbage import look_often, look_seldom


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_a_start_is_looked_through_once_and_never_again() -> None:
    look_seldom()
    kept = [[] for _ in range(10_000)]
    assert gc.get_threshold()[0] > 5 * len(kept)
    look_often()
    assert gc.get_threshold()[0] == 700
    assert gc.get_freeze_count() >= len(kept)


def test_what_a_run_reads_is_not_kept_for_ever() -> None:
    """A run of many sources calls it at the start of each."""
    look_seldom()
    look_often()
    frozen = gc.get_freeze_count()
    kept = [[] for _ in range(10_000)]
    look_often()
    assert gc.get_freeze_count() < frozen + len(kept)
