"""The parts of discovery by themselves: what is an article's link, feeds, pagers, state, shells."""

from __future__ import annotations

import json

import pytest
from support.listing_pages import HARBOUR, LISTS, offer, page

from newsspider.discover import best_listing, discover, sitemaps_of_robots
from newsspider.discover.markup import is_lasting
from newsspider.discover.scoring import title_worth, url_worth
from newsspider.model import Page
from newsspider.text.js_shell import is_shell

# -- what tells a link of an article ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("国内", 0, 0),
        ("Sport", 0, 0),
        ("20260412", 0, 0),
        ("证券要闻", 0, 0.3),
        ("央行今日下调存款利率", 0.9, 1),
        ("Ferry timetable changes as work begins", 1, 1),
        ("word " * 200, 0.5, 0.5),
    ],
)
def test_how_much_a_text_is_a_headline(text: str, least: float, most: float) -> None:
    assert least <= title_worth(text) <= most


def test_how_much_an_address_is_an_articles() -> None:
    def of(path: str) -> float:
        return url_worth("https://www.news.example" + path, "https://www.news.example/tech/")

    for path in (
        "/2026/04/12/ferry",
        "/a/202604123356789012.html",
        "/tech/ferry-timetable-changes-again",
        "/t/2026-04-12/doc-iicezz49.shtml",
        "/show.asp?id=8812",
        "/topics/2026/04/12/a-b-c-d",
    ):
        assert of(path) >= 0.6, path
    for path in (
        "/",
        "/tech/",
        "/tag/interest-rates-and-more",
        "/author/ruth-vale",
        "/login?id=12345",
        "/img/20260412/1.jpg",
        "/sport",
        "/index.html",
    ):
        assert of(path) <= 0.25, path


def test_names_that_a_person_gave_and_others() -> None:
    for name in ("news-list", "newsList", "td-module", "c_title", "card__title--big", "list2"):
        assert is_lasting(name), name
    for name in (
        "css-1q2w3e",
        "sc-bdVaJa",
        "post-4711",
        "active",
        "is-open",
        "_3xK2a",
        "jsx-938473",
    ):
        assert not is_lasting(name), name


# -- feeds and sitemaps -------------------------------------------------------------------------


def test_the_feed_of_the_section_comes_first_and_comments_last() -> None:
    made = discover(page("wordpress"))
    assert [feed.url for feed in made.feeds] == [
        "https://harbour.example/category/local/feed/",
        "https://harbour.example/feed/",
        "https://harbour.example/comments/feed/",
    ]
    assert best_listing(made) == {
        "kind": "feed",
        "url": "https://harbour.example/category/local/feed/",
    }


def test_a_list_of_the_section_is_taken_before_the_feed_of_the_site() -> None:
    made = discover(page("drupal"))
    assert [feed.own for feed in made.feeds] == [False]
    assert best_listing(made)["items"] == "div.views-row"


def test_on_the_home_page_the_feed_of_the_site_is_its_own() -> None:
    assert best_listing(discover(page("blog"))) == {
        "kind": "feed",
        "url": "https://loire.example/atom.xml",
    }


def test_what_is_declared_as_an_alternate_and_is_no_feed() -> None:
    made = offer(
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/categories/5>"
        "<link rel=alternate type=application/json+oembed href=/oembed?format=feed>"
        "<link rel=alternate hreflang=de href=/de/feed/>"
        "<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>"
        "<link rel=alternate type=application/json href=/feed.json>"
    )
    assert [feed.url for feed in made.feeds] == ["https://news.example/feed.json"]


def test_feeds_that_are_only_linked() -> None:
    made = offer(
        "<a href=/rss/tech.xml>Technology</a><a href=/feedback/>Feedback</a>"
        "<a href='https://reader.example/i/subscription/feed/x.xml'>Follow us by RSS</a>"
        "<a href=/rss/>All our feeds</a><a href=//feeds.news.example/atom.xml>Atom</a>"
    )
    assert [(feed.url, feed.own) for feed in made.feeds] == [
        ("https://news.example/rss/tech.xml", True),
        ("https://news.example/rss/", False),
        ("https://feeds.news.example/atom.xml", False),
    ]


def test_sitemaps_of_a_robots_file() -> None:
    text = (
        "\ufeffUser-agent: *\nDisallow: /\nSitemap: https://news.example/sitemap.xml\r\n"
        "sitemap : https://news.example/news-sitemap.xml # today's\n# Sitemap: https://x.example/\n"
        "Sitemap: /relative.xml\nSitemap: https://news.example/sitemap.xml\n"
    )
    assert [(one.url, one.news) for one in sitemaps_of_robots(text)] == [
        ("https://news.example/news-sitemap.xml", True),
        ("https://news.example/sitemap.xml", False),
    ]
    made = offer("<p>nothing</p>", robots=text)
    assert best_listing(made) == {"kind": "sitemap", "url": "https://news.example/news-sitemap.xml"}


# -- the next page ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "following"),
    [
        ("<a rel='nofollow next' href='?page=2'>2</a>", "?page=2"),
        ("<a href='/tech/2/'>下一页 &gt;</a>", "2/"),
        ("<a href='/tech/2/'>Suivant »</a>", "2/"),
        ("<a href='/tech/?c=b1'>Ältere Artikel</a>", "?c=b1"),
        ("<a href='/tech/page/2/' aria-label='Next page'><svg></svg></a>", "page/2/"),
        ("<div class=pagination><a href=?p=1>1</a><a href='?p=2'>»</a></div>", "?p=2"),
        ("<ul class=pager><li class=next><a href=2.html><i></i></a></ul>", "2.html"),
        (
            "<p class=pages><b>1</b><a href=list_2.html>2</a><a href=list_3.html>3</a>",
            "list_2.html",
        ),
        # No page after this one:
        ("<a href='#'>Next</a><a href='javascript:go(2)'>下一页</a>", ""),
        ("<a href='/products/phone/'>Next</a>", ""),
        ("<a href='https://elsewhere.example/tech/2/'>Next page</a>", ""),
        ("<a href='/tech/'>Next page</a>", ""),
        ("<div class=crumbs><a href=/>Home</a> <a href='/tech/2/'>»</a></div>", ""),
    ],
)
def test_the_next_page(markup: str, following: str) -> None:
    found = offer(markup).pager
    if not following:
        assert found is None
        return
    assert found is not None
    assert found.url == "https://news.example/tech/" + following
    assert found.next


def test_numbers_in_addresses_become_a_template_where_page_one_has_one() -> None:
    def of(second: str) -> tuple[str, int] | None:
        found = offer(f"<a href='/tech/x'>Start</a><a href='{second}'>2</a>").pager
        return (found.template, found.first_page) if found else None

    assert of("/tech/?page=2") == ("https://news.example/tech/?page={page}", 1)
    assert of("/tech/?a=2&pg=1&x=2") == ("https://news.example/tech/?a=2&pg={page}&x=2", 0)
    assert of("/tech/page/2/") == ("https://news.example/tech/page/{page}/", 1)
    assert of("/tech/list_2.html") is None  # list_1.html need not exist


# -- state in scripts ---------------------------------------------------------------------------


def test_state_of_a_list_that_scrolls_on_is_taken_before_what_is_shown() -> None:
    made = best_listing(discover(page("infinite_scroll")))
    assert made == {
        "kind": "json",
        "url": "https://moorbote.example/lokales/",
        "script": {"select": "script", "pattern": r"__FEED__[\"'\]]*\s*=\s*"},
        "items": "feed.articles",
        "fields": {
            "url": "path",
            "title": "headline",
            "time": "publishedAt",
            "summary": "teaser",
        },
    }


def test_state_of_next() -> None:
    state = discover(page("next_shell")).states[0]
    assert (state.script, state.items) == ("script#__NEXT_DATA__", "props.pageProps.posts.edges")
    assert state.fields["url"] == "node.uri"
    assert state.links[0].url.startswith("https://orbit.example/world/2026/04/council-approves")
    assert len(state.links) == 8


def test_an_item_list_of_json_ld() -> None:
    state = discover(page("item_list")).states[0]
    assert (state.items, dict(state.fields)) == ("itemListElement", {"url": "url", "title": "name"})


def test_a_store_by_id_and_keys_that_are_no_words() -> None:
    records = {
        f"a{n}": {"link": f"/tech/2026/04/1{n}/story-{n}", "head line": f"{HARBOUR}, part {n}"}
        for n in range(5)
    }
    value = json.dumps({"by-id": records, "order": list(records)})
    made = offer(f"<script type=application/json id=store>{value}</script>")
    assert made.states[0].items == '"by-id".*'
    assert made.states[0].fields == {"url": "link", "title": '"head line"'}


def test_json_that_is_no_list_of_articles() -> None:
    menu = [{"href": f"/tech/{n}", "label": "Menu"} for n in range(9)]
    images = [{"src": f"/i/2026041{n}.jpg", "alt": f"{HARBOUR} {n}"} for n in range(9)]
    made = offer(
        f"<script>var menu = {json.dumps(menu)}</script>"
        f"<script type=application/json>{json.dumps(images)}</script>"
        "<script>var broken = {a: [</script><script type=application/ld+json>{</script>"
    )
    assert made.states == ()


# -- shells -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["next_shell", "nuxt_shell"])
def test_a_shell(name: str) -> None:
    assert is_shell(page(name).document)
    assert discover(page(name)).shell


@pytest.mark.parametrize("name", [*sorted(LISTS), "article"])
def test_no_shell(name: str) -> None:
    assert not is_shell(page(name).document)


@pytest.mark.parametrize(
    ("markup", "status", "shell"),
    [
        ("<div id=root></div><script src=a.js></script>", 200, True),
        ("<app-root></app-root><script src=a.js></script>", 200, True),
        ("<div id=news></div><script src=/js/newsshare.js></script>", 200, True),
        ("<noscript>Bitte JavaScript aktivieren</noscript><script src=a.js></script>", 200, True),
        ("<div id=root></div><script src=a.js></script>", 404, False),
        ("<div id=root></div>", 200, False),
        ("<p>Kurzmeldung: Die Brücke ist zu.</p><script src=a.js></script>", 200, False),
        ("<div id=app><p>" + "Words. " * 60 + "</p></div><script src=a.js></script>", 200, False),
        (
            "<meta http-equiv=refresh content='0;url=/x'><div id=app></div><script src=a>",
            200,
            False,
        ),
        (
            "<div id=root></div><noscript>Enable JavaScript</noscript>"
            "<script>window._cf_chl_opt={}</script><script src=a.js></script>",
            200,
            False,
        ),
        ("", 200, False),
        ("<frameset><frame src=a.html></frameset>", 200, False),
    ],
)
def test_what_is_a_shell(markup: str, status: int, shell: bool) -> None:
    given_page = Page(url="https://news.example/", body=markup.encode(), status=status)
    assert is_shell(given_page.document) is shell


@pytest.mark.parametrize(
    ("token", "lasting"),
    [
        ("SubtopicDiscoveryHedContainer-ehGPZM", False),
        ("SummaryItem-kAbcDE", False),
        ("css-1a2b3c", False),
        ("sc-aeiouk", False),
        ("News-Headline", True),
        ("Card-title", True),
        ("List-TopNews", True),
        ("story-list", True),
    ],
)
def test_a_hash_of_a_build_tool_is_no_name(token: str, lasting: bool) -> None:
    assert is_lasting(token) is lasting
