"""Alerts and the ping of newsspider.yml, sent by real runs to a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import ARTICLE, Reply, Server, http, listed, site
from support.receiver import Receiver, receiving

FILE = """\
sources:
  - source: attack/x
alerts:
  - ${ALERT_URL}
  - alerts.log
ping: ${PING_URL}
"""
GOOD, GONE = listed("/a/1"), http(status=404)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def alerted(tmp_path: Path, receiver: Receiver) -> Cli:
    cli = site(tmp_path, "news.example")
    (tmp_path / "newsspider.yml").write_text(FILE)
    cli.variables = {
        "ALERT_URL": f"http://{receiver.address}/alert",
        "PING_URL": f"http://{receiver.address}/ping",
    }
    return cli


def crawl(cli: Cli, listing: Reply, *more: str) -> Ran:
    replies: dict[str, Reply] = {"/robots.txt": http(status=404), "/": listing, "/a/1": ARTICLE}
    with Server(replies) as server:
        return cli("crawl", "--all", "--connect-to", server.address, *more)


def test_a_break_and_its_recovery_are_sent_once_each(alerted: Cli, receiver: Receiver) -> None:
    codes = [crawl(alerted, listing).code for listing in (GOOD, GONE, GONE, GOOD, GOOD)]
    assert codes == [0, 4, 4, 0, 0]
    assert [path for _, path, _ in receiver.received] == [
        *("/ping", "/alert", "/alert", "/ping", "/ping")
    ]
    broken, recovered = (json.loads(body) for _, path, body in receiver.received if "al" in path)
    assert broken["title"] == "newsspider: attack/x is broken"
    assert "the address of its listing is gone" in broken["sources"][0]["why"]
    assert recovered["title"] == "newsspider: attack/x has recovered"
    lines = (alerted.folder / "alerts.log").read_text().splitlines()
    assert [line.split(" ")[1:4] for line in lines] == [
        ["attack/x", "is", "broken:"],
        ["attack/x", "has", "recovered"],
    ]


def test_a_dry_run_sends_nothing(alerted: Cli, receiver: Receiver) -> None:
    assert crawl(alerted, GONE, "--dry-run").code == 4
    assert receiver.received == []
    assert not (alerted.folder / "alerts.log").exists()


def test_a_receiver_that_fails_changes_no_exit_code(alerted: Cli, receiver: Receiver) -> None:
    receiver.status = 500
    ran = crawl(alerted, GOOD)
    assert (ran.code, "ping: the answer was 500" in ran.err) == (0, True)
    ran = crawl(alerted, GONE)
    assert ran.code == 4
    assert "alerts.0: the message 'newsspider: attack/x is broken' was not sent" in ran.err
    assert receiver.address not in ran.err + ran.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alerts: [https://s3cret.example/]", "newsspider.yml:3: alerts.0: an address is a secret"),
        ("alerts: https://s3cret.example/", "newsspider.yml:3: alerts: an address is a secret"),
        ("alerts: [{url: s3cret}]", "newsspider.yml:3: alerts: is not a list of texts"),
        ("ping: https://s3cret.example/", "newsspider.yml:3: ping: an address is a secret"),
        ("ping: ping.log", "newsspider.yml:3: ping: is not an address"),
        ("ping: [s3cret]", "newsspider.yml:3: ping: is not an address"),
        ("ping: ${NOT_SET}", "newsspider.yml:3: ping: the environment variable NOT_SET is not set"),
        ("ping: ${MAIL}", "newsspider.yml:3: ping: ${MAIL} is not an address that starts with"),
        ("alerts:\n  - ${BAD}", "newsspider.yml:4: alerts.0: ${BAD} is not an address"),
        ("alerts: [no/alerts.log]", "newsspider.yml:3: alerts.0: 'no/alerts.log' is not a file in"),
    ],
)
def test_what_cannot_be_used_starts_nothing(alerted: Cli, text: str, message: str) -> None:
    sources = "".join(FILE.splitlines(keepends=True)[:2])
    (alerted.folder / "newsspider.yml").write_text(sources + text + "\n")
    alerted.variables = {"BAD": "s3cret", "MAIL": "mailto://a:s3cret@example.com"}
    ran = alerted("crawl", "--all")
    assert (ran.code, message in ran.err, len(ran.err.splitlines())) == (2, True, 1), ran.err
    assert "s3cret" not in ran.err + ran.out
    assert not (alerted.folder / "output").exists()


def test_jekyll_must_not_publish_the_file_of_alerts(alerted: Cli) -> None:
    text = f"output: .\nalerts: [alerts.log]\n{FILE.partition('alerts:')[0]}"
    (alerted.folder / "newsspider.yml").write_text(text)
    (alerted.folder / "_config.yml").write_text("exclude: [newsspider.yml, sites/]\n")
    ran = alerted("crawl")
    assert (ran.code, "Jekyll would publish alerts.log" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize(("name", "published"), [("alerts.log", False), ("alerts.txt", True)])
def test_a_site_that_is_laid_does_not_publish_the_file_of_alerts(
    alerted: Cli, name: str, published: bool
) -> None:
    text = f"output: .\nalerts: [{name}]\nsites: _sites\n{FILE.partition('alerts:')[0]}"
    (alerted.folder / "newsspider.yml").write_text(text)
    (alerted.folder / "sites").rename(alerted.folder / "_sites")
    ran = crawl(alerted, GONE)
    if published:
        assert ran.code == 2
        assert f"Jekyll would publish {name}: begin the name with `_`" in ran.err
        assert not (alerted.folder / "_config.yml").exists()
    else:
        assert crawl(alerted, GOOD).code == 0, ran.err
        assert crawl(alerted, GONE).code == 4
        assert (alerted.folder / name).exists()
