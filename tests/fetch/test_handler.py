"""The download handler: where connections go, and where they never do."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.fetching import ARTICLE, Server, http, listed, probe, site
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

from newsspider.fetch.failures import RefusedAddress
from newsspider.fetch.handler import _Endpoint

FORMS = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]")
MORE_FORMS = (
    *("[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0"),
    *("[::]", "[fe80::1%25lo]", "localhost.", "LOCALHOST", "127。0。0。1", "①②⑦.⓪.⓪.①", "0"),
)


# -- every hop --------------------------------------------------------------------------------


def test_attack_private_addresses_are_never_connected_to_in_any_spelling() -> None:
    with Server({"*": ARTICLE}) as server, Server({"*": ARTICLE}, "::1") as other:
        urls = [
            f"http://{form}:{port}/{at}"
            for at, form in enumerate((*FORMS, *MORE_FORMS))
            for port in (server.port, other.port)
        ]
        ran = probe(urls)
    assert {
        url: reason for url, reason in ran.reasons().items() if reason != "RefusedAddress"
    } == {}
    assert server.asked == other.asked == []


def test_attack_redirects_of_pages_and_of_robots_to_the_inside_are_refused() -> None:
    with Server({}) as inside:
        targets = [f"http://{form}:{inside.port}/x" for form in FORMS]
        targets += [f"//127.0.0.1:{inside.port}/x", "http://169.254.169.254/latest/meta-data/"]
        targets += ["ht\ttp://127.0.0.1/", "http:\\\\127.0.0.1\\", "http://news.example:25/"]
        targets += ["http://user:pass@10.0.0.1/", "http://metadata.google.internal/"]
        hops = {
            f"/{at}": http(status=302, headers={"Location": to}) for at, to in enumerate(targets)
        }
        robots = {"robots.example/robots.txt": http(status=301, headers={"Location": targets[0]})}
        other = {
            f"/{at}s": http(status=308, headers={"Location": to})
            for at, to in enumerate(("file:///etc/passwd", "gopher://127.0.0.1/_x", "ftp://a.b/"))
        }
        none = ("http://[::1", "http://news.example:99999/", "http://x:y/")
        bad = {f"/{at}n": http(status=302, headers={"Location": to}) for at, to in enumerate(none)}
        urls = [f"http://news.example{path}" for path in (*hops, *bad, *other)]
        with Server(hops | bad | other | robots | {"/fine": ARTICLE}) as server:
            ran = probe([*urls, "http://robots.example/fine"], server)
    reasons = [ran.reasons()[url] for url in urls]
    assert reasons == ["RefusedAddress"] * len({**hops, **bad}) + ["Http308"] * 3
    assert ran.reasons()["http://robots.example/fine"] == "RefusedAddress"
    assert inside.asked == []
    assert "/fine" not in server.paths()


def test_attack_links_api_addresses_and_listings_that_lead_inside_are_refused(
    tmp_path: Path,
) -> None:
    """Found on a page that was allowed: nothing but the page itself is asked for."""
    with Server({}) as inside:
        bad = [f"http://{form}:{inside.port}/a" for form in ("127.1", "[::1]", "localhost")]
        with Server({"/": listed(*bad, "http://good.news.example/a"), "/a": ARTICLE}) as server:
            cli = site(tmp_path, "news.example")
            ran = cli("crawl", "attack/x", "--connect-to", server.address)
    assert "RefusedAddress 3" in ran.out
    assert len(cli.names) == 1
    assert inside.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::1]"])
def test_attack_a_listing_on_a_private_address_is_never_connected_to(
    tmp_path: Path, host: str
) -> None:
    with Server({"*": ARTICLE}) as server:
        ran = site(tmp_path, f"{host}:{server.port}")("crawl", "attack/x")
    assert ran.code == 3
    assert "RefusedAddress" in ran.out
    assert server.asked == []


@pytest.mark.parametrize("command", ["crawl", "share", "add"])
def test_an_address_given_by_hand_is_guarded_like_any_other(tmp_path: Path, command: str) -> None:
    with Server({"*": ARTICLE}) as server:
        ran = Cli(tmp_path, None)(command, f"http://127.1:{server.port}/news/")
    assert ran.code == 3
    assert "127.1 (127.0.0.1) is not a public address" in ran.out + ran.err
    assert server.asked == []


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


# -- names ------------------------------------------------------------------------------------


def test_attack_a_name_that_resolves_to_the_inside_is_refused_as_such() -> None:
    name = socket.gethostname()
    try:
        socket.getaddrinfo(name, 80)
    except OSError:
        pytest.skip("this machine's own name does not resolve")
    with Server({"*": ARTICLE}, "") as server:
        url = f"http://{name}.local-domain.example:{server.port}/"
        own = f"http://{name}.:{server.port}/"
        ran = probe([own, url], RETRY_TIMES=0, meta={"dont_obey_robotstxt": True})
    assert ran.answers[own].reason == "RefusedAddress"
    assert ran.answers[url].reason in ("CannotResolveHost", "RefusedAddress")
    assert server.asked == []


@implementer(IHostnameResolver)
class Answers:
    """A name server that answers differently each time."""

    def __init__(self, *answers: Iterable[str]) -> None:
        self._answers = iter(answers)

    def resolveHostName(self, receiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        receiver.resolutionBegan(self)
        for host in next(self._answers):
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, 80))
        receiver.resolutionComplete()
        return self


def connected(reactor: MemoryReactorClock) -> list[str]:
    return [client[0] for client in reactor.tcpClients]


INSIDE = ("10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "64:ff9b::a00:1", "fd00::1")


def test_attack_a_name_that_changes_its_answer_gains_nothing() -> None:
    """What is judged is what is connected to: there is no second look-up to cheat."""
    reactor = MemoryReactorClock()
    reactor.installNameResolver(Answers(["93.184.215.14"], INSIDE, ["93.184.215.14", *INSIDE]))
    refused: list[Any] = []
    for _ in range(3):
        endpoint = _Endpoint(reactor, b"rebind.example", 80, 30, private=False)
        endpoint.connect(Factory()).addErrback(refused.append)
        reactor.advance(1)
    assert connected(reactor) == ["93.184.215.14"] * 2
    assert [failure.type for failure in refused] == [RefusedAddress]
    assert "10.0.0.1" in str(refused[0].value)


def test_what_a_site_file_opens_is_private_networks_and_nothing_more() -> None:
    reactor = MemoryReactorClock()
    reactor.installNameResolver(Answers(INSIDE))
    _Endpoint(reactor, b"intra.example", 80, 30, private=True).connect(Factory())
    for _ in range(9):
        reactor.advance(1)
    assert connected(reactor) == ["10.0.0.1", "127.0.0.1", "::1", "64:ff9b::a00:1", "fd00::1"]


# -- what opens -------------------------------------------------------------------------------


def test_a_setting_opens_private_addresses() -> None:
    with Server({"/": ARTICLE}) as server:
        ran = probe([f"http://localhost:{server.port}/"], NEWS_ALLOW_PRIVATE=True)
    assert set(ran.reasons().values()) == {""}


def test_a_site_file_opens_private_addresses_to_its_own_requests(tmp_path: Path) -> None:
    with Server({}) as server:
        here = f"127.0.0.1:{server.port}"
        server._replies["/"] = [listed(f"http://{here}/a", "http://169.254.169.254/b")]
        server._replies["/a"] = [ARTICLE]
        cli = site(tmp_path, here, "allow_private: true")
        ran = cli("crawl", "attack/x", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert server.paths() == ["/robots.txt", "/", "/a"], ran.err
    assert "RefusedAddress 1" in ran.out
    assert len(cli.names) == 1


def test_attack_a_connection_opened_for_one_site_serves_no_other() -> None:
    keep = ARTICLE.replace(b"Connection: close", b"Connection: keep-alive")
    with Server({"*": keep}) as server:
        mine, others = (f"http://127.0.0.1:{server.port}/{name}" for name in ("mine", "others"))
        opened = {mine: {"allow_private": True}}
        ran = probe([mine, others], meta=opened, CONCURRENT_REQUESTS=1)
    assert ran.reasons() == {mine: "", others: "RefusedAddress"}
    assert "/others" not in server.paths()


def test_connect_to_keeps_the_url_and_the_host(cli: Cli, newsroom: Newsroom) -> None:
    cli("crawl", "finews/renminyoudianbao", "--limit", "1")
    hosts = {host for _, host, _ in newsroom.requests}
    assert hosts == {"finews.withounder.com", "finews.zning.xyz"}
