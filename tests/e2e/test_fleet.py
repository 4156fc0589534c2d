"""A crawl shared out over machines: planned, worked off and published, as one machine does it."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from support.cli import Cli
from support.postgresql import PASSWORD, Server
from support.runs import site_of

from newsspider.store.archive import open_archive

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


def archived(folder: Path) -> dict[str, Any]:
    """What the archive of a folder has, but for the moments and numbers of runs."""
    with closing(open_archive(folder)) as archive:
        articles = [archive.article(key) for key in archive.keys_of()]
        return {
            each.key: (
                *(each.site, each.listing, each.share, each.link.url, each.link.title),
                *(each.options, each.of_feed, each.pages),
                [archive.body(page) for page in each.pages],
            )
            for each in articles
            if each is not None
        }


def test_the_answers_are_archived_as_by_one_machine(cli: Cli, site: Path, ledger: str) -> None:
    (cli.folder / "newsspider.yml").write_text("sources: [{source: finews/emnews, archive: true}]")
    del cli.variables["NEWSSPIDER_LEDGER"]
    assert cli("crawl").code == 0
    expected = archived(site)
    assert expected
    shutil.rmtree(site)
    cli.variables["NEWSSPIDER_LEDGER"] = ledger
    for command in (["plan"], ["work", "--once"], ["publish", "--once"]):
        assert cli("fleet", *command).code == 0
    assert archived(site) == expected
    # It belongs to the posts: they are read again from it, and are the same.
    before = site_of(site)
    ran = cli("render")
    assert ran.code == 0, ran.err
    assert site_of(site) == before
    assert f"{len(expected)} posts read again" in ran.out
    assert "0 rewritten" in ran.out


def test_a_link_that_is_asked_for_again_before_its_article_is_published_stays_so(
    cli: Cli, site: Path, ledger: str, postgresql: Server
) -> None:
    for command in (["plan"], ["work", "--once"]):
        assert cli("fleet", *command).code == 0
    (key,) = postgresql.rows(
        "SELECT key FROM links WHERE state = 'sent' ORDER BY key LIMIT 1", ledger
    )[0]
    # As a crawl does that finds it changed; its worker then dies.
    postgresql.execute(f"UPDATE links SET state = 'pending' WHERE key = '{key}'", ledger)
    assert cli("fleet", "publish", "--once").code == 0
    states = postgresql.rows(f"SELECT state FROM links WHERE key = '{key}'", ledger)
    assert set(states) == {("pending",)}
    assert postgresql.rows(f"SELECT state FROM articles WHERE key = '{key}'", ledger) == [
        ("published",)
    ]
    postgresql.execute("UPDATE planned SET at = at - interval '1 year'", ledger)
    for command in (["plan"], ["work", "--once"], ["publish", "--once"]):
        assert cli("fleet", *command).code == 0
    assert postgresql.rows("SELECT key FROM links WHERE state IN ('pending', 'sent')", ledger) == []


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
