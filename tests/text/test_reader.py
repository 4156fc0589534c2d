"""The reader process answers each task it gets, and is ended when one takes too long."""

from __future__ import annotations

import io
import pickle
import signal
import subprocess
import sys
from functools import partial
from typing import Any

import pytest

from newsspider.errors import EmptyListing, NotReadable, TooCostly
from newsspider.text import reader
from newsspider.text.reader import LENGTH, answer_of, serve


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that runs the tests takes more CPU time than one page may."""
    monkeypatch.setattr(reader, "_allow", lambda seconds: None)


def answers(*tasks: Any) -> list[tuple[bool, Any]]:
    out = io.BytesIO()
    serve(io.BytesIO(b"".join(map(pickle.dumps, tasks))), out)
    out.seek(0)
    values = []
    while length := out.read(LENGTH):
        values.append(pickle.loads(out.read(int.from_bytes(length, "big"))))
    return values


def fail(error: Exception) -> None:
    raise error


def test_each_task_has_its_answer() -> None:
    assert answers(partial(pow, 2, 3), partial(str.upper, "a")) == [(True, 8), (True, "A")]


@pytest.mark.parametrize("error", [NotReadable("x"), EmptyListing("y"), TooCostly("z")])
def test_an_error_of_ours_arrives_as_it_is(error: Exception) -> None:
    (succeeded, answer), after = answers(partial(fail, error), partial(int, "1"))
    assert (succeeded, type(answer), str(answer)) == (False, type(error), str(error))
    assert after == (True, 1)


def test_any_other_error_arrives_by_its_name() -> None:
    ((succeeded, answer),) = answers(partial(int, "x"))
    assert not succeeded
    assert str(answer).startswith("ValueError: invalid literal")


def test_a_value_that_cannot_be_sent_is_an_error() -> None:
    succeeded, answer = pickle.loads(answer_of(io.BytesIO().getbuffer))
    assert not succeeded
    assert "memoryview" in str(answer)


def test_attack_the_system_ends_what_nothing_can_interrupt() -> None:
    code = (
        "from newsspider.text import reader; import time;"
        "reader._allow(1); time.process_time(); sum(range(10**12))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=300)
    assert done.returncode == -signal.SIGXCPU
