"""Pages that only scripts make, in real Chromium; and what such a page must never get."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Newsroom
from newsroom.plain import pieces
from newsroom.scripted import API, HOST
from scrapy.http import HtmlResponse, Response, TextResponse
from support import DATA
from support.cli import Cli
from support.fetching import probe
from support.waiting import wait_until

from newsspider.errors import NotFetched
from newsspider.exporters.jekyll.post import read
from newsspider.fetch.browser.chromium import Browser, Limits, Wanted
from newsspider.fetch.browser.requests import Asked, Fetch
from newsspider.store.sqlite.ledger import SqliteLedger

SITES = str(DATA / "sites")
PAGE = f"https://{HOST}"
# A page is read at half of this, quiet or not: on a busy machine the scripts of the newsroom may
# still be at work.
PATIENT = ("-s", "NEWS_BROWSER_TIMEOUT=120")


@pytest.fixture(autouse=True)
def playwright() -> None:
    pytest.importorskip("playwright")


# -- a crawl ----------------------------------------------------------------------------------


def test_a_site_that_only_scripts_make(cli: Cli, newsroom: Newsroom, chromium: str) -> None:
    ran = cli("crawl", "tidewire/old", "--limit", "2", "--sites", SITES, *PATIENT)
    assert ran.code == 0, ran.out + ran.err
    newest = sorted(pieces(), key=lambda piece: piece.when)[-2:]
    posts = [read(name, (cli.posts / name).read_text("utf-8")) for name in cli.names]
    assert {post.title for post in posts if post} == {piece.title for piece in newest}
    # The page writes its times as the browser's clock has them: the site's, to the second.
    assert {post.published for post in posts if post} == {piece.when for piece in newest}
    asked = [f"{host}{path}" for _, host, path in newsroom.requests]
    assert asked.count(f"{HOST}/app.js") == 1, "each script once a crawl"
    assert asked.count(f"{API}/v2/news.json") == 1
    assert not [path for path in asked if "/images/" in path or path.endswith((".css", ".ico"))]
    ledger = SqliteLedger(cli.folder / "output/site/.newsspider/ledger.sqlite")
    assert ledger.is_shell("tidewire", "/old")
    assert ledger.is_shell("tidewire", "article")
    ledger.close()
    # The shell has not changed since, its news has: no validators are sent.
    story = replace(newest[-1], slug="flood", title="Flood in the old town", image="")
    newsroom.add(story)
    assert cli("crawl", "tidewire/old", "--limit", "1", "--sites", SITES, *PATIENT).code == 0
    assert len(cli.names) == 3
    assert any(story.title in (cli.posts / name).read_text("utf-8") for name in cli.names)


def test_a_share_link_whose_article_is_behind_its_fragment(cli: Cli, chromium: str) -> None:
    piece = pieces()[0]
    ran = cli("share", f"{PAGE}/read#/{piece.slug}", "--sites", SITES, *PATIENT)
    assert ran.code == 0, ran.out + ran.err
    assert piece.title in (cli.posts / cli.names[0]).read_text("utf-8")


def test_a_page_nobody_prepared(cli: Cli, chromium: str) -> None:
    ran = cli("crawl", f"{PAGE}/latest", "--limit", "1", "-O", "anywhere", *PATIENT)
    assert ran.code == 0, ran.out + ran.err
    assert "rendered     2" in ran.out
    assert cli("add", f"{PAGE}/latest", "--name", "wire").code == 0
    file = (cli.folder / "sites/wire.yml").read_text("utf-8")
    assert file.count("render: auto") == 2, "of the listing and of the articles"
    assert cli("test", "wire").out == "wire: unchanged (3 articles)\n"
    ran = cli("crawl", "wire/latest", "--limit", "1", *PATIENT)
    assert ran.code == 0 and len(cli.names) == 1, ran.out


@pytest.mark.parametrize("category", ["latest", "moved"])
def test_without_the_extra_its_name_is_told(tmp_path: Path, category: str) -> None:
    (tmp_path / "playwright").mkdir()
    (tmp_path / "playwright/__init__.py").write_text("raise ImportError('not installed')")
    with Newsroom() as room:
        cli = Cli(tmp_path, room)
        # Python started anew looks for modules in this folder first.
        with cli.start("crawl", f"tidewire/{category}", "--sites", SITES) as program:
            said, _ = program.communicate(timeout=300)
        assert program.returncode == 3
        assert "pip install 'newsspider[browser]'" in said


# -- attacks ----------------------------------------------------------------------------------


@contextmanager
def _inside() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, by TCP, TCP over IPv6 and UDP, and who knocked."""
    knocks: list[str] = []
    listening = [socket.create_server(("127.0.0.1", 0))]
    port = listening[0].getsockname()[1]
    with suppress(OSError):
        listening.append(socket.create_server(("::1", port), family=socket.AF_INET6))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", port))

    def accept(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                knocks.append("tcp")
                connection.close()

    def receive() -> None:
        with suppress(OSError):
            while got := datagrams.recv(100):
                knocks.append(f"udp {got!r}")

    for server in listening:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
    threading.Thread(target=receive, daemon=True).start()
    try:
        yield port, knocks
    finally:
        for one in (*listening, datagrams):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_attack_a_page_that_tries_everything(newsroom: Newsroom, chromium: str) -> None:
    with _inside() as (port, knocks):
        traps = [f"{PAGE}/trap?port={port}&{name}" for name in "ab"]
        urls = [*traps, f"{PAGE}/private/x", f"{PAGE}/latest"]
        done = probe(
            urls,
            meta={"render": True},
            NEWS_CONNECT_TO=newsroom.address,
            NEWS_BROWSER_TIMEOUT=120,
            CONCURRENT_REQUESTS_PER_DOMAIN=8,
        )
    assert knocks == []
    for url in traps:
        assert done.answers[url].status == 200
        assert '<p id="got"></p>' in done.answers[url].text, "nothing was got hold of"
        assert '<p id="kept">1</p>' in done.answers[url].text, "nothing is kept between pages"
    reasons = [done.answers[url].reason for url in urls[2:]]
    assert reasons == ["RobotsTxt", ""]
    assert "<ul><li>" in done.answers[urls[-1]].text
    asked = {path for _, host, path in newsroom.requests}
    assert not asked & {"/private/x", "/sw.js", "/prerendered", "/redirected", "/gone"}


# -- the browser alone ------------------------------------------------------------------------

LIMITS = Limits(program="", pages=2, recycle=50, seconds=120, size=500_000, requests=3, hops=2)
URL = "https://news.example/"


def wanted(body: str) -> Wanted:
    return Wanted(
        URL, HtmlResponse(URL, body=body.encode()), "newsspider", "Asia/Shanghai", "zh-CN"
    )


async def script(asked: Asked) -> Response:
    if not asked.part:
        return HtmlResponse(asked.url, body=b"<body>another page<script src=/a.js></script>")
    return TextResponse(asked.url, body=b"document.body.append(' made ')")


async def _render(browser: Browser, body: str, fetch: Fetch = script) -> str:
    """The HTML, or the name of the exception."""
    try:
        return (await browser.render(wanted(body), fetch, lambda name: None)).html
    except NotFetched as error:
        return type(error).__name__


def render(*bodies: str, limits: Limits = LIMITS) -> list[str]:
    """What becomes of pages that one browser shows."""

    async def run() -> list[str]:
        browser = Browser(limits)
        try:
            return await asyncio.gather(*(_render(browser, body) for body in bodies))
        finally:
            await browser.close()

    return asyncio.run(run())


def test_a_page_is_kept_to_its_limits(chromium: str) -> None:
    scripts = "".join(f"<script src=/{number}.js></script>" for number in range(9))
    grown = "<script>document.body.append('x'.repeat(600000))</script>"
    fooled = "<script>String.prototype.slice = () => 'x'; document.write = null</script>fooled"
    many, large, gone, own = render(
        f"<body>{scripts}",
        f"<body>{grown}",
        "<body><script>location.href = 'about:blank'</script>",
        f"<body>{fooled}",
    )
    assert many.count(" made ") == LIMITS.requests
    assert large == "TooLarge"
    assert gone == "NotRendered"
    assert "fooled" in own


def test_attack_a_script_without_end(chromium: str) -> None:
    limits = replace(LIMITS, seconds=2)
    assert render("<body><script>for (;;) {}</script>", limits=limits) == ["RenderTimeout"]
    wait_until(lambda: not _descendants())  # killed, and soon gone


def test_a_page_may_go_on_a_few_times(chromium: str) -> None:
    circle = "<body><script>if (location.search.length < 9) location.search += 'x'</script>"
    once, often = render("<body><script>location.href = '/b'</script>", circle)
    assert "another page" in once
    assert " made " in once
    assert "another page" in often


def test_a_browser_or_a_page_that_is_killed_is_started_anew(chromium: str) -> None:
    async def kill(asked: Asked) -> Response:
        os.kill(_chromium(), signal.SIGKILL)
        return await script(asked)

    async def kill_page(asked: Asked) -> Response:
        for pid, line in _descendants().items():
            if b"--type=renderer" in line:
                os.kill(pid, signal.SIGKILL)
        return await script(asked)

    async def run() -> list[str]:
        browser, page = Browser(LIMITS), "<body><script src=/a.js></script>"
        told = [await _render(browser, page, fetch) for fetch in (kill, kill_page, script)]
        await browser.close()
        return told

    lost, crashed, well = asyncio.run(run())
    assert (lost, crashed) == ("BrowserLost", "PageCrashed")
    assert " made " in well


def test_a_browser_is_replaced_after_so_many_pages(chromium: str) -> None:
    async def run() -> list[int]:
        browser, seen = Browser(replace(LIMITS, pages=1, recycle=2)), []

        async def look(asked: Asked) -> Response:
            seen.append(_chromium())
            return await script(asked)

        for _ in range(3):
            await _render(browser, "<body><script src=/a.js></script>", look)
        await browser.close()
        return seen

    first, second, third = asyncio.run(run())
    assert first == second != third
    wait_until(lambda: not _descendants())


def _chromium() -> int:
    """The process that is the browser, of those that this one started."""
    return min(pid for pid, line in _descendants().items() if b"--type=" not in line)


def _descendants() -> dict[int, bytes]:
    """Process ids and command lines of the Chromium processes under this one."""
    parents: dict[int, int] = {}
    lines: dict[int, bytes] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            lines[int(folder.name)] = (folder / "cmdline").read_bytes()
            parents[int(folder.name)] = int(fields[1])
    under = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in under} - under:
        under |= more
    return {pid: lines[pid] for pid in under if b"chromium" in lines[pid].split(b"\0")[0]}
