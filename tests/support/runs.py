"""Runs of the command in one folder, and what must hold of the folder after each.

Used by test_faults.py and by the soak; launcher.py does the running.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from support.launching import Ended, Order, launch
from support.postgresql import Server

# A process that is killed loses nothing that the kernel has, on whatever file system: no run need
# wait for a disk. (On one shared with others a run took 3.6 s, of which 1.5 for its syncs.)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Runs:
    """The command in one folder, many times. With a `server` of PostgreSQL, each folder has a
    ledger there."""

    def __init__(self, folder: Path, address: str, server: Server | None = None) -> None:
        self.folder = folder
        self._server = server
        self._ledgers: dict[Path, str] = {}
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
        environment = self._environment
        if self._server is not None:
            environment = environment | {"NEWSSPIDER_LEDGER": self.address}
        ended = launch(
            Order(
                [*arguments, "--output", str(self.folder)],
                environment,
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

    @property
    def address(self) -> str:
        """The address of the ledger of the folder; "" for a file in it."""
        if self._server is None:
            return ""
        if self.folder not in self._ledgers:
            self._ledgers[self.folder] = self._server.ledger()
        return self._ledgers[self.folder]

    def lose_ledger(self) -> None:
        """Take the ledger away, as when its disk is lost."""
        if self._server is None:
            (self.folder / ".newsspider" / "ledger.sqlite").unlink()
        else:
            del self._ledgers[self.folder]
            (self.folder / ".newsspider" / "ledger.txt").unlink()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement on the ledger; none of a table that is not there yet."""
        if self._server is not None:
            return self._server.rows_if_any(statement, self.address)
        return _rows(self.folder, statement)

    def ledger(self) -> dict[str, list[Any]]:
        """What the ledger says, but for the moments and numbers of runs."""
        return {
            table: sorted(self.rows(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in _SAID.items()
        }

    def check_promises(self, whole: dict[str, bytes]) -> None:
        """What must hold at any moment: no half file, nothing published that has no file."""
        for name, data in site_of(self.folder).items():
            assert whole.get(name) == data, name
        for (path,) in self.rows("SELECT path FROM articles WHERE state = 'published'"):
            assert (self.folder / "_posts" / path).exists(), path


def site_of(folder: Path) -> dict[str, bytes]:
    """Every file that Jekyll and git see, but for those with moments in them, and for the moments
    of the records."""
    return {
        path.relative_to(folder).as_posix(): _FETCHED.sub(b"", path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
        and ".newsspider" not in path.parts
        and not (
            "_newsspider" in path.parts
            and path.name != "removed.txt"
            and "records" not in path.parts
        )
    }


_FETCHED = re.compile(rb',"fetched_at":"[^"]*"')
_SAID = {
    "articles": "key, site, id, path, category, tag, date, link, state, hash, intended",
    "links": "site, listing, key, url, link, seen, state, reason",
    "categories": "slug",
    "listings": "site, listing, definition, finished",
}


def ledger_of(folder: Path) -> dict[str, list[Any]]:
    """What the ledger in the file of a folder says."""
    return Runs(folder, "").ledger()


def check_promises(folder: Path, whole: dict[str, bytes]) -> None:
    """What must hold at any moment of a folder whose ledger is a file."""
    Runs(folder, "").check_promises(whole)


def _rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    file = folder / ".newsspider" / "ledger.sqlite"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as ledger:
        there = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master")}
        table = statement.partition(" FROM ")[2].split()[0]
        return ledger.execute(statement).fetchall() if table in there else []
