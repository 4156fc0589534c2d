"""A site file that cannot be used: each command reports it once, and only what needs it stops."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import SEED, Cli

from newsspider.commands import main

BASE = "https://www.harbourgazette.example"
BROKEN = {
    "not YAML": ("title: [", 1),
    "of no kind": ("title: X\nlisting:\n  url: https://x.example/{slug}\n  kind: jsn\n", 4),
    "containing itself": ("json: &j {a: *j}\n", 1),
    "deep": ("a:\n  - " + "[" * 100_000, 2),
    "multiplied": (
        "x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n"
        + "".join(f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        5,
    ),
    "large": ("a: b\n" * 2_000_000, 1),
}


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("added")
    with Newsroom() as room:
        assert Cli(folder, room)("add", f"{BASE}/latest", "--name", "gazette").code == 0
    return folder / "sites"


@pytest.fixture
def own(added: Path, cli: Cli) -> Cli:
    """A folder with a good site and its saved pages, and a broken one."""
    shutil.copytree(added, cli.folder / "sites")
    (cli.folder / "sites/broken.yml").write_text("title: [", "utf-8")
    return cli


COMMANDS = {
    "crawl": ["crawl", "finews/renminyoudianbao", "--limit", "1"],
    "crawl an address": ["crawl", f"{BASE}/latest", "--limit", "1"],
    "share": ["share", "NW202204262359811335"],
    "add": ["add", f"{BASE}/latest", "--name", "another"],
    "test": ["test", "gazette"],
    "check": ["check", "gazette"],
    "sites": ["sites"],
}


@pytest.mark.parametrize("case", COMMANDS)
def test_what_does_not_need_the_file_reports_it_once_and_goes_on(own: Cli, case: str) -> None:
    ran = own(*COMMANDS[case])
    assert ran.code == 0, ran
    assert ran.err.count("sites/broken.yml:1: not YAML") == 1, ran.err


NEEDS = {
    "crawl": ["crawl", "broken/x"],
    "test": ["test", "broken"],
    "check": ["check", "broken"],
    "sites": ["sites", "broken"],
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("case", NEEDS)
def test_what_needs_the_file_stops_with_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: str,
    kind: str,
) -> None:
    text, line = BROKEN[kind]
    (tmp_path / "sites/broken").mkdir(parents=True)
    (tmp_path / "sites/broken.yml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(NEEDS[case])
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith(f"newsspider: sites/broken.yml:{line}: ")
    assert len(err.splitlines()) == 1, err


@pytest.mark.parametrize("command", ["crawl finews/x", "share NW123", "test", "check", "sites"])
def test_a_folder_of_site_files_that_does_not_exist_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--sites", "nowhere"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(": --sites: there is no folder nowhere\n")


@pytest.mark.parametrize("command", ["test", "check"])
def test_the_other_sites_are_read_and_the_code_is_2(own: Cli, command: str) -> None:
    shutil.copytree(own.folder / "sites/gazette", own.folder / "sites/broken")
    ran = own(command, "gazette", "broken")
    assert ran.code == 2
    assert ran.out.startswith("gazette")
    assert ran.err.count("broken.yml") == 1


@pytest.mark.parametrize("command", ["crawl", "share"])
@pytest.mark.parametrize("file", ["gazette", "harbourgazette-example"])
def test_an_address_is_not_read_without_the_broken_file_of_its_host(
    cli: Cli, command: str, file: str
) -> None:
    """Its articles would be published a second time, under other names."""
    (cli.folder / "sites").mkdir()
    text = "title: [" if file != "gazette" else f"home: {BASE}/\ntitle: ["
    (cli.folder / f"sites/{file}.yml").write_text(text, "utf-8")
    ran = cli(command, f"{BASE}/latest")
    assert ran.code == 2
    assert ran.err.startswith(f"newsspider: sites/{file}.yml:")
    assert len(ran.err.splitlines()) == 1


def test_an_id_that_no_other_site_takes_may_belong_to_the_broken_file(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites/finews.yml").write_text("title: [", "utf-8")
    ran = cli("share", SEED[11:-3])
    assert ran.code == 2
    first, second = ran.err.splitlines()
    assert "sites/finews.yml:1: not YAML" in first
    assert "neither an address" in second
