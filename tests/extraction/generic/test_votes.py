"""Where the layout of a page is sure of the text, and where the libraries are asked."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from lxml import html

from newsspider.extraction.generic import extract_page, votes
from newsspider.extraction.generic.extractors import by_layout
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.places import Places
from newsspider.extraction.generic.texts import squeeze
from newsspider.extraction.generic.votes import is_sure


def prose(letters: int, number: int = 0) -> str:
    """Return a paragraph of as many characters, unlike those of other numbers."""
    return (f"{number:04}n" * letters)[: letters - 1] + "."


def page_of(text: str, above: str = "", below: str = "") -> str:
    return (
        "<html><head><title>The salt has come</title></head><body><h1>The salt has come</h1>"
        f"{above}<div class=text>{text}</div>{below}</body></html>"
    )


def is_page_sure(page: str) -> bool:
    body = html.document_fromstring(page).find("body")
    assert body is not None
    lines = read_lines(body, "https://a.example/salt")
    places = Places(lines, 0)
    keys = [squeeze(line.text) for line in lines]
    return is_sure(lines, keys, by_layout(lines, places, 0), places, 0)


def paragraphs(number: int) -> list[str]:
    return [f"<p>{prose(200, n)}</p>" for n in range(1, number + 1)]


def test_a_long_text_in_one_piece_is_sure() -> None:
    assert is_page_sure(page_of("".join(paragraphs(5))))


@pytest.mark.parametrize(("letters", "sure"), [(700, True), (699, False)])
def test_a_sure_text_has_much_prose(letters: int, sure: bool) -> None:
    assert is_page_sure(page_of(f"<p>{prose(300, 1)}</p><p>{prose(letters - 300, 2)}</p>")) == sure


@pytest.mark.parametrize(("items", "sure"), [(21, True), (22, False)])
def test_a_sure_text_is_mostly_prose(items: int, sure: bool) -> None:
    listed = "".join(f"<li>{'salt' * 5}</li>" for _ in range(items))  # of 1,000 letters of prose
    first, *others = paragraphs(5)
    assert is_page_sure(page_of(f"{first}<ul>{listed}</ul>{''.join(others)}")) == sure


@pytest.mark.parametrize(("letters", "sure"), [(1000, True), (1001, False)])
def test_a_sure_text_has_little_prose_above(letters: int, sure: bool) -> None:
    above = f"<div class=lead><p>{prose(letters, 99)}</p></div>"
    assert is_page_sure(page_of("".join(paragraphs(20)), above=above)) == sure


@pytest.mark.parametrize(("letters", "sure"), [(1000, True), (1001, False)])
def test_a_sure_text_leaves_little_out(letters: int, sure: bool) -> None:
    first, *others = paragraphs(5)
    link = f"<p><a href=/b>{'k' * letters}</a></p>"
    assert is_page_sure(page_of(f"{first}{link}{''.join(others)}")) == sure


@pytest.mark.parametrize(("letters", "sure"), [(1000, True), (1001, False)])
def test_a_sure_text_is_a_large_part_of_the_page(letters: int, sure: bool) -> None:
    below = f"<aside><p>{prose(letters, 99)}</p></aside>"
    assert is_page_sure(page_of("".join(paragraphs(5)), below=below)) == sure


@pytest.mark.parametrize(("teasers", "sure"), [(3, True), (4, False)])
def test_teasers_are_no_sure_text(teasers: int, sure: bool) -> None:
    headline = "<p><a href=/b>The ferries go late in winter</a></p>"
    text = paragraphs(10)
    text[:teasers] = [headline + teaser for teaser in text[:teasers]]
    assert is_page_sure(page_of("".join(text))) == sure


@pytest.mark.parametrize(("letters", "sure"), [(70, True), (71, False)])
def test_a_sure_text_has_few_links(letters: int, sure: bool) -> None:
    text, *others = (prose(200, n) for n in range(1, 6))  # 1,000 characters
    linked = f"<p><a href=/b>{text[:letters]}</a>{text[letters:]}</p>"
    assert is_page_sure(page_of(linked + "".join(f"<p>{other}</p>" for other in others))) == sure


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The libraries that a page asks."""
    names: list[str] = []
    for name in ("by_trafilatura", "by_readability"):
        real = getattr(votes, name)

        def noted(*args: object, name: str = name, real: Callable[..., object] = real) -> object:
            names.append(name)
            return real(*args)

        monkeypatch.setattr(votes, name, noted)
    return names


def test_a_sure_text_asks_no_library(asked: list[str]) -> None:
    article = extract_page(page_of("".join(paragraphs(5))), "https://a.example/salt")
    assert asked == []
    assert article["body_text"].count("\n") == 4
    assert article["origins"]["body"] == "layout"


def test_a_short_text_asks_a_library(asked: list[str]) -> None:
    extract_page(page_of("".join(paragraphs(3))), "https://a.example/salt")
    assert asked[0] == "by_trafilatura"


def with_body(page: str, body: str) -> str:
    """Return a page that states its text in JSON-LD."""
    node = json.dumps({"@type": "NewsArticle", "headline": "x", "articleBody": body})
    return page.replace("</head>", f"<script type=application/ld+json>{node}</script></head>")


@pytest.mark.parametrize(("number", "sure"), [(10, True), (7, False)])
def test_the_stated_text_must_agree(number: int, sure: bool, asked: list[str]) -> None:
    texts = [prose(200, n) for n in range(1, 11)]
    page = with_body(page_of("".join(paragraphs(10))), "\n".join(texts[:number]))
    article = extract_page(page, "https://a.example/salt")
    assert (asked == []) == sure
    assert article["body_text"].split("\n")[:number] == texts[:number]
