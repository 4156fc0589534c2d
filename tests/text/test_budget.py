"""A block of code that reads a stranger's page takes no more CPU time than its budget."""

from __future__ import annotations

import contextlib
import signal
import threading
import time

import pytest

from newsspider.errors import NotReadable, TooCostly
from newsspider.text.budget import budget, require, unmeasured


def work(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def test_a_block_within_its_budget_runs_to_its_end() -> None:
    with budget(5):
        work(0.05)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0.0


def test_attack_a_block_over_its_budget_is_ended() -> None:
    began = time.process_time()
    with pytest.raises(TooCostly), budget(0.1):
        work(20)
    assert time.process_time() - began < 1


def test_attack_a_library_that_catches_every_exception_is_ended() -> None:
    with pytest.raises(TooCostly), budget(0.1):
        try:
            work(20)
        except Exception:
            work(20)


def test_attack_what_a_block_raises_instead_is_not_used() -> None:
    with pytest.raises(TooCostly), budget(0.1):
        try:
            work(20)
        except ValueError as error:  # as a library does
            raise NotReadable("the page is not HTML") from error


def test_attack_what_a_block_returns_that_was_interrupted_is_not_used() -> None:
    ended = False
    with pytest.raises(TooCostly), budget(0.1):
        with contextlib.suppress(Exception), budget(5):
            work(20)
        ended = True
    assert ended


def test_waiting_costs_nothing() -> None:
    with budget(0.1):
        time.sleep(0.3)


def test_an_inner_budget_leaves_the_outer_one_its_time() -> None:
    with budget(5):
        with pytest.raises(TooCostly), budget(0.1):
            work(20)
        work(0.2)


def test_an_inner_budget_has_no_more_than_the_outer_one() -> None:
    began = time.process_time()
    with pytest.raises(TooCostly), budget(0.1), budget(20):
        work(20)
    assert time.process_time() - began < 1


def test_an_inner_budget_without_a_number_has_the_time_of_the_outer_one() -> None:
    with pytest.raises(TooCostly), budget(0.1), budget():
        work(20)
    with budget(20), budget():
        work(0.1)


def test_what_is_unmeasured_adds_to_the_budget() -> None:
    with budget(0.2):
        with unmeasured():
            work(0.5)
        work(0.05)
    with pytest.raises(TooCostly), budget(0.1):
        with unmeasured():
            work(0.3)
        work(20)


def test_what_is_unmeasured_adds_to_all_budgets_around_it() -> None:
    with budget(0.2), budget():
        with unmeasured(), unmeasured():
            work(0.5)
        work(0.05)
    with pytest.raises(TooCostly), budget(0.1):
        with budget(5), unmeasured():
            work(0.3)
        work(20)


def test_what_requires_more_than_is_left_does_not_begin() -> None:
    require(1000)
    with budget(5):
        require(1)
        with pytest.raises(TooCostly):
            require(6)


def test_another_thread_has_no_budget() -> None:
    ended = []

    def run() -> None:
        with budget(0.05):
            work(0.2)
        ended.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert ended
