"""Several sites without site files in one command: each has its own folder, as in a run of its
own."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.played_sites import NEVER, PATIENT
from support.waiting import PATIENCE, wait_until

from newsspider.monitor.runs import read_records
from newsspider.store import lock

PAPERS = ("harbour.example", "valley.example")
TEXT = b"".join(
    b"<p>Sentence number %d says what the council decided today.</p>" % n for n in range(9)
)
ARTICLE = (
    b"<html lang=en><title>%b</title><h1>%b</h1>"
    b"<time datetime=2026-11-20T10:00:00Z>20 November</time><article>" + TEXT + b"</article></html>"
)


def add_paper(newsroom: Newsroom, host: str, articles: int = 3) -> None:
    """A paper without a site file, played by the newsroom's faults."""
    links = b"".join(
        b"<li><a href='/news/2026/11/20/council-story-%d'>The council decides on case %d</a></li>"
        % (number, number)
        for number in range(articles)
    )
    newsroom.fault(host, "/latest", status=200, body=b"<ul class=news>" + links + b"</ul>")
    for number in range(articles):
        title = b"The council decides on case %d" % number
        page = ARTICLE % (title, title)
        newsroom.fault(host, f"/news/2026/11/20/council-story-{number}", status=200, body=page)


def posts_of(cli: Cli, host: str) -> list[Path]:
    return sorted((cli.folder / f"output/{host}/_posts").glob("*"))


@pytest.fixture
def papers(cli: Cli, newsroom: Newsroom) -> list[str]:
    for host in PAPERS:
        add_paper(newsroom, host)
    return [f"https://{host}/latest" for host in PAPERS]


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_each_paper_has_its_folder(cli: Cli, papers: list[str], jobs: tuple[str, ...]) -> None:
    ran = cli("crawl", *papers, *jobs)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-1] == (
        "The sites are in output/harbour.example and output/valley.example"
    )
    assert re.search(r"^written +6 *$", ran.out, re.M), ran.out
    for host, address in zip(PAPERS, papers, strict=True):
        folder = cli.folder / "output" / host
        assert len(posts_of(cli, host)) == 3
        (record,) = read_records(folder, 9)
        assert list(record.sources) == [address]
        assert (folder / ".newsspider/ledger.sqlite").exists()
    assert not (cli.folder / "output/site").exists()


def test_a_folder_that_another_run_holds_ends_no_other(cli: Cli, papers: list[str]) -> None:
    folder = cli.folder / "output" / PAPERS[0] / ".newsspider"
    folder.mkdir(parents=True)
    held = lock.take(folder / "lock")
    ran = cli("crawl", *papers)
    os.close(held)
    assert ran.code == 5, ran.err
    assert f"output/{PAPERS[0]}: another run is using it" in ran.err
    assert ran.out.splitlines()[-1] == f"The site is in output/{PAPERS[1]}"
    assert len(posts_of(cli, PAPERS[1])) == 3


def test_a_paper_that_cannot_be_fetched_gives_the_exit_code(
    cli: Cli, newsroom: Newsroom, papers: list[str]
) -> None:
    newsroom.fault("broken.example", "/latest", status=500)
    ran = cli("crawl", "https://broken.example/latest", *papers, "-s", "RETRY_TIMES=0")
    assert ran.code == 3, ran.err
    assert [len(posts_of(cli, host)) for host in PAPERS] == [3, 3]


def test_a_paper_that_hangs_holds_up_no_other_and_a_signal_ends_all(
    cli: Cli, newsroom: Newsroom, papers: list[str]
) -> None:
    newsroom.fault("hangs.example", "/latest", status=200, delay=NEVER)
    process = cli.start("crawl", "https://hangs.example/latest", *papers, *PATIENT)
    wait_until(lambda: all(len(posts_of(cli, host)) == 3 for host in PAPERS))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "The run was stopped before its end" in said
    for host in (*PAPERS, "hangs.example"):
        os.close(lock.take(cli.folder / "output" / host / ".newsspider/lock"))


def test_a_limit_counts_over_all_folders(cli: Cli, papers: list[str]) -> None:
    assert cli("crawl", *papers, "--limit", "4").code == 0
    assert sum(len(posts_of(cli, host)) for host in PAPERS) == 4


def test_a_file_of_one_folder_is_refused(cli: Cli, papers: list[str]) -> None:
    ran = cli("crawl", *papers, "-o", "all.csv")
    assert ran.code == 2
    assert "name a file.jsonl" in ran.err
    assert not (cli.folder / "output").exists()
    assert cli("crawl", *papers, "-o", "all.jsonl").code == 0
    assert len((cli.folder / "all.jsonl").read_text("utf-8").splitlines()) == 6


def test_a_folder_that_is_named_has_all_of_them(cli: Cli, papers: list[str]) -> None:
    assert cli("crawl", *papers, "-O", "output/both").code == 0
    assert len(posts_of(cli, "both")) == 6
