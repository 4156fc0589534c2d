"""Which ledger a folder has, and that it has one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.postgresql import Server

from newsspider.errors import OutputError
from newsspider.store.ledgers import copied_ledger, has_open_run, open_ledger


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site/.newsspider").mkdir(parents=True)
    return tmp_path / "site"


def test_without_psycopg_the_message_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("database", "ledger"):
        monkeypatch.delitem(sys.modules, f"newsspider.store.postgresql.{name}", raising=False)
    monkeypatch.delattr("newsspider.store.postgresql.ledger", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for use in (open_ledger, copied_ledger):
        options = {"dry": False} if use is open_ledger else {}
        with pytest.raises(OutputError, match=r"pip install 'newsspider\[fleet\]'"):
            use(folder, "postgresql://app:s3cret@db/news", **options)


def test_a_run_is_open_until_it_ends(folder: Path, postgresql: Server) -> None:
    for address in ("", postgresql.ledger()):
        ledger = open_ledger(folder, address, dry=False)
        assert not has_open_run(folder)
        with ledger.start_run():
            pass
        assert has_open_run(folder)
        ledger.end_run()
        ledger.close()
        assert not has_open_run(folder)


def test_a_copy_has_what_the_ledger_has_and_leaves_it_alone(
    folder: Path, postgresql: Server
) -> None:
    address = postgresql.ledger()
    copied_ledger(folder, address).close()
    assert not list((folder / ".newsspider").iterdir())
    ledger = open_ledger(folder, address, dry=False)
    ledger.note_categories(["a"])
    copy = copied_ledger(folder, address)
    ledger.note_categories(["b"])
    copy.note_categories(["c"])
    assert [copy.first_seen(name) for name in "abc"] == [False, True, False]
    assert [ledger.first_seen(name) for name in "abc"] == [False, False, True]
    copy.close()
    ledger.close()


def test_a_copy_of_an_earlier_version_is_of_this_one(folder: Path, postgresql: Server) -> None:
    from newsspider.store.postgresql.database import Database
    from newsspider.store.sql.schema import STEPS

    address = postgresql.ledger()
    db = Database(address, STEPS[:3])
    db.do("INSERT INTO categories VALUES ('a')")
    copy = copied_ledger(folder, address)
    assert not copy.first_seen("a")
    assert copy.sections() == []
    copy.close()
    db.close()


def test_only_one_of_two_folders_gets_a_new_ledger(folder: Path, postgresql: Server) -> None:
    from newsspider.store.postgresql.ledger import PostgresqlLedger

    ledger = PostgresqlLedger(postgresql.ledger())
    assert ledger.claim("token", "here:/one", before="")
    assert not ledger.claim("other", "here:/two", before="")
    assert ledger.owner() == ("token", "here:/one")
    ledger.close()
