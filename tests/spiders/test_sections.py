"""The category of an article is the section that its listing shows."""

from __future__ import annotations

import json

import pytest
from newsroom.plain import pieces
from support.cli import Cli

from newsspider.exporters.jekyll.post import read as read_post
from newsspider.model import NO_SECTION, Section
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.schema import Category, Recipe, Site
from newsspider.spiders.sections import first_section
from newsspider.store.records import PublishedPost

HOST = "www.harbourgazette.example"
ROOT = f"https://{HOST}"
PAGE = (
    "<html><head><title>{0} | Harbour Gazette</title></head>"
    "<body><h1>{0}</h1><ul>{1}</ul></body></html>"
)


def serve(cli: Cli, path: str, name: str, first: int, last: int) -> None:
    """A section with some of the paper's articles."""
    assert cli.newsroom is not None
    rows = "".join(
        f"<li><a href='{piece.path}'>{piece.title}, at length</a></li>"
        for piece in pieces()[first:last]
    )
    cli.newsroom.fault(HOST, path, status=200, body=PAGE.format(name, rows).encode())


def serve_anew(cli: Cli, path: str, name: str, first: int, last: int) -> None:
    assert cli.newsroom is not None
    cli.newsroom.clear_faults()
    serve(cli, path, name, first, last)


def filed(cli: Cli) -> dict[tuple[str, str], int]:
    """The number of posts by category and tag."""
    counted: dict[tuple[str, str], int] = {}
    for file in cli.posts.iterdir():
        article = read_post(file.name, file.read_text("utf-8"))
        assert article is not None
        place = (article.category, article.tag)
        counted[place] = counted.get(place, 0) + 1
    return counted


def test_each_section_of_a_site_is_a_category(cli: Cli) -> None:
    serve(cli, "/business/", "Business", 0, 4)
    serve(cli, "/lokales/", "Häfen & Lokales", 4, 8)
    ran = cli("crawl", f"{ROOT}/business/", f"{ROOT}/lokales/", "-o", "all.jsonl")
    assert ran.code == 0, ran.out + ran.err
    assert filed(cli) == {
        ("business", "Business"): 4,
        ("hafen-lokales", "Häfen & Lokales"): 4,
    }
    page = (cli.posts.parent / "category" / "hafen-lokales.html").read_text("utf-8")
    assert 'title: "Häfen & Lokales"' in page
    rows = [json.loads(row) for row in (cli.folder / "all.jsonl").read_text("utf-8").splitlines()]
    assert {row["section"] for row in rows} == {"Business", "Häfen & Lokales"}


def test_a_heading_that_changes_makes_no_new_category(cli: Cli) -> None:
    serve(cli, "/business/", "Business", 3, 7)
    assert cli("crawl", f"{ROOT}/business/").code == 0
    serve_anew(cli, "/business/", "Money and shares", 0, 7)
    assert cli("crawl", f"{ROOT}/business/").code == 0
    assert filed(cli) == {("business", "Business"): 7}


def test_a_listing_without_a_name_files_by_source(cli: Cli) -> None:
    assert cli("crawl", f"{ROOT}/").code == 0
    assert filed(cli) == {("harbour-gazette", "Harbour Gazette"): len(pieces())}


SITE = """title: Harbour Gazette
home: https://www.harbourgazette.example/
categories:
  ferries:
    title: '{title}'
    listing:
      kind: html
      url: https://www.harbourgazette.example/business/
      items: li
      fields: {{url: 'a::attr(href)', title: a}}
articles: {{{articles}}}
"""


def write_site(cli: Cli, title: str = "Ships", articles: str = "") -> None:
    (cli.folder / "sites").mkdir()
    text = SITE.format(title=title, articles=articles)
    (cli.folder / "sites" / "gazette.yml").write_text(text)


def test_without_its_ledger_a_section_keeps_its_category(cli: Cli) -> None:
    write_site(cli, title="")
    serve(cli, "/business/", "Business", 3, 7)
    assert cli("crawl", "gazette/ferries").code == 0
    for file in (cli.posts.parent / ".newsspider").glob("ledger*"):
        file.unlink()
    serve_anew(cli, "/business/", "Money and shares", 0, 7)
    assert cli("crawl", "gazette/ferries").code == 0
    assert filed(cli) == {("business", "Business"): 7}


@pytest.mark.parametrize(
    ("articles", "category", "tag"),
    [
        ("", "ships", "Ships"),
        ("category: sea", "sea", "Harbour Gazette"),
        ("tag: '{source}'", "harbour-gazette", "Harbour Gazette"),
    ],
    ids=["its title", "its category", "by source"],
)
def test_the_site_file_names_the_category(cli: Cli, articles: str, category: str, tag: str) -> None:
    serve(cli, "/business/", "Business", 0, 3)
    write_site(cli, articles=articles)
    ran = cli("crawl", "gazette/ferries")
    assert ran.code == 0, ran.out + ran.err
    assert filed(cli) == {(category, tag): 3}


def test_an_article_of_two_listings_belongs_to_the_first_of_the_site_file(cli: Cli) -> None:
    serve(cli, "/business/", "Business", 0, 3)
    write_site(cli)
    file = cli.folder / "sites" / "gazette.yml"
    head, ferries, tail = file.read_text().partition("  ferries:\n")
    category, end, tail = tail.partition("articles:")
    trade = category.replace("Ships", "Trade")
    file.write_text(f"{head}{ferries}{category}  trade:\n{trade}{end}{tail}")
    ran = cli("crawl", "gazette/trade", "gazette/ferries")
    assert ran.code == 0, ran.out + ran.err
    assert filed(cli) == {("ships", "Ships"): 3}


GAZETTE = adhoc_site(ROOT)


def post(category: str, run: int, state: str = "published") -> PublishedPost:
    return PublishedPost(
        "k", "s", "i", "p", category, category.title(), "d", "l", state, "", "", run
    )


@pytest.mark.parametrize(
    ("posts", "has_posts", "section"),
    [
        ([], False, Section("Business", "business")),
        ([post("gazette", 3)], False, Section("Business", "business")),  # another listing has it
        ([post("gazette", 3)], True, Section("Business")),
        ([post("money", 0), post("money", 0)], False, Section("Money", "money")),
        ([post("money", 0), post("sea", 0)], False, Section("Business")),
        ([post("money", 0, "gone")], False, Section("Business", "business")),
    ],
)
def test_the_first_crawl_settles_the_section(
    posts: list[PublishedPost], has_posts: bool, section: Section
) -> None:
    assert first_section(GAZETTE, Category(), "Business", posts, has_posts=has_posts) == section


def test_a_listing_without_a_name_has_no_category() -> None:
    assert first_section(GAZETTE, Recipe(), "", [], has_posts=False) == NO_SECTION


def test_a_site_spells_its_sections() -> None:
    values = {**GAZETTE.model_dump(exclude_defaults=True), "slugs": {"names": {"財": "money"}}}
    site = Site.model_validate(values)
    assert first_section(site, Category(), "財", [], has_posts=False).slug == "money"
