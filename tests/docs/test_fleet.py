"""What docs/fleet.md gives to copy: units as systemd reads them, the rights of workers on a real
PostgreSQL."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support import ROOT
from support.cli import Cli, program
from support.postgresql import Server

TEXT = (ROOT / "docs/fleet.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.M | re.S)
UNITS = {text.split()[1]: text for kind, text in BLOCKS if kind == "ini"}
GRANTS = next(text for kind, text in BLOCKS if kind == "sql" and "GRANT" in text)
WORKER = "news_worker"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    command = tmp_path / "newsspider"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/newsspider/bin/newsspider", str(command)))
    assert len(UNITS) == 4
    done = subprocess.run(
        [program("systemd-analyze"), "verify", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("role", ["work", "publish"])
def test_what_ends_with_postgresql_is_started_again(role: str) -> None:
    unit = UNITS[f"newsspider-{role}.service"]
    assert "\nRestart=always\n" in unit
    assert "\nStartLimitIntervalSec=0\n" in unit


@pytest.fixture
def owner(cli: Cli, postgresql: Server) -> Iterator[str]:
    """The address of a fleet that is planned, for the role that owns its tables. Workers have the
    rights that the docs give them."""
    (cli.folder / "newsspider.yml").write_text("sources: [{source: finews/emnews}]\n")
    address = postgresql.ledger()
    cli.variables["NEWSSPIDER_LEDGER"] = address
    assert cli("fleet", "plan").code == 0
    postgresql.execute(f"CREATE ROLE {WORKER} LOGIN")
    schema = address.rpartition("%3D")[2]
    postgresql.execute(f"GRANT USAGE ON SCHEMA {schema} TO {WORKER}")  # as all have in `public`
    postgresql.execute(GRANTS, address)
    yield address
    postgresql.execute(f"DROP OWNED BY {WORKER}")
    postgresql.execute(f"DROP ROLE {WORKER}")


def of_worker(address: str) -> str:
    return address.replace("postgres@", f"{WORKER}@")


def test_a_worker_does_its_work_with_these_rights(cli: Cli, owner: str, postgresql: Server) -> None:
    for _ in range(2):  # the second time it looks at its articles again
        ran = cli("fleet", "work", "--once", "--ledger", of_worker(owner))
        assert ran.code == 0, ran.err
        assert "denied" not in ran.err, ran.err
        assert cli("fleet", "publish", "--once").code == 0
        assert cli("fleet", "status").out.splitlines() == [
            "workers: 0",
            "jobs: 0 wait, 0 run, 0 failed, 0 are done",
            "outbox: 0 articles to publish",
        ]
        postgresql.execute(
            "UPDATE planned SET at = at - interval '1 year'; UPDATE checks SET checked = ''", owner
        )
        assert cli("fleet", "plan").code == 0
    assert cli.names


FORBIDDEN = [
    "CREATE TABLE another (x int)",
    "DROP TABLE links",
    "DELETE FROM links",
    "UPDATE articles SET path = 'x'",
    "DELETE FROM articles",
    "UPDATE newsspider SET folder = 'x'",
    "UPDATE fleet SET version = 2",
    "SELECT content FROM outbox",
    "UPDATE outbox SET content = ''",
    "DELETE FROM outbox",
    "SELECT log FROM logs",
    "INSERT INTO planned VALUES ('x', now())",
    "DELETE FROM host_lease",
    "INSERT INTO procrastinate_jobs (task_name) VALUES ('x')",
]


def test_a_worker_cannot_do_more(owner: str) -> None:
    with psycopg.connect(of_worker(owner), autocommit=True) as db:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement.encode())
