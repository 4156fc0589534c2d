"""`newsspider add`: a page of the newsroom becomes a site file that loads, tests and crawls."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from newsroom import Newsroom
from newsroom.plain import pieces
from support.cli import Cli

from newsspider.exporters.jekyll.post import read as read_post
from newsspider.sites import load

BASE = "https://www.harbourgazette.example"
NAME = "harbourgazette-example"
KINDS = {"/latest": "html", "/feeds/rss.xml": "feed", "/app": "json", "/zh/": "html"}


@pytest.mark.parametrize("path", ["/latest", "/app"])
def test_the_written_file_crawls(cli: Cli, path: str) -> None:
    ran = cli("add", BASE + path)
    assert ran.code == 0, ran.err
    category = path.strip("/")
    assert f"newsspider crawl {NAME}/{category}" in ran.out
    assert "title     3 of 3" in ran.out
    site = load(NAME, cli.folder / "sites")
    assert site.title == "Harbour Gazette"
    text = (cli.folder / "sites" / f"{NAME}.yml").read_text("utf-8")
    assert text.startswith(f"# Harbour Gazette: {BASE}{path}\n# Written by `newsspider add` on ")
    assert "\n# Fields found in 3 articles: link 3, title 3, time 3" in text
    assert site.listings_of(category)[0].kind == KINDS[path]
    crawled = cli("crawl", f"{NAME}/{category}")
    assert crawled.code == 0, crawled.out
    articles = [read_post(file.name, file.read_text("utf-8")) for file in cli.posts.iterdir()]
    assert {one.title for one in articles if one} == {piece.title for piece in pieces()}


@pytest.mark.parametrize("path", ["/feeds/rss.xml", "/zh/"])
def test_print_only_prints(cli: Cli, path: str) -> None:
    ran = cli("add", BASE + path, "--print", "--name", "gazette")
    assert ran.code == 0, ran.err
    values = yaml.safe_load(ran.out)
    assert values["name"] == "gazette"
    (category,) = values["categories"].values()
    assert category["listing"]["kind"] == KINDS[path]
    assert list(cli.folder.iterdir()) == []


def test_it_asks_for_robots_txt_the_page_and_three_articles(cli: Cli) -> None:
    first = cli("add", f"{BASE}/latest", "--print")
    assert cli.newsroom is not None
    asked = [target for _, _, target in cli.newsroom.requests]
    assert asked[:2] == ["/robots.txt", "/latest"]
    assert len(asked) == 5
    assert cli("add", f"{BASE}/latest", "--print").out == first.out


def test_pages_are_saved_as_they_came(cli: Cli) -> None:
    assert cli("add", f"{BASE}/latest", "--sites", "mine").code == 0
    saved = sorted(path.name for path in (cli.folder / "mine" / NAME).iterdir())
    articles = [f"article-{number}.html" for number in (1, 2, 3)]
    assert saved == [*articles, "expected.json", "listing.html"]
    assert b"<section class=" in (cli.folder / "mine" / NAME / "listing.html").read_bytes()


def test_a_file_that_is_there_is_not_overwritten_unasked(cli: Cli) -> None:
    file = cli.folder / "sites" / f"{NAME}.yml"
    file.parent.mkdir()
    file.write_text("mine")
    ran = cli("add", f"{BASE}/latest")
    assert ran.code == 2
    assert "--yes" in ran.err and "--name" in ran.err
    assert file.read_text() == "mine"
    assert cli.newsroom is not None and cli.newsroom.requests == []
    assert cli("add", f"{BASE}/latest", "--yes").code == 0
    assert "kind: html" in file.read_text()


@pytest.mark.parametrize(("answer", "code", "after"), [("n", 2, "mine"), ("y", 0, "kind: html")])
def test_on_a_terminal_it_asks_before_it_overwrites(
    cli: Cli, answer: str, code: int, after: str
) -> None:
    file = cli.folder / "sites" / f"{NAME}.yml"
    file.parent.mkdir()
    file.write_text("mine")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    ran = subprocess.run(
        [sys.executable, "-m", "newsspider", "add", f"{BASE}/latest"],
        cwd=cli.folder,
        env=cli.environment(),
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=600,
    )
    os.close(ours)
    os.close(theirs)
    assert ran.returncode == code, ran.stderr
    assert f"{NAME}.yml exists already. Overwrite it?" in ran.stdout
    assert after in file.read_text()
    assert (file.parent / NAME).exists() is (answer == "y")


HEAD = "<html><head><title>Ferries | Gazette</title>{}</head><body>{}</body></html>"
ROWS = "".join(
    f"<li><a href='{piece.path}'>{piece.title}, told at length</a></li>" for piece in pieces()
)
LIST = [{"id": at, "path": p.path, "headline": p.title} for at, p in enumerate(pieces())]
SHELL = HEAD.format("", "<div id='app'></div><script src='/app.js'></script>")
# What a page and the addresses around it answer, and the listing that comes of it.
FOUND: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "a feed that is gone: the list on the page": (
        {
            "/ferries/feed.xml": "",
            "/ferries/": HEAD.format(
                "<link rel=alternate type='application/rss+xml' href='/ferries/feed.xml'>",
                f"<ul class=news>{ROWS}</ul>",
            ),
        },
        {"kind": "html", "items": "ul.news > li"},
    ),
    "a list that scripts load": (
        {
            "/api/none": "[]",
            "/api/stories?page=1": json.dumps({"data": {"list": LIST}}),
            "/ferries/": HEAD.format(
                "",
                "<div data-url='/api/none' id='x'></div><script>"
                "const more = n => fetch(`/api/stories?page=${n}`)</script>",
            ),
        },
        {"kind": "json", "url": f"{BASE}/api/stories?page={{page}}", "items": "data.list"},
    ),
    "a sitemap that only robots.txt names": (
        {
            "/robots.txt": f"Sitemap: {BASE}/all.xml\nSitemap: {BASE}/sitemap-news.xml\n",
            "/ferries/": SHELL,
        },
        {"kind": "sitemap", "url": f"{BASE}/sitemap-news.xml"},
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_else_a_page_without_a_feed_offers(cli: Cli, case: str) -> None:
    answers, wanted = FOUND[case]
    assert cli.newsroom is not None
    for path, body in answers.items():
        cli.newsroom.fault(
            "www.harbourgazette.example", path, status=200 if body else 404, body=body.encode()
        )
    ran = cli("add", f"{BASE}/ferries/", "--print")
    assert ran.code == 0, ran.err
    values = yaml.safe_load(ran.out)
    listing = values["categories"]["ferries"]["listing"]
    assert {key: listing[key] for key in wanted} == wanted


def test_a_selector_is_written_for_what_generic_extraction_misses(cli: Cli) -> None:
    assert cli.newsroom is not None
    text = "".join(
        f"<p>The harbour council talked for hours about pier {n}.</p>" for n in range(20)
    )
    for piece in pieces():
        page = (
            "<html lang=en><head><title>The Gazette of the harbour and its people</title></head>"
            f"<body><div class=story-name>{piece.title}, told at length</div>"
            f"<time datetime='2026-09-14T07:30:00+01:00'>today</time><div>{text}</div></body>"
        )
        host = "www.harbourgazette.example"
        cli.newsroom.fault(host, piece.path, status=200, body=page.encode())
    listing = HEAD.format("", f"<ul class=news>{ROWS}</ul>").encode()
    cli.newsroom.fault("www.harbourgazette.example", "/ferries/", status=200, body=listing)
    ran = cli("add", f"{BASE}/ferries/")
    assert ran.code == 0, ran.err
    assert "title     3 of 3  high   article: rule" in ran.out
    site = yaml.safe_load((cli.folder / "sites" / f"{NAME}.yml").read_text("utf-8"))
    assert site["pages"]["article"]["fields"] == {"title": "div.story-name"}
    crawled = cli("crawl", f"{NAME}/ferries", "--limit", "1")
    assert crawled.code == 0, crawled.out
    (name,) = cli.names
    assert "told at length" in (cli.posts / name).read_text("utf-8")


def test_an_interface_by_its_address(cli: Cli) -> None:
    assert cli.newsroom is not None
    for start in (0, len(LIST)):
        body = json.dumps(LIST[start:]).encode()
        path = f"/api/stories?from={start}"
        cli.newsroom.fault("www.harbourgazette.example", path, status=200, body=body)
    ran = cli("crawl", f"{BASE}/api/stories?from=0")
    assert ran.code == 0, ran.out + ran.err
    assert len(cli.names) == len(LIST)
    asked = [target for _, _, target in cli.newsroom.requests]
    assert f"/api/stories?from={len(LIST)}" in asked


def serve_section(cli: Cli, path: str, name: str) -> None:
    assert cli.newsroom is not None
    page = HEAD.format("", f"<h1>{name}</h1><ul class=news>{ROWS}</ul>")
    cli.newsroom.fault("www.harbourgazette.example", path, status=200, body=page.encode())


def test_several_addresses_are_categories_of_one_site(cli: Cli) -> None:
    for path, name in (("/sea/", "Sea"), ("/land/", "On land"), ("/old/sea/", "Old sea")):
        serve_section(cli, path, name)
    ran = cli("add", f"{BASE}/sea/", f"{BASE}/land/", f"{BASE}/old/sea/", "--name", "gazette")
    assert ran.code == 0, ran.err
    assert "Added land to sites/gazette.yml. Next: newsspider crawl gazette/land" in ran.out
    site = load("gazette", cli.folder / "sites")
    titles = {name: category.title for name, category in site.categories.items()}
    assert titles == {"sea": "Sea", "land": "On land", "sea-2": "Old sea"}
    crawled = cli("crawl", "gazette/land", "--limit", "1")
    assert crawled.code == 0, crawled.out
    (post,) = cli.posts.iterdir()
    assert "categories: on-land\n" in post.read_text("utf-8")


def test_a_further_category_changes_nothing_else_of_a_file(cli: Cli) -> None:
    serve_section(cli, "/land/", "On land")
    file = cli.folder / "sites" / "mine.yml"
    file.parent.mkdir()
    before = (
        f"# by hand\ntitle: Gazette\nhome: {BASE}/\ncategories:\n    sea:  # the best\n"
        f"        listing: {{kind: feed, url: '{BASE}/feeds/rss.xml'}}\n# the end\n"
    )
    file.write_text(before)
    ran = cli("add", f"{BASE}/land/")
    assert ran.code == 0, ran.err
    assert "Added land to sites/mine.yml." in ran.out
    after = file.read_text("utf-8").splitlines()
    added = [line for line in after if line not in before.splitlines()]
    assert [line for line in after if line not in added] == before.splitlines()
    assert added[0] == "    land:"
    again = cli("add", f"{BASE}/land/")
    assert again.code == 2
    assert "exists already" in again.err
    assert "newsspider crawl mine/land" in again.err


def test_one_address_that_fails_does_not_stop_the_others(cli: Cli) -> None:
    serve_section(cli, "/land/", "On land")
    ran = cli("add", f"{BASE}/nothing", f"{BASE}/land/")
    assert ran.code == 3
    assert "404" in ran.err
    assert "newsspider crawl harbourgazette-example/land" in ran.out


WRONG = {
    "two sites and one name": (
        [f"{BASE}/latest", "https://other.example/x/", "--name", "one"],
        2,
        "one site",
    ),
    "no address": (["latest"], 2, "not an http or https address"),
    "another scheme": (["ftp://a.example/x"], 2, "not an http or https address"),
    "a name that climbs": ([f"{BASE}/latest", "--name", "../x"], 2, "not a site name"),
    "an article": ([BASE + pieces()[0].path], 2, "is an article"),
    "no such page": ([f"{BASE}/nothing"], 3, "404"),
    "a picture": ([f"{BASE}/images/P101_w800h450.jpg"], 2, "no list of links"),
    "a host nobody knows": (["https://nobody.example/"], 3, "404"),
    "a sites folder that is a file": (
        [f"{BASE}/latest", "--sites", "file"],
        2,
        "cannot be written",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_told_in_a_line_and_writes_nothing(cli: Cli, case: str) -> None:
    arguments, code, said = WRONG[case]
    (cli.folder / "file").write_text("")
    ran = cli("add", *arguments)
    assert ran.code == code, ran
    assert said in ran.err
    assert ran.err.strip().splitlines()[-1].startswith("newsspider: ")
    assert [path.name for path in cli.folder.iterdir()] == ["file"]


def test_an_article_tells_what_to_give_instead(cli: Cli) -> None:
    ran = cli("add", BASE + pieces()[0].path)
    assert f"{BASE}/feeds/rss.xml" in ran.err


def test_attack_a_title_that_would_be_yaml(tmp_path: Path) -> None:
    links = "".join(
        f'<li><a href="{piece.path}">{piece.title}, told at length</a></li>' for piece in pieces()
    )
    title = "x&#10;proxy: http://evil.example:1&#x2028;delay: 0 # : {a} &#133;- *b"
    page = f"<html><head><title>{title}</title></head><body><ul>{links}</ul></body></html>"
    with Newsroom() as newsroom:
        newsroom.fault("www.harbourgazette.example", "/latest", status=200, body=page.encode())
        ran = Cli(tmp_path, newsroom)("add", f"{BASE}/latest", "--print")
    assert ran.code == 0, ran.err
    values = yaml.safe_load(ran.out)
    assert set(values) <= {
        "name",
        "title",
        "language",
        "timezone",
        "home",
        "categories",
        "articles",
    }
