"""Articles of several pages: joined in their order, and where they end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft, add_failed, add_part, new_draft
from newsspider.extraction.page import read_page
from newsspider.extraction.reading import next_page
from newsspider.model import Article, Link, Page
from newsspider.sites.schema import Site

NOW = datetime(2026, 9, 15, tzinfo=UTC)
HERE = "https://news.example"
SITE = Site.model_validate(
    {
        "name": "example",
        "title": "Example News",
        "pages": {
            "story": {
                "kind": "html",
                "strip": [".ad", "script"],
                "fields": {"title": "h1", "body": "article"},
                "next": "a[rel=next]::attr(href)",
                "fallback": False,
            },
            "more": {
                "kind": "html",
                "url": f"{HERE}/more",
                "missing": ["author"],
                "fields": {"author": "i"},
            },
        },
        "articles": {"ask": ["story", "more"]},
    }
)


def leaf(text: str, following: str = "", title: str = "") -> str:
    link = f"<a rel=next href='{following}'>next</a>" if following else ""
    return f"<h1>{title}</h1><article><p>{text}</p></article>{link}"


def walked(pages: Mapping[str, str]) -> tuple[Draft, list[str]]:
    """The draft at its end, and what was asked for, of a site with these pages by their paths."""
    made = new_draft(SITE, Link(url=f"{HERE}/a"), SITE.recipe(SITE.articles))
    asked: list[str] = []
    while ask := next_page(made, NOW):
        path = ask.url.removeprefix(HERE)
        asked.append(path)
        assert len(asked) < 50
        if path not in pages:
            assert ask.optional
            made = add_failed(made, ask.page)
            continue
        page = Page(url=ask.url, body=pages[path].encode())
        fields = read_page(page, SITE.pages[ask.page], now=NOW, zone=None).fields
        made = add_part(made, ask.page, fields)
    return made, asked


def article(pages: Mapping[str, str]) -> Article:
    return assemble(walked(pages)[0], NOW)


def test_pages_are_joined_in_their_order() -> None:
    pages = {
        "/a": leaf("one", "?p=2", "First"),
        "/a?p=2": leaf("two", "/a?p=3", "Second"),
        "/a?p=3": leaf("three"),
        "/more": "<i>Mara</i>",
    }
    _, asked = walked(pages)
    assert asked == ["/a", "/a?p=2", "/a?p=3", "/more"]
    got = article(pages)
    assert got.body == "<p>one</p>\n<p>two</p>\n<p>three</p>"
    assert (got.title, got.authors) == ("First", ("Mara",))


@pytest.mark.parametrize(
    "following",
    [
        "/a",
        "https://NEWS.example/a#2",
        "/a?utm_source=x",
        "https://other.example/a?p=2",
        "//cdn.news.example/a",
        "javascript:next()",
        "#",
        "http://[x",
    ],
)
def test_a_next_page_that_is_none(following: str) -> None:
    _, asked = walked({"/a": leaf("one", following), "/more": "<i></i>"})
    assert asked == ["/a", "/more"]


def test_pages_in_a_circle_end() -> None:
    pages = {"/a": leaf("one", "/b"), "/b": leaf("two", "/c"), "/c": leaf("three", "/b")}
    _, asked = walked(pages)
    assert asked == ["/a", "/b", "/c", "/more"]
    assert article(pages).body.count("<p>") == 3


def test_attack_pages_without_an_end() -> None:
    _, asked = walked(
        {"/a": leaf("x", "/0")} | {f"/{n}": leaf("x", f"/{n + 1}") for n in range(60)}
    )
    assert len(asked) == 20 + 1  # and the page for the author


def test_a_missing_page_leaves_what_came_before() -> None:
    pages = {"/a": leaf("one", "/b"), "/b": leaf("two", "/c", "T")}
    made, asked = walked(pages)
    assert asked == ["/a", "/b", "/c", "/more"]
    assert assemble(made, NOW).body == "<p>one</p>\n<p>two</p>"


def test_what_is_stripped_is_in_no_field() -> None:
    body = "before<p class=ad>Buy</p> after <b class=ad></b><script>x()</script><p>end</p>"
    got = article({"/a": f"<h1>T<i class=ad> ad</i></h1><article>{body}</article>"})
    assert got.title == "T"
    assert got.body == "before after <p>end</p>"


def test_a_next_link_is_found_before_anything_is_stripped() -> None:
    page = "<h1>T</h1><article>x<div class=ad><a rel=next href=/b>2</a></div></article>"
    assert article({"/a": page, "/b": leaf("two")}).body == "x\n<p>two</p>"
