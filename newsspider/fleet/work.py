"""A worker: takes jobs from the queue, and crawls each in a process of its own.

In: jobs of the queue. Out: exit codes of their processes; a job that fails is tried three times,
and the end of its log is kept. A job whose worker is gone is given to another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import IO, Any, NoReturn

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException

from newsspider.errors import Exit, NewerLedger, NewsspiderError, Unwritable
from newsspider.fleet.following import RunningJob
from newsspider.fleet.queue import MOST_TRIES, QUEUE, TASK, give_on, order_of, require
from newsspider.store.postgresql import fleet, leases
from newsspider.store.postgresql.address import shown

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two signs of life of a worker, after which it is taken for dead, between two
    looks at the jobs of dead workers, that a job may take, and that it gets to end."""

    beat: float = 2
    stale: float = 8
    sweep: float = 5
    job: float = 3600
    ending: float = 20


class JobFailed(NewsspiderError):
    """A job was not carried out; its log is kept."""


class Worker:
    """Takes jobs, `groups` at once, until SIGTERM or Ctrl-C; without `wait` until none is left."""

    def __init__(
        self,
        address: str,
        settings: Mapping[str, Any],
        *,
        groups: int = 1,
        wait: bool = True,
        pace: Pace | None = None,
    ) -> None:
        self._address = address
        self._settings = settings
        self._groups = groups
        self._wait = wait
        self._pace = pace or Pace()
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        # The one for what may wait for another worker, the other for what may not.
        self._db, self._signs = fleet.Reopened(address), fleet.Reopened(address)
        # Their messages repeat the whole order of a job, and each error over many lines.
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.app = App(connector=PsycopgConnector(conninfo=address))
        self.app.task(
            name=TASK,
            queue=QUEUE,
            pass_context=True,
            retry=RetryStrategy(max_attempts=MOST_TRIES - 1, wait=1),
        )(self._crawl)

    async def __call__(self) -> None:
        """Work. Raises OutputError if the fleet cannot be joined."""
        with closing(fleet.opened(self._address)) as db:
            require(db)
        asyncio.get_running_loop().set_exception_handler(_note)
        try:
            await self._work()
        except ConnectorException as error:
            reason = _line(error.__cause__ or error)
            raise Unwritable(
                f"{shown(self._address)}: the connection is lost ({reason})"
            ) from error

    async def _work(self) -> None:
        async with self.app.open_async():
            sweep = asyncio.create_task(self._sweep())
            try:
                await self.app.run_worker_async(
                    queues=[QUEUE],
                    name=self._holder,
                    concurrency=self._groups,
                    wait=self._wait,
                    update_heartbeat_interval=self._pace.beat,
                    stalled_worker_timeout=self._pace.stale,
                    fetch_job_polling_interval=self._pace.sweep,
                    # On a signal the jobs under way end their crawls, and are given on.
                    shutdown_graceful_timeout=0.1 if self._wait else self._pace.job,
                    delete_jobs="successful",
                )
            finally:
                sweep.cancel()
                self._db.close()
                self._signs.close()

    # -- a job --------------------------------------------------------------------------------

    async def _crawl(self, context: JobContext, /, **arguments: Any) -> None:
        group = order_of(arguments).group
        logger.info("%s: begins", group)
        lease = await asyncio.to_thread(self._take, group)
        assert context.job.id is not None and context.job.worker_id is not None
        numbers = context.job.id, context.job.worker_id
        with tempfile.TemporaryFile() as log:
            running = RunningJob(self._signs, *numbers, group, self._holder, log)
            async with running.followed(self._pace.beat):
                try:
                    code = await self._run(arguments, lease, log)
                finally:
                    await asyncio.to_thread(self._give_back, lease)
            if code:
                why = f"ended with code {code}"
                await asyncio.to_thread(running.note, why)
                end = running.end_of_log()
                logger.warning("%s: failed, %s, the end of its log:\n%s", group, why, end)
                raise JobFailed(f"{group}: failed; `newsspider fleet status` has its log")
        logger.info("%s: done", group)

    def _take(self, group: str) -> leases.Lease:
        with _ended_by_newer(), closing(fleet.opened(self._address)) as db:
            return leases.take(db, group, self._holder)

    def _give_back(self, lease: leases.Lease) -> None:
        """Give the lease back. Where another worker has it, this one was taken for dead, with all
        its jobs: it ends before it notes in the queue what is no longer its own."""
        with self._db.opened() as db:
            if leases.give_back(db, lease):
                return
        _end(Exit.SOME_FAILED, f"{lease.group}: another worker has taken over; this one ends")

    async def _run(
        self, arguments: Mapping[str, Any], lease: leases.Lease, log: IO[bytes]
    ) -> int | str:
        """Run the process of a job; return its exit code, or why it was ended."""
        values = {
            **arguments,
            "address": self._address,
            "lease": asdict(lease),
            "settings": dict(self._settings),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "newsspider.fleet.job"),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(values).encode() + b"\n")
            await process.stdin.drain()
            async with asyncio.timeout(self._pace.job):
                return await process.wait()
        except TimeoutError:
            return f"limit, after {self._pace.job:g} s"
        except asyncio.CancelledError:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pace.ending):
                    await process.wait()
            raise
        except ConnectionError:  # it died before it read its order
            return await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    # -- the jobs of workers that are gone ----------------------------------------------------

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._pace.sweep)
            try:
                await asyncio.to_thread(self._give_on)
            except Exception as error:  # the next look may succeed
                logger.warning("the jobs of other workers cannot be looked at: %s", error)

    def _give_on(self) -> None:
        with _ended_by_newer(), self._db.opened() as db:
            again, failed = give_on(db, self._pace.stale)
        for lock in again:
            logger.warning("%s: its worker is gone; it begins again", lock)
        for lock in failed:
            logger.warning("%s: its worker is gone", lock)


@contextlib.contextmanager
def _ended_by_newer() -> Iterator[None]:
    """Where a newer newsspider plans by now, end this worker, and leave its jobs to those that
    understand them."""
    try:
        yield
    except NewerLedger as error:
        _end(Exit.BAD_INPUT, str(error))


def _end(code: Exit, message: str) -> NoReturn:
    """End this process at once. Its jobs end with it, by the end of their input."""
    logger.error("%s", message)
    os._exit(code)


def _note(_loop: object, context: Mapping[str, Any]) -> None:
    """Note in one line what went wrong in a task that nobody waits for any more."""
    logger.warning("%s", _line(context.get("exception") or context["message"]))


def _line(error: object) -> str:
    return " ".join(str(error).split())
