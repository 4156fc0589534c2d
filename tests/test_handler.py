"""The download handler: where connections go, and where they never do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Cli

from newsspider.demo import Newsroom

SITE = """
title: Attack
listing:
  kind: html
  url: {url}
  items: a
  fields: {{url: '@href', title: '.'}}
categories: {{x: {{}}}}
"""


@contextmanager
def _listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback that notes what it is sent."""
    got: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                got.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1], got
    finally:
        server.close()


def _attack(folder: Path, url: str) -> Cli:
    (folder / "sites").mkdir()
    (folder / "sites/attack.yml").write_text(SITE.format(url=f"'{url}'"))
    return Cli(folder, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]"])
def test_attack_a_listing_on_a_private_address_is_never_connected_to(
    tmp_path: Path, host: str
) -> None:
    with _listener() as (port, got):
        ran = _attack(tmp_path, f"http://{host}:{port}/")("crawl", "attack/x")
    assert ran.code == 3
    assert "RefusedAddress" in ran.out
    assert got == []


def test_attack_a_name_that_resolves_to_loopback_is_never_connected_to(tmp_path: Path) -> None:
    name = socket.gethostname()
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(name, 80)}
    except OSError:
        pytest.skip("this machine's own name does not resolve")
    with _listener() as (port, got):
        ran = _attack(tmp_path, f"http://{name}.:{port}/")("crawl", "attack/x")
    assert ran.code == 3, addresses
    assert got == []


def test_a_private_address_can_be_allowed(tmp_path: Path) -> None:
    with _listener() as (port, got):
        cli = _attack(tmp_path, f"http://127.0.0.1:{port}/")
        cli("crawl", "attack/x", "-s", "NEWS_ALLOW_PRIVATE=1", "-s", "DOWNLOAD_DELAY=0")
    assert got and got[-1].startswith(b"GET / HTTP/1.1")


def test_connect_to_keeps_the_url_and_the_host(cli: Cli, newsroom: Newsroom) -> None:
    cli("crawl", "finews/renminyoudianbao", "--limit", "1")
    hosts = {host for _, host, _ in newsroom.requests}
    assert hosts == {"finews.withounder.com", "finews.zning.xyz"}


def test_attack_a_redirect_to_a_private_address_is_refused(cli: Cli, newsroom: Newsroom) -> None:
    newsroom.fault(
        "finews.zning.xyz",
        "/NewsData",
        status=302,
        headers={"Location": "http://169.254.169.254/latest/meta-data/"},
    )
    ran = cli("share", "NW202204262359811335")
    assert ran.code == 3
    assert "RefusedAddress 1" in ran.out
    assert not [host for _, host, _ in newsroom.requests if host.startswith("169.")]
