"""A fleet whose workers are processes of the tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from support.cli import Cli
from support.postgresql import Server
from support.runs import site_of

PROJECT = "sources: [{source: finews/renminyoudianbao}, {source: finews/emnews}]\n"
# A worker as `fleet work` starts it, whose signs of life are closer.
WORKER = """
import asyncio, logging, os
from newsspider.fleet.work import Pace, Worker
logging.basicConfig(level=logging.INFO)
settings = {"NEWS_CONNECT_TO": os.environ["NEWSSPIDER_CONNECT_TO"]}
pace = Pace(beat=0.5, stale=4, sweep=0.5, job=float(os.environ.get("JOB", "600")))
groups, wait = int(os.environ.get("GROUPS", "1")), "ONCE" not in os.environ
worker = Worker(os.environ["NEWSSPIDER_LEDGER"], settings, groups=groups, wait=wait, pace=pace)
asyncio.run(worker())
"""


class Fleet:
    """A database, workers, and the commands of the other roles."""

    def __init__(self, cli: Cli, server: Server) -> None:
        self.cli = cli
        self._server = server
        self.address = server.ledger()
        cli.variables["NEWSSPIDER_LEDGER"] = self.address
        (cli.folder / "newsspider.yml").write_text(PROJECT)
        self._running: list[subprocess.Popen[str]] = []

    @property
    def folder(self) -> Path:
        """The folder of the site."""
        return self.cli.folder / "output/site"

    def site(self) -> dict[str, bytes]:
        return site_of(self.folder)

    def by_one_machine(self) -> dict[str, bytes]:
        """The site as one machine writes it; the folder is gone again."""
        address = self.cli.variables.pop("NEWSSPIDER_LEDGER")
        ran = self.cli("crawl")
        assert ran.code == 0, ran.err
        site = self.site()
        shutil.rmtree(self.folder)
        self.cli.variables["NEWSSPIDER_LEDGER"] = address
        return site

    def run(self, *arguments: str) -> str:
        ran = self.cli("fleet", *arguments)
        assert ran.code == 0, ran.err
        return ran.out

    def plan(self) -> None:
        """Plan all sources, as if they were due."""
        if self._server.rows_if_any("SELECT 1 FROM planned", self.address):
            # A source without a row would be due by its last crawl: not at once.
            self._server.execute("UPDATE planned SET at = at - interval '1 year'", self.address)
        self.run("plan")

    def work(self) -> subprocess.Popen[str]:
        """A worker whose signs of life are closer."""
        worker = self.cli.start(code=WORKER)
        self._running.append(worker)
        return worker

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of the fleet, running."""
        running = self.cli.start("fleet", *arguments)
        self._running.append(running)
        return running

    def number(self, statement: str) -> int:
        rows = self._server.rows_if_any(statement, self.address)
        return int(rows[0][0] or 0) if rows else 0

    def texts(self, statement: str) -> list[str]:
        return [text for (text,) in self._server.rows_if_any(statement, self.address)]

    def epoch(self) -> int:
        return self.number("SELECT MAX(epoch) FROM host_lease")

    def is_idle(self) -> bool:
        open_ = "SELECT COUNT(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        return self.number(open_) == 0

    def stop(self) -> None:
        for worker in self._running:
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
