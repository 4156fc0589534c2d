"""`newsspider adopt`: an existing site goes on where it stopped."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support import DATA
from support.cli import POSTS, Cli
from support.fetching import ARTICLE, Server, http, listed, site

SITES = ("--sites", str(DATA / "sites"))


def numbers(out: str, *rows: str) -> list[int]:
    """Numbers of the report's table."""
    return [int(re.findall(rf"^{row}\s+(\d+)", out, re.M)[0]) for row in rows]


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "_posts").iterdir()}


@pytest.fixture
def old(cli: Cli) -> Path:
    """The posts of a site that another program wrote, beside an archive of earlier ones."""
    cli("crawl", "finews/renminyoudianbao", "finews/emnews")
    folder = cli.folder / "old"
    (folder / "old_post").mkdir(parents=True)
    shutil.copytree(cli.posts, folder / "_posts")
    for path in sorted((folder / "_posts").iterdir())[:2]:
        path.rename(folder / "old_post" / path.name)
    (folder / "_config.yml").write_text("title: old\n")
    (folder / "README.md").write_text("# About\n")
    shutil.rmtree(cli.folder / "output")
    return folder


def test_the_next_crawl_publishes_nothing_twice_and_changes_no_post(cli: Cli, old: Path) -> None:
    before = texts(old)
    ran = cli("adopt", "old", "--dry-run")
    assert ran.code == 0, ran.err
    assert f"finews: {len(before)} taken over" in ran.out
    assert "finews: 2 in other folders" in ran.out
    assert not (old / "_newsspider").exists()
    assert cli("adopt", "old").out == ran.out
    for _ in range(2):
        crawled = cli("crawl", "finews/renminyoudianbao", "finews/emnews", "--output", "old")
        assert crawled.code == 0, crawled.err
        assert numbers(crawled.out, "written", "updated") == [0, 0]
        assert texts(old) == before
        shutil.rmtree(old / ".newsspider")  # a clone knows it too


def test_adopting_twice_is_adopting_once(cli: Cli, old: Path) -> None:
    first = cli("adopt", "old")
    saved = {p: p.read_bytes() for p in (old / "_newsspider").rglob("*") if p.is_file()}
    again = cli("adopt", "old")
    assert (again.code, first.code) == (0, 0)
    assert f"{len(texts(old))} taken over" in again.out
    assert {p: p.read_bytes() for p in (old / "_newsspider").rglob("*") if p.is_file()} == saved


def test_articles_of_a_hugo_site_are_not_published_again(cli: Cli) -> None:
    cli("crawl", "gazette/next-link", *SITES)
    posts = cli.folder / "hugo/content/news"
    posts.mkdir(parents=True)
    links = []
    for path in sorted(cli.posts.iterdir())[:4]:
        head = dict(line.split(": ", 1) for line in path.read_text("utf-8").split("\n")[1:9])
        links.append(head["link"])
        (posts / path.name).write_text(
            f"+++\ntitle = {head['title']}\ndate = {head['date'][:10]}\n"
            f"link = {head['link']}\n+++\n"
        )
    shutil.rmtree(cli.folder / "output")
    ran = cli("adopt", "hugo", *SITES)
    assert ran.code == 0, ran.err
    assert "gazette: 4 in other folders" in ran.out
    crawled = cli("crawl", "gazette/next-link", *SITES)
    assert numbers(crawled.out, "written") == [6]
    written = "".join(path.read_text("utf-8") for path in cli.posts.iterdir())
    assert not any(f"link: {link}" in written for link in links)


def test_a_site_file_that_is_written_later_publishes_nothing_twice(tmp_path: Path) -> None:
    old = tmp_path / "old"
    post = "---\ntitle: Ferry {0}\ndate: 2026-04-12\nlink: https://news.example/a/{0}\n---\nText.\n"
    for folder, number in (("_posts", 1), ("old_post", 2)):
        (old / folder).mkdir(parents=True)
        (old / folder / f"2026-04-12-ferry-{number}.md").write_text(post.format(number))
    adopted = Cli(tmp_path, None)("adopt", "old")
    assert "news-example: 1 taken over" in adopted.out
    assert "news-example: 1 in other folders" in adopted.out
    cli = site(tmp_path, "news.example")
    answers = {"/robots.txt": http(status=404), "/": listed("/a/1", "/a/2", "/a/3")}
    with Server(answers | {f"/a/{number}": ARTICLE for number in (1, 2, 3)}) as server:
        for written in (1, 0):
            options = ("--connect-to", server.address, "--output", "old")
            ran = cli("crawl", "attack/x", *options)
            assert numbers(ran.out, "written") == [written], ran.out
    assert server.paths().count("/a/1") == server.paths().count("/a/2") == 0
    assert len(texts(old)) == 2


def test_broken_posts_are_named_by_reason_and_repaired(cli: Cli, old: Path) -> None:
    lost = old / "_posts/2022-05-30-lost.md"
    lost.write_text('---\ntitle: "a "b""\ndate: 2022-05-30 10:00:00 +0800\n---\nText.\n')
    name = "-202205262391921712.md"
    shutil.copy(POSTS / name, old / "_posts" / name)
    ran = cli("adopt", "old")
    assert ran.code == 1
    assert "1 not taken over, BadFrontMatter: old/_posts/2022-05-30-lost.md" in ran.out
    assert f"1 not taken over, NoTitle: old/_posts/{name}" in ran.out
    assert "1 post can be repaired: newsspider adopt old --fix" in ran.out
    fixed = cli("adopt", "old", "--fix")
    assert '-title: "a "b""\n+title: "a \\"b\\""' in fixed.out
    assert 'title: "a \\"b\\""' in lost.read_text()
    assert "BadFrontMatter" not in cli("adopt", "old").out


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "old: is not a folder"),
        (lambda folder: folder.mkdir(), "old: has no posts"),
        (lambda folder: folder.write_text(""), "old: is not a folder"),
    ],
)
def test_a_folder_without_posts(cli: Cli, make: object, message: str) -> None:
    assert callable(make)
    make(cli.folder / "old")
    ran = cli("adopt", "old")
    assert ran.code == 2
    assert message in ran.err
    assert not list(cli.folder.rglob("_newsspider"))
