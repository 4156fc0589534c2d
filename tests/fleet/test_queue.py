"""The queue on a real PostgreSQL: whose worker is gone begins again, three times at most."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from support.postgresql import Server

from newsspider.errors import OutputError
from newsspider.fleet import queue
from newsspider.store.postgresql import fleet
from newsspider.store.postgresql.database import Database

ORDER = queue.Order(
    group="bbc.com",
    hosts=("bbc.com", "bbci.co.uk"),
    crawls=({"spider": "url", "arguments": {"url": "https://bbc.com/"}},),
    sites={"bbc": "name: BBC — 新闻"},
)
STALE = 8.0
GONE = 60  # seconds without a sign of life


@pytest.fixture
def db(postgresql: Server) -> Iterator[Database]:
    address = postgresql.ledger()
    with closing(fleet.create(address)) as db:
        queue.create_tables(db, address)
        yield db


def defer(db: Database) -> None:
    with db.transaction():
        queue.defer(db, ORDER)


def take(db: Database, seconds: float = 0) -> int:
    """Give the first job to a worker whose last sign of life is so long ago; return its id."""
    row = db.row(
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => ?)) RETURNING id",
        (seconds,),
    )
    assert row is not None
    job = db.row("SELECT id FROM procrastinate_fetch_job_v2(NULL, ?)", row)
    assert job is not None
    assert job[0] is not None, "no job can be taken"
    return int(job[0])


def states(db: Database) -> list[tuple[int, str]]:
    return db.rows("SELECT id, status::text FROM procrastinate_jobs ORDER BY id")


def test_an_order_comes_back_whole(db: Database) -> None:
    defer(db)
    (job,) = queue.open_jobs(db)
    assert (job.status, job.lock, job.order) == ("todo", "host:bbc.com", ORDER)
    queue.create_tables(db, "")  # they are there


def test_only_the_job_of_a_worker_that_is_gone_begins_again(db: Database) -> None:
    defer(db)
    job = take(db)
    assert queue.give_on(db, STALE) == ([], [])
    db.do("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert queue.give_on(db, STALE) == (["host:bbc.com"], [])
    assert states(db) == [(job, "todo")]
    assert queue.give_on(db, STALE) == ([], [])
    assert take(db) == job


def test_the_job_of_a_worker_that_signed_off_begins_again(db: Database) -> None:
    defer(db)
    take(db)
    db.do("DELETE FROM procrastinate_workers")
    assert queue.give_on(db, STALE) == (["host:bbc.com"], [])


def test_the_third_try_is_the_last(db: Database) -> None:
    defer(db)
    for _ in range(queue.MOST_TRIES - 1):
        job = take(db, GONE)
        assert queue.give_on(db, STALE) == (["host:bbc.com"], [])
    assert take(db, GONE) == job
    assert queue.give_on(db, STALE) == ([], ["host:bbc.com"])
    assert states(db) == [(job, "failed")]


def test_a_job_that_stands_leaves_its_work_to_the_one_that_waits(db: Database) -> None:
    """Procrastinate's issue 1446: both have one queueing lock, so the first can not wait again."""
    defer(db)
    first = take(db, GONE)
    defer(db)
    assert queue.give_on(db, STALE) == ([], ["host:bbc.com"])
    second = take(db)
    assert states(db) == [(first, "failed"), (second, "doing")]


def test_a_database_without_a_queue_is_refused(postgresql: Server) -> None:
    message = "has no queue: run `newsspider fleet plan` first"
    with (
        closing(fleet.create(postgresql.ledger())) as db,
        pytest.raises(OutputError, match=message),
    ):
        queue.require(db)
