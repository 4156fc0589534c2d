"""The articles of a feed whose addresses change, or that share one: no post twice, none lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from support.cli import Cli
from support.fetching import Server, http

HOST = "http://kurier.example"
SITE = f"""
title: Kurier
home: {HOST}/
listing: {{kind: feed, url: '{HOST}/rss.xml'}}
categories: {{news: {{}}}}
"""


class Entry(NamedTuple):
    path: str
    title: str
    guid: str = ""
    text: str = ""


def feed(entries: Iterable[Entry]) -> bytes:
    items = "".join(
        f"<item><title>{entry.title}</title><link>{HOST}{entry.path}</link>"
        "<pubDate>Tue, 29 Sep 2026 08:30:00 +0000</pubDate>"
        + (f"<guid isPermaLink='false'>{entry.guid}</guid>" if entry.guid else "")
        + f"<description>{entry.text}</description></item>"
        for entry in entries
    )
    body = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>"
    return http(body.encode(), headers={"Content-Type": "application/rss+xml"})


def article(path: str) -> bytes | None:
    if not path.startswith("/a/"):
        return None
    text = "".join(f"<p>Sentence {n} of the article about boats and engines.</p>" for n in range(9))
    return http(f"<!DOCTYPE html><title>T</title><body><main>{text}</main>".encode())


def crawl(cli: Cli, *entries: Entry) -> list[str]:
    """Crawl a feed of these entries; return the paths that all posts link to."""
    replies = {"/robots.txt": http(status=404), "/rss.xml": feed(entries)}
    with Server(replies, pages=article) as server:
        ran = cli("crawl", "kurier/news", "--connect-to", server.address)
    assert ran.code == 0, ran.out
    posts = [(cli.posts / name).read_text("utf-8") for name in cli.names]
    return sorted(post.rpartition(f"<{HOST}")[2].strip("> \n") for post in posts)


def kurier(folder: Path) -> Cli:
    (folder / "sites").mkdir()
    (folder / "sites/kurier.yml").write_text(SITE)
    return Cli(folder, None)


def test_a_guid_keeps_an_article_whose_address_changes(tmp_path: Path) -> None:
    cli = kurier(tmp_path)
    old = f"{HOST}/a/old-address"
    crawl(cli, Entry("/a/boats-sal", "Boats sal", "kurier-4711"), Entry("/a/old-address", "Old"))
    names = cli.names
    again = [Entry("/a/boats-sail", "Boats sail", "kurier-4711")]
    # Of an article from before its feed had guids, the guid is the first address.
    again += [Entry("/a/new-address", "New", old)]
    expected = ["/a/boats-sail", "/a/new-address"]
    assert crawl(cli, *again) == expected
    assert cli.names == names
    # Now its address is enough.
    assert crawl(cli, *(entry._replace(guid="") for entry in again)) == expected
    # A guid that another article had as its position says nothing.
    assert len(crawl(cli, Entry("/a/one", "One", "1"))) == 3
    assert len(crawl(cli, Entry("/a/two", "Two", "1"))) == 4


def test_entries_that_share_a_page_are_articles_by_their_guids(tmp_path: Path) -> None:
    cli = kurier(tmp_path)

    def release(name: str) -> Entry:
        text = f"Release {name} mends the pumps and the lights of the boats."
        return Entry("/", f"Release {name}", f"release-{name}", text)

    def names() -> list[str]:
        posts = [(cli.posts / name).read_text("utf-8") for name in cli.names]
        return sorted(post.split("<p>Release ")[1].split()[0] for post in posts)

    crawl(cli, release("one"), release("two"))
    assert names() == ["one", "two"]
    before = {name: (cli.posts / name).read_bytes() for name in cli.names}
    crawl(cli, release("two"), release("three"))
    assert names() == ["one", "three", "two"]
    assert {name: (cli.posts / name).read_bytes() for name in before} == before
    crawl(cli, release("three"))  # alone at its address, and known by its guid
    assert names() == ["one", "three", "two"]


def test_a_post_shows_its_address_without_the_parameters_of_a_campaign(tmp_path: Path) -> None:
    cli = kurier(tmp_path)
    assert crawl(cli, Entry("/a/1?id=7&amp;utm_source=rss#c", "One")) == ["/a/1?id=7#c"]
