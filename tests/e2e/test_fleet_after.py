"""What a publisher does after it has published: alerts, the ping, retention, exports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.cli import Cli
from support.fetching import ARTICLE, Reply, Server, http, listed, site
from support.fleet import Fleet
from support.postgresql import Server as Postgresql
from support.receiver import Receiver, receiving

FILE = """\
sources:
  - source: attack/x
retain: 2
alerts: [alerts.log]
ping: ${PING_URL}
exports: [output/all.jsonl]
"""
GOOD, GONE = listed("/a/1", "/a/2", "/a/3"), http(status=404)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def crew(tmp_path: Path, receiver: Receiver, postgresql: Postgresql) -> Iterator[Fleet]:
    cli = site(tmp_path, "news.example")
    fleet = Fleet(cli, postgresql)
    (tmp_path / "newsspider.yml").write_text(FILE)
    cli.variables["PING_URL"] = f"http://{receiver.address}/ping"
    yield fleet
    fleet.stop()


def records(cli: Cli) -> list[dict[str, Any]]:
    """The records of the runs, the oldest first."""
    folder = cli.folder / "output/site/.newsspider/runs"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def round_of(crew: Fleet, listing: bytes, gone: Sequence[int] = ()) -> None:
    replies: dict[str, Reply | list[Reply]] = {
        "/robots.txt": http(status=404),
        "/": listing,
        **{f"/a/{number}": GONE if number in gone else ARTICLE for number in (1, 2, 3)},
    }
    crew.plan()
    with Server(replies) as server:
        for role in ("work", "publish"):
            crew.run(role, "--once", "--connect-to", server.address)


def test_a_publisher_alerts_pings_and_retains_as_a_crawl_does(
    crew: Fleet, receiver: Receiver
) -> None:
    cli = crew.cli
    round_of(crew, GOOD)
    assert len(cli.names) == 2  # `retain` has removed the oldest of three
    assert [path for _, path, _ in receiver.received] == ["/ping"]
    assert len((cli.folder / "output/all.jsonl").read_text().splitlines()) == 2
    own = records(cli)[-1]["sources"]["attack/x"]
    assert {name: own[name] for name in ("found", "fetched", "written", "expired")} == {
        "found": 3,
        "fetched": 3,
        "written": 3,
        "expired": 1,
    }
    for _ in range(2):
        round_of(crew, GONE)
    round_of(crew, GOOD)
    assert [path for _, path, _ in receiver.received] == ["/ping", "/ping"]
    lines = (cli.folder / "alerts.log").read_text().splitlines()
    assert [line.split(" ")[1:4] for line in lines] == [
        ["attack/x", "is", "broken:"],
        ["attack/x", "has", "recovered"],
    ]
    assert "the address of its listing is gone" in lines[0]
    assert len(cli.names) == 2


def test_the_post_of_an_article_that_was_taken_down_is_removed(
    crew: Fleet, postgresql: Postgresql
) -> None:
    cli, keys = crew.cli, "{source: attack/x, recheck: 60d, follow_removals: true}"
    (cli.folder / "newsspider.yml").write_text(f"sources: [{keys}]\n")
    round_of(crew, GOOD)
    edited, *others = cli.names
    (cli.posts / edited).write_text((cli.posts / edited).read_text() + "\nMy words.\n")
    for missing in ("", "2026-01-01T00:00:00+00:00"):
        changes = f"checked = '2026-01-01T00:00:00+00:00', missing = '{missing}'"
        postgresql.execute(f"UPDATE checks SET {changes}", crew.address)
        round_of(crew, GOOD, gone=(1, 2))
    assert len(others) == 2
    assert edited in cli.names
    assert len(cli.names) == 2
    notes = [note for record in records(cli) for note in record["notes"]]
    assert sum("was taken down: its post is removed" in note for note in notes) == 2
    assert sum(note.startswith(f"{edited} was edited by hand, and stays") for note in notes) == 1
    round_of(crew, GOOD)
    assert len(cli.names) == 2  # never written again


def test_what_cannot_be_used_is_refused_at_the_start(crew: Fleet) -> None:
    crew.plan()
    del crew.cli.variables["PING_URL"]
    ran = crew.cli("fleet", "publish", "--once")
    assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
    assert "ping: the environment variable PING_URL is not set" in ran.err
