"""A page that takes long to read, large or hostile, holds up neither the run nor other pages."""

from __future__ import annotations

import contextlib
import re
import signal
from pathlib import Path

import pytest
from costs.shapes import FEED, HTML, JSON, ORDINARY, SITEMAP
from support.cli import Cli
from support.fetching import ARTICLE, Server, http, listed, site
from support.waiting import PATIENCE, wait_until

HOST = "news.example"
ADDRESSES = [f"http://{HOST}/{name}" for name in ("large", "small")]


def server(megabytes: float, links: int = 0) -> Server:
    body = ORDINARY["an article"](int(megabytes * 1e6)).replace(b"article>", b"div>")
    body += b"<a href=/x>Another article of this site</a>" * links
    return Server({"/": listed(*ADDRESSES), "/large": http(body), "/small": ARTICLE})


def test_a_large_article_is_published_and_the_others_do_not_wait_for_it(tmp_path: Path) -> None:
    cli = site(tmp_path, HOST)
    with server(2, links=100_000) as news:
        ran = cli("crawl", "attack/x", "--connect-to", news.address)
    assert ran.code == 0, ran
    small, large = sorted(cli.posts.glob("*.md"), key=lambda path: path.stat().st_size)
    assert "Part 1999" in large.read_text()
    assert small.stat().st_mtime_ns < large.stat().st_mtime_ns


TIMED = """
import atexit, time
from newsspider.__main__ import main
atexit.register(lambda: print(f"took {time.process_time()} s"))
main()
"""


@pytest.mark.parametrize("how", ["SIGINT", "NEWS_MAX_TIME"])
def test_attack_a_run_ends_in_time_whatever_a_page_holds(tmp_path: Path, how: str) -> None:
    cli = site(tmp_path, HOST)
    with server(15) as news:
        command = ["crawl", "attack/x", "--connect-to", news.address]
        if how == "NEWS_MAX_TIME":
            command += ["-s", "NEWS_MAX_TIME=6"]
        run = cli.start(*command, code=TIMED)
        try:
            if how == "SIGINT":
                wait_until(lambda: _readers(cli.folder))
                run.send_signal(signal.SIGINT)
            out, _ = run.communicate(timeout=PATIENCE)
        finally:
            run.kill()
    # Of the CPU and without its reader, so that a busy machine fails no test.
    (took,) = re.findall("^took (.*) s$", out, re.M)
    assert float(took) < 15, out  # 25 s, were the page read to its end
    assert "Traceback" not in out
    assert re.search(r"failed +0", out), out
    assert not _readers(cli.folder)


# Each with some 20,000 links, each of which costs a millisecond until it waits for its turn.
LISTINGS = {
    "html": http(HTML["listed links"](2_000_000)),
    "feed": http(FEED["entries"](4_000_000), headers={"Content-Type": "application/rss+xml"}),
    "sitemap": http(SITEMAP["addresses"](1_200_000), headers={"Content-Type": "text/xml"}),
    "json": http(JSON["rows"](1_100_000), headers={"Content-Type": "application/json"}),
}
LISTING = """
title: Attack
listing: {listing}
articles: {{category: x}}
categories: {{x: {{}}}}
"""
RULES = {
    "html": "items: 'li, p', fields: {url: 'a::attr(href)', title: a, time: time}",
    "json": "items: data.list, fields: {url: url, title: title}",
}


@pytest.mark.parametrize("kind", LISTINGS)
def test_attack_a_run_ends_in_time_whatever_a_listing_holds(tmp_path: Path, kind: str) -> None:
    rules = RULES.get(kind, "")
    values = f"{{kind: {kind}, url: 'http://{HOST}/'{rules and f', {rules}'}}}"
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/attack.yml").write_text(LISTING.format(listing=values))
    cli = Cli(tmp_path, None)
    with Server({"/": LISTINGS[kind]}) as news:
        run = cli.start(
            *("crawl", "attack/x", "--connect-to", news.address, "-s", "NEWS_MAX_TIME=6"),
            code=TIMED,
        )
        try:
            out, _ = run.communicate(timeout=PATIENCE)
        finally:
            run.kill()
    (took,) = re.findall("^took (.*) s$", out, re.M)
    assert float(took) < 15, out
    assert "Traceback" not in out
    assert not _readers(cli.folder)


def _readers(folder: Path) -> list[str]:
    """Return the reader processes of runs in a folder, where the system lists processes there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if b"newsspider.text.reader" in command and (process / "cwd").readlink() == folder:
                found.append(process.name)
    return found


def test_add_leaves_a_page_that_takes_long_to_the_reader_process(tmp_path: Path) -> None:
    item = "<li><a href=/2026/11/{0}/harbour.html>The harbour was closed for {0} days</a>"
    items = "".join(map(item.format, range(1, 20)))
    page = f"<html><title>News</title><ul class=news>{items}</ul>{'<div><i>x</i> y</div>' * 60_000}"
    news = Server(
        {"/": http(page.encode())}, pages=lambda path: ARTICLE if "harbour" in path else None
    )
    cli = Cli(tmp_path, None)
    with news:
        ran = cli("add", f"http://{HOST}/", "--connect-to", news.address, "-v")
    assert "'reader/tasks': " in ran.err
    assert "19 found" in ran.out + ran.err
