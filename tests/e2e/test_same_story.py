"""`same_story`: a story that two sources have, over sources, runs and a clone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.cli import Cli
from support.fetching import Server, http
from support.same_stories import LANGUAGES, text

QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
STORY = LANGUAGES["en"]
SITE = """
title: {name}
home: http://{name}.example/
language: en
timezone: UTC
delay: 0
listing:
  kind: html
  url: 'http://{name}.example/'
  items: li
  fields: {{url: 'a::attr(href)', title: 'a'}}
pages:
  page: {{kind: html, fields: {{body: 'div', title: h1, time: time}}}}
articles: {{ask: [page]{more}}}
categories: {{x: {{}}}}
"""


@dataclass
class Paper:
    """A paper with one article at /1, as it is now."""

    body: str
    title: str = "A bridge opens"
    day: str = "2026-11-20"

    def page(self) -> bytes:
        lines = "".join(f"<p>{line}</p>" for line in self.body.split("\n"))
        head = f"<meta charset=utf-8><h1>{self.title}</h1><time>{self.day} 10:00</time>"
        return http(f"<html>{head}<div>{lines}</div>".encode())

    def listing(self, name: str) -> bytes:
        link = f"<li><a href='http://{name}.example/1'>{self.title}</a>"
        return http(f"<meta charset=utf-8><ul>{link}".encode())


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    (tmp_path / "sites").mkdir()
    return Cli(tmp_path, None)


def crawl(cli: Cli, name: str, paper: Paper, same_story: str = "", *more: str) -> str:
    """Crawl a paper and return the report."""
    way = f", same_story: {same_story}" if same_story else ""
    (cli.folder / f"sites/{name}.yml").write_text(SITE.format(name=name, more=way))
    pages = {
        f"{name}.example/": paper.listing(name),
        f"{name}.example/1": paper.page(),
        f"{name}.example/robots.txt": http(status=404),
    }
    with Server(pages) as server:
        ran = cli("crawl", f"{name}/x", "--connect-to", server.address, *QUICK, *more)
    assert ran.code == 0, ran.err
    return ran.out


def posts(cli: Cli) -> list[str]:
    return [(cli.posts / name).read_text("utf-8") for name in cli.names]


FIRST = Paper(text(STORY["story"]))
TWIN = Paper(STORY["head"] + text([*STORY["story"], STORY["extra"]]), "Bridge to open early")


def test_all_stories_are_published_by_default(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    crawl(cli, "two", TWIN)
    assert len(cli.names) == 2
    assert not (cli.folder / "output/site/.newsspider/signatures.sqlite").exists()


def test_first_drops_the_later_one_once_and_for_all(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    assert "dropped 1 (SameStory 1)" in " ".join(crawl(cli, "two", TWIN, "first").split())
    assert len(cli.names) == 1
    shown = cli("show", "http://two.example/1").out
    assert "dropped (SameStory)" in shown
    (key,) = {line.split()[-1] for line in shown.splitlines() if line.startswith("same story as")}
    shown = cli("show", key).out
    assert "A bridge opens" in shown
    (twin,) = {line.split()[-1] for line in shown.splitlines() if "story also in" in line}
    assert "http://two.example/1" in cli("show", twin).out
    assert "fetched 0" in " ".join(crawl(cli, "two", TWIN, "first").split())


def test_link_points_to_the_first(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    report = " ".join(crawl(cli, "two", TWIN, "link").split())
    assert "written 1" in report and "same story 1" in report
    (first,) = (post for post in posts(cli) if "six lanes" in post)
    (pointer,) = (post for post in posts(cli) if "six lanes" not in post)
    assert '<p>→ <a href="/one/2026/11/20/1' in pointer
    assert ">A bridge opens</a></p>" in pointer
    assert 'title: "Bridge to open early"' in pointer
    assert "<http://two.example/1>" in pointer
    assert "same story as" in cli("show", "http://two.example/1").out
    assert cli("show", "http://one.example/1").out.count("its story also in") == 1
    # As often as it is read again, it points there; a post that points is the first of no story.
    crawl(cli, "two", Paper(TWIN.body, "Bridge opens early"), "link")
    assert first in posts(cli)
    (pointer,) = (post for post in posts(cli) if "six lanes" not in post)
    assert 'title: "Bridge opens early"' in pointer and ">A bridge opens</a>" in pointer


def test_a_story_under_two_ids_of_one_listing_is_published_once(cli: Cli) -> None:
    (cli.folder / "sites/one.yml").write_text(SITE.format(name="one", more=", same_story: first"))
    links = "".join(f"<li><a href='/{at}'>Title {at}</a>" for at in (1, 2, 3))
    pages = {
        "one.example/": http(f"<ul>{links}".encode()),
        "one.example/1": FIRST.page(),
        "one.example/2": TWIN.page(),
        "one.example/3": Paper(text(STORY["other"]), "A pulsar").page(),
        "one.example/robots.txt": http(status=404),
    }
    with Server(pages) as server:
        ran = cli("crawl", "one/x", "--connect-to", server.address, *QUICK)
    assert "dropped 1 (SameStory 1)" in " ".join(ran.out.split())
    assert len(cli.names) == 2


def test_an_option_beats_the_site_file(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    crawl(cli, "two", TWIN, "first", "--same-story", "all")
    assert len(cli.names) == 2


def test_a_shared_link_is_published_as_the_source_of_its_site_says(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    (cli.folder / "sites/two.yml").write_text(SITE.format(name="two", more=""))
    (cli.folder / "newsspider.yml").write_text("sources: [{source: two, same_story: first}]")
    pages = {"two.example/1": TWIN.page(), "two.example/robots.txt": http(status=404)}
    share = ("share", "http://two.example/1", *QUICK, "--connect-to")
    with Server(pages) as server:
        ran = cli(*share, server.address)
        assert ("SameStory 1" in ran.out, len(cli.names)) == (True, 1), ran.out + ran.err
        assert cli(*share, server.address, "--same-story", "all").code == 0
    assert len(cli.names) == 2


def test_an_update_is_no_twin_of_itself_and_a_correction_is_published(cli: Cli) -> None:
    crawl(cli, "one", FIRST, "first")
    longer = Paper(text([*STORY["story"], STORY["extra"]]), "A bridge opens soon")
    assert "updated 1" in " ".join(crawl(cli, "one", longer, "first").split())
    assert STORY["extra"][:40] in posts(cli)[0]
    crawl(cli, "two", Paper(FIRST.body, "Correction: a bridge opens"), "first")
    assert len(cli.names) == 2


@pytest.mark.parametrize(
    ("day", "number"), [("2026-11-17", 1), ("2026-11-23", 1), ("2026-11-24", 2)]
)
def test_stories_are_compared_over_three_days(cli: Cli, day: str, number: int) -> None:
    crawl(cli, "one", FIRST)
    crawl(cli, "two", Paper(TWIN.body, TWIN.title, day), "first")
    assert len(cli.names) == number


def test_the_days_are_a_setting(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    crawl(
        cli, "two", Paper(TWIN.body, TWIN.title, "2026-11-21"), "first", "-s", "NEWS_STORY_DAYS=0"
    )
    assert len(cli.names) == 2


@pytest.mark.parametrize("lost", [".newsspider", ".newsspider/signatures.sqlite", ""])
def test_a_clone_finds_the_twins_of_what_it_has(cli: Cli, lost: str) -> None:
    crawl(cli, "one", FIRST, "first")
    crawl(cli, "three", Paper(text(STORY["other"]), "A pulsar"), "first")
    site = cli.folder / "output/site"
    if lost.endswith("sqlite"):
        (site / lost).write_bytes(b"no database")
    elif lost:
        shutil.rmtree(site / lost)
    assert "SameStory 1" in crawl(cli, "two", TWIN, "first")


def test_what_a_person_removed_is_the_first_of_nothing(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    assert cli("remove", "http://one.example/1", "--why", "a letter").code == 0
    crawl(cli, "two", TWIN, "first")
    assert len(cli.names) == 1


def test_a_dry_run_writes_no_signatures(cli: Cli) -> None:
    crawl(cli, "one", FIRST)
    assert "SameStory 1" in crawl(cli, "two", TWIN, "first", "--dry-run")
    assert not (cli.folder / "output/site/.newsspider/signatures.sqlite").exists()


def test_a_way_that_there_is_not(cli: Cli) -> None:
    ran = cli("crawl", "finews/emnews", "--same-story", "second")
    assert (ran.code, "'second' is not one of first, link, all" in ran.err) == (2, True)
