"""`newsspider check --fix`: the site file is corrected by the pages of a site that has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support import TESTS
from support.cli import Cli, Ran
from support.fetching import Reply, Server, http, site

from newsspider.sites import BUILT_IN
from newsspider.spiders.watch import drift_folder

HOST = "news.example"
WORDS = "The sentence of a text that tells of larch and of water, and of number {n}. " * 12
ARTICLE = (
    "<html lang=en><meta charset=utf-8><article><h1>A headline of several words, number {n}</h1>"
    f"<div class=story-text><p>{WORDS}</p><p>{WORDS}</p></div></article>"
)
LIST = "<meta charset=utf-8><{tag} class=list>{rows}</{tag}>"
NUMBERS = range(1, 9)


def listing(row: str, tag: str = "div") -> bytes:
    title = "A headline of several words, number {n}"
    rows = "".join(row.replace("{title}", title).format(n=n) for n in NUMBERS)
    return http(LIST.format(tag=tag, rows=rows).encode())


OLD = listing("<li><a href='/a/{n}'>{title}</a><time>2026-11-{n:02} 10:00</time>", "ul")
NEW = listing(
    "<article class=card><h2><a href='/a/{n}'>{title}</a></h2><time>2026-11-{n:02} 10:00</time>"
    "</article>"
)


def articles(page: str) -> dict[str, Reply]:
    return {f"/a/{n}": http(page.format(n=n).encode()) for n in NUMBERS}


def run(cli: Cli, page: bytes, *arguments: str, article: str = ARTICLE) -> Ran:
    robots = {"/robots.txt": http(status=404)}
    with Server({**robots, "/": page, **articles(article)}) as server:
        return cli(*arguments, "--connect-to", server.address)


@pytest.fixture
def used(tmp_path: Path) -> Cli:
    return site(tmp_path, HOST, "# mine\ndelay: 0")


def text(cli: Cli) -> str:
    return (cli.folder / "sites/attack.yml").read_text("utf-8")


def test_a_listing_is_corrected_and_the_difference_shown(used: Cli) -> None:
    before = text(used)
    assert run(used, NEW, "check", "attack").code == 4
    assert text(used) == before
    ran = run(used, NEW, "check", "attack", "--fix")
    assert ran.code == 0, ran.out + ran.err
    assert "-  items: li\n+  items: article.card\n" in ran.out
    assert (
        f"Wrote {Path('sites/attack.yml')}\nattack/x: fine (8 links, 3 articles read)\n" in ran.out
    )
    assert text(used) == before.replace("items: li", "items: article.card")
    assert run(used, NEW, "crawl", "attack").code == 0
    assert len(used.names) == 8


def test_a_page_that_takes_long_is_left_to_the_reader_process(used: Cli) -> None:
    filler = b"<div><i>x</i> y</div>" * 40_000
    body = NEW.partition(b"\r\n\r\n")[2] + filler
    ran = run(used, http(body), "check", "attack", "--fix", "-v")
    assert "'reader/tasks': " in ran.err
    assert "-  items: li\n+  items: article.card\n" in ran.out


def test_a_field_of_the_articles_is_corrected(used: Cli) -> None:
    before = text(used)
    moved = ARTICLE.replace("div", "section")
    ran = run(used, OLD, "check", "attack", article=moved)
    assert ran.code == 4
    assert "body: selector 'div' finds nothing in 3 articles; generic extraction does" in ran.out
    ran = run(used, OLD, "check", "attack", "--fix", article=moved)
    assert ran.code == 0, ran.out + ran.err
    assert text(used) == before.replace("{body: 'div'}", "{body: section.story-text}")


def test_saved_pages_are_to_be_renewed(used: Cli) -> None:
    assert run(used, OLD, "check", "attack", "--save").code == 0
    ran = run(used, NEW, "check", "attack", "--fix")
    assert "Renew them: newsspider check attack --save\n" in ran.out
    assert "Renew them" not in run(used, NEW, "check", "attack", "--fix", "--save").out
    assert used("check", "--saved", "attack").code == 0


def test_an_author_is_known_by_the_posts_of_the_output_folder(used: Cli) -> None:
    path = used.folder / "sites/attack.yml"
    path.write_text(text(used).replace("{body: 'div'}", "{body: 'div', author: b.by}"))
    page = ARTICLE.replace("</h1>", "</h1><b class=by>Ann Larch</b>")
    assert run(used, OLD, "crawl", "attack", article=page).code == 0
    renamed = page.replace("class=by", "class=who")
    ran = run(used, OLD, "check", "attack", "--fix", article=renamed)
    assert ran.code == 0, ran.out
    assert "author: b.who" in text(used)


def test_both_at_once(used: Cli) -> None:
    moved = ARTICLE.replace("div", "section")
    assert run(used, NEW, "check", "attack", "--fix", article=moved).code == 0
    values = yaml.safe_load(text(used))
    assert values["listing"]["items"] == "article.card"
    assert values["pages"]["page"]["fields"] == {"body": "section.story-text"}


def test_nothing_is_written_where_nothing_is_broken_or_nothing_helps(used: Cli) -> None:
    before = text(used)
    ran = run(used, OLD, "check", "attack", "--fix")
    assert (ran.code, ran.out) == (0, "attack/x: fine (8 links, 3 articles read)\n")
    missing = b"<title>404 Not Found</title><h1>Page not found</h1><p>Read these instead:</p>"
    for page in (http(b"<p>Closed today."), http(missing + NEW.partition(b"\r\n\r\n")[2])):
        ran = run(used, page, "check", "attack", "--fix")
        assert ran.code == 4 and "nothing matches 'li'" in ran.out
        assert text(used) == before


def test_a_site_that_cannot_be_reached_is_corrected_by_the_page_that_a_crawl_kept(
    used: Cli,
) -> None:
    before = text(used)
    assert run(used, OLD, "crawl", "attack").code == 0
    assert run(used, NEW, "crawl", "attack").code == 4
    down = http(status=503)
    ran = run(used, down, "check", "attack", "--fix", "--save", "-s", "RETRY_ENABLED=0")
    assert ran.code == 0, ran.out + ran.err
    assert "its listing was mended by the page that the last crawl kept" in ran.out
    assert text(used) == before.replace("items: li", "items: article.card")
    assert run(used, down, "check", "attack", "--fix", "-s", "RETRY_ENABLED=0").code == 3


def test_a_listing_that_lost_most_of_its_links_is_corrected(used: Cli) -> None:
    before = text(used)
    assert run(used, OLD, "crawl", "attack").code == 0
    side = b"<ul><li><a href='/a/8'>A headline of several words, number 8</a></ul>"
    page = http(side + NEW.partition(b"\r\n\r\n")[2])
    ran = run(used, page, "check", "attack", "--fix")
    assert ran.code == 0
    assert text(used) == before.replace("items: li", "items: article.card"), ran.out


def test_the_file_of_a_built_in_site_is_copied(cli: Cli) -> None:
    assert cli.newsroom is not None
    page = (TESTS / "sites/finews/listing.html").read_text("utf-8")
    page = page.replace("<li>", "<p class=story>").replace("</li>", "</p>").replace("ul>", "div>")
    path = "/category/renminyoudianbao.html"
    cli.newsroom.fault("finews.withounder.com", path, status=200, body=page.encode())
    ran = cli("check", "finews", "--fix")
    assert ran.code == 0, ran.out + ran.err
    copied = (cli.folder / "sites/finews.yml").read_text("utf-8").splitlines()
    original = (BUILT_IN / "finews.yml").read_text("utf-8").splitlines()
    pairs = zip(original, copied, strict=True)
    assert [new.strip() for old, new in pairs if old != new] == [
        "items: p.story",
        "url: 'a::attr(href)'",
        "id: {select: 'a::attr(href)', pattern: 'NW\\d{18}(?!\\d)'}",
    ]
    assert "-  items: 'section li > a[href]'\n" in ran.out


@pytest.mark.parametrize(
    "arguments", [("--saved", "--fix"), ("bbc/world", "bbc/business", "--fix")]
)
def test_what_cannot_be_mended_is_refused(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("check", *arguments).code == 2


def test_a_category_is_checked_by_name(used: Cli) -> None:
    assert run(used, OLD, "check", "attack/x").out.startswith("attack/x: fine")
    assert run(used, OLD, "check", "attack/y").code == 2


def test_the_folder_of_the_kept_pages(tmp_path: Path) -> None:
    assert drift_folder(tmp_path, "a/b").parent == tmp_path / ".newsspider/drift"
