"""Workers of a fleet that are killed, or stopped for a while, at any moment of their work."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import partial

import pytest
from support.fleet import Fleet, family
from support.postgresql import Server
from support.waiting import PATIENCE, wait_until

ARTICLES = "SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM articles)"
# Without the rows of `planned` the sources would be due by their last crawl: not at once.
ALL_DUE = "UPDATE planned SET at = at - interval '1 year'"
WORKERS = 5


@pytest.fixture
def expected(crew: Fleet) -> dict[str, bytes]:
    return crew.by_one_machine()


def has_begun(crew: Fleet, epoch: int, articles: int) -> bool:
    """Whether a worker has taken the hosts after this epoch, and so many articles are read."""
    return crew.epoch() > epoch and crew.number(ARTICLES) >= articles


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_workers_that_end_at_any_moment_lose_nothing_and_write_nothing_twice(
    expected: dict[str, bytes], crew: Fleet, postgresql: Server, how: signal.Signals
) -> None:
    whole = sum(name.startswith("_posts/") for name in expected)
    ended = []
    crew.run("plan")
    for number in range(WORKERS):
        before = crew.epoch()
        worker = crew.work()
        # After the lease is taken, or after as many articles as it is the turn of.
        wait_until(partial(has_begun, crew, before, number * whole // (WORKERS + 1)))
        for pid in family(worker):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        ended.append(worker)
        crew.run("publish", "--once")
        postgresql.execute(ALL_DUE, crew.address)
        crew.run("plan")
    crew.work()
    wait_until(crew.is_idle)
    if how is signal.SIGSTOP:
        for pid in [pid for worker in ended for pid in family(worker)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        for worker in ended:
            worker.communicate(timeout=PATIENCE)  # each ends itself: another has its hosts
            assert worker.returncode == 1
    crew.run("publish", "--once")
    assert crew.site() == expected
    assert crew.number("SELECT COUNT(*) FROM outbox") == 0
    assert crew.number("SELECT COUNT(*) FROM links WHERE state IN ('pending', 'sent')") == 0
