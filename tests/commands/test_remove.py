"""`newsspider remove`: posts are taken down for good, each with a reason."""

from __future__ import annotations

import shutil

import pytest
from support.cli import SEED, SHARE, Cli

ID = SEED[11:-3]
WHY = ("--why", "Letter of the publisher")


@pytest.fixture
def shared(cli: Cli) -> Cli:
    """A folder with one post."""
    assert cli("share", ID).code == 0
    return cli


@pytest.mark.parametrize("name", [ID, SEED, SHARE + ID])
def test_a_post_is_removed_by_each_of_its_names_and_never_returns(shared: Cli, name: str) -> None:
    ran = shared("remove", name, *WHY)
    assert (ran.code, ran.out) == (0, f"{SEED}: removed; it is never written again\n"), ran.err
    assert shared("share", ID).code == 0
    assert shared.names == []
    assert "Letter of the publisher" in shared("show", ID).out
    shutil.rmtree(shared.folder / "output/site/.newsspider")
    assert shared("share", SHARE + ID).code == 0
    assert shared.names == []


def test_the_list_of_removed_posts_has_the_reason(shared: Cli) -> None:
    assert shared("remove", ID, ID, "--why", " Letter\n of\t1 \x1b[2J ").code == 0
    file = shared.folder / "output/site/_newsspider/removed.txt"
    key, why = file.read_text().rstrip("\n").split("\t")
    assert (ID.removeprefix("NW") in key, why.startswith("Letter of 1")) == (True, True)
    assert "\x1b" not in why
    before = file.read_text()
    assert shared("crawl", "finews/emnews", "--limit", "1").code == 0
    assert file.read_text() == before
    ran = shared("remove", ID, "--why", "Another")
    assert (ran.code, "was removed before" in ran.out) == (0, True)
    assert file.read_text() == f"{key}\tAnother\n"


def test_an_edited_post_is_removed_only_by_force(shared: Cli) -> None:
    post = shared.posts / SEED
    post.write_text("mine\n")
    ran = shared("remove", ID, *WHY)
    assert (ran.code, f"{SEED}: edited since newsspider wrote it" in ran.err) == (2, True)
    assert post.read_text() == "mine\n"
    assert shared("remove", ID, *WHY, "--force").code == 0
    assert shared.names == []


def test_a_name_without_a_post_removes_nothing(shared: Cli) -> None:
    ran = shared("remove", ID, "NW999999999999999999", *WHY)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "'NW999999999999999999' has no post; nothing was removed" in ran.err
    assert shared.names == [SEED]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((ID, *WHY), "there are no posts"),
        ((ID, "--why", " "), "--why is empty"),
        ((ID,), "--why"),
        (WHY, "Missing argument 'URL|ID'"),
    ],
)
def test_wrong_usages(cli: Cli, arguments: tuple[str, ...], message: str) -> None:
    ran = cli("remove", *arguments)
    assert (ran.code, message in ran.err) == (2, True), ran.err
    assert not (cli.folder / "output").exists()
