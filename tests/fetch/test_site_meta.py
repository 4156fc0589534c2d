"""Proxies: only those of site files, for that site's requests."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from support.fetching import ARTICLE, Server, http, listed, probe, site

from newsspider.errors import SiteError
from newsspider.sites import load


def test_the_requests_of_a_site_go_through_its_proxy_and_only_there(tmp_path: Path) -> None:
    replies = {"http://news.example/": listed("/a"), "http://news.example/a": ARTICLE}
    with Server(replies) as proxy:
        cli = site(tmp_path, "news.example", f"proxy: http://me:s3cret@127.0.0.1:{proxy.port}")
        quick = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
        ran = cli("crawl", "attack/x", *quick)
    assert ran.code == 0, ran.err
    assert [path.removeprefix("http://news.example") for path in proxy.paths()] == [
        *("/robots.txt", "/", "/a")
    ]
    word = b64encode(b"me:s3cret").decode()
    assert all(f"Proxy-Authorization: Basic {word}" in head for head in proxy.heads)
    assert "s3cret" not in ran.out + ran.err


def test_attack_through_a_proxy_the_inside_is_still_refused_by_its_text() -> None:
    urls = ["http://169.254.169.254/", "http://127.1/", "http://router.local/", "http://[::1]/"]
    with Server({"*": ARTICLE}) as proxy:
        ran = probe(urls, meta={"proxy": f"http://{proxy.address}"})
    assert set(ran.reasons().values()) == {"RefusedAddress"}
    assert proxy.asked == []


def test_https_through_a_proxy_is_a_tunnel_to_the_host() -> None:
    with Server({"*": http(status=403)}) as proxy:
        meta = {"proxy": f"http://{proxy.address}", "dont_obey_robotstxt": True}
        ran = probe(["https://news.example/a"], meta=meta, RETRY_TIMES=0)
    assert proxy.heads[0].startswith("CONNECT news.example:443 HTTP/1.1")
    assert ran.answers["https://news.example/a"].reason == "Tunnel"


def test_attack_a_proxy_of_the_environment_is_not_used() -> None:
    with Server({"*": ARTICLE}) as proxy, Server({"/": ARTICLE}) as server:
        names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY")
        environment = dict.fromkeys(names, f"http://{proxy.address}")
        ran = probe(
            [f"http://127.0.0.1:{server.port}/"], NEWS_ALLOW_PRIVATE=True, environment=environment
        )
    assert set(ran.reasons().values()) == {""}
    assert proxy.asked == []


def test_connect_to_goes_before_a_proxy() -> None:
    with Server({"*": ARTICLE}) as proxy, Server({"/": ARTICLE}) as server:
        ran = probe(["http://news.example/"], server, meta={"proxy": f"http://{proxy.address}"})
    assert set(ran.reasons().values()) == {""}
    assert proxy.asked == []


@pytest.mark.parametrize(
    "proxy",
    ["socks5://127.0.0.1:1", "127.0.0.1:3128", "http://host", "https://a.b:1", "http://a b:1"],
)
def test_a_proxy_that_cannot_be_is_told_with_its_line(tmp_path: Path, proxy: str) -> None:
    site(tmp_path, "news.example", f"proxy: '{proxy}'")
    with pytest.raises(SiteError, match=r"attack.yml:3: proxy: .*http://HOST:PORT"):
        load("attack", tmp_path / "sites")
