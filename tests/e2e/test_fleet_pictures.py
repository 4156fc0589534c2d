"""Pictures that a fleet keeps: as one machine keeps them, fetched by the workers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli import Cli
from support.drawn import SVG, drawn, scene
from support.fetching import Reply, Server, http, listed, site
from support.fleet import Fleet
from support.postgresql import Server as Postgresql
from support.runs import site_of

TEXT = "<p>Some text of an article, which is as long as the text of a short one.</p>"
LATE = "/late.jpg"


def article(*pictures: str) -> bytes:
    figures = "".join(f'<figure><img src="{src}"></figure>' for src in pictures)
    return http(f"<html><div>{TEXT}{figures}</div></html>".encode())


def picture(seed: int, kind: str = "JPEG") -> bytes:
    return http(drawn(kind, scene(seed=seed)), headers={"Content-Type": f"image/{kind.lower()}"})


def replies() -> dict[str, Reply | list[Reply]]:
    return {
        "/robots.txt": http(status=404),
        "/": listed("/a/1", "/a/2", "/a/3"),
        "/a/1": article("/1.jpg", "/shared.png"),
        "/a/2": article("/shared.png", "/drawing.svg", LATE),
        "/a/3": article("/1.jpg?again", "/2.jpg", LATE),
        "/1.jpg": picture(1),
        "/1.jpg?again": picture(1),
        "/2.jpg": picture(2),
        "/shared.png": picture(3, "PNG"),
        "/drawing.svg": http(SVG, headers={"Content-Type": "image/svg+xml"}),
        LATE: [http(status=404), picture(4)],
    }


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = site(tmp_path, "news.example")
    file = tmp_path / "sites/attack.yml"
    file.write_text(file.read_text().replace("category: x}", "category: x, images: local}"))
    return cli


@pytest.fixture
def crew(cli: Cli, postgresql: Postgresql) -> Iterator[Fleet]:
    fleet = Fleet(cli, postgresql)
    (cli.folder / "newsspider.yml").write_text("sources: [{source: attack/x}]\n")
    yield fleet
    fleet.stop()


def outcomes(folder: Path) -> dict[str, tuple[object, ...]]:
    """What became of each address, but for the moments."""
    lines = (folder / "_newsspider/pictures.jsonl").read_text().splitlines()
    values = [json.loads(line) for line in lines]
    return {
        each["url"]: tuple(each.get(name) for name in ("file", "width", "why", "tries"))
        for each in values
    }


def round_of(crew: Fleet, server: Server) -> None:
    crew.plan()
    for role in ("work", "publish"):
        crew.run(role, "--once", "--connect-to", server.address)


def test_the_pictures_are_those_of_one_machine(crew: Fleet, postgresql: Postgresql) -> None:
    folder = crew.cli.folder / "output/site"
    with Server(replies()) as server:
        address = crew.cli.variables.pop("NEWSSPIDER_LEDGER")
        ran = crew.cli("crawl", "--connect-to", server.address)
        assert ran.code == 0, ran.err
        expected, fates = site_of(folder), outcomes(folder)
    assert sum(name.startswith("assets/images/small/") for name in expected) == 3
    shutil.rmtree(folder)
    crew.cli.variables["NEWSSPIDER_LEDGER"] = address
    with Server(replies()) as server:
        round_of(crew, server)
        assert site_of(folder) == expected
        assert outcomes(folder) == fates
        # What the folder has, or waits for, is asked for by no other crawl.
        postgresql.execute("UPDATE links SET state = 'pending'", address)
        round_of(crew, server)
        for path in ("/1.jpg", "/2.jpg", "/shared.png", "/drawing.svg", LATE):
            assert len(server.times(path)) == 1
        assert site_of(folder) == expected
        # A picture that failed is asked for again when it is due, and shown in its post.
        postgresql.execute("UPDATE pictures SET due = now() WHERE due IS NOT NULL", address)
        round_of(crew, server)
        assert len(server.times(LATE)) == 2
        assert len(server.times("/robots.txt")) == 1  # it comes with the lease of the host
        later = site_of(folder)
    changed = {name for name, data in expected.items() if later[name] != data and "_posts" in name}
    assert changed == {
        name for name, data in expected.items() if LATE.encode() in data and "_posts" in name
    }
    assert len(changed) == 2
    assert not any(LATE.encode() in later[name] for name in changed)
    assert len([name for name in later if name.startswith("assets/images/small/")]) == 4
    assert crew.number("SELECT COUNT(*) FROM outbox") == 0


def test_a_picture_that_was_taken_away_is_fetched_again(
    crew: Fleet, postgresql: Postgresql
) -> None:
    folder = crew.cli.folder / "output/site"
    with Server(replies()) as server:
        round_of(crew, server)
        before = site_of(folder)
        shutil.rmtree(folder / "assets/images")
        # The next article that shows it has a link first, and the crawl after it the picture.
        postgresql.execute("UPDATE links SET state = 'pending'", crew.address)
        round_of(crew, server)
        round_of(crew, server)
        after = site_of(folder)
    assert {n for n in before if "assets" in n} == {n for n in after if "assets" in n}
    assert after == before
