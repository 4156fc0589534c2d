"""`newsspider check`: the newsroom as it was, and broken in the ways that sites break."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from newsroom import Newsroom
from support.cli import Cli

BASE = "https://www.harbourgazette.example"
HOST = "www.harbourgazette.example"


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("added")
    with Newsroom() as room:
        assert Cli(folder, room)("add", f"{BASE}/latest", "--name", "gazette").code == 0
    return folder / "sites"


@pytest.fixture
def checked(added: Path, cli: Cli) -> Cli:
    shutil.copytree(added, cli.folder / "sites")
    return cli


def test_a_site_as_it_was_is_fine(checked: Cli) -> None:
    ran = checked("check")
    assert (ran.code, ran.out) == (0, "gazette/latest: fine (4 links, 3 articles read)\n")
    assert sorted(path.name for path in checked.folder.iterdir()) == ["sites"]


def test_a_listing_without_links_looks_broken(checked: Cli) -> None:
    assert checked.newsroom is not None
    checked.newsroom.fault(
        HOST, "/latest", status=200, body=b"<html><body><p>New!</p></body></html>"
    )
    ran = checked("check", "gazette")
    assert ran.code == 4
    assert "gazette/latest: looks broken" in ran.out and "section.card" in ran.out


def test_a_list_without_addresses_is_told_from_an_empty_one(checked: Cli) -> None:
    file = checked.folder / "sites/gazette.yml"
    text = file.read_text("utf-8")
    assert "a::attr(href)" in text
    file.write_text(text.replace("a::attr(href)", "a::attr(data-href)"), "utf-8")
    shutil.rmtree(checked.folder / "sites/gazette")
    ran = checked("check", "gazette")
    assert ran.code == 4, ran.out
    assert "has no links: 4 links without an address of an article" in ran.out


def test_articles_without_text_look_broken(checked: Cli) -> None:
    assert checked.newsroom is not None
    empty = b"<html><head><title>Sorry | Gazette</title></head><body><h1>Hm</h1></body></html>"
    for language in ("/en/2", "/zh/2"):
        checked.newsroom.fault(HOST, language, status=200, body=empty)
    ran = checked("check", "gazette")
    assert ran.code == 4, ran.out
    assert re.search("missing from|none of the first links", ran.out)


def test_a_selector_that_finds_nothing_in_any_article_is_broken(checked: Cli) -> None:
    file = checked.folder / "sites/gazette.yml"
    values = yaml.safe_load(file.read_text("utf-8"))
    values["pages"] = {"page": {"kind": "html", "fields": {"title": "h1", "body": "div.renamed"}}}
    values["articles"] = {**values.get("articles", {}), "ask": ["page"]}
    file.write_text(yaml.safe_dump(values), "utf-8")
    shutil.rmtree(checked.folder / "sites/gazette")
    ran = checked("check", "gazette")
    assert ran.code == 4, ran.out
    assert (
        "body: selector 'div.renamed' finds nothing in 3 articles; generic extraction does"
        in ran.out
    )
    assert "title:" not in ran.out


@pytest.mark.parametrize(
    ("field", "fallback", "words"),
    [
        (
            "author",
            False,
            "author: selector 'b.x' finds nothing in 3 articles, and nothing else does",
        ),
        ("title", False, "title: selector 'b.x' finds nothing in 3 articles"),
        ("body", False, "body: missing from 3 of 3 articles: selector 'b.x' finds nothing"),
        (
            "title",
            True,
            "title: selector 'b.x' finds nothing in 3 articles; generic extraction does",
        ),
    ],
)
def test_a_selector_that_finds_nothing_is_named_whatever_else_reads_the_field(
    checked: Cli, field: str, fallback: bool, words: str
) -> None:
    file = checked.folder / "sites/gazette.yml"
    values = yaml.safe_load(file.read_text("utf-8"))
    fields = {"title": "h1", "time": "time::attr(datetime)", "body": "article", field: "b.x"}
    values["pages"] = {"page": {"kind": "html", "fields": fields, "fallback": fallback}}
    file.write_text(yaml.safe_dump(values), "utf-8")
    shutil.rmtree(checked.folder / "sites/gazette")
    ran = checked("check", "gazette")
    assert ran.code == 4, ran.out
    assert words in ran.out.splitlines()[1].strip()
    assert len(ran.out.splitlines()) == 2


def test_a_field_that_all_saved_articles_have_and_none_of_today(checked: Cli) -> None:
    assert checked.newsroom is not None
    text = " ".join(f"The {word} was long enough to be the text of it." for word in range(80))
    page = (
        "<html><head><title>A headline of its own</title></head><body><article>"
        "<h1>A headline of its own</h1>"
        f"<time datetime='2026-09-14T07:30:00+01:00'>today</time><p>{text}</p><p>{text}</p>"
        "</article></body></html>"
    )
    for language in ("/en/2", "/zh/2"):
        checked.newsroom.fault(HOST, language, status=200, body=page.encode())
    ran = checked("check", "gazette")
    assert ran.code == 4, ran.out
    assert "author: every saved article has it, none of today's articles does" in ran.out
    assert "title:" not in ran.out


def test_a_site_that_does_not_answer_could_not_be_fetched(checked: Cli) -> None:
    assert checked.newsroom is not None
    checked.newsroom.fault(HOST, "/latest", status=403)
    ran = checked("check", "gazette")
    assert ran.code == 3
    assert "could not be fetched" in ran.out and "403" in ran.out


def test_without_a_site_of_ones_own_one_is_to_be_named(cli: Cli) -> None:
    ran = cli("check")
    assert ran.code == 2
    assert "name a site" in ran.err


def test_a_site_that_has_a_file_gets_its_pages_saved(cli: Cli) -> None:
    ran = cli("check", "eastmoney", "--save")
    assert ran.code == 0, ran.out + ran.err
    assert "eastmoney/cgnjj: fine" in ran.out
    assert (cli.folder / "sites/eastmoney/expected.json").exists()
    assert cli("test", "eastmoney").out == "eastmoney: unchanged (3 articles)\n"


def test_pages_of_a_broken_site_are_not_saved(checked: Cli) -> None:
    assert checked.newsroom is not None
    checked.newsroom.fault(HOST, "/latest", status=200, body=b"<html><body>No</body></html>")
    listing = checked.folder / "sites/gazette/listing.html"
    before = listing.read_bytes()
    assert checked("check", "gazette", "--save").code == 4
    assert listing.read_bytes() == before
