"""Runs the command many times in little time, and lets it fail where a test says.

    python launcher.py            orders on standard input, one JSON object a line; answers likewise

Orders and answers are those of launching.py, which starts this and asks. Each order is carried out
in a fork of this process, which has imported everything: what takes two seconds of a processor
takes half a one.

A fault comes at the n-th step that changes the folder: a file opened for writing, a rename, a
removal, a new folder, or a statement of the ledger. "kill" is SIGKILL just before it; "full" takes
from the process, from that step on, the right to make any file longer (RLIMIT_FSIZE): as with a
full disk, it is the kernel that refuses. "cut" cuts the connection to PostgreSQL before a
statement, "lost" after it, so that its answer never comes. Steps are seen by Python's audit hooks,
SQLite's trace and a wrapper around psycopg's `execute`, so nothing of the product knows of this.
`kill_after` is an alarm that nobody handles, at which the kernel ends the process as by a SIGKILL,
but never another one with its number.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import runpy
import signal
import socket
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from launching import Ended, Order

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MOVING = ("os.rename", "os.remove", "os.mkdir")
_connect = sqlite3.connect
_CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT", "CREATE", "ALTER")


class Steps:
    """Counts the steps that change a folder, and brings the fault at one of them."""

    def __init__(self, folder: str, fault: str, at: int, log: int) -> None:
        self.folder, self.fault, self.at, self.log = folder, fault, at, log
        self.taken = 0

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str) and flags & _WRITING and path.startswith(self.folder):
                self.step(f"open {path}")
        elif event in _MOVING and str(arguments[0]).startswith(self.folder):
            self.step(f"{event} {arguments[0]}")

    def connect(self, *arguments: Any, **named: Any) -> sqlite3.Connection:
        """The audit hook sees a connection too early to be asked for its statements."""
        connection = _connect(*arguments, **named)
        connection.set_trace_callback(self.statement)
        return connection

    def statement(self, text: str) -> None:
        if text.lstrip().upper().startswith(_CHANGING):
            self.step(text)

    def watch_postgresql(self) -> None:
        """Count the statements of psycopg's connections, too."""
        import psycopg

        execute = psycopg.Connection.execute

        def watched(connection: Any, query: bytes | str, *values: Any) -> Any:
            with suppress(OSError):  # on a full disk the log of the steps cannot be written either
                self.statement(query if isinstance(query, str) else query.decode())
            is_here = self.taken == self.at
            if is_here and self.fault == "cut":
                _cut(connection)
            result = execute(connection, query, *values)
            if is_here and self.fault == "lost":
                _cut(connection)
                raise psycopg.OperationalError("the answer never came")
            return result

        psycopg.Connection.execute = watched  # type: ignore[method-assign, assignment]

    def step(self, what: str) -> None:
        self.taken += 1
        os.pwrite(self.log, f"{self.taken:6} {what[:80]!r:90}\n".encode(), 0)
        if self.taken == self.at and self.fault in ("kill", "full"):
            if self.fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))


def _cut(connection: Any) -> None:
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def obey_permissions() -> None:
    """Give up root's right to write where nobody may; nothing to do for anyone else."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        head = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
        sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
        assert libc.capget(head, sets) == 0
        sets[0] &= ~0b1110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
        assert libc.capset(head, sets) == 0


def carry_out(order: Order, out: int, err: int, log: int) -> None:
    """In the fork: become the command."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(order.stdin.encode())
        stdin.seek(0)
        os.dup2(stdin.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.environment)
    if order.kill_after:
        signal.setitimer(signal.ITIMER_REAL, order.kill_after)
    if order.obey:
        obey_permissions()
    if order.folder:
        steps = Steps(order.folder, order.fault, order.at, log)
        sys.addaudithook(steps.hook)
        sqlite3.connect = steps.connect
        if "NEWSSPIDER_LEDGER" in os.environ:
            steps.watch_postgresql()
    sys.argv = [order.script or "newsspider", *order.arguments]
    if order.script:
        runpy.run_path(order.script, run_name="__main__")
    else:
        from newsspider.commands import main

        main(order.arguments)


def preload() -> None:
    """All that a run imports and reads, but for the reactor, which is each run's own."""
    import dateparser  # noqa: F401
    import htmldate  # noqa: F401
    import readability  # noqa: F401
    import trafilatura  # noqa: F401
    from scrapy.settings import default_settings
    from scrapy.utils.misc import load_object

    from newsspider import sites
    from newsspider.commands import command_line

    for command in command_line().commands.values():
        command.load()  # type: ignore[attr-defined]
    for kind in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
        for path in getattr(default_settings, f"{kind}_BASE"):
            load_object(path)
    sites.load_all()
    assert "twisted.internet.reactor" not in sys.modules


def fork(order: Order, log: int) -> tuple[int, list[int]]:
    """The process that carries the order out, and the pipes of what it says.

    Pipes: RLIMIT_FSIZE is for files, and what the command says must be heard to the end.
    """
    pipes = [os.pipe(), os.pipe()]
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            for reading, _ in pipes:
                os.close(reading)
            carry_out(order, pipes[0][1], pipes[1][1], log)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    for _, writing in pipes:
        os.close(writing)
    return pid, [reading for reading, _ in pipes]


def said(pipe: int) -> str:
    with os.fdopen(pipe, "rb") as reading:
        return reading.read().decode("utf-8", "replace")


def launched(order: Order) -> Ended:
    with tempfile.TemporaryFile() as log:
        pid, pipes = fork(order, log.fileno())
        with ThreadPoolExecutor(1) as other:  # neither pipe may fill while the other is read
            err = other.submit(said, pipes[1])
            out = said(pipes[0])
        _, status, used = os.wait4(pid, 0)
        last = os.pread(log.fileno(), 100, 0).decode("utf-8", "replace").strip()
    number, _, what = last.partition(" ")
    code = os.waitstatus_to_exitcode(status)
    return Ended(code, out, err.result(), int(number or 0), what.strip(), used.ru_maxrss)


def main() -> None:
    preload()
    for line in sys.stdin:
        print(json.dumps(asdict(launched(Order(**json.loads(line))))), flush=True)


if __name__ == "__main__":
    main()
