"""A crawl shared out over machines: planned, worked off and published, as one machine does it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from support.cli import Cli
from support.postgresql import PASSWORD, Server
from support.runs import site_of

PROJECT = """\
sources:
  - source: finews/renminyoudianbao
  - source: finews/emnews
"""


@pytest.fixture
def site(cli: Cli) -> Path:
    (cli.folder / "newsspider.yml").write_text(PROJECT)
    return cli.folder / "output/site"


@pytest.fixture
def ledger(cli: Cli, site: Path, postgresql: Server) -> str:
    """The address of a new ledger, in the environment of the command after `site` was crawled."""
    address = postgresql.ledger()
    cli.variables["NEWSSPIDER_LEDGER"] = address
    return address


def test_a_fleet_writes_the_same_posts_byte_for_byte(cli: Cli, site: Path, ledger: str) -> None:
    del cli.variables["NEWSSPIDER_LEDGER"]
    ran = cli("crawl")
    assert ran.code == 0, ran.err
    expected = site_of(site)
    shutil.rmtree(site)
    cli.variables["NEWSSPIDER_LEDGER"] = ledger
    for command in ("plan", "work", "publish"):
        once = [] if command == "plan" else ["--once"]
        ran = cli("fleet", command, *once)
        print(ran.out, ran.err)
        assert ran.code == 0, ran.err
        if command == "publish":
            assert re.search(r"^\d+ written, 0 updated, 0 unchanged, \d+ dropped \(", ran.out)
    assert site_of(site) == expected
    ran = cli("fleet", "status")
    print(ran.out, ran.err)
    assert ran.code == 0, ran.err


def refusal(cli: Cli, *arguments: str) -> str:
    """The one line with which a command is refused."""
    ran = cli("fleet", *arguments)
    assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
    assert PASSWORD not in ran.err
    return ran.err


ROLES = (["plan"], ["work", "--once"], ["publish", "--once"], ["status"])


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role[0])
def test_what_cannot_be_used_is_one_line(
    cli: Cli, site: Path, postgresql: Server, role: list[str]
) -> None:
    assert "a fleet keeps its ledger in PostgreSQL: name it with --ledger" in refusal(cli, *role)
    wrong = {
        "postgresql://app@/news?host=/nowhere": "cannot be used: ",
        postgresql.address(
            f"guarded:{quote(PASSWORD, safe='')}x"
        ): "password authentication failed",
        "mysql://app@y/news": "is not the address of a ledger",
    }
    for address, message in wrong.items():
        assert message in refusal(cli, *role, "--ledger", address)
    address = postgresql.ledger()
    if role != ["plan"]:
        assert "run `newsspider fleet plan` first" in refusal(cli, *role, "--ledger", address)
    assert cli("fleet", "plan", "--ledger", address).code == 0
    postgresql.execute("UPDATE fleet SET version = 999", address)
    assert "update newsspider" in refusal(cli, *role, "--ledger", address)


def test_a_fleet_publishes_into_one_folder(cli: Cli, site: Path, ledger: str) -> None:
    for command in (["plan"], ["work", "--once"], ["publish", "--once"]):
        assert cli("fleet", *command).code == 0
    assert cli("fleet", "status").out.splitlines() == [
        "workers: 0",
        "jobs: 0 wait, 0 run, 0 failed, 0 are done",
        "outbox: 0 articles to publish",
    ]
    entry = (
        "INSERT INTO outbox (key, run, source, host_group, epoch, content)"
        " VALUES ('x', 1, 'finews/emnews', 'g', 1, '{\"article\": {}, \"recipe\": {}}')"
    )
    with psycopg.connect(ledger, autocommit=True) as db:
        db.execute(entry)
    other = refusal(cli, "publish", "--once", "--output", "output/other", "--ledger", ledger)
    assert "is the ledger of" in other
    move = ["move", ledger, "output/site"]
    assert "1 article of the fleet to be published before" in refusal(cli, *move)
    # What no worker of this version has sent holds up nothing, and is shown.
    assert cli("fleet", "publish", "--once").code == 0
    assert "x cannot be published: TypeError" in cli("fleet", "status").out
    assert cli("fleet", *move).code == 0
