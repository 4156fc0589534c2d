"""`newsspider search`, after a real crawl."""

from __future__ import annotations

import json

import pytest
from support.cli import Cli


@pytest.fixture
def crawled(cli: Cli) -> Cli:
    assert cli("crawl", "finews/renminyoudianbao").code == 0
    return cli


def test_a_crawl_is_found_as_text_and_as_json(crawled: Cli) -> None:
    ran = crawled("search", "中国移动")
    assert (ran.code, "心级服务" in ran.out, ran.err) == (0, True, "")
    ran = crawled("search", "中国移动", "--format", "json", "--limit", "1", "--site", "finews")
    (article,) = json.loads(ran.out)["articles"]
    assert article["site"] == "finews" and "移动" in article["title"] + article["snippet"]
    assert article["post"].removeprefix("_posts/") in crawled.names
    assert list(article) == [
        *("key", "id", "site", "link", "title", "source", "category", "language"),
        *("published", "stocks", "post", "snippet"),
    ]
    ran = crawled("search", "there-is-no-such-word")
    assert (ran.code, ran.out) == (0, "No article has these words.\n")


def test_wrong_usages(cli: Cli) -> None:
    for arguments, message in (
        (("search", "x"), "output/site: has no posts"),
        (("search", "..."), "give a word to search for"),
        (("search", "x", "--until", "soon"), "'soon' is not a time"),
        (("search", "x", "--limit", "0"), "Input should be greater than or equal to 1"),
        (("search",), "Missing argument"),
    ):
        ran = cli(*arguments)
        assert (ran.code, message in ran.err) == (2, True), ran.err
    assert not (cli.folder / "output").exists()
