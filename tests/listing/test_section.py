"""The name of a section, on pages and in feeds."""

from __future__ import annotations

import pytest

from newsspider.listing.section import is_home, section_of_feed, section_of_page
from newsspider.model import Page

URL = "https://www.harbourgazette.example/business/"
NAME = "<meta property='og:site_name' content='Hafenblatt'>"
PAGES = {
    "a heading": ("<h1>Business</h1>", "Business"),
    "a heading, not the title": ("<title>All of it | X</title><h1>Markets</h1>", "Markets"),
    "the title, paper last": ("<title>Business | Harbour Gazette</title>", "Business"),
    "the title, paper first": ("<title>Harbour Gazette - Business</title>", "Business"),
    "the title, paper before a colon": ("<title>Harbour Gazette: Business</title>", "Business"),
    "the title, unknown paper last": ("<title>Wirtschaft – Der Bote</title>", "Wirtschaft"),
    "the title, unknown paper first": (
        "<title>Der Bote – Wirtschaft</title><h1>Wirtschaft</h1>",
        "Wirtschaft",
    ),
    "the title, slogan between": (
        "<title>Business | Shares, firms and the money of the island | Hafenblatt</title>" + NAME,
        "Business",
    ),
    "declared paper": (f"<title>Hafenblatt | Kultur</title>{NAME}", "Kultur"),
    "a logo that is the heading": (
        "<title>Lokales | Der Bote</title><h1><a href='/'>Der Bote</a></h1>",
        "Lokales",
    ),
    "a paper that is the heading": (f"<title>Lokales</title>{NAME}<h1>Hafenblatt</h1>", "Lokales"),
    "an article that is the heading": (
        "<title>Business | Harbour Gazette</title><h1><a href='/2026/1'>Ferry late</a></h1>",
        "Business",
    ),
    "a headline of the list": ("<title>Business</title><h1>Ferry sold</h1>", "Business"),
    "a heading that links to itself": ("<h1><a href='/business/'>Business</a></h1>", "Business"),
    "a label, English": ("<h1>Category: Business</h1>", "Business"),
    "a label, German": ("<h1>Kategorie: <span>Häfen</span></h1>", "Häfen"),
    "a label, Chinese": ("<h1>分类：财经</h1>", "财经"),
    "Chinese": ("<title>财经_海港报</title><h1>财经</h1>", "财经"),
    "Korean": ("<title>경제 | 항구신문</title>", "경제"),
    "a breadcrumb": (
        "<nav class=breadcrumb><a href='/'>Home</a> <a href='/b/'>Sport</a></nav>",
        "Sport",
    ),
    "a sentence is no name": (
        "<h1>The harbour has been asked to pay for the ferry that ran into the pier</h1>",
        "",
    ),
    "the paper alone": ("<title>The Harbour Gazette</title>", ""),
    "the word for a home page": ("<title>Startseite | Harbour Gazette</title>", ""),
    "a number": ("<h1>2026</h1>", ""),
    "nothing": ("<p>x</p>", ""),
}


@pytest.mark.parametrize(
    ("heading", "name"),
    [("Sport", "Sport"), ("Sports", "Sports"), ("The Port", ""), ("PORT", "")],
)
def test_a_section_that_is_spelt_like_its_host(heading: str, name: str) -> None:
    page = Page(url="https://port.example/x/", body=f"<h1>{heading}</h1>".encode())
    assert section_of_page(page) == name


@pytest.mark.parametrize("case", PAGES)
def test_the_name_of_a_page(case: str) -> None:
    text, name = PAGES[case]
    page = Page(url=URL, body=f"<html><body>{text}</body></html>".encode())
    assert section_of_page(page, headlines={"Ferry sold"}) == name


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/home"])
def test_a_home_page_shows_no_section(path: str) -> None:
    page = Page(url=f"https://x.example{path}", body=b"<h1>Latest</h1>")
    assert is_home(page.url)
    assert section_of_page(page) == ""


def test_the_site_file_names_the_paper() -> None:
    page = Page(url=URL, body=b"<title>Der Bote | Lokales</title>")
    assert section_of_page(page, "Der Bote") == "Lokales"


FEEDS = {
    "section first": ("/business/feed", "Business | Harbour Gazette", "Business"),
    "section last": ("/business/rss", "Harbour Gazette - Business", "Business"),
    "a colon": ("/rss/sport.xml", "Harbour Gazette: Sport", "Sport"),
    "another sign": ("/feed/12", "Harbour Gazette > Local News", "Local News"),
    "the word for a feed": ("/rss/sport.xml", "Sport RSS Feed", "Sport"),
    "a number in the query": ("/feed.php?cat=4", "Wirtschaft", "Wirtschaft"),
    "the whole site": ("/feeds/rss.xml", "Harbour Gazette - All the news", ""),
    "the whole site, shortest": ("/feed/", "Island news of today", ""),
    "the paper alone": ("/sport/feed/", "Harbour Gazette", ""),
    "no title": ("/sport/feed/", "", ""),
}


@pytest.mark.parametrize("case", FEEDS)
def test_the_name_of_a_feed(case: str) -> None:
    path, title, name = FEEDS[case]
    assert section_of_feed(title, f"https://www.harbourgazette.example{path}") == name


@pytest.mark.parametrize("text", ["x" * 10_000_000, "| " * 4_000_000, " : " * 3_000_000])
def test_attack_a_title_of_megabytes(text: str) -> None:
    page = Page(url=URL, body=f"<title>{text}</title><h1>{text}</h1>".encode())
    assert section_of_page(page) == ""
    assert section_of_feed(text[:100_000], f"{URL}feed") == ""
