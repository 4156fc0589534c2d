"""The headline among the names that a page gives its article and the headings it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = "".join(
    f"<p>{n}. The harbour will close for a year, the port authority said on Tuesday.</p>"
    for n in range(5)
)
OWN = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s"}</script>'
OG = '<meta property="og:title" content="%s">'
PAGES = {
    # The first level and <title> are for search engines; JSON-LD calls it as the reader sees it.
    "a headline of its own below one for search engines": (
        "<title>Port Ellery lock: closed for a year?</title>"
        + OG % "Port Ellery lock: closed for a year?"
        + OWN % "A year without the old lock",
        "<h1>Port Ellery lock: closed for a year?</h1><h2>A year without the old lock</h2>",
        "A year without the old lock",
    ),
    "a sub-head that JSON-LD does not call the article by": (
        "<title>The old lock closes for a year</title>" + OWN % "The old lock closes for a year",
        "<h1>The old lock closes for a year</h1><h2>What a year without it costs</h2>",
        "The old lock closes for a year",
    ),
    "a soft hyphen": (
        "<title>The har&shy;bour of Ellery closes</title>",
        "<h1>The har&shy;bour of Ellery closes</h1>",
        "The harbour of Ellery closes",
    ),
    "a soft hyphen in the names alone": (
        OG % "The har&shy;bour of Ellery closes",
        "",
        "The harbour of Ellery closes",
    ),
    "two kickers before one headline": (
        "<title>Harbour crisis: “We had no choice left” - News</title>"
        + OG % "Harbour crisis: “We had no choice left”",
        '<h1 itemprop="headline">Port Ellery - “We had no choice left”</h1>',
        "“We had no choice left”",
    ),
    "a speaker is no kicker": (
        "<title>Harbour master Ruiz: “We had no choice left” - News</title>"
        + OG % "Master Ruiz: “We had no choice left”",
        '<h1 itemprop="headline">Harbour master Ruiz: “We had no choice left”</h1>',
        "Harbour master Ruiz: “We had no choice left”",
    ),
    "a kicker in an element without a mark, before a headline with a joint": (
        "<title>A year without locks: The port of Ellery waits - News</title>"
        + OG % "A year without locks: The port of Ellery waits",
        "<h1><div>Harbour</div> A year without locks: The port of Ellery waits</h1>",
        "A year without locks: The port of Ellery waits",
    ),
    "a heading with a day around the headline": (
        "<title>The port of Ellery waits a year - Tomas' blog</title>"
        + OG % "The port of Ellery waits a year",
        "<h1>Dec <a href='/12'>The port of Ellery waits a year</a> 18 2025</h1>",
        "The port of Ellery waits a year",
    ),
    "a first level that is the site": (
        "<title>Ellery Blog: The port of Ellery waits a year</title>"
        + OG % "The port of Ellery waits a year"
        + '<meta property="og:site_name" content="Ellery Blog">',
        "<h1>Ellery Blog</h1><h4>20 December 2025</h4>",
        "The port of Ellery waits a year",
    ),
    "a headline with two parts, of which a name has the second": (
        "<title>Steel gates against oak gates - Courier</title>"
        + OG % "Steel gates against oak gates - Courier"
        + OWN % "How locks are built: Steel gates against oak gates",
        "<h1>How locks are built: Steel gates against oak gates</h1>",
        "How locks are built: Steel gates against oak gates",
    ),
    "called by its section, a heading with a day below": (
        "<title>新闻动态--中国港口学会官网</title>",
        "<h3>首页 - 新闻动态</h3><h5>2019年港口学术年会在埃勒里举行</h5>"
        "<div>发布时间：2019-05-18 来源：中国港口学会</div>",
        "2019年港口学术年会在埃勒里举行",
    ),
    "shown behind a comment": (
        "<title>埃勒里区领导一行到港口开展调研工作 东区办事处_埃勒里网</title>",
        "<p><!-- title -->埃勒里区领导一行到港口开展调研工作<!-- end --></p>",
        "埃勒里区领导一行到港口开展调研工作",
    ),
}


NAME = "The old lock closes for a year"
HEADINGS = {
    "a subline": f"{NAME}<span>Ferries leave from the northern pier</span>",
    "a subline behind a break": f"{NAME}<br><em>Ferries leave from the northern pier</em>",
    "a time of day": f"{NAME} <time>10:15</time>",
    "a day before": f"<time>20.11.2026</time> {NAME}",
    "how long ago": f"{NAME} <span>3 hours ago</span>",
    "a kicker": f"<a href=/harbour>Harbour</a> {NAME}",
    "a kicker and a subline": f"<b>Harbour</b><span>{NAME}</span><span>Ferries leave</span>",
    "a number of comments": f"{NAME} <a href=#c>12 comments</a>",
    "a name in two pieces": "<span>The old lock</span> closes for a year <small>Plus</small>",
}


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS.keys())
@pytest.mark.parametrize("head", ["", OG % NAME])
def test_pieces_beside_the_name_are_no_part_of_the_headline(head: str, heading: str) -> None:
    html = f"<head><title>{NAME} - Ellery Courier</title>{head}</head><h1>{heading}</h1>{TEXT}"
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).title == NAME


def test_a_heading_that_is_a_name_of_the_page_stays_whole() -> None:
    name = "The old lock closes for a year: ferries leave from the north"
    html = (
        f"<head><title>The old lock closes for a year - Ellery Courier</title>{OG % name}</head>"
        f"<h1>The old lock closes for a year: <span>ferries leave from the north</span></h1>{TEXT}"
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).title == name


def test_the_only_first_level_is_the_name_of_the_site() -> None:
    html = (
        f"<head><title>{NAME} - Ellery Courier</title></head>"
        f"<header><h1><a href=/>Ellery Courier</a></h1></header><div class=t>{NAME}</div>{TEXT}"
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).title == NAME


@pytest.mark.parametrize(("head", "top", "headline"), PAGES.values(), ids=PAGES.keys())
def test_the_headline_is_what_the_article_is_called(head: str, top: str, headline: str) -> None:
    page = f"<html><head>{head}</head><body>{top}<div>{TEXT}</div></body></html>"
    read = extract(Page(url="https://a.example/2024/story", body=page.encode()), now=NOW)
    assert read.title == headline


def test_text_behind_a_comment_is_text() -> None:
    more = "<p>It opened<!-- x --> in 1931 already, and was the first of its kind.</p>"
    body = f"<article><h1>The old lock closes</h1>{TEXT}{more}</article>"
    read = extract(Page(url="https://a.example/2024/story", body=body.encode()), now=NOW)
    assert "It opened in 1931 already" in read.text


def test_text_right_below_the_body_is_text() -> None:
    text = "<br>".join(f"{n}. The harbour will close for a year, they said." for n in range(8))
    page = f"<html><body><h1>The old lock closes</h1>{text}</body></html>"
    read = extract(Page(url="https://a.example/2024/story", body=page.encode()), now=NOW)
    assert len(read.text.splitlines()) == 8


SITE = "Ellery Courier"
LOCK = "The old lock of Ellery closes"
UNNAMED = {
    "the site in both": ("<title>Ellery Courier</title>", f"<h1>{SITE}</h1>", f"<h2>{LOCK}</h2>"),
    "no first level": ("<title>Ellery Courier</title>", "", f"<h2>{LOCK}</h2>"),
    "a picture": (
        "<title>Ellery Courier</title>",
        "<h1><img src=/l.png alt='Ellery Courier'></h1>",
        f"<h3>{LOCK}</h3>",
    ),
    "OpenGraph too": (
        OG % SITE + f'<meta property="og:site_name" content="{SITE}">',
        "",
        f"<h2>{LOCK}</h2>",
    ),
    "a slogan": (
        "<title>Ellery Courier - Harbour news</title>",
        f"<h1>{SITE}</h1>",
        f"<h2>{LOCK}</h2>",
    ),
    "a section": ("<title>Local | Ellery Courier</title>", f"<h1>{SITE}</h1>", f"<h2>{LOCK}</h2>"),
    "a box above": (
        "<title>Ellery Courier</title>",
        "<h1>Ellery Courier</h1><h2>Weather and tides</h2>",
        f"<h2>{LOCK}</h2>",
    ),
    "a mark": ("<title>Ellery Courier</title>", "", f'<div class="entry-title">{LOCK}</div>'),
    "an address": ("<title>ellerycourier.example</title>", "", f"<h2>{LOCK}</h2>"),
    "no name at all": ("", "", f"<h2>{LOCK}</h2>"),
    "a link to the page itself": (
        "<title>Ellery Courier</title>",
        "",
        f'<h2><a href="/2026/lock.html">{LOCK}</a></h2>',
    ),
    "a teaser above": (
        "<title>Ellery Courier</title>",
        f"<h2><a href=/2026/salt.html>Salt is dear</a></h2><p>{TEXT[3:90] * 4}</p>",
        f"<h2>{LOCK}</h2>",
    ),
}


@pytest.mark.parametrize(("head", "top", "heading"), UNNAMED.values(), ids=UNNAMED.keys())
def test_a_page_that_names_its_site_alone(head: str, top: str, heading: str) -> None:
    body = f"<header>{top}</header><article>{heading}{TEXT}<h2>Next year</h2>{TEXT}</article>"
    footer = "<footer><a href=/>Ellery Courier</a></footer>"
    page = f"<html><head>{head}</head><body>{body}{footer}</body></html>"
    url = "https://www.ellerycourier.example/2026/lock.html"
    assert extract(Page(url=url, body=page.encode()), now=NOW).title == LOCK


def test_an_article_about_a_place_with_the_name_of_its_site_keeps_its_headline() -> None:
    page = f"<title>Ellery</title><article><h1>Ellery</h1>{TEXT}</article>"
    url = "https://www.ellery.example/2026/lock.html"
    assert extract(Page(url=url, body=page.encode()), now=NOW).title == "Ellery"


def test_the_heading_of_a_teaser_is_no_headline() -> None:
    teasers = "".join(
        f"<h2><a href=/2026/{n}.html>The lock number {n} closes</a></h2><p>{TEXT[3:80]}</p>"
        for n in range(12)
    )
    page = f"<title>Ellery Courier</title><h1>Ellery Courier</h1>{teasers}"
    read = extract(Page(url="https://www.ellerycourier.example/", body=page.encode()), now=NOW)
    assert read.title == "Ellery Courier"
