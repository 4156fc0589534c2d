"""What a worker notes of a job while it runs: that the worker lives, and the end of the job's log.

In: a job of the queue, and the file of its log. Out: a sign of life of the worker, and a row of
`logs`, every few seconds. So the log of a job that takes its worker down is known, and a worker
that takes no more jobs, as its queue is empty or it is to end, is not taken for dead while its
last jobs run: Procrastinate's own signs of life stop then. Called by `work`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO

from newsspider.errors import NewsspiderError
from newsspider.fleet.queue import sign_of_life
from newsspider.store.postgresql.fleet import Reopened

logger = logging.getLogger(__name__)

_LOG = 4000  # bytes of the end of a log that are kept


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that runs: its number and that of its worker in the queue, its group, who runs it, the
    file of its log, and the database to note it in."""

    db: Reopened
    number: int
    worker: int
    group: str
    holder: str
    log: IO[bytes]

    @asynccontextmanager
    async def followed(self, seconds: float) -> AsyncIterator[None]:
        """Note it at the beginning and every so many seconds."""
        await asyncio.to_thread(self.note)
        following = asyncio.create_task(self._follow(seconds))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def _follow(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.note)

    def note(self, why: str = "") -> None:
        """Note a sign of life and the end of the log; `why` the job failed, if it has ended. What
        cannot be noted now is noted by the next call."""
        text = "\n".join(filter(None, (self.end_of_log(), why)))
        try:
            with self.db.opened() as db:
                sign_of_life(db, self.worker)
                db.do(
                    "INSERT INTO logs (job, host_group, holder, log, ended)"
                    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (job) DO UPDATE SET holder = ?3,"
                    " log = ?4, ended = ?5, at = now()",
                    (self.number, self.group, self.holder, text, bool(why)),
                )
        except NewsspiderError as error:
            logger.warning("%s: its log cannot be noted: %s", self.group, error)

    def end_of_log(self) -> str:
        """Return the end of the log. It is read without moving the place at which the processes of
        the job write."""
        handle = self.log.fileno()
        size = os.fstat(handle).st_size
        data = os.pread(handle, _LOG, max(0, size - _LOG))
        return data.decode("utf-8", "replace").replace("\0", "").rstrip("\n")
