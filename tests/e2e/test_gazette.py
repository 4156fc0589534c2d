"""One plain site in every kind of listing: the same ten articles come out, byte for byte."""

from __future__ import annotations

import pytest
from newsroom import Newsroom
from newsroom.plain import pieces
from support import DATA
from support.cli import Cli

from newsspider.clean import metadata
from newsspider.exporters.jekyll.post import read as read_post
from newsspider.sites import load

SITES = DATA / "sites"
GAZETTE = load("gazette", SITES)
REFERENCE = "next-link"


def crawl(cli: Cli, category: str) -> dict[str, bytes]:
    ran = cli("crawl", f"gazette/{category}", "--sites", str(SITES))
    assert ran.code == 0, ran.out + ran.err
    return {name: (cli.posts / name).read_bytes() for name in cli.names}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with Newsroom() as room:
        return crawl(Cli(tmp_path_factory.mktemp("reference"), room), REFERENCE)


def test_the_articles_read_as_the_site_has_them(reference: dict[str, bytes]) -> None:
    articles = [read_post(name, text.decode()) for name, text in reference.items()]
    told = {article.title: article for article in articles if article}
    assert set(told) == {piece.title for piece in pieces()}
    for piece in pieces():
        got = told[piece.title]
        assert got.published == piece.when
        assert got.link == piece.url
        assert metadata.read(got.body).lines == piece.reading


@pytest.mark.parametrize("category", sorted(set(GAZETTE.categories) - {REFERENCE}))
def test_every_listing_gives_the_same_posts(
    cli: Cli, category: str, reference: dict[str, bytes]
) -> None:
    # A feed may state the language more exactly than the script of the text tells it.
    stated = (b"\nlang: zh-Hans\n", b"\nlang: zh-cn\n", b"\nlang: zh-CN\n")
    posts = crawl(cli, category)
    for name, post in posts.items():
        for line in stated:
            post = post.replace(line, b"\nlang: zh\n")
        posts[name] = post
    assert posts == reference


@pytest.mark.parametrize("category", ["rss", "sitemap", "next-link", "api-cursor"])
def test_a_second_run_asks_for_the_listing_alone(cli: Cli, category: str) -> None:
    crawl(cli, category)
    assert cli.newsroom is not None
    asked = len(cli.newsroom.requests)
    crawl(cli, category)
    more = [target for _, _, target in cli.newsroom.requests[asked:]]
    assert len(more) <= 2  # robots.txt and one page of the listing, answered 304


def test_attack_an_index_that_names_itself(cli: Cli, newsroom: Newsroom) -> None:
    here, host = "/sitemap_index.xml", "www.harbourgazette.example"
    names = (f"https://{host}{here}", f"https://{host}{here}?articles=1")
    index = "".join(f"<sitemap><loc>{name}#articles</loc></sitemap>" for name in names)
    newsroom.fault(host, here, status=200, body=f"<sitemapindex>{index}</sitemapindex>".encode())
    cli("crawl", "gazette/sitemap", "--sites", str(SITES))
    asked = [target for _, _, target in newsroom.requests if target.startswith(here)]
    assert 2 <= len(asked) <= 4
