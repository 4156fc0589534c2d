"""The queue of a fleet: Procrastinate, in the database of the ledger.

In: the address of the database. Out: an App of Procrastinate, and jobs in its tables. A job is a
group of hosts, whose lock lets it run at one place at a time; of each group one job waits at most.
Only this module and `work` know Procrastinate, its tables and its functions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from newsspider.errors import OutputError
from newsspider.store.postgresql.database import Database

QUEUE = "newsspider"
TASK = "newsspider.crawl"
MOST_TRIES = 3  # of a job, before it is left to its next due time
_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(?, ?, 0, ?, ?, ?::text::jsonb, NULL::timestamptz)]
::procrastinate_job_to_defer_v1[])
"""
_OPEN = """
SELECT id, status::text, lock, args::text FROM procrastinate_jobs
WHERE queue_name = ? AND status IN ('todo', 'doing')
"""
_SWEEPING = 0x73776565  # the advisory lock of `give_on`
_STALLED = """
SELECT jobs.id, jobs.lock, jobs.attempts, EXISTS (
  SELECT 1 FROM procrastinate_jobs next
  WHERE next.queueing_lock = jobs.queueing_lock AND next.status = 'todo'
)
FROM procrastinate_jobs jobs LEFT JOIN procrastinate_workers workers ON workers.id = worker_id
WHERE jobs.queue_name = ? AND jobs.status = 'doing' AND (
  workers.id IS NULL OR workers.last_heartbeat < now() - make_interval(secs => ?)
)
FOR UPDATE OF jobs
"""


@dataclass(frozen=True, slots=True)
class Order:
    """A job: a group, its hosts, its crawls in their order (see `jobs.Job`: spider, arguments,
    label and settings), and the texts of the site files that they need, by name."""

    group: str
    hosts: tuple[str, ...]
    crawls: tuple[Mapping[str, Any], ...]
    sites: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that waits or runs."""

    id: int
    status: str
    lock: str
    order: Order


def defer(db: Database, order: Order) -> None:
    """Add a job, in the open transaction."""
    arguments = json.dumps({"order": asdict(order)}, ensure_ascii=False)
    db.do(_DEFER, (QUEUE, TASK, lock_of(order.group), queueing_lock_of(order.group), arguments))


def lock_of(group: str) -> str:
    """Return the lock of the jobs of a group, one of which runs at a time."""
    return f"host:{group}"


def queueing_lock_of(group: str) -> str:
    """Return the lock of the jobs of a group, one of which waits at a time."""
    return f"crawl:{group}"


def order_of(values: Mapping[str, Any]) -> Order:
    """Return the order of a job's arguments. Raises KeyError or TypeError for those of another
    version."""
    values = dict(values["order"])
    hosts, crawls = tuple(values.pop("hosts")), tuple(values.pop("crawls"))
    return Order(hosts=hosts, crawls=crawls, **values)


def open_jobs(db: Database) -> list[OpenJob]:
    """Return the jobs that wait or run."""
    return [
        OpenJob(id, status, lock, order_of(json.loads(arguments)))
        for id, status, lock, arguments in db.rows(_OPEN, (QUEUE,))
    ]


def give_on(db: Database, stale: float) -> tuple[list[str], list[str]]:
    """Give on the jobs of workers without a sign of life for so many seconds; return the locks of
    those that begin again, and of those that have failed: tried often enough, or followed by a job
    that waits already, which does their work."""
    again, failed = [], []
    with db.transaction():
        # One at a time: a job that another machine has given on may run again by now.
        db.do(f"SELECT pg_advisory_xact_lock({_SWEEPING})")
        for id, lock, attempts, is_followed in db.rows(_STALLED, (QUEUE, stale)):
            if attempts + 1 < MOST_TRIES and not is_followed:
                db.do("SELECT procrastinate_retry_job_v2(?, now(), NULL, NULL, NULL)", (id,))
                again.append(lock)
            else:
                db.do("SELECT procrastinate_finish_job_v1(?, 'failed', false)", (id,))
                failed.append(lock)
    return again, failed


def sign_of_life(db: Database, worker: int) -> None:
    """Note that the worker of this number lives."""
    db.do("UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ?", (worker,))


def create_tables(db: Database, address: str) -> None:
    """Create Procrastinate's tables, unless they are there. Raises OutputError."""
    if has_tables(db):
        return
    from procrastinate import App, SyncPsycopgConnector

    with App(connector=SyncPsycopgConnector(conninfo=address)).open() as app:
        app.schema_manager.apply_schema()


def has_tables(db: Database) -> bool:
    """Return whether Procrastinate's tables are there."""
    there = "schemaname = current_schema() AND tablename = 'procrastinate_jobs'"
    return db.row(f"SELECT 1 FROM pg_tables WHERE {there}") is not None  # noqa: S608 - our own


def require(db: Database) -> None:
    """Raise OutputError for a database without a queue."""
    if not has_tables(db):
        raise OutputError(f"{db.name}: has no queue: run `newsspider fleet plan` first")
