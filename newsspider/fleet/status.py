"""How a fleet does: its workers, its jobs, the hosts that wait, and what failed.

In: the database of the fleet. Out: lines for a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsspider.fleet.queue import QUEUE, require
from newsspider.store.postgresql import outbox
from newsspider.store.postgresql.database import Database
from newsspider.text.characters import clean_characters, counted

_STALE = 8  # seconds without a sign of life
_WORKERS = """
SELECT id, EXTRACT(EPOCH FROM now() - last_heartbeat)::bigint FROM procrastinate_workers ORDER BY id
"""
_JOBS = """
SELECT status::text, COUNT(*) FROM procrastinate_jobs WHERE queue_name = ?
GROUP BY status ORDER BY status
"""
_HELD = """
SELECT host_group, holder, epoch, to_char(taken AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
FROM host_lease WHERE holder != '' ORDER BY host_group
"""
_RESTING = """
SELECT host_group, to_char(next_request_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
FROM host_lease WHERE next_request_at > now() ORDER BY next_request_at DESC
"""
_FAILED = """
SELECT jobs.id, jobs.lock, jobs.attempts, logs.holder,
  to_char(logs.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), logs.log, logs.ended
FROM procrastinate_jobs jobs LEFT JOIN logs ON logs.job = jobs.id
WHERE jobs.queue_name = ? AND jobs.status = 'failed' ORDER BY jobs.id DESC LIMIT 20
"""
_STATES = {"todo": "wait", "doing": "run", "failed": "failed", "succeeded": "are done"}


def lines(db: Database) -> Iterator[str]:
    """Yield the lines. Raises OutputError for a database without a queue."""
    require(db)
    yield from _of_workers(db)
    states: dict[str, int] = dict(db.rows(_JOBS, (QUEUE,)))
    jobs = ", ".join(f"{states.get(name, 0)} {word}" for name, word in _STATES.items())
    yield f"jobs: {jobs}"
    for group, holder, epoch, taken in db.rows(_HELD):
        yield f"  {group}: {holder} since {taken} UTC (epoch {epoch})"
    for group, until in db.rows(_RESTING):
        yield f"  {group}: waits until {until} UTC"
    yield f"outbox: {counted(outbox.count(db), 'article')} to publish"
    for seq, key, reason in outbox.failed(db):
        yield f"  {seq}: {key} cannot be published: {reason}"
    for job, lock, attempts, holder, at, log, has_ended in db.rows(_FAILED, (QUEUE,)):
        group = lock.removeprefix("host:")
        yield f"failed: job {job} of {group}, tried {attempts} times"
        if log is None:
            yield "  its worker is gone"
            continue
        yield f"  {holder}, {at} UTC" + ("" if has_ended else ": its worker is gone")
        yield from (f"  | {clean_characters(line)}" for line in log.splitlines()[-15:])


def _of_workers(db: Database) -> Iterator[str]:
    workers = db.rows(_WORKERS)
    yield f"workers: {len(workers)}"
    for number, seconds in workers:
        gone = ": is gone" if seconds > _STALE else ""
        yield f"  {number}: last sign of life {seconds} s ago{gone}"
