"""What becomes of links without a post: asked for again, for how long, and with which exit code."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import ARTICLE, Reply, Server, http, listed, site
from support.launching import Order, launch

HOST = "news.example"


def crawl(cli: Cli, replies: dict[str, Reply], *command: str) -> tuple[Ran, list[str]]:
    """Run a command against these replies; return what it came to, and the pages it asked for."""
    with Server({"/robots.txt": http(status=404), **replies}) as server:
        ran = cli(*(command or ("crawl", "attack/x")), "--connect-to", server.address)
    return ran, [path for path in server.paths() if path not in ("/robots.txt", "/")]


def ledger(cli: Cli, statement: str, *values: object) -> list[tuple[str, ...]]:
    with sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite") as database:
        rows = database.execute(statement, values).fetchall()
    database.close()
    return rows


# -- settled answers --------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "codes"), [(404, [1, 1, 0, 0]), (410, [0, 0])])
def test_an_article_that_is_gone_is_settled(tmp_path: Path, status: int, codes: list[int]) -> None:
    cli = site(tmp_path, HOST)
    replies: dict[str, Reply] = {"/": listed("/a/1", "/a/2"), "/a/1": ARTICLE}
    replies["/a/2"] = http(status=status)
    runs = [crawl(cli, replies) for _ in codes]
    assert [ran.code for ran, _ in runs] == codes
    assert ["/a/2" in asked for _, asked in runs] == [True] * (len(codes) - 1) + [False]
    assert re.search(rf"^dropped +1 \(Http{status} 1\)$", runs[-2][0].out, re.M)
    assert "Nothing new" in runs[-1][0].out


def test_an_article_that_is_missing_only_at_first_is_published(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    missing = {"/": listed("/a/1"), "/a/1": http(status=404)}
    crawl(cli, missing)
    crawl(cli, missing)
    ran, _ = crawl(cli, {"/": listed("/a/1"), "/a/1": ARTICLE})
    assert ran.code == 0
    assert len(cli.names) == 1


def test_failures_that_alternate_are_not_settled(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    for status in (404, 404, 403, 404, 404):
        ran, asked = crawl(cli, {"/": listed("/a/1"), "/a/1": http(status=status)})
        assert (ran.code, asked) == (3, ["/a/1"])


def test_an_article_that_robots_txt_forbids_is_settled(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    rules = http(b"User-agent: *\nDisallow: /a/2", headers={"Content-Type": "text/plain"})
    replies = {"/robots.txt": rules, "/": listed("/a/1", "/a/2"), "/a/1": ARTICLE}
    first, asked = crawl(cli, replies)
    assert (first.code, asked) == (0, ["/a/1"])
    assert "(RobotsTxt 1)" in first.out
    second, _ = crawl(cli, replies)
    assert second.code == 0
    assert "RobotsTxt" not in second.out


def test_a_shared_link_that_is_gone_fails_each_time(tmp_path: Path) -> None:
    cli = Cli(tmp_path, None)
    for _ in range(5):
        ran, asked = crawl(cli, {}, "share", f"http://{HOST}/a/1")
        assert ran.code == 3
        assert asked == ["/a/1"]
        assert "failed" in ran.out


# -- faults of newsspider ---------------------------------------------------------------------

PATCHES = {
    "reading a page": """
from newsspider.spiders import base
def broken(response, read=base.page_of):
    assert "fault" not in response.url, "a fault"
    return read(response)
base.page_of = broken
""",
    "assembling an article": """
from newsspider.extraction import feed_draft
def broken(draft, now, assemble=feed_draft.assemble):
    assert "fault" not in draft.link.url, "a fault"
    return assemble(draft, now)
feed_draft.assemble = broken
""",
    "a stage": """
from newsspider.pipelines import text
def broken(article, *arguments, clean=text.clean_article, **options):
    assert "fault" not in article.link, "a fault"
    return clean(article, *arguments, **options)
text.clean_article = broken
""",
}
MAIN = "import sys\nfrom newsspider.commands import main\nmain(sys.argv[1:])\n"


@pytest.mark.parametrize("patch", PATCHES)
def test_a_fault_of_newsspider_fails_one_article_and_is_given_up(
    tmp_path: Path, patch: str
) -> None:
    cli, script = site(tmp_path, HOST), tmp_path / "patched.py"
    script.write_text(PATCHES[patch] + MAIN)
    replies = {"/robots.txt": http(status=404), "/": listed("/a/1", "/a/fault", "/a/3")}
    replies |= dict.fromkeys(("/a/1", "/a/fault", "/a/3"), ARTICLE)
    codes, asked = [], []
    for _ in range(6):
        with Server(replies) as server:
            arguments = ["crawl", "attack/x", "--connect-to", server.address]
            ended = launch(
                Order(arguments, cli.environment(), cwd=str(tmp_path), script=str(script))
            )
        codes.append(ended.code)
        asked.append(server.paths().count("/a/fault"))
        assert len(cli.names) == 2
        if asked[-1]:
            assert "Fault 1" in ended.out
            assert f"http://{HOST}/a/fault" in ended.err
    assert asked == [1, 1, 1, 1, 1, 0]
    assert codes[0] == codes[3] == 1
    assert codes[-1] == 0


def test_a_fault_while_a_listing_is_read_is_a_listing_that_cannot_be_read(tmp_path: Path) -> None:
    cli, script = site(tmp_path, HOST), tmp_path / "patched.py"
    script.write_text(
        "from newsspider import listing\n"
        "def broken(*arguments, **options):\n    raise KeyError('x')\n"
        "listing.read = broken\n" + MAIN
    )
    with Server({"/robots.txt": http(status=404), "/": listed("/a/1")}) as server:
        arguments = ["crawl", "attack/x", "--connect-to", server.address]
        ended = launch(Order(arguments, cli.environment(), cwd=str(tmp_path), script=str(script)))
    assert ended.code == 3
    assert "cannot be read: a fault of newsspider: KeyError: 'x'" in ended.out


# -- a wrong clock ----------------------------------------------------------------------------


def later(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d 10:00}"


def test_an_article_of_the_future_is_asked_for_once_a_day_and_seven_times(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    page = listed("/a/1").replace(b"2026-11-01 10:00", later(days=90).encode())
    replies = {"/": page, "/a/1": ARTICLE}
    ran, asked = crawl(cli, replies)
    assert asked == ["/a/1"]
    assert ran.code == 0
    assert "FutureDate 1" in ran.out
    assert "1 article later than the clock of this machine, 20" in " ".join(ran.out.split())
    ran, asked = crawl(cli, replies)
    assert not asked, "asked again on the same day"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    for tries, reason in ((6, "FutureDate"), (7, "NoDate")):
        ledger(cli, "UPDATE links SET tried = ?, tries = ?", yesterday, tries)
        ran, asked = crawl(cli, replies)
        assert (asked, f"{reason} 1" in ran.out) == (["/a/1"], True)
    assert ledger(cli, "SELECT reason FROM links") == [("NoDate",)]
    assert not cli.names


def test_an_article_is_published_once_the_clock_is_right(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = {"/": listed("/a/1"), "/a/1": ARTICLE}
    crawl(cli, {**replies, "/": listed("/a/1").replace(b"2026-11-01", later(9)[:10].encode())})
    assert not cli.names
    # As a run leaves it whose clock was wrong, before and after now: the listing is the same.
    seen = "Title 0\n2026-11-01 10:00"
    for tried in ("2020-01-01T00:00:00+00:00", "2040-01-01T00:00:00+00:00"):
        ledger(cli, "UPDATE links SET tried = ?, seen = ?", tried, seen)
        ran, asked = crawl(cli, replies, "crawl", "attack/x", "--dry-run")
        assert asked == ["/a/1"], ran.out
    crawl(cli, replies)
    assert len(cli.names) == 1


def test_a_clock_before_the_last_run_is_reported(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = {"/": listed("/a/1"), "/a/1": ARTICLE}
    ran, _ = crawl(cli, replies)
    assert "clock" not in ran.err
    ledger(cli, "UPDATE runs SET ended = ?", "2041-05-06T07:08:09+00:00")
    ran, _ = crawl(cli, replies)
    assert "the last run was on 2041-05-06 07:08: set the clock" in ran.err


# -- a lost ledger ----------------------------------------------------------------------------


def test_a_site_without_a_home_knows_its_posts_without_the_ledger(tmp_path: Path) -> None:
    cli = site(tmp_path, f"lists.{HOST}")
    replies: dict[str, Reply] = {"/": listed(f"http://www.{HOST}/a/1"), "/a/1": ARTICLE}
    crawl(cli, replies)
    posts = {name: (cli.posts / name).read_bytes() for name in cli.names}
    assert len(posts) == 1
    for folder in (".newsspider", "_newsspider"):
        shutil.rmtree(cli.folder / "output/site" / folder, ignore_errors=True)
    ran, asked = crawl(cli, replies)
    assert not asked
    assert "Nothing new" in ran.out
    assert {name: (cli.posts / name).read_bytes() for name in cli.names} == posts


@pytest.mark.parametrize("lost", [True, False])
def test_a_post_that_is_not_a_file_is_left_alone_and_holds_nothing_up(
    tmp_path: Path, lost: bool
) -> None:
    cli = site(tmp_path, HOST)
    replies: dict[str, Reply] = {"/": listed("/a/1"), "/a/1": ARTICLE}
    crawl(cli, replies)
    post = cli.posts / cli.names[0]
    post.unlink()
    os.mkfifo(post)
    if lost:
        for folder in (".newsspider", "_newsspider"):
            shutil.rmtree(cli.folder / "output/site" / folder, ignore_errors=True)
    else:  # as after a run that was killed
        ledger(cli, "UPDATE runs SET ended = NULL")
    ran, _ = crawl(cli, replies)
    assert ran.code == 0, ran.err
    assert "Edited 1" in ran.out
    assert post.is_fifo()
