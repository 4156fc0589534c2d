"""A PostgreSQL database: what is refused when it is opened, and what happens when it goes away."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.postgresql import PASSWORD, Server, running_server

from newsspider.errors import BrokenLedger, NewerLedger, OutputError, Unwritable
from newsspider.store.postgresql import database
from newsspider.store.postgresql.database import Database, placed
from newsspider.store.sql.schema import STEPS

TABLES = {"links": ("site", "key"), "articles": ("key",)}


@pytest.fixture
def address(postgresql: Server) -> str:
    return postgresql.ledger()


def refused(address: str, kind: type[OutputError] = OutputError) -> str:
    """The message with which an address is refused: one line, without a password."""
    with pytest.raises(kind) as error:
        Database(address, STEPS).close()
    message = str(error.value)
    assert "\n" not in message
    assert "ss/w" not in message
    return message


def test_a_new_database_gets_its_tables_and_an_old_one_the_steps_it_lacks(address: str) -> None:
    for version in range(len(STEPS) + 1):
        with closing(Database(address, STEPS[:version])) as db:
            assert db.version == version
    with closing(Database(address, STEPS)) as db:
        db.check_columns(TABLES)
        assert db.row("SELECT version FROM newsspider") == (len(STEPS),)


def test_texts_are_compared_by_their_bytes(address: str) -> None:
    with closing(Database(address, STEPS)) as db:
        others = db.rows(
            "SELECT table_name, column_name, collation_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name != 'newsspider'"
            " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
        )
    assert others == []


def test_a_database_of_a_newer_version_is_refused(address: str, postgresql: Server) -> None:
    Database(address, STEPS).close()
    postgresql.execute("UPDATE newsspider SET version = 999", address)
    assert "a newer newsspider wrote it (its version is 999" in refused(address, NewerLedger)


def test_tables_that_are_no_ledger_are_refused(address: str, postgresql: Server) -> None:
    postgresql.execute("CREATE TABLE articles (id INTEGER)", address)
    assert "has tables of another program" in refused(address, BrokenLedger)


def test_a_table_that_lacks_a_column_is_reported(address: str, postgresql: Server) -> None:
    with closing(Database(address, STEPS)) as db:
        postgresql.execute("ALTER TABLE links DROP COLUMN site", address)
        with pytest.raises(BrokenLedger, match=r"it lacks links\.site"):
            db.check_columns(TABLES)


def test_an_older_server_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 99)
    assert "a ledger needs 99 or newer" in refused(address)


def test_a_database_in_another_encoding_is_refused(postgresql: Server) -> None:
    postgresql.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    assert "its encoding is LATIN1" in refused(postgresql.address(database="latin"))


def test_what_cannot_be_reached_is_refused(postgresql: Server) -> None:
    assert "does not exist" in refused(postgresql.address(database="nowhere"))
    assert "No such file" in refused("postgresql://x@/news?host=/nowhere")
    assert "its address cannot be read" in refused("postgresql://x@/news?wrong=p@ss/w:rd")
    assert "its address cannot be read" in refused("postgresql://x@/news?ss/w=1")
    wrong = postgresql.address("guarded:ss%2Fw")
    assert "password authentication failed" in refused(wrong)


def test_a_password_opens_a_database(postgresql: Server) -> None:
    quoted = PASSWORD.replace("@", "%40").replace("/", "%2F").replace(":", "%3A")
    address = postgresql.address(f"guarded:{quoted}", schema=postgresql.owned_by_guarded())
    with closing(Database(address, STEPS)) as db:
        assert quoted not in db.name
        assert db.version == len(STEPS)


def test_a_reader_sees_one_moment_and_changes_nothing(address: str) -> None:
    with closing(Database(address, STEPS, read_only=True)) as reader:
        assert reader.version == 0
    with closing(Database(address, STEPS)) as db:
        db.do("INSERT INTO categories VALUES ('a')")
        with closing(Database(address, STEPS, read_only=True)) as reader:
            db.do("INSERT INTO categories VALUES ('b')")
            assert reader.rows("SELECT slug FROM categories") == [("a",)]


def test_all_rows_go_over_at_once(address: str) -> None:
    with closing(Database(address, STEPS)) as db:
        db.fill("aliases", ("alias", "key"), [("a\0", "k\1"), ("\t\\N\n", "")])
        assert set(db.every("aliases", ("alias", "key"))) == {("a\0", "k\1"), ("\t\\N\n", "")}


def test_a_connection_that_is_cut_ends_the_run(address: str, postgresql: Server) -> None:
    with closing(Database(address, STEPS)) as db:
        db.lazily()
        db.do("INSERT INTO categories VALUES ('a')")
        (pid,) = db.row("SELECT pg_backend_pid()") or (0,)
        postgresql.execute(f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(Unwritable, match="cannot be used any more: the connection is lost"):
            db.do("INSERT INTO categories VALUES ('b')")
        assert "is lost" in db.trouble
        with pytest.raises(Unwritable):
            db.row("SELECT 1")
    with closing(Database(address, STEPS)) as db:
        assert db.rows("SELECT * FROM categories") == []


def test_a_transaction_that_is_cut_leaves_nothing(address: str, postgresql: Server) -> None:
    with closing(Database(address, STEPS)) as db, pytest.raises(Unwritable), db.transaction():
        db.do("INSERT INTO categories VALUES ('a')")
        (pid,) = db.row("SELECT pg_backend_pid()") or (0,)
        postgresql.execute(f"SELECT pg_terminate_backend({pid})")
        db.do("INSERT INTO categories VALUES ('b')")
    with closing(Database(address, STEPS)) as db:
        assert db.rows("SELECT * FROM categories") == []


def test_a_value_that_the_tables_reject_is_the_callers_fault(address: str) -> None:
    with closing(Database(address, STEPS)) as db:
        with pytest.raises(psycopg.IntegrityError):
            db.do("INSERT INTO categories VALUES (?)", (None,))
        assert not db.trouble


def test_rows_that_another_keeps_locked_are_not_waited_for(address: str) -> None:
    with closing(Database(address, STEPS)) as one, closing(Database(address, STEPS)) as other:
        one.do("INSERT INTO categories VALUES ('a')")
        other.do("SET lock_timeout = '50ms'")
        with one.transaction():
            one.do("DELETE FROM categories")
            with pytest.raises(Unwritable, match="another program keeps it locked"):
                other.do("DELETE FROM categories")


@pytest.fixture
def own_server() -> Iterator[Server]:
    with running_server() as server:
        yield server


def test_a_server_that_crashes_loses_nothing_that_was_committed(own_server: Server) -> None:
    address = own_server.ledger()
    db = Database(address, STEPS)
    with db.transaction(durable=True):
        db.do("INSERT INTO categories VALUES ('a')")
    db.lazily()
    db.do("INSERT INTO categories VALUES ('b')")
    own_server.kill()
    with pytest.raises(Unwritable):
        db.flush()
    db.close()
    assert "cannot be used" in refused(address)
    own_server.start()
    with closing(Database(address, STEPS)) as again:
        assert again.rows("SELECT slug FROM categories") == [("a",)]


@given(st.lists(st.sampled_from(["a", "\0", "\1", "\2", "\3"])).map("".join))
def test_a_text_comes_back_as_it_went(text: str) -> None:
    escaped = database._escaped(text)
    assert isinstance(escaped, str)
    assert "\0" not in escaped
    assert database._plain((escaped, 1)) == (text, 1)


def test_placeholders() -> None:
    assert placed("a = ? AND b = ?") == b"a = $1 AND b = $2"
    assert placed("a = ?2 OR b = ?1 OR c = ?2") == b"a = $2 OR b = $1 OR c = $2"


def test_the_steps_have_the_same_tables_in_both(address: str) -> None:
    with closing(sqlite3.connect(":memory:")) as pattern:
        pattern.executescript(";".join(STEPS))
        ours = pattern.execute(
            "SELECT tables.name, columns.name FROM sqlite_master AS tables,"
            " pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
        ).fetchall()
    with closing(Database(address, STEPS)) as db:
        others = [row for row in db.rows(database._COLUMNS) if row[0] != "newsspider"]
    assert set(others) == set(ours)
    assert not re.search(r"WITHOUT ROWID|IF NOT EXISTS", "".join(map(database.translated, STEPS)))
