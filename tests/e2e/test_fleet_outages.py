"""What befalls a fleet from outside: its database, its disk, its machines and their clocks. After
each the posts are those of one machine, byte for byte."""

from __future__ import annotations

import os
import re

import pytest
from support.cli import Cli
from support.fleet import Fleet
from support.launching import Order, launch
from support.postgresql import Server, running_server
from support.waiting import wait_until

# Run by every process of a worker as it starts: at the first commit after a statement about the
# outbox, the connection breaks before the answer comes; once, as the marker is gone then.
CUT = """
import os
from newsspider.store.postgresql.database import Database
done = Database.do
def do(self, statement, values=()):
    if statement.startswith(("INSERT INTO outbox", "DELETE FROM outbox")):
        self.sends = True
    if statement == "COMMIT" and getattr(self, "sends", False) and os.path.exists(MARKER):
        os.unlink(MARKER)
        done(self, statement, values)
        self._db.close()
    return done(self, statement, values)
Database.do = do
"""
# A job whose crawl writes to its log, and then brings down the worker that started it.
BRINGS_DOWN = """
import os, signal, sys, time, psycopg
if "newsspider.fleet.job" in sys.orig_argv:
    print("the page that kills", flush=True)
    kept = b"SELECT 1 FROM logs WHERE log LIKE '%%page that kills%%' AND holder LIKE %s"
    with psycopg.connect(os.environ["NEWSSPIDER_LEDGER"], autocommit=True) as db:
        while not db.execute(kept, (f"%:{os.getppid()}",)).fetchall():
            time.sleep(0.05)
    os.kill(os.getppid(), signal.SIGKILL)
"""
# A machine whose clock is wrong.
WRONG_CLOCK = """
import os, time
from datetime import timedelta
from newsspider.store import ledger
wrong = float(os.environ["WRONG"])
real, utc_now = time.time, ledger.utc_now
time.time = lambda: real() + wrong
ledger.utc_now = lambda: utc_now() + timedelta(seconds=wrong)
"""


@pytest.fixture
def expected(crew: Fleet) -> dict[str, bytes]:
    return crew.by_one_machine()


def start_with(crew: Fleet, code: str) -> None:
    """Let the processes that begin from now on run some code as they start."""
    folder = crew.cli.folder / "start"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(code)
    crew.cli.variables["PYTHONPATH"] = f"{folder}:{os.environ.get('PYTHONPATH', '')}"


def test_postgresql_is_killed_and_started_again(cli: Cli) -> None:
    with running_server() as server:
        crew = Fleet(cli, server)
        try:
            expected = crew.by_one_machine()
            crew.plan()
            worker = crew.start("work")
            wait_until(lambda: crew.number("SELECT COUNT(*) FROM outbox"))
            server.kill()
            out, _ = worker.communicate(timeout=300)
            assert worker.returncode == 1, out
            assert "Traceback" not in out, out
            assert "the connection is lost" in out.splitlines()[-1]
            server.start()
            crew.work()
            wait_until(crew.is_idle)
            crew.run("publish", "--once")
            assert crew.site() == expected
        finally:
            crew.stop()


@pytest.mark.parametrize("role", ["work", "publish"])
def test_the_connection_breaks_between_commit_and_answer(
    crew: Fleet, expected: dict[str, bytes], role: str
) -> None:
    marker = crew.cli.folder / "marker"
    start_with(crew, CUT.replace("MARKER", repr(str(marker))))
    crew.plan()
    if role == "work":
        marker.touch()
    crew.work()
    wait_until(crew.is_idle)
    if role == "publish":
        marker.touch()
        publisher = crew.start("publish", "--once")
        out, _ = publisher.communicate(timeout=300)
        assert publisher.returncode > 0, out
        assert "Traceback" not in out, out
    assert not marker.exists()
    crew.run("publish", "--once")
    assert crew.site() == expected


@pytest.mark.parametrize("at", [3, 30])
def test_the_disk_of_the_folder_is_full_while_workers_go_on(
    crew: Fleet, expected: dict[str, bytes], at: int
) -> None:
    crew.plan()
    crew.work()
    wait_until(lambda: crew.number("SELECT COUNT(*) FROM outbox"))
    order = Order(
        ["fleet", "publish", "--once"],
        crew.cli.environment(),
        cwd=str(crew.cli.folder),
        folder=str(crew.folder),
        fault="full",
        at=at,
    )
    ended = launch(order)
    assert ended.code in (1, 2), ended.said
    assert "Traceback" not in ended.said
    wait_until(crew.is_idle)
    crew.run("publish", "--once")
    assert crew.site() == expected


def test_a_site_that_brings_its_worker_down_is_left_after_three_tries(crew: Fleet) -> None:
    crew.plan()
    start_with(crew, BRINGS_DOWN)
    for _ in range(3):
        worker = crew.work()
        out, _ = worker.communicate(timeout=300)
        assert worker.returncode < 0, out
    last = crew.work()
    wait_until(crew.is_idle)
    assert last.poll() is None
    out = crew.run("status")
    assert "1 failed" in out
    assert re.search(r"tried 3 times\n.* UTC: its worker is gone\n  \| the page that kills", out)


def test_the_clocks_of_the_workers_are_wrong(crew: Fleet, expected: dict[str, bytes]) -> None:
    start_with(crew, WRONG_CLOCK)
    crew.plan()
    crew.cli.variables["WRONG"] = "3600"
    first = crew.work()
    wait_until(lambda: crew.number("SELECT COUNT(*) FROM outbox"))
    first.kill()
    crew.cli.variables["WRONG"] = "-3600"
    crew.work()
    wait_until(crew.is_idle)
    crew.run("publish", "--once")
    assert crew.site() == expected


def test_a_worker_that_a_newer_fleet_overtakes_ends(crew: Fleet, postgresql: Server) -> None:
    crew.plan()
    postgresql.execute("DELETE FROM procrastinate_jobs", crew.address)
    worker = crew.work()
    wait_until(lambda: crew.number("SELECT COUNT(*) FROM procrastinate_workers"))
    postgresql.execute("UPDATE fleet SET version = 999", crew.address)
    out, _ = worker.communicate(timeout=300)
    assert worker.returncode == 2, out
    assert "a newer newsspider plans its fleet" in out.splitlines()[-1]
