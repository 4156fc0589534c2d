"""Marks on the blocks around a text, and the `article` elements of one text."""

from __future__ import annotations

import pytest
from lxml import html
from support.generic_pages import NOW

from newsspider.extraction.generic import extract
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.places import Places
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "
TEXT = [f"{n}. {LONG}".strip() for n in range(6)]
OTHERS = "".join(f"<p>About {n}: {LONG}</p>" for n in range(2))
COMMENTS = "".join(
    f"<div class=item><p>Reader {n}: I think that {LONG}</p></div>" for n in range(4)
)


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def text_of(body: str) -> list[str]:
    markup = f"<html><head><title>The harbour closes</title></head><body>{body}</body></html>"
    return extract(Page(url="https://a.example/1", body=markup.encode()), now=NOW).text.split("\n")


@pytest.mark.parametrize(
    "mark",
    [
        *("class=has-comments", "class=commentOnSelection", "class='post comments-open'"),
        *("id=comments_page_17", "class=sidebar-grid", "class='related-layout'", "id=respond"),
    ],
)
@pytest.mark.parametrize("with_headline", [True, False])
def test_a_mark_around_the_text_does_not_count(mark: str, with_headline: bool) -> None:
    headline = "<h1>The harbour closes</h1>"
    before, inside = ("", headline) if with_headline else (headline, "")
    block = f"<div {mark}>{inside}<div>{paragraphs(TEXT)}</div></div>"
    assert text_of(f"<main>{before}{block}<section>{OTHERS}</section></main>")[:6] == TEXT


@pytest.mark.parametrize(
    "mark",
    [
        *("id=comments", "class=commentList", "class=comm", "class=usercomments"),
        *("class=komentarze", "id=disqus_thread"),
    ],
)
def test_a_marked_block_below_the_text_is_no_text(mark: str) -> None:
    body = f"<h1>The harbour closes</h1><div>{paragraphs(TEXT)}</div><div {mark}>{COMMENTS}</div>"
    assert text_of(body) == TEXT


@pytest.mark.parametrize(("tag", "beside"), [("aside", True), ("footer", True), ("div", False)])
def test_an_aside_between_the_paragraphs_is_beside_the_text(tag: str, beside: bool) -> None:
    body = f"<p>{LONG}</p><p>{LONG}</p><{tag}><p>Our letter about the port.</p></{tag}>"
    lines = read_lines(html.fromstring(f"<main><h1>The harbour closes</h1>{body}</main>"), "")
    assert Places(lines, 0).beside(3) == beside


@pytest.mark.parametrize("tag", ["aside", "footer"])
def test_an_aside_around_the_text_does_not_count(tag: str) -> None:
    body = f"<h1>The harbour closes</h1><{tag}>{paragraphs(TEXT)}</{tag}>"
    assert text_of(body) == TEXT


def section(text: str, heading: str = "", inside: str = "", mark: str = "") -> str:
    return f"<article {mark}>{inside}<h2>{heading}</h2><p>{text}</p></article>"


@pytest.mark.parametrize("outside", [True, False])
def test_articles_of_one_text_are_one_text(outside: bool) -> None:
    headline = "<h1>The harbour closes</h1>"
    before, inside = (headline, "") if outside else ("", headline)
    parts = "".join(section(text, f"Part {n}") for n, text in enumerate(TEXT[3:]))
    body = f"<main>{before}<article>{inside}{paragraphs(TEXT[:3])}</article>{parts}</main>"
    expected = [*TEXT[:3], "Part 0", TEXT[3], "Part 1", TEXT[4], "Part 2", TEXT[5]]
    assert text_of(body) == expected


@pytest.mark.parametrize(
    "other",
    [
        section(LONG, "The <a href='/2'>next article</a>"),
        section(LONG, "The next article", "<time>21 November 2026</time>"),
        section(LONG, "", "<h1>The next article</h1>"),
        section(LONG, "A reader", mark="class=comment"),
    ],
)
def test_an_article_of_its_own_is_no_section(other: str) -> None:
    first = f"<article><h1>The harbour closes</h1>{paragraphs(TEXT)}</article>"
    lines = read_lines(html.fromstring(f"<main>{first}{other}</main>"), "https://a.example/1")
    assert not Places(lines, 0).sections(0)
    lines = read_lines(html.fromstring(f"<main>{first}{section(LONG, 'Part')}</main>"), "")
    assert Places(lines, 0).sections(0) == {7, 8}


@pytest.mark.parametrize(
    ("heading", "own", "is_text"),
    [
        ("<h2><a href=/tower>The tower falls</a></h2>", "", False),
        ("<a href=/tower><h3>The tower falls</h3></a>", "", False),
        ("<h2>The tower falls</h2>", "", True),
        ("<h2><a href=/tower>The tower falls</a></h2>", "<h2><a href=/1>Day one</a></h2>", True),
    ],
)
def test_an_article_with_a_link_of_its_own_is_beside_the_text(
    heading: str, own: str, is_text: bool
) -> None:
    first = f"<article>{own}{paragraphs(TEXT)}</article>"
    other = f"<article>{heading}<p>Another one. {LONG}</p><p>And more. {LONG}</p></article>"
    text = text_of(f"<main><h1>The harbour closes</h1>{first}{other}</main>")
    assert any("Another one." in line for line in text) == is_text


def test_the_linked_entries_of_a_live_blog_are_text() -> None:
    entry = "<article><h2><a href=/live/{0}>Entry {0}</a></h2><p>Entry {0}. {1}</p></article>"
    entries = "".join(entry.format(n, LONG) for n in range(5))
    body = f"<article><h1>The harbour closes</h1><p>{LONG}</p>{entries}</article>"
    assert sum("Entry" in line for line in text_of(body)) >= 5


def test_code_that_the_libraries_leave_out_is_text() -> None:
    code = "<div class=wrap><pre><code>open bridge\n  --until spring</code></pre></div>"
    body = f"<article><h1>The harbour closes</h1>{paragraphs(TEXT[:3])}{code}"
    assert text_of(f"{body}{paragraphs(TEXT[3:])}</article>") == [
        *TEXT[:3],
        "open bridge",
        "  --until spring",
        *TEXT[3:],
    ]
