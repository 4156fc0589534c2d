"""A page in an encoding that browsers do not read is a fault of the page, wherever it is met."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fetching import ARTICLE, Server, http, site

HOST = "news.example"
LIST = b"<ul><li><a href='/a'>Title of a page</a><time>2026-11-02 10:00</time></ul>"
PAGES = {
    "in the header": http(LIST, headers={"Content-Type": "text/html; charset=hz-gb-2312"}),
    "in the page": http(b"<meta charset=iso-2022-kr>" + LIST),
    "escapes": http(b"<meta charset=iso-2022-jp>\x1b$B<b>" + LIST + b"\xff\xff"),
}
WHY = ("which browsers do not read either", "escapes could hide markup")
COMMANDS = [
    ("crawl attack/x", 4),
    (f"crawl http://{HOST}/", 3),
    (f"share http://{HOST}/", 3),
    (f"add http://{HOST}/", 2),
    ("check attack", 4),
    ("check attack --fix", 4),
]


@pytest.fixture(params=PAGES.values(), ids=PAGES)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    replies = {"/": request.param, "/a": ARTICLE, "/robots.txt": http(status=404)}
    with Server(replies) as news:
        yield news


@pytest.mark.parametrize(("command", "code"), COMMANDS)
def test_attack_a_page_in_a_refused_encoding_is_reported(
    tmp_path: Path, server: Server, command: str, code: int
) -> None:
    cli = site(tmp_path, HOST)
    ran = cli(*command.split(), "--connect-to", server.address)
    output = ran.out + ran.err
    assert ran.code == code, output
    assert any(why in output for why in WHY), output
    assert "Traceback" not in output
    assert "fault of newsspider" not in output
