"""Which crawls a command line asks for, and which folder their posts go to."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Cli

from newsspider.crawling.jobs import (
    Job,
    in_site_order,
    jobs_of_links,
    jobs_of_target,
    recheck_jobs,
    with_output,
)
from newsspider.sites import load

PAPER = "https://www.paper.example/world/"
OTHER = "http://news.other.example:8080/"
DEFAULT = Path("output/site")
OWN = {
    "one address": ([PAPER], "output/paper.example"),
    "two addresses of one site": ([PAPER, "https://paper.example/local/"], "output/paper.example"),
    "a port": ([OTHER], "output/news.other.example-8080"),
    "an address in brackets": (["http://[2001:db8::1]/"], "output/-2001-db8-1-"),
    "an international name": (["https://zürich.example/"], "output/xn--zrich-kva.example"),
    "two sites": ([PAPER, OTHER], "output/paper.example", "output/news.other.example-8080"),
    "a site with a file": (["finews/renminyoudianbao"], "output/site"),
    "an address of a site with a file": (["https://www.bbc.com/news/world"], "output/site"),
    "both": ([PAPER, "finews/renminyoudianbao"], "output/paper.example", "output/site"),
}


def folders_of(jobs: list[Job]) -> list[str]:
    return list(dict.fromkeys(str(job.output) for job in with_output(jobs, DEFAULT)))


@pytest.mark.parametrize("case", OWN)
def test_a_site_without_a_file_has_a_folder_of_its_own(tmp_path: Path, case: str) -> None:
    targets, *folders = OWN[case]
    jobs = [job for target in targets for job in jobs_of_target(target, tmp_path)]
    assert folders_of(jobs) == folders


def test_so_has_a_shared_link(tmp_path: Path) -> None:
    own, other = "output/paper.example", "output/news.other.example-8080"
    assert folders_of(jobs_of_links([f"{PAPER}a", f"{PAPER}b"], tmp_path)) == [own]
    assert folders_of(jobs_of_links([f"{PAPER}a", OTHER], tmp_path)) == [own, other]
    assert folders_of([Job("share", {})]) == [str(DEFAULT)]


def test_the_crawls_of_a_site_are_in_the_order_of_its_file(tmp_path: Path) -> None:
    sites = {site.name: site for site in (load("bbc", tmp_path), load("finews", tmp_path))}
    first, second, *_ = sites["bbc"].categories
    targets = ["finews/unnamed", f"bbc/{second}", PAPER, "finews/emnews", f"bbc/{first}"]
    jobs = [job for target in targets for job in jobs_of_target(target, tmp_path)]
    again = recheck_jobs(jobs)
    ordered = in_site_order([*jobs, *again], sites)
    expected = ["finews/emnews", f"bbc/{first}", PAPER, "finews/unnamed", f"bbc/{second}"]
    assert [job.source for job in ordered[: len(jobs)]] == expected
    assert ordered[len(jobs) :] == again


GAZETTE, ADDRESS = "output/harbourgazette.example", "https://www.harbourgazette.example/archive"


def test_the_folder_of_an_address_is_in_the_last_line(cli: Cli) -> None:
    ran = cli("crawl", ADDRESS, "--limit", "1")
    assert ran.out.splitlines()[-1] == f"The site is in {GAZETTE}"
    assert len(list((cli.folder / GAZETTE / "_posts").iterdir())) == 1


@pytest.mark.parametrize("how", [["-O", "output/site"], ["-s", "NEWS_OUTPUT=output/site"]])
def test_a_folder_that_is_named_is_used_and_stays_the_folder(cli: Cli, how: list[str]) -> None:
    """So do the posts of earlier versions, which wrote them there without being asked."""
    assert cli("crawl", ADDRESS, "--limit", "1", *how).code == 0
    ran = cli("crawl", ADDRESS, "--limit", "1")
    assert ran.out.splitlines()[-1] == "The site is in output/site"
    assert len(cli.names) == 2
    assert not (cli.folder / GAZETTE).exists()
