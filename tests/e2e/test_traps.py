"""Crawl traps: listings that never end, in every way they do."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import ARTICLE, Server, http

SITE = """
title: Trap
listing:
  kind: html
  url: http://trap.example/list/1
  items: li
  fields: {{url: 'a::attr(href)', title: 'a', time: 'time'}}
  {paging}
pages:
  page:
    kind: html
    fields: {{body: 'div'}}
articles: {{ask: [page], category: x}}
categories: {{x: {{}}}}
"""
XML = {"Content-Type": "application/xml"}
NEXT = "next: 'a[rel=next]::attr(href)'"


def page(links: list[str], following: str = "") -> bytes:
    items = [
        f"<li><a href='{link}'>Title of {re.sub(r'[?;].*', '', link).rpartition('/')[2]}</a>"
        "<time>2026-11-02 10:00</time>"
        for link in links
    ]
    more = f"<a rel=next href='{following}'>more</a>" if following else ""
    return http(f"<ul>{''.join(items)}</ul>{more}".encode())


def crawl(
    folder: Path, pages: Callable[[str], bytes | None], *options: str, paging: str = NEXT
) -> tuple[Ran, Server, Cli]:
    cli = Cli(folder, None)
    if not (folder / "sites").exists():
        (folder / "sites").mkdir()
        (folder / "sites/trap.yml").write_text(SITE.format(paging=paging))

    def answer(path: str) -> bytes | None:
        return ARTICLE if path.startswith("/a/") else pages(path)

    with Server({"/robots.txt": http(status=404)}, pages=answer) as server:
        ran = cli("crawl", "trap/x", "--connect-to", server.address, *options)
    return ran, server, cli


def listings(server: Server) -> list[str]:
    return [path for path in server.paths() if not path.startswith(("/a/", "/robots"))]


def number(path: str) -> int:
    return int(re.findall(r"\d+", path)[0])


@pytest.mark.parametrize("paging", [NEXT, "max_pages: 900"])
def test_attack_the_same_links_on_every_page(tmp_path: Path, paging: str) -> None:
    ran, server, cli = crawl(
        tmp_path, lambda path: page(["/a/1", "/a/2"], f"/list/{number(path) + 1}"), paging=paging
    )
    assert len(listings(server)) <= 2
    assert ran.code == 0
    assert len(cli.names) == 2
    if paging == NEXT:
        assert "trap/x: stopped at listing page 2, which repeats earlier pages" in ran.out


def test_attack_a_calendar_that_has_a_new_link_on_every_page(tmp_path: Path) -> None:
    def endless(path: str) -> bytes:
        return page([f"/a/{number(path)}"], f"/list/{number(path) + 1}")

    ran, server, cli = crawl(tmp_path, endless, paging=NEXT + "\n  max_pages: 7")
    assert len(listings(server)) == 7
    assert "trap/x: stopped at listing page 7, the limit" in ran.out
    again, server, _ = crawl(tmp_path, endless)
    assert len(listings(server)) <= 7
    assert len(cli.names) == 7
    assert again.code == 0


def test_attack_pages_that_lead_in_a_circle(tmp_path: Path) -> None:
    def circle(path: str) -> bytes:
        at = number(path)
        return page([f"/a/{at}"], f"/list/{at % 3 + 1}")

    ran, server, cli = crawl(tmp_path, circle)
    assert listings(server) == ["/list/1", "/list/2", "/list/3"]
    assert "loops back to http://trap.example/list/1" in ran.out
    assert len(cli.names) == 3


def test_attack_sitemaps_of_sitemaps_without_end(tmp_path: Path) -> None:
    """Each names thousands that no one has seen: what is kept to be read is bounded, too."""
    (tmp_path / "sites").mkdir()
    listing = "listing: {kind: sitemap, url: 'http://trap.example/list/1', max_pages: 6}"
    rest = SITE[SITE.index("pages:") :].replace("{{", "{").replace("}}", "}")
    (tmp_path / "sites/trap.yml").write_text(f"title: Trap\n{listing}\n{rest}")

    def index(path: str) -> bytes:
        names = (f"http://trap.example/list/{number(path)}{at:05}" for at in range(3_000))
        each = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
        return http(f"<sitemapindex>{each}</sitemapindex>".encode(), headers=XML)

    ran, server, _ = crawl(tmp_path, index)
    assert len(listings(server)) == 6
    assert "trap/x: stopped at listing page 6, the limit" in ran.out


GARBAGE = http(b"\x8b\x1f not a sitemap", headers=XML)


@pytest.mark.parametrize(
    ("answer", "code", "note"),
    [
        (GARBAGE, 1, "not a sitemap"),
        (http(b"<urlset></urlset>", headers=XML), 0, ""),
        (http(status=404), 0, "Http404"),
        (http(status=403), 1, "Http403"),
    ],
    ids=["garbage", "empty", "gone", "forbidden"],
)
def test_a_part_of_a_sitemap_that_cannot_be_read_is_reported_and_the_others_are_read(
    tmp_path: Path, answer: bytes, code: int, note: str
) -> None:
    (tmp_path / "sites").mkdir()
    listing = "listing: {kind: sitemap, url: 'http://trap.example/list/1'}"
    rest = SITE[SITE.index("pages:") :].replace("{{", "{").replace("}}", "}")
    (tmp_path / "sites/trap.yml").write_text(f"title: Trap\n{listing}\n{rest}")
    names = [f"<sitemap><loc>http://trap.example/list/{at}</loc></sitemap>" for at in (2, 3, 4)]

    def part(path: str) -> bytes:
        if path == "/list/1":
            return http(f"<sitemapindex>{''.join(names)}</sitemapindex>".encode(), headers=XML)
        if path == "/list/3":
            return answer
        news = "<title>T</title><publication_date>2026-11-02T10:00:00Z</publication_date>"
        urls = f"<url><loc>http://trap.example/a/{number(path)}</loc>{news}</url>"
        return http(gzip.compress(f"<urlset>{urls}</urlset>".encode()), headers=XML)

    ran, server, cli = crawl(tmp_path, part)
    assert ran.code == code, ran.out
    assert listings(server) == [f"/list/{at}" for at in (1, 2, 3, 4)]
    assert len(cli.names) == 2
    assert ("http://trap.example/list/3" in ran.out) is bool(note)
    assert note in ran.out
    # A run after a failed part reads the whole listing again.
    ran, server, _ = crawl(tmp_path, part)
    assert "/list/3" in listings(server) or not code


def test_attack_links_to_more_hosts_than_a_person_wants_to_read_of(tmp_path: Path) -> None:
    links = [f"http://host{at}.example/a" for at in range(70)]
    (tmp_path / "sites").mkdir()
    more = "hosts: ['*']\n"
    (tmp_path / "sites/trap.yml").write_text(more + SITE.format(paging=""))
    cli = Cli(tmp_path, None)
    with Server(
        {
            "trap.example/robots.txt": http(status=404),
            "/list/1": page(links),
            "*": http(status=500),
        }
    ) as server:
        ran = cli("crawl", "trap/x", "--connect-to", server.address, "-s", "RETRY_TIMES=0")
    assert "RobotsUnknown 70" in ran.out
    assert ran.out.count("cannot be fetched (500)") == 50
    assert "more of this kind is in the log" in ran.out


def test_attack_a_listing_is_asked_whether_it_changed_only_where_that_is_safe(
    tmp_path: Path,
) -> None:
    """Not with a validator that makes our request too large, nor by POST, where If-None-Match
    means: do nothing unless it is new (RFC 9110, 13.1.2)."""
    (tmp_path / "sites").mkdir()
    cli, listing = Cli(tmp_path, None), page(["/a/1"])
    paging = {"plain": "", "long": "", "post": "form: {p: '1'}"}
    tags = {"plain": '"a1"', "long": f'"{"x" * 15_000}"', "post": '"a1"'}
    replies = {"/robots.txt": http(status=404), "/a/1": ARTICLE}
    for name, more in paging.items():
        text = SITE.format(paging=more).replace("trap.example", f"{name}.example")
        (tmp_path / f"sites/{name}.yml").write_text(text)
        tag = f"\r\nETag: {tags[name]}\r\n".encode()
        replies[f"{name}.example/list/1"] = listing.replace(b"\r\n", tag, 1)
    with Server(replies) as server:
        for _ in range(2):
            cli("crawl", *(f"{name}/x" for name in paging), "--connect-to", server.address)
        heads = [head for head in server.heads if " /list/1 " in head]
    asked = {name: [one for one in heads if f"{name}.example" in one] for name in paging}
    assert ["If-None-Match" in head for head in asked["plain"]] == [False, True]
    assert ["If-None-Match" in head for head in asked["long"]] == [False, False]
    assert ["If-None-Match" in head for head in asked["post"]] == [False, False]


def test_attack_a_session_in_every_address(tmp_path: Path) -> None:
    """The same two articles and the same page, under addresses that are new each time."""
    dice = random.Random(7)

    def with_session(path: str) -> bytes:
        word = f"{dice.getrandbits(128):032x}"
        return page(
            [f"/a/1?sid={word}", f"/a/2;jsessionid={word}?b=1&PHPSESSID={word}"],
            f"/list/1?sid={word}",
        )

    _, server, cli = crawl(tmp_path, with_session)
    assert len(listings(server)) == 2
    assert len(cli.names) == 2
    _, server, cli = crawl(tmp_path, with_session)
    assert [path for path in server.paths() if path.startswith("/a/")] == []
    assert len(cli.names) == 2


def test_attack_one_article_under_many_addresses(tmp_path: Path) -> None:
    same = [
        "/a/%41",
        "/a/A",
        "/a/A#top",
        "/a/A?utm_source=x",
        "HTTP://TRAP.example:80/a/A",
        "/x/../a/A",
    ]
    _, server, cli = crawl(tmp_path, lambda path: page(same))
    assert len(cli.names) == 1
    assert len([path for path in server.paths() if path.startswith("/a/")]) == 1


def test_attack_links_that_are_none(tmp_path: Path) -> None:
    bad = [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "#",
    ]
    ran, _, cli = crawl(tmp_path, lambda path: page([*bad, "/a/1"]))
    assert f"NoAddress {len(bad)}" in ran.out
    assert len(cli.names) == 1


def test_attack_links_and_pages_of_other_sites(tmp_path: Path) -> None:
    """An advertiser's page has the same form of address; it is no article of the site."""

    def leading_away(path: str) -> bytes:
        return page(["http://other.example/a/1", "//other.example/a/2", "/a/3"], "//other.example/")

    ran, server, cli = crawl(tmp_path, leading_away)
    assert {host for _, host, _ in server.asked} == {"trap.example"}
    assert "dropped      2 (Offsite 2)" in ran.out
    assert len(cli.names) == 1


def test_an_empty_listing_is_a_failure_and_no_success(tmp_path: Path) -> None:
    ran, _, _ = crawl(tmp_path, lambda path: page([]))
    assert ran.code == 4
    assert "no listing could be read" in ran.out


def test_a_listing_that_says_not_modified_unasked_is_a_failure(tmp_path: Path) -> None:
    ran, _, _ = crawl(tmp_path, lambda path: http(status=304))
    assert ran.code == 3
    assert "Http304" in ran.out
