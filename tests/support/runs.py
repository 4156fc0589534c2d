"""Runs of the command in one folder, and what must hold of the folder after each.

Used by test_faults.py and by the soak; launcher.py does the running.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from support.launching import Ended, Order, launch

# A process that is killed loses nothing that the kernel has, on whatever file system: no run need
# wait for a disk. (On one shared with others a run took 3.6 s, of which 1.5 for its syncs.)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Runs:
    """The command in one folder, many times."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "NEWSSPIDER_CONNECT_TO": address,
            "COLUMNS": "200",
        }

    def __call__(
        self,
        *arguments: str,
        fault: str = "",
        at: int = 0,
        obey: bool = False,
        kill_after: float | None = None,
    ) -> Ended:
        """Run it; with `kill_after` it is killed after so many seconds, if it still runs."""
        ended = launch(
            Order(
                [*arguments, "--output", str(self.folder)],
                self._environment,
                cwd=str(self.folder.parent),
                kill_after=kill_after,
                folder=str(self.folder),
                fault=fault,
                at=at,
                obey=obey,
            )
        )
        assert "Traceback" not in ended.said, ended.said
        return ended


def site_of(folder: Path) -> dict[str, bytes]:
    """Every file that Jekyll and git see, but for those with moments in them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and ".newsspider" not in path.parts
        and not (
            "_newsspider" in path.parts
            and path.name != "removed.txt"
            and "records" not in path.parts
        )
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
