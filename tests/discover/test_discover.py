"""What a page offers: the list of articles among navigation, feeds, pager, state, shells.

The pages of tests/data/discover were written for these tests, each of another make.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom
from support.listing_pages import LISTS, PAGES, URLS, offer, page

from newsspider import listing
from newsspider.discover import Offer, best_listing, describe, discover
from newsspider.model import Page
from newsspider.sites.schema import Site


def test_every_page_is_used() -> None:
    assert {path.stem for path in PAGES.glob("*.html")} == set(URLS)


# -- the list among the navigation --------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_the_main_list_is_found(name: str) -> None:
    wanted = LISTS[name]
    found = discover(page(name)).lists[0]
    assert len(found.links) == wanted.count
    assert [found.links[0].title, found.links[-1].title] == [wanted.first, wanted.last]
    assert found.links[0].time == wanted.time


@pytest.mark.parametrize("name", LISTS)
def test_its_selectors_will_last(name: str) -> None:
    found = discover(page(name)).lists[0]
    said = [found.items, *map(str, found.fields.values())]
    for selector in said:
        assert "nth-" not in selector
        assert len(selector) < 160
    # Hashes that the builds of these pages made up, and numbers of single entries.
    made_up = ("aB3x", "9ZkQ1", "3xK2a", "t4Rr9", "css-1x", "post-47", "dom-id", "views-row-1")
    assert not [part for part in made_up if any(part in selector for selector in said)]


def read_by_a_site_file(name: str, rules: dict[str, Any]) -> listing.Found:
    site = Site.model_validate({"name": "x", "title": "X", "listing": rules})
    return listing.read(page(name), site, "any", site.listings_of("any")[0], number=0)


@pytest.mark.parametrize("name", LISTS)
def test_a_site_file_reads_the_same_links_from_it(name: str) -> None:
    made = discover(page(name))
    found = read_by_a_site_file(
        name, best_listing(Offer(url=made.url, lists=made.lists, pager=made.pager))
    )
    assert [(link.url, link.title) for link in found.links] == [
        (link.url, link.title) for link in made.lists[0].links
    ]
    assert (found.next.url if found.next else "") == LISTS[name].next


@pytest.mark.parametrize("name", ["infinite_scroll", "next_shell", "item_list"])
def test_a_site_file_reads_the_same_links_from_state(name: str) -> None:
    made = discover(page(name))
    found = read_by_a_site_file(name, best_listing(Offer(url=made.url, states=made.states)))
    assert [(link.url, link.title, link.time) for link in found.links] == [
        (link.url, link.title, link.time) for link in made.states[0].links
    ]


@pytest.mark.parametrize("name", ["wordpress", "portal", "chinese_portal", "cut_titles"])
def test_a_box_beside_the_list_loses_to_it(name: str) -> None:
    lists = discover(page(name)).lists
    assert all(other.score < lists[0].score / 2 for other in lists[1:])


def _teasers(block: int, count: int, name: str) -> str:
    return "".join(
        f"<div class={name}><h3><a href='/{block}/harbour-council-talks-{block}{n:05}.html'>"
        f"The harbour council talks of pier {block} and ship {n}</a></h3></div>"
        for n in range(count)
    )


def test_a_front_page_has_its_teasers_in_many_blocks() -> None:
    blocks = "".join(
        f"<section class='block block-{n}'><h2><a href='/{n}/'>Section {n}</a></h2>"
        f"{_teasers(n, 4, 'teaser')}</section>"
        for n in range(20)
    )
    markup = f"<html><body><main>{blocks}</main></body></html>"
    found = discover(Page(url="https://portal.example/", body=markup.encode())).lists[0]
    assert found.items == "div.teaser"
    assert len(found.links) == 80


def test_a_list_and_boxes_of_the_same_cards_are_no_front_page() -> None:
    boxes = "".join(f"<aside class=box-{n}>{_teasers(n, 5, 'card')}</aside>" for n in (1, 2, 3))
    markup = f"<html><body><main>{_teasers(9, 10, 'card')}</main>{boxes}</body></html>"
    found = discover(Page(url="https://portal.example/9/", body=markup.encode())).lists[0]
    assert len(found.links) == 10


def test_links_are_absolute_whatever_their_form() -> None:
    urls = [link.url for link in discover(page("base_href")).lists[0].links]
    assert urls == [
        "https://cdn-front.inkstand.example/en/read/88120-harbour",
        "https://cdn-front.inkstand.example/en/read/88119-rail",
        "https://cdn-front.inkstand.example/en/read/88118-storm",
        "https://cdn-front.inkstand.example/en/read/88117-farm",
        "https://cdn-front.inkstand.example/en/read/88116-doors",
        "https://cdn-front.inkstand.example/en/read/88115-bus",
    ]


def test_an_article_and_its_related_links_are_no_listing() -> None:
    made = discover(page("article"))
    assert made.lists == ()
    assert best_listing(made) == {}
    assert describe(made) == "the page has no list of links and no feed"


def test_summaries_stand_in_the_list() -> None:
    link = discover(page("read_more")).lists[0].links[0]
    assert link.summary.startswith("Officials said")


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/category/yangshixinwenkehuduan.html", "/emnews/"])
def test_the_newsroom(room: Newsroom, path: str) -> None:
    connection = HTTPConnection(room.address, timeout=60)
    connection.request("GET", path, headers={"Host": "finews.withounder.com"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    made = discover(Page(url=f"https://finews.withounder.com{path}", body=body))
    shown = body.decode().count("<li>")
    assert len(made.lists[0].links) >= 0.9 * shown > 2
    assert made.lists[0].items in ("section li", "section > ul > li", "ul > li", "section ul > li")


# -- what it says, and what hostile pages do to it ----------------------------------------------


def test_what_a_page_offers_in_one_line() -> None:
    assert describe(discover(page("drupal"))) == (
        "the page has a list of 7 links at items: 'div.views-row', "
        "the feed https://valley.example/rss.xml"
    )
    assert "JavaScript fills" in describe(discover(page("nuxt_shell")))


def test_braces_in_addresses_are_no_variables() -> None:
    markup = "<link rel=alternate type=application/rss+xml href='/feed?x={cursor}'>"
    assert "{" not in best_listing(offer(markup, url="https://news.example/"))["url"]


@pytest.mark.parametrize(
    "markup",
    [
        "<a href=x>" * 15_000,
        "<div>" * 200
        + "".join(f"<a href=/2026/04/{n}>Headline of story {n}</a>" for n in range(4_000)),
        "<div>" * 5_000 + "<a href=/2026/04/12/x>Some headline of a story here</a>" * 5,
        "".join(f"<li><a href='/2026/04/12/x{n}'>Headline of story {n}</a>" for n in range(10_000)),
        "<script>window.a = " + "[" * 100_000 + "</script>",
        "<script type=application/json>" + "[" * 100_000 + "</script>",
        "<p class='" + "a-" * 50_000 + "'><a class='" + "next-" * 50_000 + "' href=2>2</a>",
        "<a href='?p=2'>" + "»" * 100_000 + "</a><time datetime='" + "2" * 100_000 + "'>",
        "<base href='javascript:x'><base href='//'><a href='http://[::1'>Next page</a>",
        "<link rel=alternate type=application/rss+xml href='https://x.example/"
        + "a" * 9_000
        + "'>",
        '<a id=\'"]\' class="a]b" title=\'x"y\' href="?p=2">Next "page"</a>',
        "<!-- --><!-- --><?php ?>",
    ],
)
def test_attack_pages_made_to_be_slow_or_to_break_out(markup: str) -> None:
    started = time.process_time()
    made = offer(markup)
    best_listing(made), describe(made)
    assert time.process_time() - started < 30


PIECES = [
    *("<ul class=x>", "<li>", "</li>", "</ul>", "<a href=/2026/04/12/a>", "<a href=?p=2>", "<h2>"),
    *("A headline of a story", "2", "»", "<time>", "<p>", "<div id='\x00'>", "<svg/>", "<!--"),
    *("<script>var a={", "</script>", "<a href='\ud800'>", "<base href=a>", "\x0c", "&#0;"),
    *("<table width=>", "<noscript>", "<td>", "<aside>", "12.04.2026"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=60,
    )
)
def test_no_page_breaks_it(parts: list[str]) -> None:
    body = "".join(parts).encode("utf-8", "surrogatepass")
    made = discover(Page(url="https://news.example/tech/", body=body))
    best_listing(made), describe(made)
