"""A run of many crawls: what runs at once, what it shares, and how it is stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.played_sites import NEVER, PATIENT, STOP_TWICE, add_site, history, requests_of
from support.waiting import PATIENCE, wait_until

from newsspider.crawling.feeds import prepare
from newsspider.crawling.run import project_settings
from newsspider.errors import StartError
from newsspider.store import lock

# -- many at once -----------------------------------------------------------------------------


def test_sites_that_share_no_host_run_at_once_and_are_summed(cli: Cli, newsroom: Newsroom) -> None:
    names = [f"site-{letter}" for letter in "abcde"]
    robots = newsroom.fault("", "/robots.txt", status=404, delay=NEVER)
    for name in names:
        add_site(cli, newsroom, name, 3)
    process = cli.start("crawl", *names)
    wait_until(lambda: len(newsroom.requests) >= 5)
    robots.over.set()
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert re.search(r"^written +15$", said, re.M), said
    for name in names:
        assert f"{name}/all: 3 found, 3 fetched, 3 written" in said
        (counts,) = history(cli, f"{name}/all")
        assert (counts["found"], counts["written"], counts.finish_reason) == (3, 3, "finished")
    first = [path for _, _, path in newsroom.requests][:5]
    assert first == ["/robots.txt"] * 5  # each waits for its own, none for the others'


def test_sites_that_share_a_host_take_turns_in_the_order_given(
    cli: Cli, newsroom: Newsroom
) -> None:
    for name in ("bbb", "aaa"):
        add_site(cli, newsroom, name, 3, host="shared.example")
    ran = cli("crawl", "bbb", "aaa")
    assert ran.code == 0, ran.err
    asked = "".join("b" if "bbb" in path else "a" for path in requests_of(newsroom))
    assert asked == "b" * 4 + "a" * 4


def test_one_at_a_time_where_that_is_asked_for(cli: Cli, newsroom: Newsroom) -> None:
    for name in ("bbb", "aaa"):
        add_site(cli, newsroom, name, 3)
    ran = cli("crawl", "bbb", "aaa", "-s", "NEWS_SITES_AT_ONCE=1")
    assert ran.code == 0, ran.err
    asked = "".join("b" if "bbb" in path else "a" for path in requests_of(newsroom))
    assert asked == "b" * 4 + "a" * 4


def test_a_limit_counts_over_all_sites(cli: Cli, newsroom: Newsroom) -> None:
    for name in ("aaa", "bbb", "ccc"):
        add_site(cli, newsroom, name, 3)
    ran = cli("crawl", "aaa", "bbb", "ccc", "--limit", "4")
    assert ran.code == 0, ran.err
    assert len(cli.names) == 4
    cli("crawl", "aaa", "bbb", "ccc")
    assert len(cli.names) == 9


def test_a_link_to_a_host_that_hangs_does_not_keep_those_of_other_sites(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("hangs.example", "/robots.txt", status=200, delay=NEVER)
    links = [f"http://hangs.example/{at}" for at in range(40)]
    process = cli.start("share", *links, "NW202204262359811335", *PATIENT)
    wait_until(lambda: len(cli.names) == 1)
    process.terminate()
    process.communicate(timeout=PATIENCE)


def test_a_site_that_hangs_does_not_keep_the_others(cli: Cli, newsroom: Newsroom) -> None:
    add_site(cli, newsroom, "good", 5)
    newsroom.fault("hangs.example", "/web", status=200, delay=NEVER)
    add_site(cli, newsroom, "hangs", 5)
    process = cli.start("crawl", "hangs", "good", *PATIENT)
    wait_until(lambda: len(cli.names) == 5)
    process.terminate()
    process.communicate(timeout=PATIENCE)


def test_a_site_that_has_had_its_turn_keeps_no_place(cli: Cli, newsroom: Newsroom) -> None:
    add_site(cli, newsroom, "good", 2)
    newsroom.fault("hangs.example", "/web", status=200, delay=NEVER)
    add_site(cli, newsroom, "hangs", 2)
    one = ("-s", "NEWS_SITES_AT_ONCE=1", "-s", "NEWS_TURN=1")
    process = cli.start("crawl", "hangs", "good", *one, *PATIENT)
    wait_until(lambda: len(cli.names) == 2)
    process.terminate()
    process.communicate(timeout=PATIENCE)


def test_a_feed_of_many_sites_has_whole_lines(cli: Cli, newsroom: Newsroom) -> None:
    names = [f"site-{letter}" for letter in "abcde"]
    for name in names:
        add_site(cli, newsroom, name, 8)
    assert cli("crawl", *names, "-o", "all.jsonl").code == 0
    lines = (cli.folder / "all.jsonl").read_text("utf-8").splitlines()
    ids = {json.loads(line)["id"] for line in lines}
    assert len(lines) == len(ids) == 40


def test_each_run_leaves_its_counts_in_the_ledger_and_a_dry_one_none(
    cli: Cli, newsroom: Newsroom
) -> None:
    add_site(cli, newsroom, "aaa", 3)
    address = "http://aaa.example/web/webapi?type=45&name=aaa"
    assert cli("crawl", "aaa", "--limit", "2").code == 0
    assert cli("crawl", "aaa", "--dry-run").code == 0
    assert cli("crawl", "aaa").code == 0
    cli("crawl", address)
    cli("share", "http://aaa.example/aaa/0")
    second, first = history(cli, "aaa/all")
    assert (first["found"], first["fetched"], first["written"]) == (3, 2, 2)
    assert (second["known"], second["fetched"], second["written"]) == (2, 1, 1)
    assert (second.finish_reason, second.failed) == ("finished", {})
    assert len(history(cli, address)) == 1
    assert [counts["found"] for counts in history(cli, "aaa/@share")] == [1]


# -- how it is stopped ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slow", "says", "number"),
    [
        ("/robots.txt", "", signal.SIGINT),
        ("/robots.txt", "User-agent: *\nCrawl-delay: 50", signal.SIGTERM),
        ("/web", "", signal.SIGINT),
        ("/slow/", "", signal.SIGTERM),
    ],
)
def test_a_run_that_waits_stops_in_seconds(
    cli: Cli, newsroom: Newsroom, slow: str, says: str, number: signal.Signals
) -> None:
    add_site(cli, newsroom, "quick", 3)
    body, delay = says.encode() or None, 0 if says else NEVER
    newsroom.fault("slow.example", slow, status=200, body=body, delay=delay)
    add_site(cli, newsroom, "slow", 3)
    process = cli.start("crawl", "slow", "quick", *PATIENT)
    wait_until(
        lambda: (
            len(cli.names) == 3 and any(path.startswith(slow) for _, _, path in newsroom.requests)
        )
    )
    process.send_signal(number)
    # Two seconds, and as long as a busy machine needs; all that it waits for takes longer.
    said, _ = process.communicate(timeout=45)
    assert process.returncode == 1, said
    assert "The run was stopped before its end: the next run does the rest." in said
    assert not re.search("Traceback|Task|never retrieved|Unhandled", said), said
    newsroom.clear_faults()
    for name in ("quick", "slow"):
        add_site(cli, newsroom, name, 3)
    assert cli("crawl", "slow", "quick").code == 0
    assert len(cli.names) == 6


def test_a_second_signal_ends_a_run_at_once(cli: Cli, newsroom: Newsroom) -> None:
    """The program itself sends the second signal, when it says that it has received the first."""
    newsroom.fault("slow.example", "/slow/", status=200, delay=NEVER)
    add_site(cli, newsroom, "slow", 3)
    process = cli.start("crawl", "slow", *PATIENT, code=STOP_TWICE)
    wait_until(lambda: any("/slow/" in path for path in requests_of(newsroom)))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGINT  # 1 is a run that has ended by itself
    newsroom.clear_faults()
    add_site(cli, newsroom, "slow", 3)
    assert cli("crawl", "slow").code == 0
    assert len(cli.names) == 3


STOP_WHILE_IMPORTING = """
import os, signal, sys

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stop())
sys.argv = ["newsspider", "sites"]
from newsspider.__main__ import main
main()
"""


def test_a_run_that_is_stopped_before_it_began_says_nothing(cli: Cli) -> None:
    """The signal arrives while the command is imported; no clock decides that."""
    process = subprocess.run(
        [sys.executable, "-c", STOP_WHILE_IMPORTING], cwd=cli.folder, capture_output=True, text=True
    )
    assert process.returncode == -signal.SIGINT
    assert (process.stdout, process.stderr) == ("", "")


# -- two runs on one folder -------------------------------------------------------------------


def test_the_second_run_waits_where_it_is_told_to(cli: Cli, newsroom: Newsroom) -> None:
    add_site(cli, newsroom, "one", 2)
    (cli.folder / "output/site/.newsspider").mkdir(parents=True)
    held = lock.take(cli.folder / "output/site/.newsspider/lock")
    hurried = cli("crawl", "one", "--wait-limit", "0.1")
    assert hurried.code == 5
    patient = cli.start("crawl", "one", "--wait")
    assert patient.stdout is not None
    said = patient.stdout.readline()
    assert f"output/site: another run is using it (process {os.getpid()} on " in said
    assert said.endswith("; waiting for it to end\n")
    assert not cli.names
    stopped = cli.start("crawl", "one", "--wait")
    assert stopped.stdout is not None
    stopped.stdout.readline()
    stopped.send_signal(signal.SIGINT)
    said, _ = stopped.communicate(timeout=PATIENCE)
    assert (stopped.returncode, said) == (130, "")
    os.close(held)
    patient.communicate(timeout=PATIENCE)
    assert patient.returncode == 0
    assert len(cli.names) == 2


# -- a file of articles -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"id": 1}\n{"id": "cut o', b'{"id": 1}\n'),
        (b'{"id": 1}\n{"id": 2}', b'{"id": 1}\n{"id": 2}\n'),
        (b"", b""),
        (b'{"id', b""),
    ],
)
def test_a_feed_that_was_cut_off_goes_on_with_a_line_of_its_own(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    (tmp_path / "feed.jsonl").write_bytes(before)
    prepare(tmp_path / "feed.jsonl")
    assert (tmp_path / "feed.jsonl").read_bytes() == after


def test_a_feed_that_cannot_be_written_is_told_before_anything_is_done(cli: Cli) -> None:
    (cli.folder / "feed.jsonl").mkdir()
    ran = cli("share", "NW202204262359811335", "-o", "feed.jsonl")
    assert ran.code == 2
    assert "-o feed.jsonl: cannot be written: Is a directory" in ran.err
    assert not cli.names


def test_attack_mute_name_servers_leave_threads_to_look_up_the_names_of_other_sites() -> None:
    settings = project_settings({})
    places = settings.getint("NEWS_SITES_AT_ONCE")
    most = (places - 1) * settings.getint("CONCURRENT_REQUESTS")
    assert settings.getint("REACTOR_THREADPOOL_MAXSIZE") > most


@pytest.mark.parametrize("level", ["LOUD", "debug", ""])
def test_an_unknown_level_of_the_log_is_refused(level: str) -> None:
    with pytest.raises(StartError, match=f"-s LOG_LEVEL={level}: is not one of DEBUG, INFO"):
        project_settings({"LOG_LEVEL": level})
    assert project_settings({"LOG_LEVEL": "10"})["LOG_LEVEL"] == "10"
