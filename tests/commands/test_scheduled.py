"""`newsspider crawl` without a target: what is due by newsspider.yml."""

from __future__ import annotations

import signal

import pytest
from newsroom import Newsroom
from support import DATA
from support.cli import Cli
from support.waiting import PATIENCE, wait_until

FILE = """\
sources:
  - source: finews/renminyoudianbao
    every: 1h
    limit: 2
  - source: finews/yangshixinwenkehuduan
    every: 1h
"""


@pytest.fixture
def scheduled(cli: Cli) -> Cli:
    (cli.folder / "newsspider.yml").write_text(FILE)
    return cli


def test_what_is_due_is_crawled_and_then_nothing_is(scheduled: Cli, newsroom: Newsroom) -> None:
    ran = scheduled("crawl")
    assert ran.code == 0, ran.err
    names = scheduled.names
    assert len(names) > 2
    before = len(newsroom.requests)
    ran = scheduled("crawl")
    assert (ran.code, len(newsroom.requests)) == (0, before)
    assert ran.out.startswith("Nothing is due before ")
    ran = scheduled("crawl", "--all")
    assert (ran.code, "known" in ran.out) == (0, True)


def test_a_run_writes_the_exports_and_fails_if_it_cannot(scheduled: Cli) -> None:
    file = scheduled.folder / "newsspider.yml"
    file.write_text(f"{FILE}exports: [articles.jsonl]\n")
    assert scheduled("crawl", "--dry-run").code == 0
    articles = scheduled.folder / "exports/articles.jsonl"
    assert not articles.exists()
    assert scheduled("crawl").code == 0
    assert len(articles.read_text("utf-8").splitlines()) == len(scheduled.names)
    articles.unlink()
    articles.mkdir()
    ran = scheduled("crawl", "--all")
    assert ran.code == 1 and "exports/articles.jsonl: is a folder" in ran.err


def test_the_limit_of_a_source_is_its_own_and_an_option_beats_it(scheduled: Cli) -> None:
    source = ("--source", "finews/renminyoudianbao")
    assert scheduled("crawl", *source).code == 0
    assert len(scheduled.names) == 2
    assert scheduled("crawl", *source, "--limit", "1").code == 0
    assert len(scheduled.names) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("crawl", "--source", "nope"), "'nope' is not a source of newsspider.yml; its sources: "),
        (("crawl", "finews/emnews", "--all"), "--all is for a crawl without a target"),
        (("crawl", "finews/emnews", "--watch"), "--watch is for a crawl without a target"),
    ],
)
def test_wrong_usages(scheduled: Cli, arguments: tuple[str, ...], message: str) -> None:
    ran = scheduled(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not (scheduled.folder / "output").exists()


def test_without_a_file_or_a_source_nothing_starts(cli: Cli) -> None:
    ran = cli("crawl")
    assert (ran.code, "there is no newsspider.yml here" in ran.err) == (2, True)
    (cli.folder / "newsspider.yml").write_text("sources: []\n")
    ran = cli("crawl")
    assert (ran.code, "names no source" in ran.err) == (2, True)


def test_a_source_that_is_down_fails_alone(scheduled: Cli, newsroom: Newsroom) -> None:
    with (scheduled.folder / "newsspider.yml").open("a") as file:
        file.write("  - source: https://down.example/\n")
    ran = scheduled("crawl")
    assert ran.code == 1, ran.err
    assert len(scheduled.names) > 2


def test_watch_crawls_what_is_due_and_ends_cleanly(scheduled: Cli) -> None:
    process = scheduled.start("crawl", "--watch")
    wait_until(lambda: scheduled.names)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out
    assert scheduled.names
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("key", "pages"), [("", 1), ("    max_pages: 2\n", 2), ("    since: 2020-01-01\n", 3)]
)
def test_a_first_crawl_takes_the_newest_page_unless_the_source_goes_back(
    cli: Cli, newsroom: Newsroom, key: str, pages: int
) -> None:
    def listing_pages() -> int:
        return sum(target.startswith("/latest") for _, _, target in newsroom.requests)

    (cli.folder / "newsspider.yml").write_text(
        f"sites: {DATA / 'sites'}\nsources:\n  - source: gazette/next-link\n{key}"
    )
    assert cli("crawl").code == 0
    assert listing_pages() == pages
    first = cli.names
    assert first
    assert cli("crawl", "--all").code == 0  # nothing is new: it does not go back now either
    assert cli.names == first
