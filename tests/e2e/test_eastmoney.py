"""The built-in site `eastmoney` against the newsroom: what a reader sees, however it was found."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from newsroom import Newsroom
from newsroom.eastmoney import EastMoneyStory, columns, faults, stories
from support.cli import Cli

from newsspider import demo
from newsspider.clean import metadata
from newsspider.exporters.jekyll.post import read as read_post
from newsspider.sites import load

EASTMONEY = load("eastmoney")
STORIES = {story.id: story for story in stories()}
COLUMNS = sorted({column for story in STORIES.values() for column in story.columns})
NEWS = "https://np-listapi.eastmoney.com/comm/web/getNewsByColumns"


def of_column(column: str) -> dict[str, EastMoneyStory]:
    return {
        story.id: story
        for story in STORIES.values()
        if column in story.columns and story.expect == "published"
    }


def posts(cli: Cli) -> dict[str, str]:
    """The names of the posts by the id of their article."""
    return {name[11:-3]: name for name in cli.names}


def check(cli: Cli, name: str, story: EastMoneyStory) -> None:
    """Whether a post shows a reader what the story says, and nothing else."""
    text = (cli.posts / name).read_text("utf-8")
    article = read_post(name, text)
    assert article is not None
    assert article.title == story.title
    assert article.tag == story.media
    assert article.published is not None
    assert f"{article.published:%Y-%m-%d %H:%M}" == story.time[:16]
    assert metadata.read(article.body).lines == story.reading
    shown = [image.url for image in metadata.images(article.body)]
    assert shown == list(story.pictures)
    for noise in ("class=", "style=", "<script", "<span", "acttg", "GetPic"):
        assert noise not in text


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column(cli: Cli, column: str) -> None:
    ran = cli("crawl", f"eastmoney/{column}")
    got = posts(cli)
    assert set(got) == set(of_column(column)), ran.out + ran.err
    for number, story in of_column(column).items():
        check(cli, got[number], story)


def test_every_published_story_is_in_some_listing(cli: Cli) -> None:
    ran = cli("crawl", "eastmoney")
    wanted = {story.id for story in STORIES.values() if story.expect == "published"}
    got = posts(cli)
    assert wanted <= set(got), ran.out + ran.err
    for number in wanted:
        check(cli, got[number], STORIES[number])


@pytest.mark.parametrize("numbered", [False, True])
def test_the_interface_stands_in_for_a_list_that_a_script_fills(
    cli: Cli, newsroom: Newsroom, numbered: bool
) -> None:
    newsroom.fault(
        "finance.eastmoney.com", "/a/cgnjj.html", status=200, body=columns.unfilled("cgnjj")
    )
    ran = cli("crawl", "eastmoney/350" if numbered else "eastmoney/cgnjj")
    assert ("getNewsByColumns" in ran.out) is not numbered  # which one stood in, and why
    got = posts(cli)
    assert set(of_column("cgnjj")) <= set(got)
    for number, story in of_column("cgnjj").items():
        check(cli, got[number], story)
        # The page tells minutes, the interface seconds.
        assert f"date: {story.time} +0800" in (cli.posts / got[number]).read_text("utf-8")


@pytest.mark.parametrize(
    "answer",
    [faults.NO_TRACE, faults.EMPTY_COLUMN, faults.NULL_DATA, faults.NOT_JSON],
    ids=["refusal", "empty", "null", "not JSON"],
)
def test_an_error_told_with_status_200_is_never_no_news(
    cli: Cli, newsroom: Newsroom, answer: bytes
) -> None:
    newsroom.fault(urlsplit(NEWS).hostname or "", urlsplit(NEWS).path, status=200, body=answer)
    ran = cli("crawl", "eastmoney/350")
    assert ran.code == 4
    assert "cannot be read" in ran.out
    assert "no listing could be read" in ran.out


@pytest.mark.parametrize("category", ["kuaixun", "fastnews"])
def test_rolling_news(cli: Cli, category: str) -> None:
    cli("crawl", f"eastmoney/{category}")
    wanted = {
        story.id
        for story in STORIES.values()
        # The page of a story for phones is nowhere else, and fast news tell only ids.
        if story.expect == "published" and story.template != "wap" and "724" in story.lists
    }
    got = posts(cli)
    assert len(wanted) > 5
    assert wanted <= set(got)
    for number, name in got.items():
        check(cli, name, STORIES[number])


def test_fast_news_turn_by_their_cursor_and_come_from_the_other_host_too(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("np-weblist.eastmoney.com", "/comm", status=200, body=faults.EMPTY_FAST)
    ran = cli("crawl", "eastmoney/fastnews")
    assert "np-listapi.eastmoney.com" in ran.out
    asked = [target for _, host, target in newsroom.requests if "getFastNewsList" in target]
    assert any("sortEnd=2" in target for target in asked)
    assert posts(cli)


ONE = next(story for story in STORIES.values() if story.expect == "published")
OLD = next(
    story for story in STORIES.values() if story.template == "2020" and story.expect == "published"
)
WAP = next(
    story for story in STORIES.values() if story.template == "wap" and story.expect == "published"
)


@pytest.mark.parametrize(
    ("link", "story"),
    [
        (f"https://{ONE.host}/a/{ONE.id}.html", ONE),
        (f"http://{ONE.host}/a/{ONE.id}.html?from=wechat#top", ONE),
        (f"//{ONE.host}/a/{ONE.id}.html", ONE),
        (f"http://{OLD.host}/news/{OLD.column},{OLD.id}.html", OLD),
        (f"https://wap.eastmoney.com/a/{WAP.id}.html", WAP),
        (f"https://choicew2z.eastmoney.com/info/information/detail.html?infocode=NW{ONE.id}", ONE),
        (ONE.id, ONE),
    ],
)
def test_a_share_link_in_any_form(cli: Cli, link: str, story: EastMoneyStory) -> None:
    ran = cli("share", link)
    assert ran.code == 0, ran.out + ran.err
    check(cli, posts(cli)[story.id], story)
    text = (cli.posts / posts(cli)[story.id]).read_text("utf-8")
    assert re.search(rf"<https://\w+\.eastmoney\.com/a/{story.id}\.html>", text)


def test_stock_and_media_keep_what_matches(cli: Cli) -> None:
    cli("crawl", "eastmoney", "--stock", "600941")
    told = {story.id for story in STORIES.values() if "1.600941" in story.stocks}
    assert told
    assert set(posts(cli)) == told


def test_the_site_that_published_an_article_updates_it(cli: Cli, newsroom: Newsroom) -> None:
    cli("share", "NW202204262359811335")
    (name,) = cli.names
    before = (cli.posts / name).read_text("utf-8")
    story = next(story for story in demo.stories() if story.id == "202204262359811335")
    newsroom.replace(replace(story, title="新的标题"))
    ran = cli("share", "https://finance.eastmoney.com/a/202204262359811335.html")
    assert ran.code == 0, ran.out + ran.err
    assert cli.names == [name]
    after = (cli.posts / name).read_text("utf-8")
    assert after == before.replace(f'title: "{story.title}"', 'title: "新的标题"')
