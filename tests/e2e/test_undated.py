"""Articles that give no day wait; --undated dates them by the day they were first seen."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from support.cli import Cli, Ran
from support.fetching import Server, http, site

HOST = "news.example"
LISTING = http(b"<ul><li><a href=/a/1>Title 1</a></ul>")
ARTICLE = http(
    b"<html><div><p>Some text of an article.</p></div><footer>&copy; 2026 The Ellery Times</footer>"
)
FIRST_SEEN = "2026-01-02"


def crawl(cli: Cli, *options: str, article: bytes = ARTICLE) -> tuple[Ran, bool]:
    """Crawl the site; return what it came to, and whether it asked for the article."""
    replies = {"/robots.txt": http(status=404), "/": LISTING, "/a/1": article}
    with Server(replies) as server:
        ran = cli("crawl", "attack/x", *options, "--connect-to", server.address)
    return ran, "/a/1" in server.paths()


def change(cli: Cli, statement: str) -> None:
    with sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite") as database:
        database.execute(statement)
    database.close()


def link(cli: Cli) -> tuple[str, str]:
    with sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite") as database:
        row = database.execute("SELECT state, reason FROM links").fetchone()
    database.close()
    return (*row,)


def test_an_article_without_a_day_waits_and_is_asked_for_ever_more_rarely(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    ran, _ = crawl(cli)
    assert (ran.code, cli.names, link(cli)) == (0, [], ("failed", "NoDate"))
    assert "(NoDate 1)" in ran.out
    assert "1 article gives no date (NoDate) and will be asked for again" in ran.out + ran.err
    assert "--undated first-seen" in ran.out + ran.err
    assert crawl(cli)[1] is False  # the same day
    for tries, hours, asked in ((1, 23, False), (1, 25, True), (9, 215, False), (9, 217, True)):
        change(
            cli,
            f"UPDATE links SET tries = {tries},"
            f" tried = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-{hours} hours')",
        )
        assert crawl(cli)[1] is asked
        assert link(cli) == ("failed", "NoDate")


def test_undated_dates_an_article_by_the_day_it_was_first_seen(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    crawl(cli)
    change(cli, f"UPDATE links SET found = '{FIRST_SEEN}T10:00:00+00:00'")
    ran, asked = crawl(cli, "--undated", "first-seen")
    assert (ran.code, asked, cli.names) == (0, True, [f"{FIRST_SEEN}-{cli.names[0][11:]}"])
    post = (cli.posts / cli.names[0]).read_text("utf-8")
    assert f"\ndate: {FIRST_SEEN} 00:00:00 +0000\ndated_by: first-seen\n" in post
    before = cli.names
    ran, asked = crawl(cli, "--undated", "first-seen")
    assert (ran.code, asked, cli.names) == (0, False, before)


def test_undated_dates_a_new_article_by_today(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    before = datetime.now(UTC)
    crawl(cli, "--undated", "first-seen")
    days = {f"{moment:%Y-%m-%d}" for moment in (before, datetime.now(UTC))}
    assert cli.names[0][:10] in days


def test_a_day_that_the_page_gives_counts_before_the_one_it_was_seen(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    page = http(
        b"<html><head><title>Ellery raises fees</title></head><body><h1>Ellery raises fees</h1>"
        b"<p>29 September 2026<div>"
        + b"<p>The harbour council has raised the fees of the pier by eight per cent, it says.</p>"
        * 5
        + b"</div></html>"
    )
    with Server({"/robots.txt": http(status=404), "/a/1": page}) as server:
        cli(
            "share",
            f"http://{HOST}.test/a/1",
            "--undated=first-seen",
            "--connect-to",
            server.address,
        )
    assert [name[:10] for name in cli.names] == ["2026-09-29"]
    assert "dated_by" not in (cli.posts / cli.names[0]).read_text("utf-8")


def test_another_way_to_date_is_refused(tmp_path: Path) -> None:
    ran = site(tmp_path, HOST)("crawl", "attack/x", "--undated", "today")
    assert ran.code == 2
    assert "'today' is not first-seen" in ran.err
