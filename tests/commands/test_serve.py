"""`newsspider serve` by a real client: on loopback alone, with and without Jekyll."""

from __future__ import annotations

import http.client
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from support.cli import Cli
from support.waiting import PATIENCE


@contextmanager
def served(cli: Cli, *arguments: str) -> Iterator[http.client.HTTPConnection]:
    process = cli.start("serve", "--port", "0", *arguments)
    try:
        assert process.stdout
        line = process.stdout.readline()
        match = re.search(r"http://[\d.:]+", line)
        assert match, line + process.stdout.read()
        yield http.client.HTTPConnection(urlsplit(match[0]).netloc, timeout=PATIENCE)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def get(client: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, str]:
    client.request("GET", path, headers=headers)
    answer = client.getresponse()
    return answer.status, answer.read().decode()


@pytest.fixture
def crawled(cli: Cli) -> Cli:
    assert cli("crawl", "finews/renminyoudianbao", "--limit", "2").code == 0
    return cli


def test_plain_pages_and_the_report(crawled: Cli) -> None:
    site = crawled.posts.parent
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    with served(crawled, "--plain") as client:
        status, front = get(client, "/")
        assert status == 200
        for name in crawled.names:
            assert get(client, f"/_posts/{name}")[0] == 200 and name in front
        assert "The last runs of newsspider" in get(client, "/.newsspider/report.html")[1]
        assert get(client, "/../newsspider.yml")[0] == 404
        assert get(client, "/", Host="evil.example")[0] == 403
        assert get(client, "/", Host="localhost:99")[0] == 200
        client.request("POST", "/", b"x")
        assert client.getresponse().status == 501
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_the_site_that_jekyll_builds(crawled: Cli, jekyll: str) -> None:
    site = crawled.posts.parent
    before = set(site.rglob("*"))
    with served(crawled) as client:
        status, front = get(client, "/")
        assert status == 200 and 'rel="stylesheet"' in front
        assert get(client, "/category/renminyoudianbao.html")[0] == 200
        assert get(client, "/_posts/")[0] == 404
    assert set(site.rglob("*")) == before


def test_wrong_usages(cli: Cli) -> None:
    ran = cli("serve")
    assert (ran.code, "output/site: has no posts" in ran.err) == (2, True)
