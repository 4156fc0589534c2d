"""What publishers state of reuse, in each of its forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extraction.rights import (
    allowed_text,
    reserved,
    rights_of_headers,
    rights_of_page,
    rights_of_robots,
)
from newsspider.model import Page, Right

URL = "https://news.example/a"
RSL = "https://news.example/license.xml"


def robots(text: str) -> list[tuple[str, str]]:
    return [(right.name, right.value) for right in rights_of_robots(text, "newsspider/1 (+x)")]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow:",
            ["search=yes", "ai-train=no"],
        ),
        ("User-Agent: *\nContent-signal: ai-input=NO,search=yes", ["ai-input=no", "search=yes"]),
        ("User-agent: a\nUser-agent: *\nContent-Signal: search=no", ["search=no"]),
        ("User-agent: *\nDisallow:\n\nContent-Signal: search=no # all", ["search=no"]),
        ("User-agent: other\nContent-Signal: search=no", []),
        (
            "User-agent: *\nContent-Signal: search=no\n"
            "User-agent: NewsSpider\nContent-Signal: search=yes",
            ["search=yes"],
        ),
        ("User-agent: *\nContent-Signal: search=no\nUser-agent: newsspider\nDisallow: /x", []),
        ("Content-Signal: ai-train=no\nUser-agent: *\nDisallow:", ["ai-train=no"]),
        ("User-agent: *\nContent-Signal: search=maybe, mine=no, ai-train", []),
        (f"License: {RSL}\nUser-agent: other\nDisallow: /", [f"license={RSL}"]),
        (f"User-agent: other\nDisallow: /\nlicense:{RSL}", [f"license={RSL}"]),
        ("License: license.xml\nLicense: javascript:alert(1)", []),
        ("<html>not found</html>", []),
    ],
)
def test_a_robots_txt(text: str, stated: list[str]) -> None:
    assert [f"{name}={value}" for name, value in robots(text)] == stated


@pytest.mark.parametrize(
    ("name", "value", "stated"),
    [
        ("X-Robots-Tag", "noarchive, nosnippet", ["noarchive", "nosnippet"]),
        ("x-robots-tag", "newsspider: noai, noimageai", ["noai", "noimageai"]),
        ("X-Robots-Tag", "googlebot: noarchive", []),
        ("X-Robots-Tag", "max-snippet:-1, noarchive", ["noarchive"]),
        ("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST", []),
        ("X-Robots-Tag", "noindex, nofollow, all", []),
        ("TDM-Reservation", " 1 ", ["tdm-reservation=1"]),
        ("tdm-policy", "https://news.example/p.json", ["tdm-policy=https://news.example/p.json"]),
        ("Content-Type", "noarchive", []),
    ],
)
def test_a_header(name: str, value: str, stated: list[str]) -> None:
    rights = rights_of_headers([(name, value)])
    assert ["=".join(filter(None, (right.name, right.value))) for right in rights] == stated


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        (
            '<meta name="robots" content="NOARCHIVE,max-snippet:9">',
            Right("meta robots", "noarchive"),
        ),
        ('<meta name="newsspider" content="noai">', Right("meta robots", "noai")),
        ('<meta name="googlebot" content="noarchive">', None),
        ('<meta name="tdm-reservation" content="1">', Right("meta", "tdm-reservation", "1")),
        (
            '<link rel="license" type="application/rsl+xml" href="/license.xml">',
            Right("rel=license", "license", RSL),
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",'
            ' "license": {"@id": "https://cc.example/by"}}</script>',
            Right("JSON-LD", "license", "https://cc.example/by"),
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",'
            ' "isAccessibleForFree": "False"}</script>',
            Right("JSON-LD", "isAccessibleForFree", "false"),
        ),
        (
            '<script type="application/ld+json">{"@type": "ImageObject",'
            ' "license": "https://cc.example/by"}</script>',
            None,
        ),
        (
            '<a rel="nofollow LICENSE" href="/license.xml">x</a>',
            Right("rel=license", "license", RSL),
        ),
        ('<link rel="license" href="javascript:alert(1)">', None),
        ('<p rel="license" href="/license.xml">x</p>', None),
        ('<meta name="robots"><meta content="noai"><link rel="license">', None),
    ],
)
def test_a_page(head: str, stated: Right | None) -> None:
    page = Page(url=URL, body=f"<html><head>{head}</head><body><p>x</p></body></html>".encode())
    assert rights_of_page(page) == ((stated,) if stated else ())


def test_a_page_that_is_not_html_states_nothing() -> None:
    assert rights_of_page(Page(url=URL, body=b"")) == ()


def test_of_one_source_twenty_statements_are_read() -> None:
    links = "".join(f'<link rel="license" href="/{at}">' for at in range(50))
    assert len(rights_of_page(Page(url=URL, body=f"<html>{links}<p>x</html>".encode()))) == 20


@pytest.mark.parametrize(
    ("name", "value", "uses", "text"),
    [
        ("search", "no", ("search",), "link"),
        ("search", "yes", (), "full"),
        ("ai-input", "no", ("ai-input",), "summary"),
        ("ai-train", "no", ("ai-train",), "summary"),
        ("tdm-reservation", "1", ("ai-input", "ai-train"), "summary"),
        ("tdm-reservation", "0", (), "full"),
        ("noai", "", ("ai-input", "ai-train"), "summary"),
        ("nosnippet", "", ("ai-input",), "link"),
        ("noarchive", "", (), "summary"),
        ("noimageai", "", (), "full"),
        ("isAccessibleForFree", "false", (), "summary"),
        ("license", RSL, (), "full"),
    ],
)
def test_what_is_reserved_and_what_may_be_published(
    name: str, value: str, uses: tuple[str, ...], text: str
) -> None:
    assert (reserved([Right("x", name, value)]), allowed_text([Right("x", name, value)])) == (
        uses,
        text,
    )


def test_nothing_stated_reserves_nothing() -> None:
    assert (reserved(()), allowed_text(())) == ((), "full")


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, value: str) -> None:
    rights_of_robots(text, value)
    rights_of_headers([("X-Robots-Tag", text), ("tdm-reservation", value)])
