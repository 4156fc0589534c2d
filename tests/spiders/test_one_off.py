"""A category page by its address, once: past the end of its feed, up to a limit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from newsroom.plain import Piece, pieces
from support.cli import Cli

from newsspider.spiders.url import forecast

HOST = "www.harbourgazette.example"
ROOT = f"https://{HOST}"
FEED = "<link rel=alternate type='application/rss+xml' href='/sea/feed.xml'>"


def rows(part: Sequence[Piece]) -> str:
    return "".join(f"<li><a href='{one.path}'>{one.title}, at length</a></li>" for one in part)


def serve(cli: Cli, *, feed: int = 3, other: bool = False) -> None:
    """A section of ten articles on three pages, and a feed of the newest of them."""
    assert cli.newsroom is not None
    all_pieces = pieces()
    for page in (3, 2, 1):  # of the answers whose address begins alike, the first counts
        part = all_pieces[4 * (page - 1) : 4 * page]
        following = f"<a rel=next href='/sea/{page + 1}'>Next page</a>" if page < 3 else ""
        path = "/sea/" if page == 1 else f"/sea/{page}"
        body = f"<html><head><title>Sea | Harbour Gazette</title>{FEED}</head><body><h1>Sea</h1>"
        body += f"<ul class=news>{rows(part)}</ul>{following}</body></html>"
        if page == 1:
            listed = all_pieces[7:] if other else all_pieces[:feed]
            items = "".join(
                f"<item><title>{one.title}</title><link>{one.url}</link></item>" for one in listed
            )
            rss = f"<rss version='2.0'><channel><title>Sea</title>{items}</channel></rss>"
            cli.newsroom.fault(HOST, "/sea/feed.xml", status=200, body=rss.encode())
        cli.newsroom.fault(HOST, path, status=200, body=body.encode())


def asked(cli: Cli) -> list[str]:
    assert cli.newsroom is not None
    return [path for _, _, path in cli.newsroom.requests if path.startswith("/sea/")]


def test_it_goes_on_after_the_end_of_the_feed(cli: Cli) -> None:
    serve(cli)
    ran = cli("crawl", f"{ROOT}/sea/")
    assert ran.code == 0, ran.out + ran.err
    assert len(cli.names) == 10
    assert f"{ROOT}/sea/: up to 200 articles, " in ran.err
    assert "goes on with the older ones" not in ran.out
    # The page itself is read again from the first answer.
    assert asked(cli) == ["/sea/", "/sea/feed.xml", "/sea/2", "/sea/3"]
    again = cli("crawl", f"{ROOT}/sea/")
    assert "Nothing new: all links are known." in again.out
    assert asked(cli)[4:] == ["/sea/", "/sea/feed.xml"]


@pytest.mark.parametrize("limit", [2, 3, 5])
def test_it_stops_at_a_limit_and_the_same_command_goes_on(cli: Cli, limit: int) -> None:
    serve(cli)
    for number in range(1, 3):
        ran = cli("crawl", f"{ROOT}/sea/", "--limit", str(limit))
        assert ran.code == 0, ran.out + ran.err
        assert len(cli.names) == limit * number
        assert ("the same command goes on with the older ones" in ran.out) is (limit * number < 10)
    assert f"{limit} articles, a minute or less" in ran.err


def test_since_ends_it_too(cli: Cli) -> None:
    serve(cli)
    ran = cli("crawl", f"{ROOT}/sea/", "--since", "2026-09-01")
    assert ran.code == 0, ran.out + ran.err
    recent = [piece for piece in pieces() if f"{piece.when:%Y-%m-%d}" >= "2026-09-01"]
    assert len(cli.names) == len(recent)


def test_a_list_of_other_articles_is_not_read(cli: Cli) -> None:
    serve(cli, other=True)
    assert cli("crawl", f"{ROOT}/sea/").code == 0
    assert len(cli.names) == 3
    assert "/sea/2" not in asked(cli)


@pytest.mark.parametrize(
    ("number", "delay", "at_most", "text"),
    [
        (200, 2.0, True, "up to 200 articles, about 7 minutes"),
        (1, 2.0, False, "1 article, a minute or less"),
        (45, 2.0, False, "45 articles, about 2 minutes"),
        (44, 2.0, False, "44 articles, a minute or less"),
    ],
)
def test_how_many_and_how_long(number: int, delay: float, at_most: bool, text: str) -> None:
    assert forecast(number, delay, at_most=at_most) == text
