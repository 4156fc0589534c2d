"""A crawl shared out over machines: planned, worked off and published, as one machine does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.cli import Cli
from support.postgresql import Server
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
    assert site_of(site) == expected
    ran = cli("fleet", "status")
    print(ran.out, ran.err)
    assert ran.code == 0, ran.err
