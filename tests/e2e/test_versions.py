"""Earlier texts of posts, from an update to `newsspider show`; and --force."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsroom import Newsroom, stories
from support.cli import SEED, Cli

ID = SEED[11:-3]
STORY = next(story for story in stories() if story.id in ID)


def updated(cli: Cli, newsroom: Newsroom, title: str, *more: str) -> str:
    newsroom.replace(replace(STORY, title=title))
    ran = cli("share", ID, *more)
    assert ran.code == 0, ran.err
    return (cli.posts / SEED).read_text("utf-8")


def test_show_has_what_each_update_changed(cli: Cli, newsroom: Newsroom) -> None:
    for title in ("油价周一上涨", "油价周一下跌", "油价周二下跌"):
        updated(cli, newsroom, title, "-s", "NEWS_VERSIONS=2")
    assert cli("share", ID).code == 0  # nothing new
    shown = cli("show", ID).out
    assert shown.index("油价周[-一-]{+二+}下跌") < shown.index("油价周一[-上涨-]{+下跌+}")
    assert shown.count("\nuntil 2") == 2
    assert "| 油价周一上涨" not in shown
    assert "| 油价周一上涨" in cli("show", ID, "--earlier").out
    assert cli("remove", ID, "--why", "a letter").code == 0
    assert "until 2" not in cli("show", ID).out


def test_without_versions_nothing_is_kept(cli: Cli, newsroom: Newsroom) -> None:
    for title in ("One", "Two"):
        updated(cli, newsroom, title)
    assert not (cli.folder / "output/site/.newsspider/versions").exists()


@pytest.mark.parametrize("force", [False, True])
def test_an_edited_post_is_rewritten_by_force_only(
    cli: Cli, newsroom: Newsroom, force: bool
) -> None:
    assert cli("share", ID).code == 0
    (cli.posts / SEED).write_text("mine\n")
    versions = ("-s", "NEWS_VERSIONS=1")
    text = updated(cli, newsroom, "One", *versions, *(["--force"] if force else []))
    assert (text == "mine\n") is not force
    assert ("| mine" in cli("show", ID, "--earlier").out) is force
    if force:
        assert "Two" in updated(cli, newsroom, "Two")  # it is an ordinary post again
