"""`newsspider init`: the folder that it starts crawls, and nothing that exists is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli

from newsspider.crawling.project import load_project

BASE = "https://www.harbourgazette.example"
NAME = "harbourgazette-example"


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_the_categories_of_known_sites_are_sources_as_they_are(cli: Cli) -> None:
    ran = cli("init", "finews/emnews", "finews/emnews", "finews/renminyoudianbao")
    assert (ran.code, ran.out) == (0, "Wrote newsspider.yml. Next: newsspider crawl\n"), ran.err
    assert files(cli.folder) == ["newsspider.yml"]
    project = load_project(cli.folder / "newsspider.yml")
    sources = [(source.source, source.every) for source in project.sources]
    assert sources == [("finews/emnews", "1h"), ("finews/renminyoudianbao", "1h")]
    assert cli("crawl", "--source", "finews/renminyoudianbao").code == 0
    assert cli.names


def test_an_address_gets_a_site_file_and_its_category_is_the_source(cli: Cli) -> None:
    ran = cli("init", f"{BASE}/latest", f"{BASE}/app", "finews/emnews")
    assert ran.code == 0, ran.err
    project = load_project(cli.folder / "newsspider.yml")
    labels = [source.source for source in project.sources]
    assert labels == [f"{NAME}/latest", f"{NAME}/app", "finews/emnews"]
    assert cli("crawl", "--source", f"{NAME}/latest").code == 0
    assert cli.names


def test_an_address_that_was_added_before_is_a_source_and_nothing_is_asked(
    cli: Cli, newsroom: Newsroom
) -> None:
    assert cli("add", f"{BASE}/latest").code == 0
    before = len(newsroom.requests)
    assert cli("init", f"{BASE}/latest").code == 0
    assert len(newsroom.requests) == before
    project = load_project(cli.folder / "newsspider.yml")
    assert [source.source for source in project.sources] == [f"{NAME}/latest"]


def test_without_a_target_it_crawls_nothing_until_a_source_is_named(cli: Cli) -> None:
    ran = cli("init", "--output", ".")
    assert ran.code == 0, ran.err
    file = cli.folder / "newsspider.yml"
    assert load_project(file).output == "."
    ran = cli("crawl")
    assert (ran.code, "names no source" in ran.err) == (2, True)
    example = file.read_text("utf-8").replace("# - source", "- source").replace("#   ", "  ")
    file.write_text(example, "utf-8")
    (source,) = load_project(file).sources
    assert (source.source, source.limit) == ("globalvoices/latest", 50)
    assert load_project(file).jobs(cli.folder / "sites")


def test_a_file_that_exists_is_never_overwritten(cli: Cli, newsroom: Newsroom) -> None:
    file = cli.folder / "newsspider.yml"
    file.write_text("mine")
    ran = cli("init", f"{BASE}/latest")
    assert (ran.code, file.read_text(), newsroom.requests) == (2, "mine", [])
    assert "newsspider.yml exists already: add to it, under `sources`," in ran.err
    assert f"`- source: {BASE}/latest`" in ran.err
    assert files(cli.folder) == ["newsspider.yml"]


def test_the_site_file_of_another_site_is_never_overwritten(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites" / f"{NAME}.yml").write_text("mine")
    ran = cli("init", f"{BASE}/latest")
    assert (ran.code, f"sites/{NAME}.yml exists already" in ran.err) == (2, True)
    assert files(cli.folder) == [f"sites/{NAME}.yml"]


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("nowhere/x", 2, "nowhere"),
        ("ftp://example.com/", 2, "is not an http or https address"),
        ("https://down.example/", 3, "down.example"),
    ],
)
def test_a_target_that_cannot_be_used_writes_nothing(
    cli: Cli, target: str, code: int, message: str
) -> None:
    ran = cli("init", target, "nowhere/x") if code == 2 else cli("init", target)
    assert (ran.code, message in ran.err) == (code, True), ran.err
    assert files(cli.folder) == []
