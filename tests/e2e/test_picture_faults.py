"""Killed at any step, the disk full at any write: while pictures are kept and while they are
removed, the next run finishes, no post shows a file that is missing, and nothing is fetched twice
that was kept."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.drawn import drawn, scene
from support.fetching import SITE, Server, http, listed
from support.launching import Ended
from support.runs import MEMORY, Runs, ledger_of, site_of

QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
CRAWL = ("crawl", "attack/x", *QUICK)
REMOVE = ("remove", "http://news.example/a/1", "--why", "a letter")
TEXT = "<p>Some text of an article, which is as long as the text of a short one: {}.</p>"


def page(number: int, *pictures: str) -> bytes:
    shown = "".join(f'<figure><img src="{src}" alt="The quay"></figure>' for src in pictures)
    text = TEXT.format(number) * 2
    return http(f"<html><title>x {number}</title><div>{text}{shown}</div></html>".encode())


def picture(width: int) -> bytes:
    return http(drawn("JPEG", scene(width, 200)), headers={"Content-Type": "image/jpeg"})


REPLIES = {
    "/robots.txt": http(status=404),
    "/": listed("/a/1", "/a/2"),
    "/a/1": page(1, "/p.jpg", "/q.jpg", "/lost.jpg"),
    "/a/2": page(2, "/p.jpg", "/r.jpg"),
    "/p.jpg": picture(300),
    "/q.jpg": picture(310),
    "/r.jpg": picture(320),
}


class Site:
    """A site whose pictures are kept, and folders of it."""

    def __init__(self, folder: Path) -> None:
        (folder / "sites").mkdir()
        text = SITE.format(host="news.example", more="")
        text = text.replace("category: x}", "category: x, images: local}")
        (folder / "sites/attack.yml").write_text(text)
        self._folder = folder

    def run(
        self, name: str, server: Server, *arguments: str, fault: str = "", at: int = 0
    ) -> Ended:
        return Runs(self._folder / name, server.address)(*arguments, fault=fault, at=at)

    def folder(self, name: str, template: Path | None = None) -> Path:
        folder = self._folder / name
        if template is not None:
            shutil.copytree(template, folder)
        return folder


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Site(Path(folder))


def check(folder: Path) -> None:
    """Every post shows only pictures that are there, each with its small copy."""
    for post in (folder / "_posts").glob("*.md"):
        for name in re.findall(r'src="/assets/images/([^"]*)"', post.read_text("utf-8")):
            assert (folder / "assets/images" / name).is_file(), (post.name, name)
            assert (folder / "assets/images/small" / name).is_file(), (post.name, name)


def sample(seed: str, steps: int, number: int) -> list[int]:
    return sorted(random.Random(seed).sample(range(2, steps + 1), number))


@pytest.fixture(scope="module")
def kept(site: Site) -> tuple[Path, int]:
    """The folder of a crawl that nothing disturbs, and its steps."""
    with Server(REPLIES) as server:
        ended = site.run("kept", server, *CRAWL)
    assert ended.code == 0, ended.said
    folder = site.folder("kept")
    assert len(list((folder / "assets/images").glob("*.jpg"))) == 3
    return folder, ended.steps


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_whatever_happens_while_pictures_are_kept_the_next_run_finishes(
    site: Site, kept: tuple[Path, int], fault: str
) -> None:
    whole, steps = kept
    for at in sample(fault, steps, 3):
        with Server(REPLIES) as server:
            ended = site.run(f"{fault}-{at}", server, *CRAWL, fault=fault, at=at)
            folder, where = site.folder(f"{fault}-{at}"), (at, ended.last, ended.said)
            assert ended.code == -signal.SIGKILL or fault == "full", where
            check(folder)
            known = kept_addresses(folder)
            server.asked.clear()
            again = site.run(f"{fault}-{at}", server, *CRAWL)
        assert again.code == 0, (*where, again.said)
        assert known.isdisjoint(server.paths()), where
        assert max(Counter(server.paths()).values()) == 1, where
        assert site_of(folder) == site_of(whole), where
        assert ledger_of(folder) == ledger_of(whole), where


def kept_addresses(folder: Path) -> set[str]:
    """The paths of the pictures that a folder keeps."""
    file = folder / "_newsspider/pictures.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    values = []
    for line in lines:
        try:
            values.append(json.loads(line))
        except ValueError:  # a full disk took the end of it
            continue
    return {value["url"].removeprefix("http://news.example") for value in values if "file" in value}


@pytest.fixture(scope="module")
def later(site: Site, kept: tuple[Path, int]) -> tuple[Path, Path, int]:
    """A folder in which a picture is due again, that folder after a crawl that keeps it, and the
    steps of that."""
    due = site.folder("due", kept[0])
    file = due / "_newsspider/pictures.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    dated = [
        line | ({"tried": "2025-01-01T00:00:00+00:00"} if "tried" in line else {}) for line in lines
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in dated), "utf-8")
    whole = site.folder("later", due)
    with Server(REPLIES | {"/lost.jpg": picture(330)}) as server:
        ended = site.run("later", server, *CRAWL)
    assert ended.code == 0, ended.said
    assert len(list((whole / "assets/images").glob("*.jpg"))) == 4
    return due, whole, ended.steps


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_whatever_happens_while_a_picture_is_kept_later_the_next_run_finishes(
    site: Site, later: tuple[Path, Path, int], fault: str
) -> None:
    due, whole, steps = later
    for at in sample(f"later {fault}", steps, 2):
        name = f"later-{fault}-{at}"
        folder = site.folder(name, due)
        with Server(REPLIES | {"/lost.jpg": picture(330)}) as server:
            ended = site.run(name, server, *CRAWL, fault=fault, at=at)
            check(folder)
            again = site.run(name, server, *CRAWL)
        where = (at, ended.last, ended.said, again.said)
        assert again.code == 0, where
        assert site_of(folder) == site_of(whole), where
        assert ledger_of(folder) == ledger_of(whole), where


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_whatever_happens_while_a_post_is_taken_down_it_is_done_again(
    site: Site, kept: tuple[Path, int], fault: str
) -> None:
    removed = site.folder(f"removed-{fault}", kept[0])
    with Server(REPLIES) as server:
        ended = site.run(f"removed-{fault}", server, *REMOVE)
        assert ended.code == 0, ended.said
        assert len(list((removed / "assets/images").glob("*.jpg"))) == 2
        for at in sample(f"remove {fault}", ended.steps, 2):
            name = f"remove-{fault}-{at}"
            folder = site.folder(name, kept[0])
            first = site.run(name, server, *REMOVE, fault=fault, at=at)
            again = site.run(name, server, *REMOVE)
            where = (at, first.last, first.said, again.said)
            assert again.code == 0, where
            assert site_of(folder) == site_of(removed), where
            assert "a letter" in (folder / "_newsspider/removed.txt").read_text("utf-8"), where
            crawled = site.run(name, server, *CRAWL)
            assert crawled.code == 0, where
            assert len(list((folder / "_posts").iterdir())) == 1, where
