"""A source that changes under a crawl: the report names what broke, and the run ends with 4."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import ARTICLE, Reply, Server, http, listed, site

HOST = "news.example"
LINKS = [f"/a/{number}" for number in range(1, 9)]
NEW = [f"/a/{number}" for number in range(20, 24)]
# The site's body is in a div.
MOVED = http(b"<html><article><p>" + b"Some text of an article, which is long enough. " * 30)
OTHER_LIST = http(
    b"<div class=list>"
    + b"".join(
        b"<article><h2><a href='/a/%d'>A headline of several words, number %d</a></h2></article>"
        % (number, number)
        for number in range(1, 9)
    )
    + b"</div>"
)


def crawl(cli: Cli, listing: Reply, article: Reply = ARTICLE) -> Ran:
    replies: dict[str, Reply] = {"/robots.txt": http(status=404), "/": listing}
    replies |= dict.fromkeys(LINKS, ARTICLE) | dict.fromkeys(NEW, article)
    with Server(replies) as server:
        return cli("crawl", "attack/x", "--connect-to", server.address)


@pytest.fixture
def used(tmp_path: Path) -> Cli:
    """A folder with one run, and thirty before it that counted the same."""
    cli = site(tmp_path, HOST)
    assert crawl(cli, listed(*LINKS)).code == 0
    with sqlite3.connect(tmp_path / "output/site/.newsspider/ledger.sqlite") as database:
        database.executemany(
            "INSERT INTO runs_of_source SELECT source, run - ?, name, count FROM runs_of_source"
            " WHERE run = 1",
            [(number,) for number in range(1, 31)],
        )
    database.close()
    return cli


def kept(cli: Cli) -> dict[str, bytes]:
    folder = cli.folder / "output/site/.newsspider/drift"
    return {path.name: path.read_bytes() for path in folder.rglob("*.html")}


def test_a_run_like_those_before_it_is_fine(used: Cli) -> None:
    ran = crawl(used, listed(*LINKS, *NEW))
    assert ran.code == 0, ran.out
    assert list(kept(used)) == ["good.html"]


def test_a_new_layout_of_the_listing_is_reported_with_what_it_has_now(used: Cli) -> None:
    good = kept(used)["good.html"]
    ran = crawl(used, OTHER_LIST)
    assert ran.code == 4
    assert "attack/x: listing selector 'li' finds 0 links on a page of" in ran.out
    assert "the last 31 runs found 8. The page now has 8 links at " in ran.out
    assert kept(used) == {"good.html": good, "broken.html": OTHER_LIST.split(b"\r\n\r\n", 1)[1]}


def test_a_field_that_the_selector_no_longer_finds_is_named(used: Cli) -> None:
    ran = crawl(used, listed(*LINKS, *NEW), MOVED)
    assert ran.code == 4, ran.out
    assert "attack/x: body: selector 'div' finds nothing in 4 of 4 articles" in ran.out


def test_a_listing_whose_address_is_gone_needs_a_person(tmp_path: Path) -> None:
    ran = crawl(site(tmp_path, HOST), http(status=404))
    assert ran.code == 4
    assert "the address of its listing is gone: http://news.example/ answers 404" in ran.out
    assert f"newsspider add {HOST}" in ran.out


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_site_that_is_down_needs_patience(used: Cli, status: int) -> None:
    assert crawl(used, http(status=status)).code == 3


def test_a_dry_run_keeps_no_page(used: Cli) -> None:
    good = kept(used)
    with Server({"/robots.txt": http(status=404), "/": OTHER_LIST}) as server:
        ran = used("crawl", "attack/x", "--dry-run", "--connect-to", server.address)
    assert ran.code == 4
    assert kept(used) == good


@pytest.mark.parametrize(
    ("limits", "code", "noted"),
    [("{'error': 60}", 4, True), ("{'warn': 60}", 0, True), ("{'error': 9e9}", 0, False)],
)
def test_a_source_that_is_silent(tmp_path: Path, limits: str, code: int, noted: bool) -> None:
    cli = site(tmp_path, HOST)
    with Server({"/robots.txt": http(status=404), "/": listed("/a/1"), "/a/1": ARTICLE}) as server:
        to = ("--connect-to", server.address, "-s", f"NEWS_FRESH={limits}".replace("'", '"'))
        ran = cli("crawl", "attack/x", *to)
    assert ran.code == code, ran.out
    assert ("attack/x: its newest article is" in ran.out) is noted


@pytest.mark.parametrize(("days", "code"), [(2, 0), (10, 4)])
def test_a_daily_that_is_silent_for_days_breaks_its_pattern(
    used: Cli, days: int, code: int
) -> None:
    newest = datetime.now(UTC) - timedelta(days=days)
    with sqlite3.connect(used.folder / "output/site/.newsspider/ledger.sqlite") as database:
        keys = [key for (key,) in database.execute("SELECT key FROM links")]
        for at, key in enumerate(keys):
            published = (newest - timedelta(days=at)).isoformat()
            database.execute("UPDATE links SET published = ? WHERE key = ?", (published, key))
        database.execute("UPDATE links SET found = ?", ("2020-01-01T00:00:00+00:00",))
    database.close()
    ran = crawl(used, listed(*LINKS))
    assert ran.code == code, ran.out
    words = f"attack/x: it has had no new article for {days} days"
    assert (words in ran.out) is bool(code)
