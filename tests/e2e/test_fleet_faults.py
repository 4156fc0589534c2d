"""Workers of a fleet whose jobs do not end, or that lose their hosts."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from support.cli import Cli
from support.postgresql import Server
from support.waiting import wait_until

from newsspider.store.postgresql import fleet, leases

PROJECT = "sources: [{source: finews/renminyoudianbao}, {source: finews/emnews}]\n"
# A worker as `fleet work` starts it, whose signs of life are closer.
WORKER = """
import asyncio, logging, os
from newsspider.fleet.work import Pace, Worker
logging.basicConfig(level=logging.INFO)
settings = {"NEWS_CONNECT_TO": os.environ["NEWSSPIDER_CONNECT_TO"]}
pace = Pace(beat=0.5, stale=4, sweep=0.5, job=float(os.environ.get("JOB", "600")))
asyncio.run(Worker(os.environ["NEWSSPIDER_LEDGER"], settings, pace=pace)())
"""


class Fleet:
    """A fleet whose workers are processes of the tests."""

    def __init__(self, cli: Cli, server: Server) -> None:
        self.cli = cli
        self._server = server
        self.address = server.ledger()
        cli.variables["NEWSSPIDER_LEDGER"] = self.address
        (cli.folder / "newsspider.yml").write_text(PROJECT)
        self._workers: list[subprocess.Popen[str]] = []

    def run(self, *arguments: str) -> str:
        ran = self.cli("fleet", *arguments)
        assert ran.code == 0, ran.err
        return ran.out

    def plan(self) -> None:
        """Plan all sources, as if they were due."""
        if self._server.rows_if_any("SELECT 1 FROM planned", self.address):
            self._server.execute("DELETE FROM planned", self.address)
        self.run("plan")

    def work(self) -> subprocess.Popen[str]:
        worker = self.cli.start(code=WORKER)
        self._workers.append(worker)
        return worker

    def number(self, statement: str) -> int:
        rows = self._server.rows_if_any(statement, self.address)
        return int(rows[0][0] or 0) if rows else 0

    def epoch(self) -> int:
        return self.number("SELECT MAX(epoch) FROM host_lease")

    def is_idle(self) -> bool:
        open_ = "SELECT COUNT(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        return self.number(open_) == 0

    def stop(self) -> None:
        for worker in self._workers:
            for pid in family(worker):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            worker.communicate()


def family(worker: subprocess.Popen[str]) -> list[int]:
    """The process of a worker, and those of its jobs."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    try:
        return [worker.pid, *map(int, children.read_text().split())]
    except FileNotFoundError:
        return [worker.pid]


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
