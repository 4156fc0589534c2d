"""A site that moves: its articles keep their posts, whatever their new addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.fetching import Server, http, listed, site

NO_ROBOTS = {"robots.txt": http(status=404)}
NUMBERS = range(1, 7)
OLD, NEW = "old.example", "new.example"

Address = Callable[[int], str]


def old(number: int) -> str:
    return f"http://{OLD}/2026/{number}.html"


# How a site gives its articles new addresses.
MOVES: dict[str, Address] = {
    "to another host": lambda number: f"http://{NEW}/2026/{number}.html",
    "to another host and other paths": lambda number: f"http://{NEW}/story/no-{number}",
    "to other paths": lambda number: f"http://{OLD}/story/no-{number}",
}


def moved(url: str) -> bytes:
    return http(status=301, headers={"Location": url})


def path(url: str) -> str:
    return url.removeprefix("http://")


def article(number: int) -> bytes:
    return http(f"<html><div><p>The text of article {number}.</p></div>".encode())


def before(numbers: Iterable[int] = NUMBERS) -> dict[str, bytes]:
    """The replies of the site before it moves."""
    return {f"{OLD}/": listed(*map(old, numbers))} | {path(old(n)): article(n) for n in numbers}


def after(new: Address, numbers: Iterable[int] = NUMBERS) -> dict[str, bytes]:
    """The replies of the site after its move, its listing included."""
    listing = f"{NEW}/list" if NEW in new(1) else f"{OLD}/list"
    return {
        f"{OLD}/": moved(f"http://{listing}"),
        listing: listed(*map(new, numbers)),
        **{path(old(number)): moved(new(number)) for number in NUMBERS},
        **{path(new(number)): article(number) for number in numbers},
    }


def crawl(cli: Cli, replies: dict[str, bytes], *command: str) -> tuple[Ran, list[str]]:
    """Run a command against these replies; return what it came to, and what it asked for."""
    with Server({"/robots.txt": http(status=404), **replies}) as server:
        arguments = command or ("crawl", "attack/x")
        ran = cli(*arguments, "--connect-to", server.address)
    return ran, [host + asked for _, host, asked in server.asked if asked != "/robots.txt"]


@pytest.mark.parametrize("move", MOVES)
def test_known_articles_keep_their_posts_when_a_site_moves(tmp_path: Path, move: str) -> None:
    cli, new = site(tmp_path, OLD), MOVES[move]
    assert crawl(cli, before())[0].code == 0
    posts = {name: (cli.posts / name).read_bytes() for name in cli.names}
    assert len(posts) == len(NUMBERS)

    first, _ = crawl(cli, after(new, [*NUMBERS, 7]))
    assert first.code == 0, first.out
    assert {name: (cli.posts / name).read_bytes() for name in posts} == posts
    assert len(cli.names) == len(posts) + 1  # the new one
    notes = [line for line in first.out.splitlines() if "leads to" in line]
    if NEW in new(1):
        assert notes == [
            "attack: old.example leads to new.example now. Its articles keep their posts. Write the"
            " new address into the site file."
        ]

    second, asked = crawl(cli, after(new, [*NUMBERS, 7]))
    assert not [host for host in asked if "story" in host or "2026" in host], asked
    assert "Nothing new" in second.out
    assert "leads to" not in second.out


def test_a_change_after_the_move_updates_the_post(tmp_path: Path) -> None:
    cli, new = site(tmp_path, OLD), MOVES["to another host and other paths"]
    crawl(cli, before())
    names = cli.names
    crawl(cli, after(new))
    changed = after(new)
    changed[f"{NEW}/list"] = changed[f"{NEW}/list"].replace(b"Title 0", b"Tidal 0")
    ran, _ = crawl(cli, changed)
    assert ran.code == 0, ran.out
    assert cli.names == names
    texts = [(cli.posts / name).read_text() for name in names]
    assert sum("Tidal 0" in text and new(1) in text for text in texts) == 1


def test_a_listing_of_other_articles_costs_one_request(tmp_path: Path) -> None:
    cli = site(tmp_path, OLD)
    crawl(cli, before())
    later = {**before(range(11, 15)), **{path(old(n)): article(n) for n in NUMBERS}}
    ran, asked = crawl(cli, later)
    assert ran.code == 0
    assert len(cli.names) == len(NUMBERS) + 4
    assert len([url for url in asked if url in {path(old(n)) for n in NUMBERS}]) == 1


def test_known_links_that_are_gone_hold_nothing_up(tmp_path: Path) -> None:
    cli = site(tmp_path, OLD)
    crawl(cli, before())
    ran, asked = crawl(cli, before(range(11, 15)))
    assert ran.code == 0, ran.out
    assert len(cli.names) == len(NUMBERS) + 4
    assert len([url for url in asked if url in {path(old(n)) for n in NUMBERS}]) == 3


def test_a_shared_link_that_leads_to_a_known_article_is_no_second_post(tmp_path: Path) -> None:
    cli, page = Cli(tmp_path, None), http(ARTICLE_PAGE.encode())
    replies = {
        "news.example/harbour": page,
        "news.example/s/1": moved("http://news.example/harbour"),
    }
    first, _ = crawl(cli, replies, "share", "http://news.example/harbour")
    assert first.code == 0, first.out
    again, _ = crawl(cli, replies, "share", "http://news.example/s/1")
    assert "Duplicate 1" in again.out
    third, _ = crawl(cli, replies, "share", "http://news.example/s/1")
    assert "unchanged" in third.out
    assert len(cli.names) == 1


ARTICLE_PAGE = (
    """<!DOCTYPE html><html lang="en"><head><title>The harbour opens a new quay</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-02T10:00:00+01:00"></head>
<body><article><h1>The harbour opens a new quay</h1>
"""
    + "\n".join(
        f"<p>The harbour office said on day {at} that the new quay takes twelve more ships a week,"
        " and that the old crane stays where it is until the winter is over.</p>"
        for at in range(6)
    )
    + "</article></body></html>"
)
