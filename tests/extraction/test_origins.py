"""Each field of an article says which page gave it, and how."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider import extract
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import add_part, new_draft
from newsspider.model import Link, Section
from newsspider.sites.schema import Recipe, Site

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAGES = {name: {"kind": "html", "fields": {"title": "h1"}} for name in ("first", "second")}
LINK = Link(url="https://x.example/a", title="Listed", time="2026-03-04 10:00", source="The Port")


def origins(section: str = "", **parts: dict[str, object]) -> dict[str, str]:
    site = Site.model_validate({"name": "x", "title": "X", "pages": PAGES})
    recipe = site.recipe(Recipe(ask=["first", "second"]))
    draft = new_draft(site, LINK, recipe, "port", Section(section, section.lower()))
    for name, fields in parts.items():
        draft = add_part(draft, name, fields)
    return {each.field: each.origin for each in assemble(draft, NOW).origins}


def test_a_field_is_of_the_first_source_that_has_it() -> None:
    got = origins(first={"title": "A", "body": "<p>x</p>"}, second={"title": "B"})
    assert got["title"] == "second: rule"
    assert got["body"] == "first: rule"
    assert got["source"] == got["published"] == "listing"
    assert "authors" not in got


def test_a_section_that_is_settled_is_of_the_listing() -> None:
    assert origins("Markets", first={"section": "Page"})["section"] == "listing"
    assert origins(first={"section": "Page"})["section"] == "first: rule"


@pytest.mark.parametrize(
    ("first", "second", "origin"),
    [
        ("2026-03-04 10:00:30", "2026-03-04", "first: rule"),
        ("2026-03-04", "2026-03-04", "listing"),
        ("2026-03-04 10:00", "2026-03-04 09:00", "second: rule"),
        ("no time", "", "listing"),
    ],
)
def test_the_time_is_of_the_source_that_gives_it_most_precisely(
    first: str, second: str, origin: str
) -> None:
    assert origins(first={"time": first}, second={"time": second})["published"] == origin


def test_what_no_source_states_is_worked_out() -> None:
    got = origins(first={"digest": "【A headline】 and more"})
    assert got["link"] == "worked out"


def test_generic_extraction_names_the_place_on_the_page() -> None:
    text = (
        "<p>The bridge over the river opened again on Tuesday, after nine months of work.</p>" * 9
    )
    stated = '{"@type": "NewsArticle", "datePublished": "2026-03-04T10:00:00Z"}'
    page = (
        f'<html lang="en"><head><script type="application/ld+json">{stated}</script></head>'
        f"<body><article><h1>A bridge opens again</h1>{text}</article></body></html>"
    )
    article = extract(page, "https://x.example/a")
    got = {each.field: each.origin for each in article.origins}
    assert got["published"] == "article: json-ld"
    assert got["title"] == "article: h1"
    assert got["language"] == "article: html"
