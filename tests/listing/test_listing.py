"""Listing pages of every kind: links, each once, and where the next page is."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsspider import listing as listings
from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing import ListingPage
from newsspider.listing.paging import PageRequest
from newsspider.model import Link, Page
from newsspider.sites import load
from newsspider.sites.schema import Site

FINEWS = load("finews")
ID, OTHER = "202204262359811335", "202204212352227421"
SITES = {
    "html": """
        listing:
          kind: html
          url: https://news.example/{slug}/
          items: li
          fields: {url: 'a::attr(href)', title: a, time: time, source: i, link: 'b::attr(href)'}
          next: 'a[rel=next]::attr(href)'
    """,
    "numbers": """
        listing:
          kind: html
          url: https://news.example/{slug}/page/{page}
          first_page: 0
          items: li
          fields: {url: 'a::attr(href)'}
    """,
    "cursor": """
        listing:
          kind: json
          url: https://api.example/list?column={slug}&sortEnd={cursor}
          items: data.list
          fields: {url: url, id: code, title: title, time: time, body: body, link: link}
          next: data.sortEnd
    """,
    "ids": """
        ids: {space: numbers, pattern: '\\d{6}'}
        listing:
          kind: json
          url: https://api.example/{slug}?p={page}
          items: data.list
          fields: {url: url, id: code, title: title}
    """,
}


SITES["addresses"] = SITES["ids"].replace(
    "'\\d{6}'", "'\\d{6}', url: 'https://news.example/a/{number}'"
)


def first_page(site: Site, category: str) -> str:
    return listings.first_page(site.listings_of(category)[0], site, category).url


def read(page: Page, site: Site, category: str, *, number: int) -> ListingPage:
    return listings.read(page, site, category, site.listings_of(category)[0], number=number)


def site(name: str, more: str = "") -> Site:
    said = {**yaml.safe_load(SITES[name]), **(yaml.safe_load(more) or {})}
    return Site.model_validate({"name": "example", "title": "E", **said})


def found(name: str, body: str | bytes, number: int = 0, more: str = "") -> ListingPage:
    data = body if isinstance(body, bytes) else body.encode()
    page = Page(url="https://news.example/a/list.html", body=data)
    return read(page, site(name, more), "tech", number=number)


def listed(*entries: Any, **data: Any) -> str:
    return json.dumps({"data": {"list": list(entries), **data}})


# -- the links --------------------------------------------------------------------------------


def test_links_of_an_html_listing() -> None:
    got = found(
        "html",
        "<li><a href='/x.html'> A <b>title</b></a><time>今天 16:25</time><i>Agency</i></li>"
        "<li><a href='y.html#top'>second</a></li><p><a href='/z'>no entry</a></p>",
    )
    assert got.links == (
        Link(
            url="https://news.example/x.html", title="A title", time="今天 16:25", source="Agency"
        ),
        Link(url="https://news.example/a/y.html#top", title="second"),
    )
    assert got.unusable == 0


def test_links_count_from_the_base_of_the_page() -> None:
    got = found(
        "html",
        "<base href='//cdn.news.example/en/'><li><a href='x.html'>A</a><b href='y'>B</b></li>"
        "<a rel=next href='?p=2'>2</a>",
    )
    assert got.links[0].url == "https://cdn.news.example/en/x.html"
    assert got.links[0].fields["link"] == "https://cdn.news.example/en/y"
    assert got.next == PageRequest("https://cdn.news.example/en/?p=2")


LEAVES = (
    "<li><a href=/1>A</a><li><a href=https://money.news.example/2>B</a>"
    "<li><a href=//ads.example/3>C</a><li><a href=https://news.example.ads.example/4>D</a>"
    "<a rel=next href=https://ads.example/page/2>more</a>"
)


def test_attack_a_page_leads_to_other_sites() -> None:
    got = found("html", LEAVES)
    assert [link.url for link in got.links] == [
        "https://news.example/1",
        "https://money.news.example/2",
    ]
    assert (got.elsewhere, got.next) == (2, None)
    with pytest.raises(
        EmptyListing, match=r"all links \(1\) lead to .* as ads\.example; .* add .* `hosts`"
    ):
        found("html", "<li><a href=//ads.example/3>C</a>")


@pytest.mark.parametrize("hosts", ["[ads.example]", "['*']"])
def test_hosts_that_a_site_file_names_may_be_followed(hosts: str) -> None:
    got = found("html", LEAVES, more=f"hosts: {hosts}")
    assert (len(got.links), got.elsewhere) == (4, 0)
    assert got.next == PageRequest("https://ads.example/page/2")


def test_where_a_link_leads_does_not_matter_where_it_is_not_asked() -> None:
    pages = "pages: {text: {kind: html, url: 'https://news.example/t/{id}', fields: {body: p}}}"
    got = found("html", LEAVES, more=pages)
    assert (len(got.links), got.elsewhere) == (4, 0)


def test_links_of_a_json_listing_carry_the_rest_along() -> None:
    entry = {"url": "http://a.example/1", "code": 7, "title": "t", "time": 1651000000, "body": "b"}
    (link,) = found("cursor", f"cb({listed(entry)});").links
    assert link == Link(
        url="http://a.example/1", id="7", title="t", time="1651000000", fields={"body": "b"}
    )


def test_the_finews_category_page() -> None:
    body = f"""<section><h2>人民邮电报新闻</h2><ul>
      <li><a href="/renminyoudianbao/2022/04/26/NW{ID}.html">中国移动再推六项</a></li>
      <li><a href="/renminyoudianbao/2022/04/26/NW{ID}.html">中国移动再推六项</a></li>
      </ul></section><ul><li><a href="/elsewhere.html">menu</a></li></ul>"""
    page = Page(url=first_page(FINEWS, "renminyoudianbao"), body=body.encode())
    got = read(page, FINEWS, "renminyoudianbao", number=0)
    (link,) = got.links
    assert link.id == f"NW{ID}"
    assert link.url.startswith("https://finews.withounder.com/renminyoudianbao/2022/")


@pytest.mark.parametrize("wrapper", ["{}", "cb({});", "var ajaxResult={}", "\ufeff  /**/cb({})"])
def test_the_finews_list_api(wrapper: str) -> None:
    record = {"infoCode": f"NW{ID}", "showtime": "2022-04-26 20:16:23", "title": "t", "url_w": ""}
    body = wrapper.replace("{}", json.dumps({"records": [record, {"id": OTHER}]}))
    page = Page(url="http://183.136.162.242/web/webapi", body=body.encode())
    got = read(page, FINEWS, "emnews", number=0)
    assert [(link.url, link.id, link.time) for link in got.links] == [
        ("", f"NW{ID}", "2022-04-26 20:16:23"),
        ("", OTHER, ""),
    ]


def test_an_article_is_listed_once_by_its_number_or_its_address() -> None:
    ids = found(
        "ids",
        listed(
            {"code": "NW123456", "title": "first"},
            {"url": "https://m.example/123456.html"},
            {"code": 123456},
            {"code": "654321"},
        ),
    )
    assert [link.id for link in ids.links] == ["NW123456", "654321"]
    assert ids.links[0].title == "first"
    urls = found("html", "<li><a href='/a'>1</a><li><a href='/a'>2</a><li><a href='/b'>3</a>")
    assert [link.title for link in urls.links] == ["1", "3"]


def test_entries_that_lead_nowhere_are_counted() -> None:
    got = found("html", "<li>text</li><li><a>t</a></li><li><a href=''>t</a></li><li><a href=/a>t")
    assert (len(got.links), got.unusable) == (1, 3)
    got = found("ids", listed({"title": "t"}, {"code": "x"}, {"code": "123456"}))
    assert (len(got.links), got.unusable) == (1, 2)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "file:///etc/passwd",
        "http://[",
        "http://",
        "http://a b/",
        "#top",
        "http://x:99999/",
        "/" + "x" * 1_000_000,
        "\x00",
    ],
)
def test_attack_addresses_that_are_none(href: str) -> None:
    got = found("cursor", listed({"url": href}))
    assert (got.links, got.unusable) == ((), 1)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("//other.example/x", "https://other.example/x"),
        ("../b.html", "https://news.example/b.html"),
        ("?page=2", "https://news.example/a/list.html?page=2"),
        (" /中文 ", "https://news.example/%E4%B8%AD%E6%96%87"),
        ("\\\\other.example\\x", "https://other.example/x"),
        ("/a\r\nX: y", "https://news.example/aX:%20y"),
    ],
)
def test_relative_addresses(href: str, url: str) -> None:
    assert [link.url for link in found("cursor", listed({"url": href})).links] == [url]


def test_the_address_to_show_is_absolute_or_none() -> None:
    links = found(
        "cursor",
        listed(
            {"url": "/1", "link": "//finance.eastmoney.com/a/1.html"},
            {"url": "/2", "link": "javascript:alert(1)"},
        ),
    ).links
    assert [link.fields["link"] for link in links] == ["https://finance.eastmoney.com/a/1.html", ""]


# -- no list ----------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00\x00", b"\x1f\x8b\x08", b"{", b"<html>no"])
@pytest.mark.parametrize("name", ["html", "cursor"])
def test_pages_that_are_no_listing(name: str, body: bytes) -> None:
    with pytest.raises(NotReadable):
        found(name, body)


@pytest.mark.parametrize("body", ['{"data": {"list": []}}', '{"data": {"list": [1, "x"]}}'])
def test_a_list_without_entries_is_empty(body: str) -> None:
    with pytest.raises(EmptyListing):
        found("cursor", body)
    with pytest.raises(EmptyListing):
        found("html", "<p>nothing here</p>")


@pytest.mark.parametrize(
    "body",
    ['{"data": null}', '{"code": 0, "message": "x"}', "[]", "null", '{"data": {"list": {}}}'],
)
def test_what_is_no_list_is_a_failure_and_never_no_news(body: str) -> None:
    with pytest.raises(NotReadable) as told:
        found("cursor", body)
    assert not isinstance(told.value, EmptyListing)
    assert "'data.list' is not a list (the answer has: " in str(told.value)


def test_attack_control_characters_in_what_an_answer_has() -> None:
    with pytest.raises(NotReadable) as told:
        found("cursor", '{"\\u001b[2J\\ud800": 1}')
    assert "\x1b" not in str(told.value)
    str(told.value).encode("utf-8")


# -- the next page ----------------------------------------------------------------------------

ENTRY = "<li><a href=/x>x</a></li>"


def test_the_next_page_by_its_link() -> None:
    assert found("html", f"{ENTRY}<a rel=next href='?p=2'>").next == PageRequest(
        "https://news.example/a/list.html?p=2"
    )
    assert found("html", ENTRY).next is None
    assert found("html", f"{ENTRY}<a rel=next href='javascript:next()'>").next is None


def test_the_next_page_by_its_number() -> None:
    assert first_page(site("numbers"), "tech") == "https://news.example/tech/page/0"
    assert found("numbers", ENTRY, number=0).next == PageRequest("https://news.example/tech/page/1")
    assert found("numbers", ENTRY, number=6).next == PageRequest("https://news.example/tech/page/7")


@pytest.mark.parametrize(
    ("cursor", "encoded"),
    [("1&x=y", "1%26x%3Dy"), (1651000000, "1651000000"), ("中/文", "%E4%B8%AD%2F%E6%96%87")],
)
def test_the_next_page_by_its_cursor(cursor: Any, encoded: str) -> None:
    assert first_page(site("cursor"), "tech").endswith("sortEnd=")
    got = found("cursor", listed({"url": "/x"}, sortEnd=cursor))
    assert got.next == PageRequest(f"https://api.example/list?column=tech&sortEnd={encoded}")


@pytest.mark.parametrize("cursor", ["", None, [], {}, True])
def test_without_a_cursor_the_pages_end(cursor: Any) -> None:
    assert found("cursor", listed({"url": "/x"}, sortEnd=cursor)).next is None


def test_a_listing_of_one_page_has_no_next() -> None:
    assert read(
        Page(url="http://x.example/", body=b'{"nodeList": [{"infoCode": "NW1"}]}'),
        FINEWS,
        "nodes",
        number=0,
    ) == ListingPage((), unusable=1)


@pytest.mark.parametrize(
    ("category", "slug"), [("(网)", "(%E7%BD%91)"), ("a b", "a%20b"), ("../x", "..%2Fx")]
)
def test_a_category_is_one_segment_of_the_address(category: str, slug: str) -> None:
    assert first_page(FINEWS, category) == f"https://finews.withounder.com/category/{slug}.html"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["url", "code", "title", "time", "body", "link"])


@given(st.lists(st.dictionaries(KEYS, JSON), min_size=1, max_size=3), JSON)
def test_any_json_in_any_field_gives_links_of_text(
    entries: list[dict[str, Any]], cursor: Any
) -> None:
    got = found("cursor", listed(*entries, sortEnd=cursor))
    for link in got.links:
        for value in (link.url, link.id, link.title, link.time, link.source, link.summary):
            assert isinstance(value, str)
            value.encode("utf-8")
    assert len(got.links) + got.unusable <= len(entries)
    assert got.next is None or got.next.url.isascii()


def test_a_broken_record_is_filled_up_from_its_twin_in_the_same_list() -> None:
    records = [
        {"id": "202207070000000001", "title": "", "showtime": "", "url_w": ""},
        {"id": "202207070000000001", "title": "t", "showtime": "2022-07-07 10:00:00"},
        {"title": "no id at all", "url_w": "http://finance.eastmoney.com/about.html"},
    ]
    body = json.dumps({"records": records}).encode()
    found = read(Page(url="http://x.example/", body=body), load("finews"), "emnews", number=0)
    (link,) = found.links
    assert (link.title, link.time, found.unusable) == ("t", "2022-07-07 10:00:00", 1)


def test_an_entry_that_tells_only_an_id_gets_the_address_of_its_article() -> None:
    page = Page(
        url="https://api.example/cat",
        body=json.dumps({"data": {"list": [{"code": "123456"}]}}).encode(),
    )
    (link,) = read(page, site("addresses"), "cat", number=0).links
    assert link.url == "https://news.example/a/123456"


def test_an_entry_whose_id_is_none_has_that_of_its_address() -> None:
    body = json.dumps({"data": {"list": [{"code": "N1", "url": "/a/123456.html"}]}}).encode()
    (link,) = read(Page(url="https://news.example/", body=body), site("ids"), "cat", number=0).links
    assert link.id == "https://news.example/a/123456.html"
