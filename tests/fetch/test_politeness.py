"""Retry-After, back-off and retries: a host that is in trouble is left alone."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom
from support.cli import Cli
from support.fetching import ARTICLE, Server, http, probe
from support.waiting import PATIENCE

from newsspider.fetch.politeness import IN_A_ROW, retry_after

HOST = "http://news.example"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NO_ROBOTS = {"dont_obey_robotstxt": True}


def busy(after: str, status: int = 429) -> bytes:
    return http(b"later", status, {"Retry-After": after})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 23 Nov 2026 10:02:00 GMT", 120),
        ("Monday, 23-Nov-26 10:02:00 GMT", 120),
        ("Mon Nov 23 10:02:00 2026", 120),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0),
        *((bad, None) for bad in ("", "soon", "-5", "1.5", "9" * 400, "Mon, 99 Nov 2026", "²")),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_retry_after_of_anything_is_no_error(value: str) -> None:
    assert (retry_after(value, NOW) or 0) >= 0


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_makes_the_whole_host_wait_and_no_other(status: int) -> None:
    urls = [f"{HOST}/{number}" for number in range(5)]
    other = "http://other.example/a"
    replies = {"news.example/0": [busy("4", status), ARTICLE], "*": ARTICLE}
    with Server(replies) as server:
        ran = probe([*urls, other], server, meta=NO_ROBOTS, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert set(ran.reasons().values()) == {""}
    times = [when for when, host, _ in server.asked if host == "news.example"]
    assert len(times) == 6  # and not one more
    assert times[1] - times[0] >= 3.95
    (elsewhere,) = server.times("/a")
    assert elsewhere < times[1]
    assert "waiting 4 s for news.example: it answers" in ran.log
    assert ran.log.count("waiting ") == 1


def test_a_date_in_retry_after_is_waited_for() -> None:
    until = time.monotonic() + 4  # a date has no fraction of a second
    moment = datetime.now(UTC) + timedelta(seconds=5)
    busy_until = busy(format_datetime(moment, usegmt=True))
    with Server({"/a": [busy_until, ARTICLE]}) as server:
        ran = probe([f"{HOST}/a"], server, meta=NO_ROBOTS)
    _, second = server.times("/a")
    assert set(ran.reasons().values()) == {""}
    assert second >= until


@pytest.mark.parametrize("after", ["3600", "Fri, 01 Jan 2099 00:00:00 GMT", "999999999"])
def test_attack_a_host_that_wants_longer_than_a_run_waits_is_left_to_a_later_run(
    after: str,
) -> None:
    urls = [f"{HOST}/{number}" for number in range(30)]
    with Server({"news.example/0": busy(after, 503), "*": ARTICLE}) as server:
        ran = probe(urls, server, meta=NO_ROBOTS, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert set(ran.reasons().values()) == {"HostBusy"}
    assert server.paths() == ["/0"]
    assert len(ran.notes) == 1 and "a run waits 300 s" in ran.notes[0]


def test_attack_a_host_that_always_fails_is_asked_a_few_times_and_ever_more_slowly() -> None:
    urls = [f"{HOST}/{number}" for number in range(60)]
    with Server({"*": http(status=502)}) as server:
        ran = probe(urls, server, meta=NO_ROBOTS, NEWS_BACK_OFF=0.05, DOWNLOAD_TIMEOUT=5)
    times = [when for when, _, _ in server.asked]
    assert len(times) <= IN_A_ROW + 8  # those of the last failure's own moment
    gaps = [b - a for a, b in pairwise(times)]
    assert max(gaps) > 0.9 * 0.05 * 2 ** (IN_A_ROW - 2)
    assert set(ran.reasons().values()) <= {"Http502", "HostDown", "Timeout"}  # on a busy machine
    assert list(ran.reasons().values()).count("HostDown") > 50
    assert any("in a row (502): skipped for this run" in note for note in ran.notes)


def test_attack_retry_at_once_for_ever_is_no_reason_to_do_so() -> None:
    urls = [f"{HOST}/{number}" for number in range(60)]
    with Server({"*": busy("0")}) as server:
        ran = probe(urls, server, meta=NO_ROBOTS, NEWS_BACK_OFF=0.05)
    assert len(server.asked) <= IN_A_ROW + 8
    assert list(ran.reasons().values()).count("HostDown") > 50


# -- one host, many ways to it ----------------------------------------------------------------


def slowly(connection: object) -> bytes:
    """Long enough for a second request to arrive while the first is open."""
    time.sleep(0.2)
    return ARTICLE


def test_a_host_that_two_sites_of_a_run_lead_to_is_asked_as_by_one() -> None:
    urls = [f"{HOST}/{number}" for number in range(3)]
    slow = {"DOWNLOAD_DELAY": 0.6, "DOWNLOAD_DELAY_JITTER": 0}
    with Server({"*": slowly}) as server:
        ran = probe(
            urls, server, meta=NO_ROBOTS, crawls=2, CONCURRENT_REQUESTS_PER_DOMAIN=1, **slow
        )
    assert len(server.asked) == 6
    assert server.most_at_once == 1
    assert min(ran.gaps("news.example")) > 0.5


def test_attack_a_host_that_fails_gets_no_second_chance_from_another_site() -> None:
    urls = [f"{HOST}/{number}" for number in range(30)]
    with Server({"*": http(status=500)}) as server:
        probe(urls, server, meta=NO_ROBOTS, crawls=3, NEWS_BACK_OFF=0.05)
    assert len(server.asked) <= IN_A_ROW + 8


def test_attack_redirects_are_no_way_round_the_pause_of_the_host_they_lead_to() -> None:
    """Scrapy leaves a redirected request in the slot of the host it came from."""
    replies = {
        f"{host}.example/{number}": http(status=302, headers={"Location": f"{HOST}/{host}{number}"})
        for host in "abc"
        for number in range(2)
    }
    urls = [f"http://{host}.example/{number}" for host in "abc" for number in range(2)]
    slow = {"DOWNLOAD_DELAY": 0.6, "DOWNLOAD_DELAY_JITTER": 0}
    with Server(replies | {"*": ARTICLE}) as server:
        ran = probe(urls, server, meta=NO_ROBOTS, CONCURRENT_REQUESTS_PER_DOMAIN=1, **slow)
    assert set(ran.reasons().values()) == {""}
    assert len(ran.gaps("news.example")) == 5
    assert min(ran.gaps("news.example")) > 0.5


def test_a_host_that_recovers_is_asked_as_before() -> None:
    urls = [f"{HOST}/{number}" for number in range(20)]
    bad = http(status=500)
    with Server({"/0": [bad, bad, ARTICLE], "/1": bad, "*": ARTICLE}) as server:
        ran = probe(urls, server, meta=NO_ROBOTS, NEWS_BACK_OFF=0.05)
    assert {url for url, reason in ran.reasons().items() if reason} == {f"{HOST}/1"}
    assert server.paths().count("/1") == 3


def test_a_host_without_an_answer_is_backed_off_from_too() -> None:
    with Server({"*": b""}) as server:  # hangs up
        ran = probe([f"{HOST}/a"], server, meta=NO_ROBOTS, NEWS_BACK_OFF=0.4)
    first, second, third = server.times("/a")
    assert second - first >= 0.4
    assert third - second >= 0.8
    assert ran.answers[f"{HOST}/a"].reason


@pytest.mark.parametrize("at_once", [1, 3])
def test_no_more_requests_at_once_than_is_set_even_without_a_delay(at_once: int) -> None:
    """Scrapy 2.19 starts all that are queued when DOWNLOAD_DELAY is 0."""

    full = threading.Barrier(at_once)

    def together(connection: object) -> bytes:
        full.wait(PATIENCE)
        return slowly(connection)

    urls = [f"{HOST}/{number}" for number in range(9)]
    with Server({"*": together}) as server:
        probe(urls, server, meta=NO_ROBOTS, CONCURRENT_REQUESTS_PER_DOMAIN=at_once)
    assert len(server.asked) == 9
    assert server.most_at_once == at_once


# -- said while it waits ----------------------------------------------------------------------


def test_a_wait_is_a_line_in_the_log_and_not_a_flood(cli: Cli, newsroom: Newsroom) -> None:
    later = {"Retry-After": "2"}
    newsroom.fault("finews.zning.xyz", "/NewsData", status=429, times=1, headers=later)
    ran = cli("crawl", "finews/renminyoudianbao", "-v")
    assert ran.code == 0
    said = [line for line in ran.err.splitlines() if "waiting" in line]
    assert len(said) == 1
    assert "for finews.zning.xyz: it answers 429 and asks for 2 s" in said[0]
    assert "waiting" not in cli("crawl", "finews/renminyoudianbao").err


def test_a_wait_is_shown_in_the_bar_with_its_host(cli: Cli, newsroom: Newsroom) -> None:
    later = {"Retry-After": "200"}
    newsroom.fault("finews.zning.xyz", "/NewsData", status=503, times=1, headers=later)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "newsspider", "crawl", "finews/renminyoudianbao"]
    env = cli.environment() | {"TERM": "xterm"}
    crawl = subprocess.Popen(
        command, cwd=cli.folder, env=env, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    shown, waiting = b"", rb"waiting \d+ s for finews\.zning\.xyz \(it answers 503"
    with contextlib.suppress(OSError):  # the other end is closed: how Linux tells the end
        while got := os.read(ours, 65536):
            shown += got
            if re.search(waiting, shown):
                crawl.terminate()
    os.close(ours)
    crawl.wait(PATIENCE)
    assert re.search(waiting, shown)


def test_a_run_that_waits_can_be_stopped_at_once(cli: Cli, newsroom: Newsroom) -> None:
    later = {"Retry-After": "200"}
    newsroom.fault("finews.zning.xyz", "/NewsData", status=503, headers=later)
    crawl = cli.start("crawl", "finews/renminyoudianbao", "-v")
    assert crawl.stdout is not None
    assert any("waiting 200 s for finews.zning.xyz" in line for line in crawl.stdout)
    crawl.send_signal(signal.SIGINT)
    out, _ = crawl.communicate(timeout=PATIENCE)
    assert crawl.returncode == 1, out
    assert re.search("^failed +0", out, re.M), out
    newsroom.clear_faults()
    assert cli("crawl", "finews/renminyoudianbao").code == 0
    assert len(cli.names) >= 4
