"""A crawl whose ledger is in PostgreSQL: the same site, one folder a ledger, no secret shown."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from support.cli import SHARE, Cli
from support.postgresql import PASSWORD, Server
from support.runs import site_of

CATEGORY = "finews/renminyoudianbao"
PROJECT = """\
ledger: postgresql://guarded:${{PASSWORD}}@/postgres?host={folder}&options=-csearch_path%3D{schema}
sources:
  - source: finews/renminyoudianbao
"""


@pytest.fixture
def site(cli: Cli) -> Path:
    return cli.folder / "output/site"


@pytest.fixture
def ledger(cli: Cli, postgresql: Server) -> str:
    """The address of a new ledger, in the environment of the command."""
    address = postgresql.ledger()
    cli.variables["NEWSSPIDER_LEDGER"] = address
    return address


def test_the_site_is_the_same_byte_for_byte(cli: Cli, site: Path, postgresql: Server) -> None:
    assert cli("crawl", CATEGORY).code == 0
    expected = site_of(site)
    shutil.rmtree(site)
    address = postgresql.ledger()
    ran = cli("crawl", CATEGORY, "--ledger", address)
    assert ran.code == 0, ran.err
    assert site_of(site) == expected
    assert not (site / ".newsspider/ledger.sqlite").exists()
    assert cli("crawl", CATEGORY, "--ledger", address).code == 0
    assert site_of(site) == expected


def test_every_command_reads_the_ledger_that_the_project_names(
    cli: Cli, site: Path, postgresql: Server
) -> None:
    schema = postgresql.owned_by_guarded()
    text = PROJECT.format(folder=postgresql.folder, schema=schema)
    (cli.folder / "newsspider.yml").write_text(text)
    ran = cli("crawl")
    assert (ran.code, "the environment variable PASSWORD is not set" in ran.err) == (2, True)
    cli.variables["PASSWORD"] = PASSWORD
    shown = [cli("crawl", "--log-file", "log", "-vv"), cli("crawl", CATEGORY), cli("status")]
    assert [ran.code for ran in shown] == [0, 0, 0]
    assert "finews/renminyoudianbao" in shown[-1].out
    post = cli.names[0]
    shown += [cli("show", post), cli("render", "--dry-run"), cli("adopt", "--dry-run", "x.jsonl")]
    assert shown[3].code == 0
    shown += [cli("remove", post, "--why", "asked"), cli("show", post)]
    assert "asked" in shown[-1].out
    assert cli("crawl").code == 0
    assert post not in cli.names
    del cli.variables["PASSWORD"]
    assert cli("export", "all.jsonl").code == 0  # needs no ledger
    files = [path for path in cli.folder.rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
    for text in (*texts, *(ran.out + ran.err for ran in shown)):
        assert PASSWORD not in text
        assert quote(PASSWORD, safe="") not in text


def test_a_ledger_moves_there_and_back(cli: Cli, site: Path, postgresql: Server) -> None:
    address = postgresql.ledger()
    assert cli("crawl", CATEGORY, "--limit", "2").code == 0
    for wrong in (["output/site", "output/other"], [address, address], ["output/other", address]):
        ran = cli("fleet", "move", *wrong)
        assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
    ran = cli("fleet", "move", "output/site", address)
    assert ran.code == 0, ran.err
    assert "moved to postgresql://postgres@/postgres: name it with --ledger" in ran.out
    assert cli("crawl", CATEGORY, "--limit", "1", "--ledger", address).code == 0
    assert len(cli.names) == 3
    assert cli("fleet", "move", address, "output/site").code == 0
    assert cli("crawl", CATEGORY).code == 0
    crawls = {path.name: path.read_bytes() for path in (site / "_posts").iterdir()}
    shutil.rmtree(site)
    assert cli("crawl", CATEGORY).code == 0
    assert {path.name: path.read_bytes() for path in (site / "_posts").iterdir()} == crawls


def test_an_option_beats_the_file(cli: Cli, postgresql: Server) -> None:
    (cli.folder / "newsspider.yml").write_text(
        "ledger: postgresql://nobody@/nowhere?host=/nowhere\n"
        "sources: [{source: finews/cailianshe}]\n"
    )
    ran = cli("status")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "postgresql://nobody@/nowhere: cannot be used: " in ran.err
    assert cli("status", "--ledger", postgresql.ledger()).code == 0
    (cli.folder / "other").mkdir()
    assert cli("status", "--output", "other").code == 0  # another folder has its own


def test_a_dry_run_changes_nothing(cli: Cli, site: Path, postgresql: Server, ledger: str) -> None:
    assert cli("crawl", CATEGORY, "--dry-run").code == 0
    assert not site.exists()
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    assert postgresql.rows(tables, ledger) == []
    assert cli("crawl", CATEGORY, "--limit", "1").code == 0
    before = postgresql.rows("SELECT * FROM links ORDER BY key", ledger)
    ran = cli("crawl", CATEGORY, "--dry-run")
    assert ran.code == 0
    assert postgresql.rows("SELECT * FROM links ORDER BY key", ledger) == before
    assert len(postgresql.rows("SELECT * FROM runs", ledger)) == 1


def test_a_ledger_has_one_folder_and_a_folder_one_ledger(
    cli: Cli, site: Path, postgresql: Server, ledger: str
) -> None:
    assert cli("crawl", CATEGORY, "--limit", "1").code == 0
    for command in (["crawl", CATEGORY], ["status"], ["crawl", CATEGORY, "--dry-run"]):
        ran = cli(*command, "--output", "output/other")
        assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
        assert "is the ledger of" in ran.err
    shutil.copytree(site, cli.folder / "output/copy")
    assert "is the ledger of" in cli("crawl", CATEGORY, "--output", "output/copy").err
    shutil.rmtree(cli.folder / "output/copy")
    del cli.variables["NEWSSPIDER_LEDGER"]
    for command in (["crawl", CATEGORY], ["status"], ["status", "--ledger", postgresql.ledger()]):
        ran = cli(*command)
        assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
        assert "its ledger is in postgresql://postgres@/postgres: name it with --ledger" in ran.err
    cli.variables["NEWSSPIDER_LEDGER"] = ledger
    site.rename(cli.folder / "output/moved")
    assert cli("crawl", CATEGORY, "--output", "output/moved").code == 0


def test_what_cannot_be_used_is_one_line(cli: Cli, postgresql: Server, ledger: str) -> None:
    wrong = {
        "postgresql://x@/news?host=/nowhere": "cannot be used: ",
        postgresql.address("guarded:s3cret"): "password authentication failed",
        postgresql.address(database="nowhere"): 'database "nowhere" does not exist',
        "postgresql://app:s3cret@x@y/news": "in its parts write %40 for @",
        "mysql://app:s3cret@y/news": "is not the address of a ledger",
    }
    for address, message in wrong.items():
        for command in (["crawl", CATEGORY], ["share", f"{SHARE}NW202204262359811335"]):
            ran = cli(*command, "--ledger", address)
            assert ran.code == 2
            assert message in " ".join(ran.err.split())
            assert "s3cret" not in ran.err
    ran = cli("crawl", CATEGORY, "-s", "NEWS_LEDGER=mysql://app:s3cret@y/news")
    assert (ran.code, "s3cret" in ran.err) == (2, False)
    assert cli("crawl", CATEGORY, "--limit", "1").code == 0
    postgresql.execute("UPDATE newsspider SET version = 999", ledger)
    ran = cli("crawl", CATEGORY)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "a newer newsspider wrote it" in ran.err
