"""A SQLite file, its versions and its troubles."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from newsspider.errors import BrokenLedger, NewerLedger, Unwritable
from newsspider.store.sqlite.database import Database

ONE = "CREATE TABLE notes (text TEXT)"
TWO = "ALTER TABLE notes ADD COLUMN time TEXT NOT NULL DEFAULT 'then'"


class Notes(Database):
    def note(self, text: str) -> None:
        self.do("INSERT INTO notes (text) VALUES (?)", (text,))

    def note_lazily(self, text: str) -> None:
        self.lazily()
        self.note(text)

    def all(self) -> list[tuple[str, ...]]:
        return self.rows("SELECT * FROM notes")


def seen_by_others(file: Path) -> list[str]:
    other = sqlite3.connect(file)
    rows = [row[0] for row in other.execute("SELECT text FROM notes")]
    other.close()
    return rows


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    older = Notes(file, [ONE])
    older.note("kept")
    older.close()
    for _ in range(2):
        newer = Notes(file, [ONE, TWO])
        assert newer.all() == [("kept", "then")]
        newer.close()


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    Notes(file, [ONE, TWO]).close()
    before = file.read_bytes()
    with pytest.raises(NewerLedger, match=r"its version is 2, this one knows 1\): update"):
        Notes(file, [ONE])
    assert file.read_bytes() == before


def test_an_update_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    Notes(file, [ONE]).close()
    with pytest.raises(BrokenLedger):
        Notes(file, [ONE, f"{TWO}; this is no SQL"])
    again = Notes(file, [ONE])
    again.note("still of version 1")
    assert again.all() == [("still of version 1",)]
    again.close()


def test_what_is_noted_lazily_is_kept_with_what_comes_next(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes", [ONE])
    notes.note_lazily("a")
    assert notes.all() == [("a",)]
    assert seen_by_others(tmp_path / "notes") == []
    notes.note("b")
    notes.flush()
    assert seen_by_others(tmp_path / "notes") == ["a", "b"]
    notes.note_lazily("c")
    with notes.transaction():
        notes.note_lazily("d")
        notes.flush()  # the transaction is whole, whoever asks
        assert seen_by_others(tmp_path / "notes") == ["a", "b", "c"]
    notes.note_lazily("e")
    notes.close()
    assert seen_by_others(tmp_path / "notes") == ["a", "b", "c", "d", "e"]


def test_a_file_locked_by_another_program_is_told_once_and_at_once_after(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes", [ONE])
    notes.do("PRAGMA busy_timeout=100")
    other = sqlite3.connect(tmp_path / "notes", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unwritable, match="another program keeps it locked"):
        notes.note("x")
    other.close()
    with pytest.raises(Unwritable, match="another program keeps it locked"):
        notes.note("y")  # a run that goes on in part would be worse than one that ends
    assert notes.trouble
    notes.close()
    assert seen_by_others(tmp_path / "notes") == []


def test_a_file_that_breaks_while_it_is_open_is_told(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes", [ONE])
    for number in range(2000):
        notes.note(f"{number}" * 20)
    notes.close()
    notes = Notes(tmp_path / "notes", [ONE])
    data = bytearray((tmp_path / "notes").read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    (tmp_path / "notes").write_bytes(data)
    notes.do("PRAGMA shrink_memory")
    with pytest.raises(Unwritable, match="it is broken; the next run makes a new one"):
        notes.all()
    notes.close()
    with pytest.raises(BrokenLedger):
        Notes(tmp_path / "notes", [ONE])


def test_a_fault_of_a_value_is_the_callers(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes", ["CREATE TABLE notes (text TEXT UNIQUE)"])
    notes.note("a")
    with pytest.raises(sqlite3.IntegrityError):
        notes.note("a")
    notes.note("b")
    notes.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from test_database import ONE, Notes
notes = Notes(Path(sys.argv[1]), [ONE])
notes.note("kept")
notes.note_lazily("lost")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_whole_commits(tmp_path: Path) -> None:
    folder = Path(__file__).parent
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "notes")], cwd=folder)
    notes = Notes(tmp_path / "notes", [ONE])
    assert notes.all() == [("kept",)]
    notes.close()
