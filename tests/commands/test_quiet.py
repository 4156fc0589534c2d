"""`-q` and `--log-file`: what a run prints, and what it logs."""

from __future__ import annotations

import fcntl
import re

from newsroom import Newsroom
from support.cli import Cli

SOURCE = "finews/renminyoudianbao"


def test_a_quiet_run_that_goes_well_prints_nothing_and_logs_its_report(cli: Cli) -> None:
    ran = cli("crawl", SOURCE, "--limit", "1", "-q", "--log-file", "log")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert len(cli.names) == 1
    last = (cli.folder / "log").read_text("utf-8").splitlines()[-1]
    assert re.search(r"the run ended with exit code 0: links found .*written 1", last)


def test_a_quiet_run_names_each_source_that_failed_and_nothing_else(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("", "/", status=403)
    ran = cli("crawl", SOURCE, "-q", "--log-file", "log")
    assert (ran.code, ran.out) == (3, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"ERROR: {SOURCE}: nothing could be fetched: ")
    assert line.removeprefix("ERROR: ") in (cli.folder / "log").read_text("utf-8")


def test_a_quiet_run_says_that_a_source_looks_broken(cli: Cli, newsroom: Newsroom) -> None:
    newsroom.fault("", "/", status=404)
    ran = cli("crawl", SOURCE, "-q")
    assert (ran.code, ran.out) == (4, "")
    assert all(line.startswith("ERROR: ") for line in ran.err.splitlines())
    assert SOURCE in ran.err


def test_a_held_folder_is_no_news_to_a_quiet_run(cli: Cli) -> None:
    folder = cli.folder / "output/site/.newsspider"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = cli("crawl", SOURCE, "-q")
        assert (ran.code, ran.out, ran.err) == (5, "", "")
        assert cli("crawl", SOURCE).err


def test_bad_input_is_never_quiet(cli: Cli) -> None:
    ran = cli("crawl", "nope/nope", "-q")
    assert (ran.code, "no site is called" in ran.err) == (2, True)
