"""The reader process: reads pages that take too long for the process of a run.

In: on standard input, a sequence of pickles: functions without arguments. Out: on standard output,
for each an answer: its length in 8 bytes, and a pickle of (True, what the function returned) or
(False, the error that it raised). `fetch.reader` starts it, and one is enough for a run.

The system ends the process when a function takes more than LONGEST seconds of CPU time, also in a
library in C that nothing else can interrupt.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import time
from collections.abc import Callable
from typing import IO

from newsspider.errors import NewsspiderError
from newsspider.text.budget import MOST, budget

LONGEST = MOST + 5  # `budget` ends a function in Python before, and the process stays
LENGTH = 8  # bytes of the number before an answer


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not get between the answers
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    serve(sys.stdin.buffer, answers)


def serve(tasks: IO[bytes], answers: IO[bytes]) -> None:
    """Read tasks and write their answers until there are no more, or nobody reads them."""
    while True:
        try:
            # The run is our own process. What is from a page are texts in its pickles.
            task = pickle.load(tasks)  # noqa: S301
        except EOFError:
            return
        _allow(LONGEST)
        answer = answer_of(task)
        try:
            answers.write(len(answer).to_bytes(LENGTH, "big") + answer)
            answers.flush()
        except BrokenPipeError:
            return


def answer_of(task: Callable[[], object]) -> bytes:
    """Return the answer to a task."""
    try:
        with budget():
            value = task()
        return pickle.dumps((True, value))
    except NewsspiderError as error:
        return pickle.dumps((False, error))
    except Exception as error:  # its class may be one that cannot be pickled
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _allow(seconds: float) -> None:
    """Let the system end this process when it takes more CPU time from now on."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = int(time.process_time() + seconds) + 1
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()
