"""The reading of pages that take too long for the event loop, in a process that can be ended.

In: a task, a function without arguments that can be pickled; a request with `meta[TASK]`, or a call
of `read_in_time` or `Reader.read`. Out: what the task returns or raises. A downloader middleware,
so that a spider asks for a reading as it asks for a page, and a run that ends calls it back.

A run has one reader process (`text.reader`), which starts when the first page needs it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, MutableMapping
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from newsspider.errors import TooCostly
from newsspider.fetch.failures import CalledBack
from newsspider.text.budget import BRIEF, budget
from newsspider.text.reader import LENGTH

TASK = "task"
_T = TypeVar("_T")


class Outcome(Response):
    """The answer to a request for a reading: what its task returned, or the error it raised."""

    def __init__(self, url: str, outcome: object) -> None:
        super().__init__(url)
        self.outcome = outcome


class Reader:
    """The reader process of a run, and the crawls that have used it; the last one to end closes
    it."""

    def __init__(self) -> None:
        self.users: set[Crawler] = set()
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._ended = False

    async def read(self, task: Callable[[], _T]) -> _T:
        """Return what a task returns; raise what it raises. Raises TooCostly for a task that takes
        too long, CalledBack when the run ends before."""
        order = pickle.dumps(task)
        async with self._turn:
            succeeded, value = pickle.loads(await self._answer(order))  # noqa: S301 - our own
        if not succeeded:
            raise value
        result: _T = value
        return result

    async def _answer(self, order: bytes) -> bytes:
        if self._ended:
            raise CalledBack("the run ends")
        process = self._process = self._process or await _started()
        if self._ended:  # while the process was started
            process.kill()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(order)
            await process.stdin.drain()
            length = await process.stdout.readexactly(LENGTH)
            return await process.stdout.readexactly(int.from_bytes(length, "big"))
        except (asyncio.IncompleteReadError, ConnectionError):
            code, self._process = await process.wait(), None
            if self._ended:
                raise CalledBack("the run ends") from None
            if code < 0:  # a signal: the system's limit, or its lack of memory
                raise TooCostly("it takes too long to read") from None
            raise RuntimeError(f"the reader process ended with code {code}") from None
        except asyncio.CancelledError:
            await self._end()
            raise

    async def _end(self) -> None:
        """End the process. The next task starts another one."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()

    def call_back(self) -> None:
        """End the task under way, and every later one."""
        self._ended = True
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def let_go(self, crawler: Crawler) -> None:
        """Note that a crawl has ended."""
        self.users.discard(crawler)
        if not self.users:
            async with self._turn:
                await self._end()


async def _started() -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "newsspider.text.reader",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # Ctrl-C is for the run
    )


_readers: MutableMapping[asyncio.AbstractEventLoop, Reader]
_readers = WeakKeyDictionary()  # by event loop: each run has its own


def reader_of(crawler: Crawler) -> Reader:
    """Return the reader of the run that a crawl belongs to."""
    reader = _readers.setdefault(asyncio.get_running_loop(), Reader())
    if crawler not in reader.users:
        reader.users.add(crawler)

        async def closed() -> None:
            await reader.let_go(crawler)

        crawler.signals.connect(closed, signals.spider_closed, weak=False)
    return reader


async def read_in_time(crawler: Crawler, task: Callable[[], _T]) -> _T:
    """Return what a task returns; raise what it raises. What is not read in a short time is left to
    the reader process."""
    try:
        with budget(BRIEF):
            return task()
    except TooCostly:
        crawler.stats.inc_value("reader/tasks")
        return await reader_of(crawler).read(task)


def call_back_reader() -> None:
    """End what the reader of this run is reading, and every later reading."""
    if reader := _readers.get(asyncio.get_running_loop()):
        reader.call_back()


class ReadElsewhere:
    """Answers requests for a reading."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request, spider: Any = None) -> Response | None:
        if TASK not in request.meta:
            return None
        self._crawler.stats.inc_value("reader/tasks")
        try:
            return Outcome(request.url, await reader_of(self._crawler).read(request.meta[TASK]))
        except CalledBack:
            raise
        except Exception as error:
            return Outcome(request.url, error)
