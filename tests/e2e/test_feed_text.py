"""Articles whose page gives nothing: their posts have the text of the feed."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

from support.cli import Cli, Ran
from support.fetching import Reply, Server, http

HOST = "kurier.example"
SITE = """
title: Kurier
home: http://kurier.example/
listing: {kind: feed, url: 'http://kurier.example/rss.xml'}
categories: {news: {}}
"""
EXCERPTS = {
    "en": "The ferry between the two islands will stop at noon from Monday on, the company says,"
    " because the second of its three boats needs a new engine. Pupils and nurses may take the"
    " early boat without a ticket until Easter.",
    "de": "Die Fähre zwischen den beiden Inseln fährt ab Montag nur noch bis zum Mittag, teilt die"
    " Reederei mit, weil das zweite ihrer drei Boote einen neuen Motor braucht. Schüler und"
    " Pfleger dürfen bis Ostern ohne Fahrschein mitfahren.",
    "zh": "轮渡公司表示，从星期一起，两座岛屿之间的渡轮每天只开到中午，因为三艘船中的第二艘需要更换"
    "发动机。学生和护士在复活节之前可以免费乘坐早班船，其余乘客须在前一天晚上八点之前在网上订票。",
}
TITLES = {
    "en": "Ferry stops at noon",
    "de": "Fähre fährt nur bis Mittag",
    "zh": "岛间渡轮只开到中午",
}
STORY = (
    "Nobody knows when the new engine will come, since the only works that build it have been shut"
    " after a flood and will not say when they open again.",
    "The mayor of the larger island wants to hire a boat from the mainland, for which the council"
    " would have to pay half of what it set aside for the school.",
    "On the smaller one, the baker has already begun to sell bread on two days only, and the doctor"
    " sees her patients by telephone unless they break a bone.",
)
CONSENT = {
    "en": ("Your choice", "We and our partners use cookies to show adverts. Accept all to go on."),
    "de": ("Kurier mit Werbung", "Lesen Sie den Kurier wie gewohnt mit Werbung und Tracking."),
    "zh": ("隐私提示", "我们和合作伙伴使用小型文本文件投放广告。请同意后继续浏览。"),
}


def feed(entries: Mapping[str, tuple[str, str]]) -> bytes:
    """A feed of entries: the path of each, with its title and its text."""
    items = "".join(
        f"<item><title>{title}</title><link>http://{HOST}{path}</link>"
        "<pubDate>Tue, 29 Sep 2026 08:30:00 +0000</pubDate>"
        f"<description>{html.escape(f'<p>{text}</p>')}</description></item>"
        for path, (title, text) in entries.items()
    )
    body = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>"
    return http(body.encode(), headers={"Content-Type": "application/rss+xml"})


def page(title: str, *paragraphs: str, more: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return http(
        f"<!DOCTYPE html><meta charset=utf-8><title>{title}</title>{more}<body>"
        f"<main><h1>{title}</h1>{text}</main>".encode()
    )


def pages(language: str) -> dict[str, Reply]:
    """The pages that give nothing, by kind."""
    title = TITLES[language]
    return {
        "unauthorised": http(b"<title>x</title><p>Enable JS</p>", 401),
        "forbidden": http(b"<title>x</title>", 403),
        "shell": http(
            f"<!DOCTYPE html><meta charset=utf-8><title>{title}</title>"
            "<div id=root></div><script src=/app.js></script>".encode()
        ),
        "consent": page(*CONSENT[language]),
        "player": page(title, more="<meta property=og:type content=video.other>"),
        "picture": page(title, "<img src=/a.jpg>"),
    }


def crawl(cli: Cli, replies: dict[str, Reply]) -> Ran:
    with Server({"/robots.txt": http(status=404), **replies}) as server:
        return cli("crawl", "kurier/news", "--connect-to", server.address)


def posts_of(cli: Cli) -> dict[str, str]:
    """The posts by the paths of their articles."""
    texts = [(cli.posts / name).read_text("utf-8") for name in cli.names]
    return {text.rpartition(f"<http://{HOST}")[2].partition(">")[0]: text for text in texts}


def kurier(folder: Path) -> Cli:
    (folder / "sites").mkdir()
    (folder / "sites/kurier.yml").write_text(SITE)
    return Cli(folder, None)


def test_a_page_that_gives_nothing_leaves_the_text_of_the_feed(tmp_path: Path) -> None:
    cli = kurier(tmp_path)
    replies = {
        f"/{language}/{kind}": reply
        for language in EXCERPTS
        for kind, reply in pages(language).items()
    }
    entries = {path: (TITLES[path[1:3]], EXCERPTS[path[1:3]]) for path in replies}
    ran = crawl(cli, {"/rss.xml": feed(entries), **replies})
    assert ran.code == 0, ran.out
    assert f"{len(replies)} articles with the text of the feed" in ran.out
    posts = posts_of(cli)
    assert sorted(posts) == sorted(replies)
    for path, post in posts.items():
        language = path[1:3]
        assert EXCERPTS[language] in post, path
        assert TITLES[language] in post, path
        assert CONSENT[language][1] not in post, path


def test_when_the_text_of_the_feed_is_the_article(tmp_path: Path) -> None:
    cli = kurier(tmp_path)
    title, text = TITLES["en"], EXCERPTS["en"]
    entries = {f"/{name}": (title, text) for name in ("more", "404", "410", "500", "closed")}
    entries["/teaser"] = title, "The ferry stops at noon from Monday on."
    replies: dict[str, Reply] = {f"/{code}": http(status=code) for code in (404, 410, 500)}
    replies |= {"/teaser": http(status=403), "/more": page("No boats", *STORY)}
    replies |= {"/closed": page(title, *STORY)}
    crawl(cli, {"/rss.xml": feed(entries), **replies})
    first = posts_of(cli)
    # A page with more than the feed counts, whatever its headline.
    assert sorted(first) == ["/closed", "/more"]
    assert all(STORY[0] in post and f"<p>{text}" not in post for post in first.values())

    # A post keeps its text when its page is closed.
    entries["/closed"] = "Ferry stops at one", text
    replies["/closed"] = http(status=403)
    crawl(cli, {"/rss.xml": feed(entries), **replies})
    assert posts_of(cli) == first
    # A page that may only be late is asked for three times.
    crawl(cli, {"/rss.xml": feed(entries), **replies})
    posts = posts_of(cli)
    assert text in posts.pop("/404")
    assert posts == first
