"""A crawl for a program: an iterator of articles, from a process of its own.

In: targets and options of `newsspider crawl`. Out: a Crawl, which iterates over Articles as they
are published. Called by `newsspider.crawl`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from newsspider import errors
from newsspider.errors import NewsspiderError, StartError
from newsspider.model import Article
from newsspider.spiders.options import RunOptions

_PATIENCE = 5  # seconds that a run gets to end by itself when its caller leaves
_LOG_TAIL = 2000  # characters of a dead child's output that go into the error


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended: its counts over all sources, its notes, its exit code."""

    counts: Mapping[str, int]
    notes: tuple[str, ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Problem:
    """An error that ended a crawl: the name of its class in `newsspider.errors`, and its text."""

    error: str
    text: str


class Crawl(Iterator[Article], AsyncIterator[Article]):
    """A running crawl: iterate over it, with `for` or `async for`, for its articles. It ends after
    the last article, with `close`, or with the `with` or `async with` block it is used in. Leaving
    early ends the run; the next run does the rest.

    After the last article, `counts` holds the counts of the run (`found`, `written`,
    `dropped/NoDate` …), `notes` the messages for a person, and `exit_code` the exit code that
    `newsspider crawl` would have.
    """

    def __init__(
        self, targets: Sequence[str], options: RunOptions, settings: Mapping[str, Any]
    ) -> None:
        self.counts: Mapping[str, int] = {}
        self.notes: tuple[str, ...] = ()
        self.exit_code: int | None = None
        self._closing = threading.Lock()
        self._reading = False
        # Of its own: many crawls at once must not use up the threads of the event loop.
        self._reader = ThreadPoolExecutor(1, "newsspider")
        order = {"targets": [*targets], "settings": {**options.settings(), **settings}}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._child = subprocess.Popen(
            [sys.executable, "-m", "newsspider.crawling.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C reaches the caller alone, who ends the run
        )
        assert self._child.stdin is not None and self._child.stdout is not None
        self._orders, self._frames = self._child.stdin, self._child.stdout
        with contextlib.suppress(BrokenPipeError):
            self._orders.write(json.dumps(order).encode() + b"\n")
            self._orders.flush()  # it stays open: the child ends when it is closed

    def __next__(self) -> Article:
        if self._frames.closed:
            raise StopIteration
        self._reading = True
        try:
            # The child is our own process, and it pickles nothing that a page contains.
            value = pickle.load(self._frames)  # noqa: S301
        except (EOFError, pickle.UnpicklingError, ValueError):
            if self._closing.locked() or self._frames.closed:  # `close`, in another thread
                raise StopIteration from None
            raise StartError(self._died()) from None
        finally:
            self._reading = False
        if isinstance(value, Article):
            return value
        self.close()
        if isinstance(value, Problem):
            raise getattr(errors, value.error, NewsspiderError)(value.text)
        self.counts, self.notes, self.exit_code = value.counts, value.notes, value.exit_code
        raise StopIteration

    async def __anext__(self) -> Article:
        loop = asyncio.get_running_loop()
        article = await loop.run_in_executor(self._reader, next, self, None)
        if article is None:
            raise StopAsyncIteration
        return article

    def close(self) -> None:
        """End the run. Work in progress is saved or left to the next run."""
        with self._closing:
            with contextlib.suppress(BrokenPipeError):
                self._orders.close()
            if not self._reading:  # or it would wait for the end of the reading
                self._frames.close()  # so a child that waits to write an article goes on
            try:
                self._child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._frames.close()
            self._log.close()
            self._reader.shutdown(wait=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.close)

    def __del__(self) -> None:
        if hasattr(self, "_frames"):
            self.close()

    def _died(self) -> str:
        code = self._child.wait()
        self._log.seek(0)
        tail = self._log.read().decode("utf-8", "replace").strip()[-_LOG_TAIL:]
        self.close()
        return f"the crawl process ended with code {code}: {tail or 'no output'}"


def start(
    targets: Sequence[str],
    *,
    output: Path | str | None,
    settings: Mapping[str, Any],
    **options: Any,
) -> Crawl:
    """Start a crawl. Without `output` nothing is written.

    Raises ValueError for an option that cannot be used.
    """
    values = {name: value for name, value in options.items() if value not in (None, "")}
    if output is None:
        # A folder that does not exist: posts of earlier runs must not hide articles.
        nowhere = Path(tempfile.gettempdir()) / f"newsspider-{os.getpid()}-nowhere"
        values |= {"output": nowhere, "dry_run": True}
    else:
        values["output"] = Path(output)
    checked = {name: RunOptions.checked(name, value) for name, value in values.items()}
    return Crawl(targets, RunOptions(**checked), settings)
