"""Articles that are unlike their source's are held back, read again, and published in the end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.cli import Cli, Ran
from support.drawn import drawn
from support.fetching import Reply, Server, http, listed, site

OLD = [f"/old/{number}" for number in range(1, 5)]
NEW = [f"/new/{number}" for number in range(1, 5)]
TEXT = "Some text of an article, which is long enough. " * 30
SAME = http(b"<html><div><p>" + b"The editors wrote the same on every page. " * 40 + b"</p></div>")


def article(path: str) -> bytes:
    return http(f"<html><div><p>{path} {TEXT}</p></div>".encode())


def crawl(cli: Cli, paths: list[str], pages: Mapping[str, Reply], *options: str) -> Ran:
    replies: dict[str, Reply] = {"/robots.txt": http(status=404), "/": listed(*paths)}
    with Server(replies | dict(pages), pages=article) as server:
        return cli("crawl", "attack/x", "--connect-to", server.address, *options)


def history(cli: Cli, runs: int) -> None:
    """Count the first run this many times again, each with twenty articles."""
    with sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite") as database:
        database.executemany(
            "INSERT INTO runs_of_source SELECT source, run - ?, name, count * 5 FROM"
            " runs_of_source WHERE run = 1",
            [(number,) for number in range(1, runs)],
        )
    database.close()


@pytest.fixture
def used(tmp_path: Path) -> Cli:
    """A folder whose source has thirty runs of history."""
    cli = site(tmp_path, "news.example")
    assert crawl(cli, OLD, {}).code == 0
    history(cli, 30)
    return cli


def held(cli: Cli) -> dict[str, dict[str, object]]:
    files = (cli.folder / "output/site/_newsspider/held").glob("*.json")
    return {values["article"]["link"]: values for values in map(_json, files)}


def _json(path: Path) -> dict[str, dict[str, object]]:
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


def posts(cli: Cli) -> int:
    return len(list((cli.folder / "output/site/_posts").iterdir()))


SAMES = dict.fromkeys(NEW, SAME)


def test_the_same_text_everywhere_is_held_until_it_reads_well(used: Cli) -> None:
    ran = crawl(used, NEW, SAMES)
    assert ran.code == 4, ran.out
    assert "held back" in ran.out
    assert "another article has its text" in ran.out
    # The first one was an article like any other.
    assert (posts(used), len(held(used))) == (5, 3)
    again = crawl(used, NEW, SAMES)
    assert (posts(used), len(held(used))) == (5, 3), again.out
    well = crawl(used, NEW, {})
    assert (posts(used), held(used)) == (8, {}), well.out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Please accept our cookies to read on. " * 40, "its text reads like a wall"),
        ("Page not found. The page that you want does not exist any more.", "reads like a wall"),
        ("Our newsroom asks you to come back on another day. " * 10, "no word of its title"),
        ("Ask the newsroom.", "far shorter than usual"),
    ],
)
def test_the_first_page_in_place_of_an_article_is_held(used: Cli, text: str, why: str) -> None:
    item = f"<li><a href='{NEW[0]}'>Harbour bridge opens again</a><time>2026-11-01 10:00</time>"
    headlines = http(f"<ul>{item}</ul>".encode())
    wall = http(f"<html><div><p>{text}</p></div>".encode())
    ran = crawl(used, NEW[:1], {"/": headlines, NEW[0]: wall})
    assert (posts(used), len(held(used))) == (4, 1), ran.out
    assert why in ran.out
    crawl(used, NEW[:1], {"/": headlines, NEW[0]: article("Harbour bridge: ")})
    assert (posts(used), held(used)) == (5, {})


def test_articles_in_another_language_are_held_whatever_their_page_states(used: Cli) -> None:
    german = "Der Rat der Stadt hat am Ende des Jahres die Brücke bezahlt, und das ist gut. "
    pages = {
        path: http(f"<html lang=en><div><p>{german * 20} {path}</p></div>".encode()) for path in NEW
    }
    ran = crawl(used, NEW, pages)
    assert (ran.code, posts(used), len(held(used))) == (4, 4, 4), ran.out
    assert "4 of 4 articles with a text in the language de" in ran.out
    assert "its language is de" in ran.out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Please accept our cookies to read on.", "reads like a wall or an error page"),
        (f"{{path}} {TEXT[:400]} Subscribe to read on.", "only a part of that of its post"),
        ("{path} Some text.", "far shorter than that of its post"),
    ],
)
def test_a_post_is_not_replaced_by_a_wall_or_a_teaser(tmp_path: Path, text: str, why: str) -> None:
    cli = site(tmp_path, "news.example")
    crawl(cli, OLD, {})
    before = sorted((cli.folder / "output/site/_posts").iterdir())
    texts = [path.read_bytes() for path in before]
    headlines = listed(*OLD).replace(b"Title ", b"TITLE ")  # so they are asked for again
    pages = {path: http(f"<div><p>{text.format(path=path)}</p></div>".encode()) for path in OLD}
    ran = crawl(cli, OLD, {"/": headlines, **pages})
    assert f"{why}; its post stays as it is" in ran.out
    assert ran.code == 4, ran.out
    assert "other pages have taken the place of many of its articles" in ran.out
    assert [path.read_bytes() for path in before] == texts
    assert held(cli) == {}
    id = sorted(path.stem for path in before)[0][len("2026-11-01-") :]
    assert f"newsspider share {id} --force" in ran.out


def test_a_post_that_a_person_translated_is_reported_as_edited(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    crawl(cli, OLD[:1], {})
    (post,) = (cli.folder / "output/site/_posts").iterdir()
    german = "Der Rat der Stadt hat am Ende des Jahres die Brücke bezahlt. " * 20
    post.write_text(post.read_text("utf-8").replace(TEXT.strip(), german), "utf-8")
    ran = crawl(cli, OLD[:1], {"/": listed(*OLD[:1]).replace(b"Title ", b"TITLE ")})
    assert "its post was edited by hand and stays" in ran.out
    assert "its language is" not in ran.out
    assert german in post.read_text("utf-8")


def test_a_held_article_is_released_without_a_fetch(used: Cli) -> None:
    crawl(used, NEW, SAMES)
    link = sorted(held(used))[0]
    shown = used("show", link)
    assert "Doubtful" in shown.out and "--release" in shown.out
    released = used("show", link, "--release")
    assert released.code == 0, released.out
    assert (posts(used), len(held(used))) == (6, 2)
    assert "the same on every page" in Path(used.folder, released.out.split()[1]).read_text()
    assert used("show", link, "--release").code == 2
    assert crawl(used, NEW, SAMES).code in (0, 4)
    assert posts(used) == 6


CONTRACT = """sources:
  - source: attack/x
    text: {text}
    images: link
    archive: true
    contract: {{required: [author]}}
"""


@pytest.mark.parametrize(("text", "is_whole"), [("full", True), ("summary", False)])
def test_what_is_released_is_published_as_its_source_says_and_is_in_the_archive(
    tmp_path: Path, text: str, is_whole: bool
) -> None:
    cli = site(tmp_path, "news.example")
    (tmp_path / "newsspider.yml").write_text(CONTRACT.format(text=text))
    with Server({"/robots.txt": http(status=404), "/": listed("/new/1")}, pages=article) as server:
        cli("crawl", "--all", "--connect-to", server.address)
    assert len(held(cli)) == 1
    released = cli("show", "http://news.example/new/1", "--release")
    assert released.code == 0, released.err
    post = Path(cli.folder, released.out.split()[1])
    before = post.read_text()
    assert (len(before) > len(TEXT)) is is_whole
    ran = cli("render")
    assert (ran.code, "1 post read again" in ran.out, ": 0 rewritten" in ran.out) == (0, True, True)
    assert post.read_text() == before


PICTURE = b'<figure><img src="/p.jpg" alt="The quay"></figure>'


def test_the_next_crawl_keeps_the_pictures_of_what_is_released(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    contract = CONTRACT.format(text="full").replace("images: link", "images: local")
    (tmp_path / "newsspider.yml").write_text(contract)
    page = http(f"<html><div><p>{TEXT}</p>{PICTURE.decode()}</div></html>".encode())
    replies = {"/robots.txt": http(status=404), "/": listed("/new/1"), "/new/1": page}
    replies["/p.jpg"] = http(drawn(), headers={"Content-Type": "image/jpeg"})
    with Server(replies) as server:
        cli("crawl", "--all", "--connect-to", server.address)
        assert "/p.jpg" not in server.paths()
        released = cli("show", "http://news.example/new/1", "--release")
        post = Path(cli.folder, released.out.split()[1])
        assert 'src="http://news.example/p.jpg"' in post.read_text()
        cli("crawl", "--all", "--connect-to", server.address)
    assert 'src="/assets/images/' in post.read_text()


def test_without_history_nothing_is_held(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    crawl(cli, OLD, {})
    crawl(cli, NEW, SAMES)
    assert (posts(cli), held(cli)) == (8, {})


def test_an_odd_article_is_published_when_others_are_fine(used: Cli) -> None:
    two = dict.fromkeys(NEW[:2], SAME)
    crawl(used, NEW, two)
    assert len(held(used)) == 1
    crawl(used, NEW, two)
    assert (posts(used), held(used)) == (8, {})


@pytest.mark.parametrize(
    ("on_break", "published", "kept"), [("hold", 4, 4), ("drop", 4, 0), ("publish", 8, 0)]
)
def test_a_contract_holds_from_the_first_run(
    tmp_path: Path, on_break: str, published: int, kept: int
) -> None:
    cli = site(tmp_path, "news.example")
    crawl(cli, OLD, {})
    contract = json.dumps({"required": ["author"], "languages": ["en"], "on_break": on_break})
    ran = crawl(cli, NEW, {}, "-s", f"NEWS_CONTRACT={contract}")
    assert ran.code == 4
    assert "it has no author" in ran.out
    assert (posts(cli), len(held(cli))) == (published, kept)


def test_a_dry_run_holds_nothing(used: Cli) -> None:
    crawl(used, NEW, SAMES, "--dry-run")
    assert held(used) == {}


def test_posts_stay_when_the_titles_of_a_site_change_at_once(tmp_path: Path) -> None:
    cli, paths = site(tmp_path, "news.example"), [f"/old/{number}" for number in range(8)]
    crawl(cli, paths, {})
    other = listed(*paths).replace(b">Title ", b">Titel ")
    ran = crawl(cli, paths, {"/": other})
    assert ran.code == 4, ran.out
    assert "the titles of many articles have changed at once" in ran.out
    texts = [path.read_text() for path in (cli.folder / "output/site/_posts").iterdir()]
    assert sum("Titel" in text for text in texts) == 3
