"""Asks launcher.py to run the command; used by the `cli` of conftest.py and by runs.py."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launcher.py")
_idle: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class Order:
    """A run of the command. What faults are, launcher.py says."""

    arguments: list[str]
    environment: dict[str, str]  # the whole of it
    cwd: str = "."
    stdin: str = ""
    script: str = ""  # a file of Python to run in place of the command
    kill_after: float | None = None  # seconds
    folder: str = ""  # whose steps are counted
    fault: str = ""  # "kill", "full", "cut" or "lost"
    at: int = 0  # the step of the fault
    obey: bool = False  # root heeds permissions too


@dataclass(frozen=True)
class Ended:
    """What a run came to; `last` is the step it was at when it ended or met its fault."""

    code: int
    out: str
    err: str
    steps: int
    last: str
    memory: int  # KB, at its largest

    @property
    def said(self) -> str:
        return self.out + self.err


def launch(order: Order) -> Ended:
    """Carry it out; as many at once as are asked for."""
    try:
        launcher = _idle.pop()
    except IndexError:
        launcher = _start()
    assert launcher.stdin is not None and launcher.stdout is not None
    print(json.dumps(asdict(order)), file=launcher.stdin, flush=True)
    ended = Ended(**json.loads(launcher.stdout.readline()))
    _idle.append(launcher)
    return ended


def _start() -> subprocess.Popen[str]:
    launcher = subprocess.Popen(
        [sys.executable, str(_LAUNCHER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"},
    )
    atexit.register(launcher.communicate)  # its orders end, and so does it
    return launcher
