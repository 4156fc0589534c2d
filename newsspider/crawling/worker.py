"""One of the processes of a run: a part of its crawls.

In: on standard input, a Part as a pickle; its end ends the process. Out: on standard output, a
sequence of pickles, each a tuple with the name of what `crawling.processes`, which starts it, does
with the rest: counts, bars, lines, log records, and the end of its crawls into each folder.

The run is that of the other process, which holds the folder and has repaired it. This one inherits
the lock, so nobody else takes the folder while it writes; it neither begins nor ends a run.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from newsspider.crawling.crawls import Crawls, process_of
from newsspider.crawling.folders import Folder
from newsspider.crawling.processes import Part
from newsspider.crawling.progress import Standing
from newsspider.crawling.run import project_settings
from newsspider.errors import NewsspiderError, Unwritable
from newsspider.sites import load_usable
from newsspider.spiders.allowance import Allowance
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions


class Way:
    """The way to the process that has started this one: what is shown and counted there."""

    def __init__(self, frames: IO[bytes]) -> None:
        self._frames = frames
        self._turn = threading.Lock()  # name look-ups in threads log, too
        self.has_bars = False

    def send(self, name: str, *values: Any) -> None:
        """Let the other process do something. If it has gone, this one is about to end."""
        with self._turn, contextlib.suppress(BrokenPipeError):
            self._frames.write(pickle.dumps((name, *values)))
            self._frames.flush()

    def start(self, label: str) -> None:
        self.send("start", label)

    def update(self, label: str, standing: Standing) -> None:
        self.send("update", label, standing)

    def end(self, label: str) -> None:
        self.send("end", label)

    def print(self, text: str) -> None:
        self.send("print", text)


class Counts:
    """The way to the report of a folder."""

    def __init__(self, way: Way, path: Path) -> None:
        self._way, self._path = way, path

    def add(self, source: str, stats: Mapping[str, Any], notes: list[str]) -> None:
        self._way.send("add", self._path, source, dict(stats), notes)


class Log(logging.Handler):
    """The way to the log. Of an exception, which may not be picklable, its text goes there."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way

    def emit(self, record: logging.LogRecord) -> None:
        values = {name: value for name, value in vars(record).items() if _is_plain(value)}
        values |= {"msg": record.getMessage(), "args": None}
        if record.exc_info:
            values["exc_text"] = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            if isinstance(error := record.exc_info[1], Unwritable):
                # The console leaves it out, as the report says it once.
                values["exc_info"] = (Unwritable, Unwritable(str(error)), None)
        self._way.send("log", values)


def _is_plain(value: object) -> bool:
    """Return whether a value of a log record is its own: Scrapy adds spiders and crawlers."""
    return value is None or isinstance(value, str | int | float)


def main() -> None:
    """Run the crawls that standard input names."""
    way = Way(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # a stray print must not get between the pickles
    part: Part = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.basicConfig(level=part.log_level, handlers=[Log(way)], force=True)
    way.has_bars = part.has_bars
    _carry_out(part, way)


def _end_with_parent() -> None:
    """End at the end of standard input, as by a kill: the run has ended without this process."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def _carry_out(part: Part, way: Way) -> None:
    """Run the crawls, and send how they ended in each folder."""
    folders: dict[Path, Folder] = {}
    error: Exception | None = None
    try:
        settings = project_settings(part.settings)
        options = RunOptions.from_settings(settings)
        allowance = Allowance.inherited(part.allowance)
        sites = load_usable(options.sites)
        for path, (run, ledger) in part.runs.items():
            shared = Shared.opened(
                options.model_copy(update={"output": path, "ledger": ledger}),
                sites=sites,
                allowance=allowance,
                joined=run,
                tell=way.print,
            )
            folders[path] = Folder(shared, Counts(way, path))
        crawls = Crawls(
            process_of(settings),
            folders,
            way,
            partial(way.send, "article"),
            lambda job: way.send("crawled", job.label),
        )
        crawls(part.jobs)
    except (NewsspiderError, ValueError) as fault:
        error = fault
    for path in part.runs:
        folder = folders.get(path)
        trouble = _closed(folder.shared) if folder else ""
        cause = folder.error if folder and folder.error else error
        named = (type(cause).__name__, str(cause)) if cause else None
        way.send("done", path, trouble, named)


def _closed(shared: Shared) -> str:
    """Close a folder for this process; return why nothing more can be written to it, if so."""
    output = shared.output
    trouble = output.trouble or output.ledger.trouble
    try:
        output.close()
    except Unwritable as error:
        trouble = str(error)
    return trouble


if __name__ == "__main__":
    main()
