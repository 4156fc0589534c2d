"""One page of an article: by the rules of its site, and by generic extraction for the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newsspider.extraction.page import PageReading, read_page
from newsspider.model import Page
from newsspider.sites.listings import HtmlPage
from newsspider.sites.schema import Site

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TEXT = (
    "<p>"
    + "</p><p>".join(
        f"In its session number {n} the council of the harbour town talked for hours about the new "
        "breakwater, its cost, and the ships that it will keep dry in winter."
        for n in range(1, 7)
    )
    + "</p>"
)
STORY = f"""<html lang="en"><head><title>Council votes for breakwater - Harbour Post</title>
<meta property="og:title" content="Council votes for breakwater">
<meta property="article:published_time" content="2026-04-30T18:05:00+02:00"></head>
<body><article><h1>Council votes for breakwater</h1><div class="text">{TEXT}</div></article></body>
</html>"""
RULES = {
    "title": "h1.head",
    "time": "time::attr(datetime)",
    "body": "div.story",
    "source": "span.agency",
}


def rules(fields: dict[str, Any], **more: Any) -> HtmlPage:
    page = {"kind": "html", "fields": fields, **more}
    site = Site.model_validate({"name": "s", "title": "S", "pages": {"page": page}})
    found = site.pages["page"]
    assert isinstance(found, HtmlPage)
    return found


def read(html: str, given: HtmlPage) -> PageReading:
    page = Page(url="https://harbour.example/news/breakwater.html", body=html.encode())
    return read_page(page, given, now=NOW, zone=None)


def test_a_page_without_rules_is_read_by_generic_extraction() -> None:
    got = read(STORY, rules({}))
    assert got.fields["title"] == "Council votes for breakwater"
    assert got.fields["time"] == "2026-04-30T18:05:00+02:00"
    assert "session number 6" in got.fields["body"]
    assert got.by_fallback == ()
    assert set(got.origins) >= {"title", "published", "body"}


def test_what_the_rules_find_counts() -> None:
    html = STORY.replace('class="text"', 'class="story"').replace("<h1>", '<h1 class="head">')
    got = read(html, rules(RULES))
    assert got.by_fallback == ("time", "source")
    assert got.fields["body"] == TEXT
    assert got.fields["source"] == "Harbour Post"


TAGGED = STORY.replace("</head>", "<meta name=keywords content='Ships, Harbour'></head>").replace(
    "</article>", "<ul class=tags><li>Sea</li><li> Dry  docks </li></ul></article>"
)


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({}, ("Ships", "Harbour")),  # generic extraction
        ({"tags": "ul.tags li"}, ("Sea", "Dry docks")),
        ({"tags": ["p.tags", {"select": "ul.tags li", "pattern": "^S.*"}]}, ("Sea",)),
        ({"tags": "p.tags"}, ("Ships", "Harbour")),  # which stands in
        ({"title": "h1"}, None),
    ],
)
def test_the_tags_of_a_page(fields: dict[str, Any], tags: tuple[str, ...] | None) -> None:
    given = rules({"body": "div.text", **fields} if fields else {})
    assert read(TAGGED, given).fields.get("tags") == tags


def test_the_tags_of_a_json_page() -> None:
    page = {"kind": "json", "fields": {"body": "text", "tags": ["none", "tags[].name"]}}
    site = Site.model_validate({"name": "s", "title": "S", "pages": {"page": page}})
    body = b'{"text": "<p>x", "tags": [{"name": "Sea"}, {"name": 5}, {"name": null}, {"name": ""}]}'
    answer = Page(url="https://harbour.example/1", body=body)
    got = read_page(answer, site.pages["page"], now=NOW, zone=None)
    assert got.fields["tags"] == ("Sea", "5")


def test_generic_extraction_stands_in_for_a_changed_layout() -> None:
    got = read(STORY, rules(RULES))
    assert got.by_fallback == ("title", "time", "body", "source")
    assert "session number 1" in got.fields["body"]


def test_generic_extraction_stands_in_for_the_fields_that_are_named() -> None:
    html = STORY.replace("</head>", '<meta name="author" content="Ada Brook"></head>')
    got = read(html, rules(RULES, fallback=["body", "time", "author"]))
    assert got.by_fallback == ("body", "time")
    assert set(got.fields) == {"body", "time", "author"}
    assert set(got.origins) == {"body", "published", "authors"}


@pytest.mark.parametrize(
    "given",
    [
        rules(RULES, fallback=False),
        rules({"title": "h1.head", "time": "time"}),  # a page that is not where the article is
    ],
)
def test_generic_extraction_does_not_stand_in_where_it_is_not_wanted(given: HtmlPage) -> None:
    got = read(STORY, given)
    assert got.by_fallback == ()
    assert got.fields == {}


def test_with_fallback_all_rules_are_needed_only_for_what_generic_extraction_misses() -> None:
    html = STORY.replace("<h1>", "<p class=kind>Port news</p><h1>")
    got = read(html, rules({"title": "p.kind", "source": "span.agency"}, fallback="all"))
    assert got.fields["title"] == "Port news"
    assert got.fields["time"] == "2026-04-30T18:05:00+02:00"
    assert "session number 6" in got.fields["body"]
    assert got.by_fallback == ("source",)
    assert "title" not in got.origins and got.origins["published"]


def test_with_fallback_all_what_is_no_article_stays_none() -> None:
    html = "<title>Page not found</title><h1>Page not found</h1><p class=kind>Port news</p>"
    given = rules({"title": "p.kind"}, fallback="all")
    assert read(html, given).fields["rejection"].verdict == "NotAnArticle"


def test_an_article_that_was_taken_down_stays_empty() -> None:
    html = STORY.replace(f'<div class="text">{TEXT}</div>', f'<div class="story"> </div>{TEXT}')
    got = read(html, rules(RULES))
    assert "body" not in got.fields
