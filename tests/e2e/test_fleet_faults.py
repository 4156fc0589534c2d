"""Workers of a fleet whose jobs do not end, or that lose their hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from support.cli import Cli
from support.fleet import Fleet
from support.postgresql import Server
from support.waiting import wait_until

from newsspider.store.postgresql import fleet, leases


@pytest.fixture
def crew(cli: Cli, postgresql: Server) -> Iterator[Fleet]:
    fleet = Fleet(cli, postgresql)
    yield fleet
    fleet.stop()


def test_a_job_that_does_not_end_is_ended_and_its_log_kept(crew: Fleet) -> None:
    crew.cli.variables["JOB"] = "0.1"
    crew.plan()
    crew.work()
    wait_until(crew.is_idle)
    out = crew.run("status")
    assert "tried 3 times" in out
    assert "ended after 0.1 s, its limit" in out
    assert "1 failed" in out


def test_a_worker_that_lost_its_hosts_ends(crew: Fleet) -> None:
    crew.plan()
    worker = crew.work()
    wait_until(lambda: crew.epoch() > 0)
    with closing(fleet.opened(crew.address)) as db:
        (group,) = (group for (group,) in db.rows("SELECT host_group FROM host_lease"))
        leases.take(db, group, "another:1")
    out, _ = worker.communicate(timeout=120)
    assert worker.returncode == 1, out
    assert "another worker has taken over; this one ends" in out
