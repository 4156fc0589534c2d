"""`retain` of newsspider.yml: old posts go, their addresses stay, and nothing comes back."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.jekyll_site import build, read_page
from support.runs import MEMORY, Runs, ledger_of, site_of

SOURCES = "sources:\n  - source: finews/renminyoudianbao\n  - source: finews/emnews\n"


def configure(folder: Path, retain: str = "") -> None:
    (folder / "newsspider.yml").write_text(f"{retain}\n{SOURCES}")


@pytest.fixture
def crawled(cli: Cli) -> Cli:
    configure(cli.folder)
    assert cli("crawl").code == 0
    return cli


def test_old_posts_go_and_their_addresses_stay(crawled: Cli, tmp_path: Path) -> None:
    before = crawled.names
    site = crawled.folder / "output/site"
    build(site, tmp_path / "before")
    configure(crawled.folder, "retain: 3")
    ran = crawled("crawl", "--all")
    assert (ran.code, crawled.names != before) == (0, True), ran.err
    went = sorted(set(before) - set(crawled.names))
    assert ["expired", f"{len(went)}"] in [line.split() for line in ran.out.splitlines()]
    build(site, tmp_path / "after")
    for name in went:
        (old,) = (tmp_path / "before").rglob(f"{name[11:-3]}.html")
        new = tmp_path / "after" / old.relative_to(tmp_path / "before")
        assert read_page(new).xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert read_page(new).xpath("string(//h1)") == read_page(old).xpath("string(//h1)")
    pages = (tmp_path / "after/sitemap.xml").read_text("utf-8")
    assert not any(name[11:-3] in pages for name in went)
    assert " expired" in crawled("status").out


def test_what_went_is_never_published_again(crawled: Cli, newsroom: Newsroom) -> None:
    configure(crawled.folder, "retain: 1")
    assert crawled("crawl", "--all").code == 0
    names = crawled.names
    (gone,) = (crawled.folder / "output/site/_newsspider").glob("removed.txt")
    key = gone.read_text().split("\t")[0].rpartition(":")[2]
    assert crawled("share", f"NW{key}").code == 0
    clone = crawled.folder / "clone"
    shutil.copytree(crawled.folder / "output/site", clone)
    shutil.rmtree(clone / ".newsspider")
    before = len(newsroom.requests)
    assert crawled("crawl", "--all").code == 0
    own = sorted(newsroom.requests[before:])
    before = len(newsroom.requests)
    assert crawled("crawl", "--all", "--output", str(clone)).code == 0
    articles = [r for r in newsroom.requests[before:] if r[2].startswith("/html_News")]
    assert articles == [r for r in own if r[2].startswith("/html_News")]
    assert crawled.names == names == sorted(path.name for path in (clone / "_posts").iterdir())


def test_an_age_and_the_posts_of_a_person(crawled: Cli) -> None:
    edited = crawled.posts / crawled.names[0]
    edited.write_text(edited.read_text("utf-8") + "\nA word by hand.\n", "utf-8")
    configure(crawled.folder, "retain: 4w")
    ran = crawled("crawl", "--all", "--dry-run")
    assert (ran.code, len(crawled.names) > 1) == (0, True)
    ran = crawled("crawl", "--all")
    assert (ran.code, crawled.names) == (0, [edited.name]), ran.err
    assert f"1 post older than `retain` keeps stay: {edited.name} (edited by hand)" in ran.out


def test_an_own_permalink_is_refused_before_anything_goes(crawled: Cli) -> None:
    names = crawled.names
    with (crawled.folder / "output/site/_config.yml").open("a") as file:
        file.write("permalink: /posts/:title\n")
    configure(crawled.folder, "retain: 1")
    ran = crawled("crawl", "--all")
    assert (ran.code, crawled.names) == (2, names)
    assert "`permalink` is your own" in ran.err and len(ran.err.splitlines()) == 1


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with Newsroom() as newsroom, TemporaryDirectory(dir=MEMORY) as folder:
        yield Runs(Path(folder) / "site", newsroom.address)


def test_killed_or_full_at_any_step_the_next_run_finishes(runs: Runs) -> None:
    folder = runs.folder
    configure(folder.parent)
    assert runs("crawl").code == 0
    start = folder.with_name("start")
    shutil.copytree(folder, start)
    configure(folder.parent, "retain: 1")
    ended = runs("crawl", "--all")
    assert ended.code == 0, ended.said
    whole, ledger = site_of(folder), ledger_of(folder)
    assert len([name for name in whole if name.startswith("_posts/")]) == 2
    chosen = random.Random(15).sample(range(1, ended.steps + 1), 8)
    for at, fault in zip(sorted(chosen), ["kill", "full"] * 4, strict=True):
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        ended = runs("crawl", "--all", fault=fault, at=at)
        assert ended.code in (-signal.SIGKILL, 0, 1, 2), (at, ended)
        again = runs("crawl", "--all")
        assert again.code == 0, (at, ended.last, again.said)
        assert site_of(folder) == whole, (at, fault, ended.last)
        assert ledger_of(folder) == ledger, (at, fault, ended.last)
