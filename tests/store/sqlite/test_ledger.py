"""The ledger in its file: copies, broken files, ledgers of older versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newsspider.errors import BrokenLedger, Unwritable
from newsspider.model import Link
from newsspider.store.ledger import Ledger
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite.ledger import SqliteLedger

PLACE = ("finews", "cailianshe")
LINK = Link(url="https://x.example/a", id="NW1", title="t", time="2022-04-26", fields={"body": "b"})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def state(ledger: Ledger, key: str) -> str:
    known = ledger.known(*PLACE, key)
    return known.state if known else "unknown"


def by_hand(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(statement, values)


@pytest.mark.parametrize("said", ["{broken", "[]", '{"colour": 1}'])
def test_a_link_that_cannot_be_read_holds_up_no_other(
    ledger: SqliteLedger, tmp_path: Path, said: str
) -> None:
    for key in ("a", "b"):
        ledger.note_link(*PLACE, key, replace(LINK, url=f"https://x.example/{key}"), "pending")
    by_hand(tmp_path / "ledger.sqlite", "UPDATE links SET link = ? WHERE key = 'a'", said)
    found = {key: link for key, link, _ in ledger.open_links(*PLACE)}
    assert found["a"] == Link(url="https://x.example/a")
    assert found["b"].title == LINK.title


def test_a_copy_holds_the_same_and_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "a b#?.sqlite"
    one = SqliteLedger(file)
    one.note_link(*PLACE, "k", LINK, "pending")
    one.close()
    before = file.read_bytes()
    copy = SqliteLedger(None)
    copy.copy_of(file)
    assert state(copy, "k") == "pending"
    copy.note_link(*PLACE, "k2", LINK, "pending")
    copy.close()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_bytes() == before


def test_a_copy_has_what_a_killed_run_left_in_the_log(tmp_path: Path) -> None:
    one = SqliteLedger(tmp_path / "l")
    one.note_link(*PLACE, "k", LINK, "pending")
    copy = SqliteLedger(None)
    copy.copy_of(tmp_path / "l")  # `one` has not written its log back
    assert state(copy, "k") == "pending"
    copy.close()
    one.close()


def test_a_broken_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "l"
    one = SqliteLedger(file)
    for n in range(500):
        one.note_link(*PLACE, f"k{n}", LINK, "pending")
    one.close()
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    for broken in (bytes(data), data[: len(data) // 2], b"no database at all" * 100):
        file.write_bytes(broken)
        with pytest.raises(BrokenLedger):
            SqliteLedger(file)
        copy = SqliteLedger(None)
        with pytest.raises(BrokenLedger):
            copy.copy_of(file)
        copy.close()


def test_a_ledger_from_before_versions_were_counted(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "l")
    old.executescript(STEPS[0])
    old.execute(
        "INSERT INTO links (site, listing, key, url, link, seen, state, found)"
        " VALUES ('finews', 'cailianshe', 'k', 'u', '{\"url\": \"u\"}', '', 'pending', '2022')"
    )
    old.commit()
    old.close()
    ledger = SqliteLedger(tmp_path / "l")
    known = ledger.known(*PLACE, "k")
    assert known is not None
    assert (known.state, known.stocks) == ("pending", None)
    ledger.close()


def test_a_ledger_that_another_program_keeps_locked_says_so(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    assert not ledger.trouble
    ledger._db.do("PRAGMA busy_timeout=100")
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unwritable, match="another program keeps it locked"):
            ledger.note_link(*PLACE, "k", LINK, "pending")
    assert "ledger.sqlite: cannot be used any more: another program" in ledger.trouble
