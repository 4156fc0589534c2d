"""Sites that nobody wrote a definition for: an address is enough."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from newsroom.plain import Piece, pieces
from support import DATA
from support.cli import Cli
from support.fetching import Reply, Server, http

from newsspider.clean import metadata
from newsspider.exporters.jekyll.post import read as read_post

ROOT = "https://www.harbourgazette.example"
ENGLISH = next(piece for piece in pieces() if piece.language == "en" and len(piece.pages) == 1)
TWO_PAGES = next(piece for piece in pieces() if len(piece.pages) == 2)


def check(cli: Cli, name: str) -> Piece:
    """Whether a post has what its piece says: title, time, link and every line."""
    article = read_post(name, (cli.posts / name).read_text("utf-8"))
    assert article is not None
    piece = next(piece for piece in pieces() if piece.title == article.title)
    assert article.published == piece.when.replace(second=article.published.second)  # type: ignore[union-attr]
    assert article.link == piece.url
    lines = metadata.read(article.body).lines
    assert set(piece.reading) <= set(lines)
    return piece


@pytest.mark.parametrize("piece", [ENGLISH, TWO_PAGES], ids=["one page", "two pages"])
def test_an_article_by_its_address(cli: Cli, piece: Piece) -> None:
    ran = cli("share", piece.url)
    assert ran.code == 0, ran.out + ran.err
    (name,) = cli.names
    assert check(cli, name) == piece


@pytest.mark.parametrize(
    "path", ["/latest", "/app", "/next", "/feeds/rss.xml", "/sitemap-news.xml"]
)
def test_a_category_page_by_its_address(cli: Cli, path: str) -> None:
    ran = cli("crawl", ROOT + path)
    assert ran.code == 0, ran.out + ran.err
    assert len(cli.names) == len(pieces())
    for name in cli.names:
        check(cli, name)
    again = cli("crawl", ROOT + path)
    assert "Nothing new: all links are known." in again.out


@pytest.mark.parametrize(
    ("page", "article_host"),
    [
        ("https://orf.at/", "news.orf.at"),
        ("https://m.ria.ru/", "ria.ru"),
        ("https://blog.nrc.nl/", "www.nrc.nl"),
    ],
)
def test_articles_on_another_host_of_the_publisher(
    tmp_path: Path, page: str, article_host: str
) -> None:
    titles = [f"The ferry number {at} is late again this week" for at in range(6)]
    links = [f"https://{article_host}/2026/05/0{at + 1}/ferry-late-{at}" for at in range(6)]
    rows = "".join(f"<li><a href='{a}'>{b}</a></li>" for a, b in zip(links, titles, strict=True))
    replies: dict[str, Reply | list[Reply]] = {"/": http(f"<ul>{rows}</ul>".encode())}
    for at, title in enumerate(titles):
        text = "".join(f"<p>{line}</p>" for line in ENGLISH.reading)
        time = f"<time datetime='2026-05-0{at + 1}T10:00:00Z'></time>"
        replies[urlsplit(links[at]).path] = http(
            f"<html><body><article><h1>{title}</h1>{time}{text}</article></body></html>".encode()
        )
    with Server(replies) as server:
        cli = Cli(tmp_path, None)
        quick = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
        ran = cli("crawl", page, "--connect-to", server.address, *quick)
    assert "lead to other sites" not in ran.out
    assert "written      6" in ran.out, ran.out + ran.err
    asked = {name for _, name, path in server.asked if "ferry" in path}
    assert asked == {article_host}


@pytest.mark.parametrize("path", ["/latest", "/feeds/rss.xml"])
def test_the_tags_of_articles_are_in_a_feed_and_not_in_posts(cli: Cli, path: str) -> None:
    ran = cli("crawl", ROOT + path, "-o", "articles.jsonl")
    assert ran.code == 0, ran.out + ran.err
    lines = (cli.folder / "articles.jsonl").read_text("utf-8").splitlines()
    told = {article["title"]: article["tags"] for article in map(json.loads, lines)}
    assert ENGLISH.tags
    assert told == {piece.title: list(piece.tags) for piece in pieces()}
    (post,) = [one for one in cli.posts.iterdir() if ENGLISH.title in one.read_text("utf-8")]
    assert "keywords:" not in post.read_text("utf-8")


def test_why_an_article_is_as_it_is(cli: Cli) -> None:
    ran = cli("share", ENGLISH.url, "--explain")
    assert "(article: json-ld)" in ran.out
    assert ENGLISH.title in ran.out
    assert f"  tags      {', '.join(ENGLISH.tags)}  (article: json-ld)" in ran.out


def test_a_home_page_is_no_article(cli: Cli) -> None:
    ran = cli("share", f"{ROOT}/")
    assert "NotAnArticle 1" in ran.out
    assert f"; its articles: newsspider crawl {ROOT}/" in ran.out
    assert cli.names == []


WORDS = "<p>The page you are looking for has moved. Here is what others read.</p>"
FOOT = "<footer><a href='/privacy'>Privacy policy and cookie settings</a></footer>"
NONE = {
    "a PDF": (b"%PDF-1.4\n% text\n", "application/pdf", "NotAnArticle: a PDF"),
    "a picture": (b"\xff\xd8\xff\xe0\0\0", "image/jpeg", "NotAnArticle: the answer is image/jpeg"),
    "a 404 that says 200": (
        f"<title>Page not found | Gazette</title><h1>Page not found</h1>{WORDS}{FOOT}".encode(),
        "text/html",
        "NotAnArticle: an error page: “Page not found”",
    ),
    "a login": (
        f"<title>Log in</title><h1>Log in</h1><input type=password>{WORDS}{FOOT}".encode(),
        "text/html",
        "NotAnArticle: a login: “Log in”",
    ),
    "a video": (
        b"<title>The ferry</title><meta property='og:type' content='video.other'><h1>The ferry</h1>"
        b"<video src=/v.mp4></video><p>It left on Friday.</p>",
        "text/html",
        "NotAnArticle: a video page",
    ),
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_article_is_dropped_with_what_was_seen(cli: Cli, case: str) -> None:
    body, kind, seen = NONE[case]
    assert cli.newsroom is not None
    cli.newsroom.fault(
        "www.harbourgazette.example", "/x", status=200, body=body, headers={"Content-Type": kind}
    )
    ran = cli("share", f"{ROOT}/x")
    assert "dropped      1 (NotAnArticle 1)" in ran.out
    assert f"{ROOT}/x: {seen}" in ran.out
    assert cli.names == []


ROWS = "".join(f"<li><a href='{one.path}'>{one.title}, at length</a></li>" for one in pieces())
NO_LISTING = {
    "an error page that lists what others read": (
        f"<title>Page not found</title><h1>Page not found</h1><ul>{ROWS}</ul>",
        "is an error page: “Page not found”",
    ),
    "an article": (
        "<title>The ferry is late</title><h1>The ferry is late</h1>"
        + "<p>The harbour office told passengers to come an hour later from Monday on.</p>" * 20,
        "reads like an article (use `newsspider share`)",
    ),
    "a page about the paper": (
        "<link rel=alternate type='application/rss+xml' href='/feeds/rss.xml'>"
        "<link rel=sitemap href='/sitemap-news.xml'>"
        "<h1>About us</h1><p>The Gazette is an independent paper.</p>",
        "the page has the feed https://www.harbourgazette.example/feeds/rss.xml",
    ),
    "nothing": ("<h1>Ferries</h1><p>Soon.</p>", "give a page that lists articles, or a feed"),
}


@pytest.mark.parametrize("command", ["crawl", "add"])
@pytest.mark.parametrize("case", NO_LISTING)
def test_a_page_that_is_no_listing_is_told_from_one(cli: Cli, case: str, command: str) -> None:
    page, said = NO_LISTING[case]
    assert cli.newsroom is not None
    body = f"<html lang=en><body>{page}</body></html>".encode()
    cli.newsroom.fault("www.harbourgazette.example", "/x/", status=200, body=body)
    ran = cli(command, f"{ROOT}/x/")
    assert ran.code == (3 if command == "crawl" else 2)
    assert said in ran.out + ran.err
    assert not (cli.folder / "sites").exists() and cli.names == []


def test_a_page_that_stays_a_shell_is_asked_for_again(cli: Cli) -> None:
    body = b"<html><body><div id=app></div><script src='/nothing.js'></script></body></html>"
    assert cli.newsroom is not None
    cli.newsroom.fault("www.harbourgazette.example", "/x", status=200, body=body)
    ran = cli("share", f"{ROOT}/x", "-s", "NEWS_BROWSER=/nowhere/chromium")
    assert ran.code == 3
    assert "failed       1 (NotReadable 1)" in ran.out
    assert "an empty shell that JavaScript fills" in ran.err
    assert "Chromium" in ran.out


def test_a_barrier_instead_of_an_article_is_asked_for_again(cli: Cli) -> None:
    assert cli.newsroom is not None
    body = b"<title>Just a moment...</title><h1>Just a moment...</h1><p>Verifying you are human."
    cli.newsroom.fault("www.harbourgazette.example", ENGLISH.path, status=200, body=body)
    ran = cli("crawl", f"{ROOT}/latest")
    assert "failed       1 (BotCheck 1)" in ran.out
    assert len(cli.names) == len(pieces()) - 1
    cli.newsroom.clear_faults()
    ran = cli("crawl", f"{ROOT}/latest")
    assert "fetched      1\nwritten      1\n" in ran.out
    assert len(cli.names) == len(pieces())


def test_a_page_without_a_listing_says_what_it_has(cli: Cli) -> None:
    ran = cli("crawl", f"{ROOT}/nowhere")
    assert ran.code == 3
    assert "cannot be read: Http404" in ran.out


def test_a_selector_that_finds_nothing_says_what_the_page_has(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites/gone.yml").write_text(
        "title: Gone\nlisting:\n  kind: html\n"
        f"  url: {ROOT}/{{slug}}\n  items: div.old-list\n  fields: {{url: 'a::attr(href)'}}\n"
        "categories: {latest: {}}\n"
    )
    ran = cli("crawl", "gone/latest")
    assert ran.code == 4
    assert "nothing matches 'div.old-list'; the page has a list of" in ran.out


def test_rules_that_others_wrote(cli: Cli) -> None:
    rules = cli.folder / "rules"
    rules.mkdir()
    (rules / "harbourgazette.example.txt").write_text(
        "title: //p[@class='kicker']\nbody: //div[@class='story__body']/ul\ntest_url: x\n"
    )
    ran = cli("share", ENGLISH.url, "--ftr", "rules", "--explain")
    assert ran.code == 0, ran.out + ran.err
    assert "(article: ftr)" in ran.out
    (name,) = cli.names
    article = read_post(name, (cli.posts / name).read_text("utf-8"))
    assert article is not None
    assert article.title == ENGLISH.section
    assert "<table" not in article.body


def test_a_changed_layout_is_counted(cli: Cli) -> None:
    sites = DATA / "sites" / "gazette.yml"
    (cli.folder / "sites").mkdir()
    text = sites.read_text("utf-8").replace("div.story__body", "div.body-of-old")
    (cli.folder / "sites/gazette.yml").write_text(text)
    ran = cli("crawl", "gazette/rss")
    assert ran.code == 0, ran.out + ran.err
    assert "found by fallback" in ran.out
    assert "body 11" in ran.out.split("found by fallback")[1].splitlines()[0]  # one has two pages
    assert len(cli.names) == 10
