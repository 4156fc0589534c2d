"""A fleet with thousands of sources, in scaled time: planner, queue, leases and ledger are
real, on a PostgreSQL of their own; the crawls of the workers only wait.

In: numbers of sources and workers, hours, the scale. Out: lines with what it cost and how long due
sources waited. Part of soak.py.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from support.postgresql import Server, running_server

from newsspider.crawling.project import Project
from newsspider.fleet import plan as planner
from newsspider.fleet import queue
from newsspider.store.postgresql import fleet, leases
from newsspider.store.postgresql.database import Database
from newsspider.store.postgresql.working import WorkerLedger

CRAWL = 20.0  # seconds that a crawl waits for its site
ROUND = 60.0  # seconds between two plans
SITE = """\
title: {name}
home: https://{name}.example/
categories: {{all: {{listing: [{{kind: feed, url: "https://{name}.example/feed"}}]}}}}
"""


def every(place: int) -> str:
    """How often a source is due: of twenty, one every five minutes, nine hourly, ten daily."""
    return ("5m", *9 * ["1h"], *10 * ["24h"])[place % 20]


@dataclass
class Clock:
    """The time of the simulation, which goes `scale` times as fast as ours."""

    scale: float
    began: float = field(default_factory=time.monotonic)
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.scale)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.scale)


@dataclass
class Tally:
    """What happened: our seconds of each plan and of each job in the database, and how many
    seconds of the simulation each job waited for a worker after its plan, by how often its source
    is due."""

    plans: list[float] = field(default_factory=list)
    jobs: list[float] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)


def many(folder: Path, sources: int, workers: int, hours: float, scale: float) -> None:
    """Simulate so many hours."""
    for place in range(sources):
        name = f"s{place}"
        (folder / f"{name}.yml").write_text(SITE.format(name=name))
    values = [{"source": f"s{place}/all", "every": every(place)} for place in range(sources)]
    jobs = Project.model_validate({"sources": values}).jobs(folder)
    clock, tally, ending = Clock(scale), Tally(), threading.Event()
    with running_server() as server:
        address = server.ledger()
        with closing(fleet.create(address)) as db, mock.patch.object(planner, "_now") as now:
            queue.create_tables(db, address)
            now.side_effect = lambda _: clock()
            with at_work(address, workers, clock, tally, ending):
                until = clock() + timedelta(hours=hours)
                while clock() < until and not tally.errors:
                    began, moment = time.perf_counter(), clock()
                    planner.plan(db, jobs, folder)
                    tally.plans.append(time.perf_counter() - began)
                    clock.sleep(max(0.0, ROUND - (clock() - moment).total_seconds()))
        if tally.errors:
            raise tally.errors[0]
        show(tally, sources, workers, hours, scale, server, address)


@contextmanager
def at_work(
    address: str, workers: int, clock: Clock, tally: Tally, ending: threading.Event
) -> Iterator[None]:
    """So many workers, until the end of the block."""

    def worker(number: int) -> None:
        try:
            with closing(fleet.opened(address)) as db:
                work(db, address, f"worker:{number}", clock, tally, ending)
        except BaseException as error:
            tally.errors.append(error)

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def work(
    db: Database, address: str, name: str, clock: Clock, tally: Tally, ending: threading.Event
) -> None:
    """Take one job after the other."""
    (number,) = db.row("SELECT procrastinate_register_worker_v1()") or (0,)
    while not ending.is_set():
        row = db.row(
            "SELECT id, lock FROM procrastinate_fetch_job_v2(ARRAY[?]::varchar[], ?)",
            (queue.QUEUE, number),
        )
        if row is None or row[0] is None:
            ending.wait(5 / clock.scale)
            continue
        group = row[1].removeprefix("host:")
        site = group.removesuffix(".example")
        (planned,) = db.row("SELECT at FROM planned WHERE source = ?", (f"{site}/all",)) or ()
        wait = (clock() - planned).total_seconds()
        tally.waits.setdefault(every(int(site[1:])), []).append(wait)
        before = time.perf_counter()
        lease = leases.take(db, group, name)
        with closing(WorkerLedger(address, lease, clock)) as ledger:
            with ledger.start_run():
                pass
            tally.jobs.append(time.perf_counter() - before)
            clock.sleep(CRAWL)
            before = time.perf_counter()
            ledger.note_counts(f"{site}/all", {"found": 30, "requests": 1})
            ledger.note_hosts({group: {"asked": 0.0, "rest": 1.0}})
            ledger.end_run()
        leases.give_back(db, lease)
        db.do("SELECT procrastinate_finish_job_v1(?, 'succeeded', true)", (row[0],))
        tally.jobs[-1] += time.perf_counter() - before


def show(
    tally: Tally,
    sources: int,
    workers: int,
    hours: float,
    scale: float,
    server: Server,
    address: str,
) -> None:
    done = sum(map(len, tally.waits.values()))
    print(f"{sources} sources, {workers} workers, {hours:g} h at 1:{scale:g}: {done} jobs")
    print(
        f"a plan: {statistics.median(tally.plans):.2f} s, {max(tally.plans):.2f} s at most;"
        f" the database of a job: {1000 * statistics.median(tally.jobs):.0f} ms"
    )
    for often, waits in sorted(tally.waits.items()):
        print(
            f"every {often}: {len(waits)} jobs waited {statistics.mean(waits):.0f} s for a worker,"
            f" {max(waits):.0f} s at most"
        )
    (size,) = server.rows("SELECT pg_database_size(current_database())", address)[0]
    print(f"the database has {size // 1_000_000} MB")
