"""Lists in articles: nesting, numbers, terms, and lists of links."""

from __future__ import annotations

import pytest
from lxml import html
from support.generic_pages import NOW

from newsspider.extraction.generic import extract
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.write_lines import write
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "


def written(markup: str) -> str:
    return write(read_lines(html.fragment_fromstring(markup, create_parent="div"), "https://a.b/"))


@pytest.mark.parametrize(
    "markup",
    [
        "<ul><li>a<ul><li>b</li><li>c<ol><li>d</li></ol></li></ul></li><li>e</li></ul>",
        '<ol start="3"><li>a<ol type="a"><li>b</li></ol></li><li>c</li></ol>',
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d<ul><li>e</li></ul></dd></dl>",
        "<ul><li><ul><li>a</li></ul></li></ul>",
    ],
)
def test_lists_keep_their_structure(markup: str) -> None:
    assert written(markup) == markup


@pytest.mark.parametrize(
    ("markup", "result"),
    [
        (
            "<ol><li>a<pre>x</pre></li><li>b</li></ol>",
            '<ol><li>a</li></ol>\n<pre>x</pre>\n<ol start="2"><li>b</li></ol>',
        ),
        ('<ol start="x" type="disc"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br>b</li></ul>"),
        # A list in a list, behind its item.
        (
            "<ul><li>a</li><ol><li>b</li><ul><li>c</li></ul></ol><li>d</li></ul>",
            "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li><li>d</li></ul>",
        ),
        ("<ul><ul><li>a</li></ul><li>b</li></ul>", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<ul><li><h2>a</h2><p>b</p><p>c</p></li></ul>", "<h2>a</h2>\n<p>b</p>\n<p>c</p>"),
        (
            "<ul><li><article><p>a</p><ul><li>b</li></ul></article></li></ul>",
            "<p>a</p>\n<ul><li>b</li></ul>",
        ),
        ("<table><tr><td><ul><li>a</li></ul></td></tr></table>", "<ul><li>a</li></ul>"),
    ],
)
def test_lists_that_are_cut_or_lay_out_the_page(markup: str, result: str) -> None:
    assert written(markup) == result


def test_lists_may_nest_deeply() -> None:
    assert written("<ul><li>a" * 100).count("a") == 100


def test_a_list_with_many_interruptions_is_written_in_time() -> None:
    items = "".join(f"<li>{n}<pre>x</pre></li>" for n in range(3000))
    assert written(f"<ol>{items}</ol>").count("<ol") == 3000


def text_with(links: str, intro: str, attributes: str = "") -> str:
    paragraphs = [f"<p>{n}. {LONG}</p>" for n in range(4)]
    listed = f"<p>{intro}</p><ul{attributes}>{links}</ul>"
    body = "".join([*paragraphs[:2], listed, *paragraphs[2:]])
    markup = f"<article><h1>The harbour closes for a year</h1>{body}</article>"
    url = "https://www.courier.example/2026/harbour"
    return extract(Page(url=url, body=markup.encode()), now=NOW).text


def text_around(inside: str) -> str:
    """The text of an article with `inside` between its paragraphs."""
    first, second = ("".join(f"<p>{n}. {LONG}</p>" for n in part) for part in ("012", "345"))
    markup = f"<article><h1>The harbour closes for a year</h1>{first}{inside}{second}</article>"
    url = "https://www.courier.example/2026/harbour"
    return extract(Page(url=url, body=markup.encode()), now=NOW).text


AWAY = (
    "<li><a href='https://a.example/'>Anker</a></li><li><a href='https://b.example/'>Steel</a></li>"
)
OWN = "<li><a href='/2026/salt'>Anker</a></li><li><a href='//m.courier.example/x'>Steel</a></li>"


@pytest.mark.parametrize(
    ("links", "intro"),
    [
        (AWAY, "Two companies handed in an offer."),
        (AWAY, "Zwei Firmen haben Angebote abgegeben:"),
        (OWN, "Two companies handed in an offer:"),
        (OWN, "两家公司已经递交了修复船闸的报价："),
    ],
)
def test_a_list_of_links_that_the_text_announces_is_text(links: str, intro: str) -> None:
    assert text_with(links, intro).split("\n")[2:5] == [intro, "Anker", "Steel"]


@pytest.mark.parametrize(
    ("links", "intro", "attributes"),
    [
        (OWN, "Two companies handed in an offer.", ""),
        (AWAY, "Two companies handed in an offer:", " class=related"),
        (OWN, "See also:", ""),
    ],
)
def test_a_list_of_links_to_other_articles_is_no_text(
    links: str, intro: str, attributes: str
) -> None:
    assert "Anker" not in text_with(links, intro, attributes)


def test_a_list_of_links_at_the_end_is_no_text() -> None:
    markup = f"<article><h1>The harbour closes</h1><p>{LONG * 3}:</p><ul>{AWAY}</ul></article>"
    page = Page(url="https://www.courier.example/2026/harbour", body=markup.encode())
    assert "Anker" not in extract(page, now=NOW).text


LINKS = (
    "<p><a href=/1>A new bakery on Mill Lane</a></p><p><a href=/2>Why the river is brown</a></p>"
)


@pytest.mark.parametrize(
    "label", ["<p><b>Elsewhere</b></p>", "<h4>Elsewhere</h4>", "<p>他の話</p>"]
)
@pytest.mark.parametrize("links", [LINKS, f"<img src=/a.jpg>{LINKS}", f"<ul>{OWN}</ul>"])
def test_the_label_of_links_that_are_no_text_goes_with_them(label: str, links: str) -> None:
    text = text_around(f"{label}{links}")
    assert "Elsewhere" not in text
    assert "他の話" not in text


@pytest.mark.parametrize(
    "inside",
    [
        f"<h4>The verdict</h4>{LINKS.partition('</p>')[0]}</p>",
        f"<p>The verdict is clear.</p>{LINKS}",
        f"<p>The verdict is one that nobody in town saw coming</p>{LINKS}",
        f"<h4>The verdict</h4><p>It is so.</p>{LINKS}",
        f"<h4>The verdict:</h4><ul>{OWN}</ul>",
        f"<p>The verdict（综合整理自港口新闻和市政厅公告等）</p>{LINKS}",
    ],
)
def test_a_heading_of_text_is_no_label_of_links(inside: str) -> None:
    assert "The verdict" in text_around(inside)


@pytest.mark.parametrize(
    ("markup", "result"),
    [
        (
            "<p>x</p><li>a</li><li>b</li><p>y</p>",
            "<p>x</p>\n<ul><li>a</li><li>b</li></ul>\n<p>y</p>",
        ),
        ("<dt>a</dt><dd>b</dd>", "<dl><dt>a</dt><dd>b</dd></dl>"),
    ],
)
def test_items_outside_of_a_list_become_one(markup: str, result: str) -> None:
    assert written(markup) == result


def test_a_list_of_any_length_is_read_to_its_end() -> None:
    items = "".join(f"<li>{number}</li>" for number in range(30_000))
    assert written(f"<ul>{items}</ul>") == f"<ul>{items}</ul>"
