"""Published articles are asked for again: corrections, removals, and what stays as it is."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import Reply, Server, http, site

HOST = "news.example"
TEXT = "<p>Some text of an article.</p>"
RECHECK = ("crawl", "attack/x", "--recheck", "2d")


def listing(*numbers: int, age: timedelta = timedelta(hours=1)) -> bytes:
    time = f"{datetime.now(UTC) - age:%Y-%m-%d %H:%M}"
    items = (f"<li><a href='/a/{n}'>Title {n}</a><time>{time}</time>" for n in numbers)
    return http("".join(["<ul>", *items]).encode())


def article(text: str = TEXT, tag: str = "1") -> bytes:
    return http(f"<html><div>{text}</div>".encode(), headers={"ETag": f'"{tag}"'})


class Site(Server):
    """Answers 304 where a request has the ETag of the answer already."""

    def _reply(self, host: str, path: str) -> Reply:
        reply = super()._reply(host, path)
        tag = re.search(rb"ETag: (\S+)", reply) if isinstance(reply, bytes) else None
        if tag and f"If-None-Match: {tag[1].decode()}" in self.heads[-1]:
            return http(status=304)
        return reply


def crawl(cli: Cli, replies: dict[str, Reply], *command: str) -> tuple[Ran, list[str]]:
    """Run a command against these replies; return what it came to, and the articles it asked for,
    with a `?` behind those that it asked for conditionally."""
    with Site({"/robots.txt": http(status=404), **replies}) as server:
        ran = cli(*(command or RECHECK), "--connect-to", server.address)
    asked = [
        path + "?" * ("If-None-Match" in head)
        for (_, _, path), head in zip(server.asked, server.heads, strict=True)
        if path.startswith("/a/")
    ]
    return ran, asked


def ledger(cli: Cli, statement: str, *values: object) -> None:
    with sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite") as database:
        database.execute(statement, values)
    database.close()


def age_checks(cli: Cli, hours: float) -> None:
    """Move the times of all looks back, as if so many hours had passed."""
    for column in ("checked", "missing"):
        ledger(
            cli,
            f"UPDATE checks SET {column} = strftime('%Y-%m-%dT%H:%M:%S+00:00', {column},"
            f" '-{hours} hours') WHERE {column} != ''",
        )


def row(ran: Ran, name: str) -> str:
    match = re.search(rf"^{name} +(.*?)$", ran.out, re.M)
    return match[1].strip() if match else ""


def published(cli: Cli, *numbers: int, age: timedelta = timedelta(hours=1)) -> dict[str, Reply]:
    """Publish these articles and let an hour pass; return the replies of the site."""
    replies: dict[str, Reply] = {"/": listing(*numbers, age=age)}
    replies |= {f"/a/{number}": article() for number in numbers}
    ran, _ = crawl(cli, replies, "crawl", "attack/x")
    assert ran.code == 0, ran.err
    assert len(cli.names) == len(numbers)
    age_checks(cli, 1)
    return replies


def posts(cli: Cli) -> dict[str, tuple[int, str]]:
    return {p.name: (p.stat().st_mtime_ns, p.read_text("utf-8")) for p in cli.posts.iterdir()}


# -- changes ----------------------------------------------------------------------------------


def test_an_article_that_did_not_change_costs_a_304(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1, 2)
    before = posts(cli)
    ran, asked = crawl(cli, replies)
    assert ran.code == 0, ran.err
    assert sorted(asked) == ["/a/1?", "/a/2?"]
    assert (row(ran, "asked again"), row(ran, "updated"), row(ran, "fetched")) == ("2", "0", "0")
    assert "@recheck" not in cli("status").out  # a look is no source of its own
    assert posts(cli) == before
    _, asked = crawl(cli, replies)
    assert asked == []  # looked at a moment ago


def test_without_recheck_nothing_is_asked_again(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1)
    assert crawl(cli, replies, "crawl", "attack/x")[1] == []
    assert crawl(cli, replies, "crawl", "attack/x", "--recheck", "off")[1] == []


def test_an_old_article_is_not_asked_again(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1, age=timedelta(days=3))
    age_checks(cli, 100)
    assert crawl(cli, replies)[1] == []
    assert crawl(cli, replies, "crawl", "attack/x", "--recheck", "1w")[1] == ["/a/1?"]


def test_a_changed_article_rewrites_its_own_post(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    definition = tmp_path / "sites/attack.yml"
    keys = "category: x, keys: [last_modified_at]"
    definition.write_text(definition.read_text().replace("category: x", keys))
    replies = published(cli, 1, 2)
    before = posts(cli)
    replies["/a/1"] = article(TEXT.replace("Some", "Other"), tag="2")
    ran, asked = crawl(cli, replies)
    assert sorted(asked) == ["/a/1?", "/a/2?"]
    assert (row(ran, "updated"), row(ran, "changed")) == ("1", "text 1")
    after = posts(cli)
    assert after.keys() == before.keys()
    (changed,) = (name for name in after if after[name] != before[name])
    assert "Other text" in after[changed][1]
    assert "\nlast_modified_at: " in after[changed][1]
    age_checks(cli, 1)
    ran, _ = crawl(cli, replies)
    assert row(ran, "updated") == "0"
    assert posts(cli) == after


def test_white_space_changes_no_post(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1)
    before = posts(cli)
    replies["/a/1"] = article(f"\n\n{TEXT.replace(' ', '  ')}<!-- 17 visitors -->", tag="2")
    ran, asked = crawl(cli, replies)
    assert asked == ["/a/1?"]
    assert (row(ran, "updated"), row(ran, "unchanged")) == ("0", "1")
    assert posts(cli) == before


def test_an_edited_post_stays_and_is_named(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1)
    (post,) = cli.posts.iterdir()
    post.write_text(post.read_text("utf-8").replace("Some", "My"), "utf-8")
    replies["/a/1"] = article(TEXT.replace("Some", "Other"), tag="2")
    ran, _ = crawl(cli, replies)
    assert "edited by hand" in ran.out + ran.err
    assert "My text" in post.read_text("utf-8")


# -- removals ---------------------------------------------------------------------------------

PROJECT = "sources:\n  - source: attack/x\n    every: 1m\n    recheck: {recheck}\n{more}"


def removed_twice(cli: Cli, more: str = "", recheck: str = "2d") -> tuple[list[Ran], list[int]]:
    """Publish two articles, then remove the first at the site; return four scheduled runs, each but
    the second a day after the last, and how often each asked for the article."""
    replies = published(cli, 1, 2)
    (cli.folder / "newsspider.yml").write_text(PROJECT.format(recheck=recheck, more=more))
    replies["/a/1"] = http(status=404)
    if recheck == "off":  # as an earlier run that looked left it
        crawl(cli, replies)
    runs, asked = [], []
    for hours in (0, 1, 23, 48):
        age_checks(cli, hours)
        ran, paths = crawl(cli, replies, "crawl", "--all")
        assert ran.code == 0, ran.out + ran.err
        runs.append(ran)
        asked.append(sum(path.startswith("/a/1") for path in paths))
    return runs, asked


def test_an_article_that_is_missing_twice_is_reported_and_stays(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    runs, asked = removed_twice(cli)
    assert asked == [1, 0, 1, 0]
    assert [row(ran, "missing") for ran in runs] == ["1", "", "1", ""]
    assert [row(ran, "taken down") for ran in runs] == ["", "", "1", ""]
    reports = [ran.out + ran.err for ran in runs]
    assert ["/a/1 is missing at its site" in report for report in reports] == [True, *[False] * 3]
    assert "was taken down: its post stays" in reports[2]
    assert len(cli.names) == 2


def test_the_second_look_comes_also_without_recheck(tmp_path: Path) -> None:
    _, asked = removed_twice(site(tmp_path, HOST), recheck="off")
    assert asked == [0, 0, 1, 0]


def test_the_post_of_a_removed_article_is_removed_where_the_source_says_so(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    runs, _ = removed_twice(cli, "    follow_removals: true\n")
    assert "its post is removed" in runs[2].out + runs[2].err
    assert len(cli.names) == 1
    back: dict[str, Reply] = {"/": listing(1, 2), "/a/1": article(tag="3"), "/a/2": article()}
    crawl(cli, back)
    assert len(cli.names) == 1  # never written again


def test_an_edited_post_is_not_removed(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    published(cli, 1, 2)
    for post in cli.posts.iterdir():
        post.write_text(post.read_text("utf-8") + "\nMy words.\n", "utf-8")
    runs, _ = removed_twice(cli, "    follow_removals: true\n")
    assert "was edited by hand, and stays" in runs[2].out + runs[2].err
    assert len(cli.names) == 2


def test_an_article_that_is_back_is_no_longer_missing(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    replies = published(cli, 1)
    for _ in range(2):
        ran, _ = crawl(cli, {**replies, "/a/1": http(status=404)})
        assert (row(ran, "missing"), row(ran, "taken down")) == ("1", "")
        age_checks(cli, 24)
        assert row(crawl(cli, replies)[0], "asked again") == "1"
        age_checks(cli, 24)


# -- the time of a source ---------------------------------------------------------------------


def test_what_the_interval_leaves_no_time_for_is_overdue(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    published(cli, 1, 2, 3)
    script = (
        "from newsspider.crawling.jobs import jobs_of_target, recheck_jobs\n"
        "from newsspider.crawling.run import run\n"
        "from newsspider.crawling.progress import Progress\n"
        "from newsspider.spiders.options import RunOptions\n"
        "from pathlib import Path\nfrom rich.console import Console\nimport sys\n"
        "jobs = recheck_jobs(jobs_of_target('attack/x', Path('sites')), seconds=0)\n"
        "options = RunOptions(recheck='2d')\n"
        "report = run(jobs, options.settings(), Progress(Console(stderr=True)))\n"
        "print(report['overdue'], report['rechecked'])\n"
    )
    (tmp_path / "overdue.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "overdue.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["3", "0"], done.stderr


@pytest.mark.parametrize("recheck", ["2x", "yes", "0.5d"])
def test_an_age_that_is_none_is_refused(tmp_path: Path, recheck: str) -> None:
    cli = site(tmp_path, HOST)
    ran = cli("crawl", "attack/x", "--recheck", recheck)
    assert (ran.code, "is neither an age" in ran.err) == (2, True)
