"""The source of an article is lost: a guess is never frozen into the address of its post."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Cli
from support.fetching import Server, http

SITE = """
title: The Site
delay: 0
listing:
  kind: html
  url: 'http://news.example/'
  items: li
  fields: {{url: 'a::attr(href)', time: time{listed}}}
pages:
  page: {{kind: html, fields: {{source: span.source, title: h1, body: div}}}}
articles: {{ask: [page], keys: [source]}}
categories: {{x: {{}}}}
"""
# Generic extraction takes the publisher of the metadata for the source.
PAGE = """<html lang=en><script type="application/ld+json">
{{"@type": "NewsArticle", "headline": "Headline number {n}", "publisher": {{"name": "Ann Larch"}}}}
</script><h1>Headline number {n}</h1>{source}<div><p>{text} {n}</p></div>"""
TEXT = "Some text of an article, which is long enough. " * 20


def page(number: int, source: str) -> bytes:
    return http(PAGE.format(n=number, source=source, text=TEXT).encode())


def crawl(cli: Cli, sources: dict[int, str], listed: str = "") -> None:
    rows = "".join(
        f"<li><a href='/a/{n}'>x</a><time>2026-11-{n:02} 10:00</time><b>{listed}</b>"
        for n in sources
    )
    replies = {"/robots.txt": http(status=404), "/": http(f"<ul>{rows}</ul>".encode())}
    replies |= {f"/a/{n}": page(n, source) for n, source in sources.items()}
    with Server(replies) as server:
        ran = cli("crawl", "news/x", "--connect-to", server.address)
    assert ran.code == 0, ran.out + ran.err


def filed(cli: Cli, number: int) -> tuple[str, str]:
    """Return category and source of the post of an article."""
    (post,) = (path for path in cli.posts.glob(f"2026-11-{number:02}-*"))
    lines = dict(line.partition(": ")[::2] for line in post.read_text("utf-8").split("\n"))
    return lines["categories"].strip(' "[]'), lines["source"].strip(' "')


def site(folder: Path, listed: str = "") -> Cli:
    (folder / "sites").mkdir()
    (folder / "sites/news.yml").write_text(SITE.format(listed=listed), "utf-8")
    return Cli(folder, None)


DAILY = "<span class=source>The Daily</span>"


@pytest.mark.parametrize("lost", ["", "<span class=quelle>The Daily</span>"])
def test_a_lost_source_is_the_usual_one(tmp_path: Path, lost: str) -> None:
    cli = site(tmp_path)
    crawl(cli, dict.fromkeys(range(1, 6), DAILY))
    assert filed(cli, 1) == ("the-daily", "The Daily")
    crawl(cli, dict.fromkeys(range(6, 9), lost))
    assert [filed(cli, n) for n in (6, 7, 8)] == [filed(cli, 1)] * 3


def test_what_the_listing_states_counts_before_a_guess(tmp_path: Path) -> None:
    cli = site(tmp_path, ", source: b")
    crawl(cli, {1: ""}, listed="The Wire")
    assert filed(cli, 1)[1] == "The Wire"


def test_a_source_that_is_found_is_its_own(tmp_path: Path) -> None:
    cli = site(tmp_path)
    crawl(cli, dict.fromkeys(range(1, 6), DAILY))
    crawl(cli, {6: DAILY.replace("Daily", "Wire")})
    assert filed(cli, 6)[1] == "The Wire"
