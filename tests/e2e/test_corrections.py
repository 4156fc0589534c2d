"""What a site changes in an article, from its page to the data of the feed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.cli import Cli
from support.fetching import Server, http, site

HEAD = "<html><meta charset=utf-8><h1>The bridge</h1><time>2026-11-20 10:00</time>"
FIRST = f"{HEAD}<div><p>The bridge opens on Monday.</p><p>It cost 18 crowns.</p></div>"
ON = ("-s", 'NEWS_CORRECTIONS={"title": 1, "lead": 1, "body": 1}')
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")


def share(cli: Cli, page: str, *more: str) -> list[dict[str, Any]]:
    """Ask for the article as it is now; return the corrections of the site."""
    replies = {"/robots.txt": http(status=404), "/a/1": http(page.encode())}
    with Server(replies) as server:
        url = "http://news.example/a/1"
        ran = cli("share", url, "--connect-to", server.address, *QUICK, *more)
    assert ran.code == 0, ran.err
    files = sorted((cli.folder / "output/site/_data/corrections").glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


@pytest.fixture
def cli(tmp_path: Any) -> Cli:
    cli = site(tmp_path, "news.example", "shares: [{pattern: 'http://news\\.example/a/\\d+'}]")
    file = tmp_path / "sites/attack.yml"
    text = file.read_text().replace("{body: 'div'}", "{body: 'div', title: h1, time: time}")
    file.write_text(text)
    return cli


def test_a_correction_is_published_and_a_trivial_change_is_not(cli: Cli) -> None:
    assert share(cli, FIRST, *ON) == []
    assert share(cli, FIRST.replace("Monday.", "Monday!"), *ON) == []
    (change,) = share(cli, FIRST.replace("18", "81"), *ON)
    assert (change["kinds"], change["title"]) == (["body"], "The bridge")
    assert change["path"] == f"/x/2026/11/20/{cli.names[0][11:-3]}.html"
    (place,) = change["places"]
    assert (place["removed"], place["added"]) == ("18", "81")
    assert share(cli, FIRST.replace("18", "81"), *ON) == [change]
    assert (cli.folder / "output/site/corrections.xml").exists()
    # Another part of the text is published: the site corrected nothing.
    assert share(cli, FIRST.replace("18", "81"), *ON, "--text", "link") == [change]
    assert cli("remove", "http://news.example/a/1", "--why", "a letter").code == 0
    assert list((cli.folder / "output/site/_data/corrections").iterdir()) == []


def test_without_the_key_nothing_is_published(cli: Cli) -> None:
    assert share(cli, FIRST) == []
    assert share(cli, FIRST.replace("18", "81")) == []
    assert not (cli.folder / "output/site/corrections.xml").exists()
