"""robots.txt: what it says is done, and what it does not say is not assumed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.fetching import ARTICLE, Server, http, listed, probe, site

from newsspider.fetch import robots

HOST = "http://news.example"
TEXT = {"Content-Type": "text/plain"}


def rules(text: str) -> bytes:
    return http(text.encode(), headers=TEXT)


def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    text = "User-agent: newsspider\nDisallow: /private/\nAllow: /\nUser-agent: *\nDisallow: /"
    urls = [f"{HOST}/private/a", f"{HOST}/public/a"]
    with Server({"/robots.txt": rules(text), "*": ARTICLE}) as server:
        ran = probe(urls, server)
    assert ran.reasons() == dict(zip(urls, ["RobotsTxt", ""], strict=True))
    assert server.paths() == ["/robots.txt", "/public/a"]


def test_a_robots_txt_that_is_not_there_allows_and_one_that_fails_forbids() -> None:
    """RFC 9309: 4xx allows all (2.3.1.3), 5xx and no answer forbid all for now (2.3.1.4), more than
    five redirects are as if there were none (2.3.1.2)."""
    loop = http(status=302, headers={"Location": "/robots.txt"})
    robots = {
        **{str(status): (http(status=status), "") for status in (401, 403, 404, 410)},
        **{str(status): (http(status=status), "RobotsUnknown") for status in (429, 500, 503)},
        "cut": (http(b"cut", headers={"Content-Length": "99"}), "RobotsUnknown"),
        "hangs-up": (b"", "RobotsUnknown"),
        "silent": (lambda connection: time.sleep(300), "RobotsUnknown"),
        "loop": (loop, ""),
        "huge": (http(headers={"Content-Length": str(100 * 2**20)}), "RobotsUnknown"),
        "binary": (http(bytes(range(256)) * 9), ""),
    }
    replies = {f"{name}.example/robots.txt": reply for name, (reply, _) in robots.items()}
    urls = [f"http://{name}.example/a" for name in robots]
    with Server(replies | {"/a": ARTICLE}) as server:
        ran = probe(urls, server, RETRY_TIMES=0, DOWNLOAD_TIMEOUT=15, CONCURRENT_REQUESTS=32)
    expected = dict(zip(urls, [reason for _, reason in robots.values()], strict=True))
    assert ran.reasons() == expected
    asked = {host for _, host, path in server.asked if path == "/a"}
    assert asked == {f"{name}.example" for name, (_, reason) in robots.items() if not reason}
    for name, (_, reason) in robots.items():
        assert bool(reason) == any(f"{name}.example" in note for note in ran.notes), name


def test_a_failing_robots_txt_is_reported_and_the_next_run_does_the_work(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("finews.zning.xyz", "/robots.txt", status=503)
    ran = cli("crawl", "finews/renminyoudianbao", "--limit", "2")
    assert ran.code == 3
    assert "RobotsUnknown 2" in ran.out
    assert (
        "finews.zning.xyz seems to be down: the robots.txt of finews.zning.xyz cannot be fetched"
        in ran.out
    )
    assert "the robots.txt of finews.zning.xyz cannot be fetched (503)" in ran.out
    assert not [path for _, host, path in newsroom.requests if "NewsData" in path]
    newsroom.clear_faults()
    assert cli("crawl", "finews/renminyoudianbao").code == 0
    assert len(cli.names) >= 4


def test_a_listing_under_a_failing_robots_txt_ends_with_3_and_says_why(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("finews.withounder.com", "/robots.txt", status=500)
    ran = cli("crawl", "finews/renminyoudianbao")
    assert ran.code == 3
    assert "RobotsUnknown" in ran.out
    assert {path for _, _, path in newsroom.requests} == {"/robots.txt"}


@pytest.mark.parametrize("name", ["*", "newsspider"])
def test_its_crawl_delay_is_kept_by_every_request(name: str) -> None:
    urls = [f"{HOST}/{number}" for number in range(3)]
    text = f"User-agent: {name}\nCrawl-delay: 1"
    with Server({"/robots.txt": rules(text), "*": ARTICLE}) as server:
        ran = probe([*urls, "http://other.example/a"], server, CONCURRENT_REQUESTS_PER_DOMAIN=8)
    assert len(ran.gaps("news.example")) == 3
    assert min(ran.gaps("news.example")) > 0.7


def test_attack_a_crawl_delay_without_measure_is_bounded_and_told() -> None:
    with Server(
        {"/robots.txt": rules("User-agent: *\nCrawl-delay: 99999"), "/a": ARTICLE}
    ) as server:
        ran = probe([f"{HOST}/a"], server, NEWS_MAX_TIME=8)
    assert "news.example asks for 99999 s between requests (robots.txt); 60 s are kept" in ran.log


def test_attack_a_robots_txt_without_end_is_read_in_whole_lines() -> None:
    """Cut in the middle of `Disallow: /private/…` it would forbid the whole host."""
    start, last = "User-agent: *\nDisallow: /no\n#", "\nDisallow: /"
    text = start + "#" * (512 * 1024 - len(start + last)) + last + "private/\n"
    urls = [f"{HOST}/{name}" for name in ("no", "yes")]
    with Server({"/robots.txt": rules(text), "*": ARTICLE}) as server:
        ran = probe(urls, server)
    assert list(ran.reasons().values()) == ["RobotsTxt", ""]


def test_attack_patterns_that_would_take_for_ever_do_not() -> None:
    evil = "Disallow: /" + "a*" * 500 + "b\n"
    text = "User-agent: *\n" + evil * 400
    url = f"{HOST}/{'a' * 2000}"
    with Server({"/robots.txt": rules(text), "*": ARTICLE}) as server:
        ran = probe([url], server)
    assert ran.reasons() == {url: ""}  # a probe is killed after ten minutes


def test_attack_a_robots_txt_that_one_site_opened_is_not_another_sites(tmp_path: Path) -> None:
    """The first to ask is refused; a site file that opens the address asks for itself."""
    with Server({"/robots.txt": rules("User-agent: *\nDisallow: /no"), "*": ARTICLE}) as server:
        closed, opened, forbidden = (
            f"http://127.0.0.1:{server.port}/{name}" for name in ("closed", "opened", "no")
        )
        meta = {url: {"allow_private": True} for url in (opened, forbidden)}
        ran = probe([closed, opened, forbidden], meta=meta)
    assert ran.reasons() == {closed: "RefusedAddress", opened: "", forbidden: "RobotsTxt"}


def test_the_host_of_a_link_is_asked_for_its_own_robots_txt(tmp_path: Path) -> None:
    replies = {
        "news.example/": listed("http://other.example/a", "http://other.example/no"),
        "other.example/robots.txt": rules("User-agent: *\nDisallow: /no"),
        "other.example/a": ARTICLE,
    }
    with Server(replies) as server:
        cli = site(tmp_path, "news.example", "hosts: [other.example]")
        ran = cli("crawl", "attack/x", "--connect-to", server.address)
    assert "RobotsTxt 1" in ran.out
    assert ("other.example", "/no") not in [(host, path) for _, host, path in server.asked]


def test_a_kept_robots_txt_is_used_for_an_hour_and_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(robots, "monotonic", lambda: now)
    store = robots.Store()
    store.keep("a", b"Disallow: /\xff")
    store.keep("none", None)
    store.keep("large", b"x" * (64 * 1024 + 1))
    assert (store.get("a"), store.get("none"), store.get("large")) == (
        *((b"Disallow: /\xff",), (None,)),
        None,
    )
    assert store.has_changed
    later = robots.Store()
    now += 3599
    later.recall(json.loads(json.dumps(store.known())))
    assert not store.has_changed
    assert later.get("a") == (b"Disallow: /\xff",)
    now += 1
    assert (later.get("a"), later.known()) == (None, {})
    for number in range(200):
        store.keep(str(number), b"")
    assert len(store.known()) == 98  # 100 with the two that are too old
