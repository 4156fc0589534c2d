"""`newsspider check --saved`: saved pages read again, offline."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli

from newsspider.authoring.fixtures import fixture_folders, read_fixture
from newsspider.authoring.replay import differences, replay
from newsspider.sites import load

BASE = "https://www.harbourgazette.example"


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("added")
    with Newsroom() as room:
        assert Cli(folder, room)("add", f"{BASE}/latest", "--name", "gazette").code == 0
    return folder / "sites"


@pytest.fixture
def offline(added: Path, tmp_path: Path) -> Cli:
    """A folder with what was added, and no newsroom: a request would leave the machine."""
    shutil.copytree(added, tmp_path / "sites")
    return Cli(tmp_path, None)


def test_what_was_added_reads_as_it_did(offline: Cli) -> None:
    ran = offline("check", "--saved", "gazette")
    assert (ran.code, ran.out) == (0, "gazette: unchanged (3 articles)\n")


def test_the_old_name_of_the_command_works_and_is_hidden(offline: Cli) -> None:
    assert offline("test", "gazette").out == offline("check", "--saved", "gazette").out
    assert offline("test", "gazette", "--accept").code == 0
    assert not re.search(r"^\W*test\b", offline("--help").out, re.M)


@pytest.mark.parametrize("wrong", [["--saved", "--save"], ["--accept"]])
def test_options_that_do_not_go_together(offline: Cli, wrong: list[str]) -> None:
    ran = offline("check", *wrong)
    assert (ran.code, "--saved takes --accept, and not --save" in ran.err) == (2, True)


def test_without_a_name_built_in_sites_are_read_too(offline: Cli) -> None:
    """The pages of the newsroom's finews and eastmoney, that a clone has in tests/sites."""
    ran = offline("check", "--saved")
    assert ran.code == 0, ran.out
    names = [line.partition(":")[0] for line in ran.out.splitlines()]
    assert names == ["eastmoney", "finews", "gazette"]


def test_another_reading_is_shown_field_by_field_and_can_be_accepted(offline: Cli) -> None:
    page = offline.folder / "sites/gazette/article-1.html"
    text = page.read_text("utf-8")
    page.write_text(text.replace("Mara Ellison", "Somebody Else"), "utf-8")
    ran = offline("check", "--saved", "gazette")
    assert ran.code == 1
    assert "    - Mara Ellison" in ran.out and "    + Somebody Else" in ran.out
    assert "title:" not in ran.out
    assert offline("check", "--saved", "gazette", "--accept").code == 0
    assert offline("check", "--saved", "gazette").code == 0


def test_a_selector_that_finds_nothing_is_told(offline: Cli) -> None:
    file = offline.folder / "sites/gazette.yml"
    file.write_text(file.read_text("utf-8").replace("section.card", "section.carrd"), "utf-8")
    ran = offline("check", "--saved")
    assert ran.code == 1
    assert "section.carrd" in ran.out


def test_a_link_that_the_listing_lost_is_told(offline: Cli) -> None:
    page = offline.folder / "sites/gazette/listing.html"
    page.write_bytes(page.read_bytes().replace(b"winter-ferry-timetable", b"another"))
    ran = offline("check", "--saved")
    assert ran.code == 1
    assert "the listing has no link to it" in ran.out


WRONG = {
    "an unknown site": ("gazettee", "did you mean gazette"),
    "a site without saved pages": ("bbc", "fetch and save some with `newsspider check bbc --save`"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_names(offline: Cli, case: str) -> None:
    name, said = WRONG[case]
    ran = offline("check", "--saved", name)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    "change",
    [
        {"articles": None},
        {"seen": "2026-01-01T00:00:00"},
        {"page": {"file": "../../gazette.yml", "name": "listing", "url": BASE}},
        {"page": {"file": "listing.xml", "name": "listing", "url": BASE}},
        {"articles": [{"key": "x", "pages": [], "fields": {"title": 3}}]},
    ],
)
def test_a_file_of_expectations_that_is_none(offline: Cli, change: dict[str, object]) -> None:
    file = offline.folder / "sites/gazette/expected.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), "utf-8")
    ran = offline("check", "--saved")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1 and "sites/gazette/" in ran.err


def test_saved_pages_of_built_in_sites_read_as_they_did(added: Path) -> None:
    folders = fixture_folders(added)
    assert "gazette" in folders
    for name, folder in folders.items():
        fixture, expected = read_fixture(folder)
        assert list(differences(expected, replay(load(name, added), fixture))) == [], name
