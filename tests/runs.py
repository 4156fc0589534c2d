"""Runs of the command in one folder, and what must hold of the folder after each.

Used by test_faults.py and by the soak; launcher.py does the running.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Ended:
    """What a run came to; `last` is the step it was at when it ended or met its fault."""

    code: int
    said: str
    steps: int
    last: str
    memory: int  # KB, at its largest


class Runs:
    """The command in one folder, many times."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._environment = {"NEWSSPIDER_CONNECT_TO": address, "COLUMNS": "200"}
        self._launcher = subprocess.Popen(
            [sys.executable, str(LAUNCHER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "error"},
        )

    def __call__(
        self,
        *arguments: str,
        fault: str = "",
        at: int = 0,
        obey: bool = False,
        kill_after: float | None = None,
    ) -> Ended:
        """Run it; with `kill_after` it is killed after so many seconds, if it still runs."""
        order = {
            "arguments": [*arguments, "--output", str(self.folder)],
            "cwd": str(self.folder.parent),
            "environment": self._environment,
            "folder": str(self.folder),
            "fault": fault,
            "at": at,
            "obey": obey,
            "kill_after": kill_after,
        }
        assert self._launcher.stdin is not None
        print(json.dumps(order), file=self._launcher.stdin, flush=True)
        ended = Ended(**self._answer())
        assert "Traceback" not in ended.said, ended.said
        return ended

    def _answer(self) -> dict[str, Any]:
        assert self._launcher.stdout is not None
        answer: dict[str, Any] = json.loads(self._launcher.stdout.readline())
        return answer

    def close(self) -> None:
        self._launcher.communicate()


def site_of(folder: Path) -> dict[str, bytes]:
    """Every file that Jekyll and git see."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".newsspider" not in path.parts
    }


def ledger_of(folder: Path) -> dict[str, list[Any]]:
    """What the ledger says, but for the moments and numbers of runs."""
    ledger = sqlite3.connect(folder / ".newsspider" / "ledger.sqlite")
    said = {
        "articles": "key, site, id, path, category, tag, date, link, state, hash, intended",
        "links": "site, listing, key, url, link, seen, state, reason",
        "categories": "slug",
        "listings": "site, listing, definition, finished",
    }
    found = {
        table: sorted(ledger.execute(f"SELECT {columns} FROM {table}"), key=repr)
        for table, columns in said.items()
    }
    ledger.close()
    return found


def check_promises(folder: Path, whole: dict[str, bytes]) -> None:
    """What must hold at any moment: no half file, nothing published that has no file."""
    for name, data in site_of(folder).items():
        assert whole.get(name) == data, name
    file = folder / ".newsspider" / "ledger.sqlite"
    if not file.exists():
        return
    ledger = sqlite3.connect(file)
    there = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master")}
    if "articles" in there:
        for (path,) in ledger.execute("SELECT path FROM articles WHERE state = 'published'"):
            assert (folder / "_posts" / path).exists(), path
    ledger.close()
