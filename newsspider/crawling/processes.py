"""The crawls of a run in several processes, each with a part of them.

In: the jobs of each process, the folders that they write into, Scrapy's settings. Out: counts in
the report of each folder, and its error, as of crawls in this process. Called by `crawling.run`.

This process holds the output folders and hands their locks on: a folder is free when the last
process that writes into it has ended. A process that dies is as a run that is killed, for the
crawls that it had. All end with this one, whatever ends it: their standard input ends then.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider import errors
from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.report import STOPPED, Report
from newsspider.errors import NewsspiderError, StartError
from newsspider.model import Article
from newsspider.store.output import OpenRun

if TYPE_CHECKING:
    from newsspider.crawling.folders import Folder
    from newsspider.store.output import Output

logger = logging.getLogger("newsspider.crawling.run")  # whatever process it is in

_PATIENCE = 30  # seconds that a process gets to end by itself after a signal
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Part:
    """What a process has to do, as it is pickled for it. `runs` has the run of each output folder,
    None for a dry one, and the address of its ledger; `allowance` is a handle that it inherits."""

    jobs: Sequence[Job]
    settings: Mapping[str, Any]
    runs: Mapping[Path, tuple[OpenRun | None, str]]
    allowance: int | None
    has_bars: bool
    log_level: int


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, and its crawls that have not ended."""

    child: subprocess.Popen[bytes]
    jobs: list[Job]
    labels: set[str] = field(default_factory=set)  # whose bars are shown
    is_done: bool = False


class Processes:
    """The processes of a run, from their start to the end of the last one."""

    def __init__(
        self,
        folders: Mapping[Path, Folder],
        progress: Progress,
        on_article: Callable[[Article], object] | None,
        ledgers: Mapping[Path, str],
    ) -> None:
        self._folders = folders
        self._ledgers = ledgers
        self._progress = progress
        self._use_article = on_article or str
        self._events: queue.SimpleQueue[tuple[_Worker | None, Any]] = queue.SimpleQueue()
        self._running: list[_Worker] = []
        self._deadline: float | None = None  # once they are to end

    def __call__(self, shares: Sequence[Sequence[Job]], settings: Mapping[str, Any]) -> None:
        """Run the jobs to their end."""
        before = {number: signal.signal(number, self._signalled) for number in _SIGNALS}
        try:
            for jobs in shares:
                self._running.append(self._started(jobs, settings))
            while self._running:
                self._wait()
        finally:
            for worker in self._running:
                worker.child.kill()
                worker.child.wait()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _started(self, jobs: Sequence[Job], settings: Mapping[str, Any]) -> _Worker:
        shared = {job.output: self._folders[job.output].shared for job in jobs if job.output}
        locks = [each.output.lock for each in shared.values()]
        allowance = next(iter(shared.values())).allowance.shared()
        runs = {
            path: (_open_run(each.output), self._ledgers.get(path, ""))
            for path, each in shared.items()
        }
        part = Part(
            [replace(job, adhoc=None) for job in jobs],
            settings,
            runs,
            allowance,
            self._progress.has_bars,
            logging.getLogger().level,
        )
        child = subprocess.Popen(
            [sys.executable, "-m", "newsspider.crawling.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[handle for handle in (*locks, allowance) if handle is not None],
            process_group=0,  # Ctrl-C reaches this process alone, which passes it on
        )
        worker = _Worker(child, list(jobs))
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(part, child.stdin)
            child.stdin.flush()  # it stays open: the process ends when it is closed
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: _Worker) -> None:
        """Pass on what a process sends, and its end as None. Runs in a thread."""
        assert worker.child.stdout is not None
        with worker.child.stdout as frames, contextlib.suppress(EOFError, pickle.UnpicklingError):
            while True:
                # Our own process, which pickles texts of pages as texts.
                self._events.put((worker, pickle.load(frames)))  # noqa: S301
        self._events.put((worker, None))

    def _wait(self) -> None:
        """Wait for what happens next, and act on it."""
        patience = None if self._deadline is None else max(0, self._deadline - time.monotonic())
        try:
            worker, message = self._events.get(timeout=patience)
        except queue.Empty:
            for late in self._running:
                late.child.kill()
            self._deadline = None
            return
        if worker is None:
            logger.info("%s: stopping the run", signal.Signals(message).name)
            self._end()
        elif message is None:
            self._has_ended(worker)
        else:
            name, *values = message
            getattr(self, f"_on_{name}")(worker, *values)

    # -- what a process sends -----------------------------------------------------------------

    def _on_log(self, _: _Worker, values: Mapping[str, Any]) -> None:
        record = logging.makeLogRecord(dict(values))
        logging.getLogger(record.name).handle(record)

    def _on_start(self, worker: _Worker, label: str) -> None:
        worker.labels.add(label)
        self._progress.start(label)

    def _on_update(self, _: _Worker, *values: Any) -> None:
        self._progress.update(*values)

    def _on_end(self, worker: _Worker, label: str) -> None:
        worker.labels.discard(label)
        self._progress.end(label)

    def _on_print(self, _: _Worker, text: str) -> None:
        self._progress.print(text)

    def _on_article(self, _: _Worker, article: Article) -> None:
        self._use_article(article)

    def _on_add(self, worker: _Worker, path: Path, *values: Any) -> None:
        self._folders[path].report.add(*values)

    def _on_crawled(self, worker: _Worker, label: str) -> None:
        worker.jobs = [job for job in worker.jobs if job.label != label]

    def _on_done(self, worker: _Worker, path: Path, trouble: str, error: Any) -> None:
        """The end of the crawls of a process into a folder. What ends them there ends them in all
        processes; a folder beside others is that of one host, so of one process."""
        worker.is_done = True
        folder = self._folders[path]
        output = folder.shared.output
        output.trouble = output.trouble or trouble
        if error is not None:
            folder.error = folder.error or _error_of(*error)
        if (trouble or error) and len(self._folders) == 1:
            self._end()

    # -- ending -------------------------------------------------------------------------------

    def _signalled(self, number: int, _: object) -> None:
        """Pass the first signal on. A second one ends this process at once, and so the others."""
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        self._events.put((None, number))

    def _end(self) -> None:
        """Let all processes end."""
        if self._deadline is not None:
            return
        self._deadline = time.monotonic() + _PATIENCE
        for folder in self._folders.values():
            folder.is_ending = True
        for worker in self._running:
            worker.child.terminate()

    def _has_ended(self, worker: _Worker) -> None:
        code = worker.child.wait()
        assert worker.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            worker.child.stdin.close()
        self._running.remove(worker)
        for label in worker.labels:
            self._progress.end(label)
        if worker.is_done:
            return
        labels = ", ".join(job.label for job in worker.jobs)
        why = STOPPED
        if self._deadline is None:
            why = f"A process of the run ended too early ({_words(code)}): the next run does the"
            why += f" rest of {labels}."
            logger.error(why)
        for path in {job.output for job in worker.jobs}:
            if path is None:
                continue
            self._folders[path].has_lost = True
            report = self._folders[path].report
            assert isinstance(report, Report)
            report.stop(why)


def _open_run(output: Output) -> OpenRun | None:
    return None if output.dry else OpenRun(output.ledger.run, output.unclean)


def _error_of(name: str, text: str) -> Exception:
    kind = getattr(errors, name, StartError)
    return kind(text) if issubclass(kind, NewsspiderError) else StartError(text)


def _words(code: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"
