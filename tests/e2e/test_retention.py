"""`retain` of newsspider.yml: old posts go, their addresses stay, and nothing comes back."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("leave", "file"), [("redirects", "_redirects"), ("nginx", "_newsspider/redirects.map")]
)
def test_a_list_for_the_web_server_in_place_of_pages(
    crawled: Cli, tmp_path: Path, leave: str, file: str
) -> None:
    before, site = crawled.names, crawled.folder / "output/site"
    build(site, tmp_path / "before")
    configure(crawled.folder, f"retain: {{keep: 1, leave: {leave}}}")
    if leave == "redirects":
        ran = crawled("crawl", "--all")
        assert (ran.code, crawled.names) == (2, before)
        assert "_config.yml: Jekyll would leave _redirects out" in ran.err
        with (site / "_config.yml").open("a") as config:
            config.write("include: [_redirects]\n")
    ran = crawled("crawl", "--all")
    assert (ran.code, len(crawled.names)) == (0, 2), ran.err
    went = sorted(set(before) - set(crawled.names))
    assert not [page for page in site.rglob("*.html") if "noindex" in page.read_text("utf-8")]
    lines = (site / file).read_text("utf-8").splitlines()
    paths = sorted(line.split(" ")[0].strip('"') for line in lines)
    pages = [next((tmp_path / "before").rglob(f"{name[11:-3]}.html")) for name in went]
    assert paths == sorted(f"/{page.relative_to(tmp_path / 'before')}" for page in pages)
    assert all("http" in line for line in lines)
    build(site, tmp_path / "after")
    assert (tmp_path / "after" / file).exists() == (leave == "redirects")
    assert crawled("remove", went[0], "--why", "a letter").code == 0
    assert len((site / file).read_text("utf-8").splitlines()) == len(lines) - 1


def test_what_is_taken_down_later_leaves_no_page(crawled: Cli) -> None:
    configure(crawled.folder, "retain: 1")
    before = set(crawled.names)
    assert crawled("crawl", "--all").code == 0
    site = crawled.folder / "output/site"
    pages = [page for page in site.rglob("*.html") if "noindex" in page.read_text("utf-8")]
    names = sorted(before - set(crawled.names))
    assert {page.stem for page in pages} == {name[11:-3] for name in names}
    assert crawled("remove", names[0], "--why", "a letter").code == 0
    assert [page.stem for page in pages if not page.exists()] == [names[0][11:-3]]
    assert "a letter" in (site / "_newsspider/removed.txt").read_text("utf-8")


def test_an_article_that_would_go_at_once_is_not_published(cli: Cli) -> None:
    configure(cli.folder, "retain: 90d")
    ran = cli("crawl")
    assert (ran.code, cli.names) == (0, []), ran.err
    assert "TooOld" in ran.out and "expired" not in ran.out
    configure(cli.folder, "retain: 3")
    assert cli("crawl", "--all").code == 0
    assert len(cli.names) == 6  # three of each source


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


ARCHIVE = "retain: {keep: 1, then: archive, to: output/old, url: 'https://old.example'}"


def test_posts_move_to_an_archive_site_and_their_addresses_lead_there(
    crawled: Cli, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in crawled.posts.iterdir()}
    configure(crawled.folder, ARCHIVE)
    site, old = crawled.folder / "output/site", crawled.folder / "output/old"
    assert crawled("crawl", "--all", "--dry-run").code == 0
    assert not old.exists()
    ran = crawled("crawl", "--all")
    assert ran.code == 0, ran.err
    moved = {path.name: path.read_bytes() for path in (old / "_posts").iterdir()}
    stayed = {path.name: path.read_bytes() for path in (site / "_posts").iterdir()}
    assert moved and len(stayed) == 2 and stayed | moved == before
    build(site, tmp_path / "site")
    build(old, tmp_path / "old")
    for name in moved:
        (page,) = (tmp_path / "site").rglob(f"{name[11:-3]}.html")
        address = page.relative_to(tmp_path / "site")
        assert (tmp_path / "old" / address).is_file()
        target = f"https://old.example/{address.as_posix()}"
        (refresh,) = read_page(page).xpath("//meta[@http-equiv='refresh']/@content")
        assert refresh == f"0; url={target}"
    ran = crawled("export", "-", "--format", "jsonl", "--output", str(old))
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert len(rows) == len(moved) and {row["origin"] for row in rows} == {"record"}
    assert crawled("crawl", "--all").code == 0
    assert {path.name: path.read_bytes() for path in (old / "_posts").iterdir()} == moved


@pytest.mark.parametrize("to", ["output/site", "output/site/old", "output"])
def test_an_archive_site_in_the_site_is_refused(crawled: Cli, to: str) -> None:
    names = crawled.names
    configure(crawled.folder, f"retain: {{keep: 1, then: archive, to: {to}}}")
    ran = crawled("crawl", "--all")
    assert (ran.code, crawled.names) == (2, names)
    assert "the archive site cannot be output/site or share its folder" in ran.err


def test_an_archive_site_that_cannot_be_used_leaves_all_posts(crawled: Cli) -> None:
    names = crawled.names
    (crawled.folder / "output/old").write_text("a file")
    configure(crawled.folder, ARCHIVE)
    ran = crawled("crawl", "--all")
    assert (ran.code, crawled.names) == (1, names)
    assert "Posts that are kept no longer stay: output/old" in ran.out


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with Newsroom() as newsroom, TemporaryDirectory(dir=MEMORY) as folder:
        yield Runs(Path(folder) / "site", newsroom.address)


def listed(folder: Path) -> list[str]:
    """The lines of the list for the web server."""
    file = folder / "_newsspider/redirects.map"
    return sorted(file.read_text("utf-8").splitlines()) if file.exists() else []


@pytest.mark.parametrize("then", ["then: delete", "then: archive, to: site-old", "leave: nginx"])
def test_killed_or_full_at_any_step_the_next_run_finishes(runs: Runs, then: str) -> None:
    folder = runs.folder = runs.folder.parent / then[-3:] / "site"
    folder.parent.mkdir()
    old = folder.with_name("site-old")
    old.mkdir()
    configure(folder.parent)
    assert runs("crawl").code == 0
    start = folder.with_name("start")
    shutil.copytree(folder, start)
    configure(folder.parent, f"retain: {{keep: 1, {then}}}")
    ended = runs("crawl", "--all")
    assert ended.code == 0, ended.said
    whole, ledger, moved = site_of(folder), ledger_of(folder), site_of(old)
    redirects = listed(folder)
    assert ("nginx" in then) == bool(redirects)
    assert ("archive" in then) == bool(moved)
    assert len([name for name in whole if name.startswith("_posts/")]) == 2
    chosen = random.Random(15).sample(range(1, ended.steps + 1), 6)
    for at, fault in zip(sorted(chosen), ["kill", "full"] * 3, strict=True):
        for path in (folder, old):
            shutil.rmtree(path)
        old.mkdir()
        shutil.copytree(start, folder)
        ended = runs("crawl", "--all", fault=fault, at=at)
        assert ended.code in (-signal.SIGKILL, 0, 1, 2), (at, ended)
        again = runs("crawl", "--all")
        assert again.code == 0, (at, ended.last, again.said)
        assert (site_of(folder), site_of(old)) == (whole, moved), (at, fault, ended.last)
        assert ledger_of(folder) == ledger, (at, fault, ended.last)
        assert listed(folder) == redirects, (at, fault, ended.last)
