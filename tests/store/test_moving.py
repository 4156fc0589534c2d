"""A ledger moved to PostgreSQL and back: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.postgresql import Server

from newsspider.errors import OutputError, OutputHeld
from newsspider.model import Link, Section
from newsspider.store import moving
from newsspider.store.folder import hold
from newsspider.store.ledgers import FILE, REFERENCE, open_ledger
from newsspider.store.postgresql.ledger import PostgresqlLedger
from newsspider.store.records import Validators
from newsspider.store.sql.schema import STEPS
from newsspider.store.sqlite import tables_of
from newsspider.store.sqlite.ledger import SqliteLedger

PLACE = ("finews", "cailianshe")
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(ledger: SqliteLedger | PostgresqlLedger) -> Rows:
    tables = tables_of(STEPS).items()
    return {table: sorted(ledger.every(table, names), key=repr) for table, names in tables}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder whose ledger has rows of every kind of value."""
    folder = tmp_path / "site"
    (folder / ".newsspider").mkdir(parents=True)
    ledger = open_ledger(folder, "", dry=False)
    with ledger.start_run():
        pass
    for number in range(30):
        link = Link(url=f"https://x.example/{number}", title=f"标题 \0 \\N \t{number}")
        ledger.note_link(*PLACE, f"k{number}", link, "pending")
    ledger.settle_link(*PLACE, "k1", "failed", "NoDate")
    ledger.note_listing(*PLACE, "d", Validators(etag="e", finished=True))
    ledger.note_section(*PLACE, Section("A", "a"))
    ledger.note_counts("finews/cailianshe", {"written": 3})
    ledger.end_run()
    ledger.close()
    return folder


@pytest.fixture
def before(site: Path) -> Rows:
    ledger = SqliteLedger(site / ".newsspider" / FILE)
    rows = rows_of(ledger)
    ledger.close()
    return rows


@pytest.fixture
def address(postgresql: Server) -> str:
    return postgresql.ledger()


def in_postgresql(address: str) -> tuple[Rows, str]:
    """The rows at an address, and the folder that has it."""
    ledger = PostgresqlLedger(address)
    rows, owner = rows_of(ledger), ledger.owner()
    ledger.close()
    return rows, owner[1]


def test_all_rows_go_there_and_come_back(site: Path, before: Rows, address: str) -> None:
    number = sum(map(len, before.values()))
    assert moving.to_postgresql(site, address) == number > 30
    assert not (site / ".newsspider" / FILE).exists()
    assert in_postgresql(address)[0] == before
    open_ledger(site, address, dry=False).close()
    with pytest.raises(OutputError, match="its ledger is in postgresql://"):
        open_ledger(site, "", dry=False)
    assert moving.to_file(site, address) == number
    rows, owner = in_postgresql(address)
    assert (any(rows.values()), owner) == (False, "")
    ledger = open_ledger(site, "", dry=False)
    assert isinstance(ledger, SqliteLedger)
    assert rows_of(ledger) == before
    ledger.close()
    names = {path.name for path in (site / ".newsspider").iterdir()}
    assert not names & {REFERENCE, "unfinished.sqlite"}


def test_a_copy_that_differs_is_not_taken(
    site: Path, before: Rows, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = PostgresqlLedger.fill

    def forgetful(self: PostgresqlLedger, table: str, columns: Any, rows: Any) -> None:
        fill(self, table, columns, list(rows)[1:])

    with monkeypatch.context() as patch:
        patch.setattr(PostgresqlLedger, "fill", forgetful)
        with pytest.raises(OutputError, match="the copy of links differs: nothing was moved"):
            moving.to_postgresql(site, address)
    rows, owner = in_postgresql(address)
    assert (any(rows.values()), owner) == (False, "")
    assert not (site / ".newsspider" / REFERENCE).exists()
    ledger = open_ledger(site, "", dry=False)
    assert isinstance(ledger, SqliteLedger)
    assert rows_of(ledger) == before
    ledger.close()
    moving.to_postgresql(site, address)
    monkeypatch.setattr(SqliteLedger, "fill", lambda *_: None)
    with pytest.raises(OutputError, match="nothing was moved"):
        moving.to_file(site, address)
    assert in_postgresql(address)[0] == before


def dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def dying_at(step: str, move: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    with patch.context() as step_patch, pytest.raises(KeyboardInterrupt):
        step_patch.setattr(step, dies)
        move()


@pytest.mark.parametrize("step", ["newsspider.store.ledgers.note_reference", ""])
def test_killed_on_the_way_there(
    site: Path, before: Rows, address: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if step:
        dying_at(step, lambda: moving.to_postgresql(site, address), monkeypatch)
        moving.to_postgresql(site, address)
    else:  # before the last step
        moving.to_postgresql(site, address)
        (site / ".newsspider" / moving.MOVED).rename(site / ".newsspider" / FILE)
    ledger = open_ledger(site, address, dry=False)
    assert isinstance(ledger, PostgresqlLedger)
    assert rows_of(ledger) == before
    ledger.close()


@pytest.mark.parametrize(
    "step",
    [
        "pathlib.Path.replace",
        "newsspider.store.moving.sync_folder",
        "newsspider.store.postgresql.ledger.PostgresqlLedger.clear",
        "",
    ],
)
def test_killed_on_the_way_back(
    site: Path, before: Rows, address: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving.to_postgresql(site, address)
    reference = (site / ".newsspider" / REFERENCE).read_bytes()
    if step:
        dying_at(step, lambda: moving.to_file(site, address), monkeypatch)
    else:  # before the last step
        moving.to_file(site, address)
        (site / ".newsspider" / REFERENCE).write_bytes(reference)
    moving.to_file(site, address)
    ledger = open_ledger(site, "", dry=False)
    assert isinstance(ledger, SqliteLedger)
    assert rows_of(ledger) == before
    ledger.close()


def test_what_cannot_be_moved(site: Path, tmp_path: Path, postgresql: Server, address: str) -> None:
    with pytest.raises(OutputError, match="has no ledger to move"):
        moving.to_postgresql(tmp_path, address)
    with pytest.raises(OutputError, match="has no ledger to move"):
        moving.to_file(site, address)
    with hold(site), pytest.raises(OutputHeld):
        moving.to_postgresql(site, address)
    other = PostgresqlLedger(address)
    other.claim("token", "there:/other", before="")
    other.close()
    with pytest.raises(OutputError, match="is the ledger of there:/other"):
        moving.to_postgresql(site, address)
    with pytest.raises(OutputError, match="is the ledger of there:/other"):
        moving.to_file(site, address)
