"""A budget of CPU time: no page holds a run up, whatever it contains.

In: a block of code that reads what a stranger wrote. Out: TooCostly, where it takes too long.
Called by `extraction.reading`, `listing` and the generic extractors; by the spiders and the stages,
which leave what is not read in a BRIEF budget to `text.reader`, a process of its own.

The bounds on what parsers get (`repairs`, `listing.feed`, `listing.sitemap`) come first: a library
in C cannot be interrupted. CPU time and not the clock's, so a busy machine refuses nothing.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from types import FrameType

from newsspider.errors import TooCostly

# Seconds. A run hears Ctrl-C and its time limit only between two pages. An ordinary page of 100 KB
# takes 0.2 s. The last step in C of a page of 5 MB comes on top: up to 0.7 s, of many embeds.
BRIEF = 1.2
MOST = 20.0  # for a page that a run need not wait for; an article of 5 MB takes 3 to 8 s
_AGAIN = 0.05  # a library may catch the first exception

_deadline = inf  # by `_now`
_unmeasured = 0.0  # seconds of CPU time that count for no budget


@contextmanager
def budget(seconds: float | None = None) -> Iterator[None]:
    """Raise TooCostly when the block takes more CPU time, MOST by default.

    A block inside another has at most the time that is left to the outer one, and all of it by
    default. Outside the main thread there is no limit: no other thread can be interrupted.

    A block that catches the exception is interrupted again, and what it returns or raises instead
    is not used: the part that was interrupted is missing from it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    global _deadline
    outer, before = _deadline, signal.signal(signal.SIGPROF, _end)
    if seconds is None:
        seconds = MOST if outer == inf else inf
    try:
        _deadline = min(outer, _now() + seconds)
        _set_timer()
        try:
            yield
        except Exception:
            require(0)
            raise
        require(0)
    finally:
        _deadline = outer
        _set_timer()
        signal.signal(signal.SIGPROF, before)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Add the time that the block takes to the budgets around it: an import costs the first page
    only, and must not be interrupted."""
    global _deadline, _unmeasured
    deadline, began = _deadline, time.process_time()
    if deadline == inf:
        yield
        return
    _deadline = inf
    _set_timer()
    try:
        yield
    finally:
        _unmeasured += time.process_time() - began
        _deadline = deadline
        _set_timer()


def require(seconds: float) -> None:
    """Raise TooCostly if less CPU time is left: for work that cannot be interrupted."""
    if _now() + seconds >= _deadline:
        raise TooCostly("it takes too long to read")


def _now() -> float:
    """Return the CPU time of the process, without what is unmeasured."""
    return time.process_time() - _unmeasured


def _set_timer() -> None:
    left = 0.0 if _deadline == inf else max(_deadline - _now(), _AGAIN)
    signal.setitimer(signal.ITIMER_PROF, left, _AGAIN)


def _end(number: int, frame: FrameType | None) -> None:
    require(0)
