"""`text` of a site, a source and the command line: how much of an article a run publishes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Cli
from support.fetching import ARTICLE, Server, http, listed, site

REPLIES = {"/robots.txt": http(status=404), "/": listed("/a/1"), "/a/1": ARTICLE}
TEXT = "Some text of an article."


@pytest.mark.parametrize("target", ["--all", "attack/x"])
@pytest.mark.parametrize(
    ("of_site", "of_source", "option", "published"),
    [
        ("", "", [], True),
        ("", "", ["--text", "link"], False),
        ("link", "", [], False),
        ("link", "full", [], True),
        ("full", "link", [], False),
        ("full", "link", ["--text", "full"], True),
    ],
)
def test_an_option_beats_the_source_and_that_the_site(
    tmp_path: Path,
    of_site: str,
    of_source: str,
    option: list[str],
    published: bool,
    target: str,
) -> None:
    cli = site(tmp_path, "news.example")
    file = tmp_path / "sites/attack.yml"
    key = f"x, text: {of_site}}}" if of_site else "x}"
    file.write_text(file.read_text().replace("category: x}", f"category: {key}"))
    source = f"    text: {of_source}\n" if of_source else ""
    (tmp_path / "newsspider.yml").write_text(f"sources:\n  - source: attack/x\n{source}")
    (post,) = crawled(cli, target, *option)
    assert (TEXT in post, "<http://news.example/a/1>" in post) == (published, True)
    assert crawled(cli, target, *option) == [post]


def crawled(cli: Cli, target: str, *option: str) -> list[str]:
    with Server(REPLIES) as server:
        ran = cli("crawl", target, "--connect-to", server.address, *option)
    assert ran.code == 0, ran.err
    return [path.read_text("utf-8") for path in cli.posts.iterdir()]


def test_a_way_that_there_is_not(cli: Cli) -> None:
    ran = cli("crawl", "finews/emnews", "--text", "half")
    assert (ran.code, "'half' is not one of full, summary, link" in ran.err) == (2, True)


def test_a_crawl_by_hand_writes_into_the_site_of_the_file(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    (tmp_path / "newsspider.yml").write_text("output: paper\nsources:\n  - source: attack/x\n")
    with Server(REPLIES) as server:
        to = ["--connect-to", server.address]
        for command in (["crawl", "attack/x"], ["share", "http://news.example/a/1"]):
            ran = cli(*command, *to)
            assert ran.code == 0, ran.err
        assert len(list((tmp_path / "paper/_posts").iterdir())) == 1
        assert not (tmp_path / "output").exists()
        ran = cli("crawl", "attack/x", *to, "--output", "other")
        assert (ran.code, "The site is in other" in ran.out) == (0, True), ran.err
