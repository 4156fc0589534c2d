"""A run whose crawls are shared out over several processes: one folder, one ledger, one report.

The program itself kills one of them, when the event happens at which it is to die.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.played_sites import (
    ARTICLE,
    NEVER,
    PATIENT,
    SITE,
    STOP_TWICE,
    add_site,
    history,
    requests_of,
)
from support.runs import check_promises, ledger_of, site_of
from support.waiting import PATIENCE, wait_until

from newsspider.monitor.runs import read_records
from newsspider.store import lock

TWO = ("--jobs", "2")
NAMES = ("aaa", "bbb", "ccc", "ddd")
# The program, with something in the place of what it does with a message of a process.
PATCHED = """
import os, signal
from newsspider.crawling.processes import Processes
from newsspider.__main__ import main

before = Processes._on_{message}
def patched(self, worker, *values):
    {event}
    before(self, worker, *values)
Processes._on_{message} = patched
main()
"""
KILL_PROCESS = "self._running[0].child.kill() if len(self._running) == 2 else None"
KILL_SELF = "os.kill(os.getpid(), signal.SIGKILL)"
# Loaded by each Python that starts: the first process of a run counts its steps, and dies at one.
DIES = """
import os, sys

if sys.orig_argv[-1:] == ["newsspider.crawling.worker"]:
    try:
        os.close(os.open(os.environ["DIES_ONCE"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        pass
    else:
        import sqlite3
        from launcher import Steps

        log = os.open(os.devnull, os.O_WRONLY)
        fault, at = os.environ["DIES_OF"].split()
        steps = Steps(os.path.abspath("output"), fault, int(at), log)
        sys.addaudithook(steps.hook)
        sqlite3.connect = steps.connect
"""


@pytest.fixture
def sites(cli: Cli, newsroom: Newsroom) -> Cli:
    """Four sites with three articles each."""
    for name in NAMES:
        add_site(cli, newsroom, name, 3)
    return cli


def folder_of(cli: Cli) -> Path:
    return cli.folder / "output/site"


def whole(cli: Cli) -> tuple[dict[str, bytes], object]:
    """What a run of the crawls comes to: files but the one with the title of the first site that
    published, which the network decides, and the ledger."""
    files = site_of(folder_of(cli))
    files.pop("_config.yml", None)
    for name in files:
        files[name] = re.sub(rb',"fetched_at":"[^"]*"', b"", files[name])
    return files, ledger_of(folder_of(cli))


def undisturbed(cli: Cli) -> tuple[dict[str, bytes], object]:
    """What one process comes to. The folder is gone afterwards."""
    ran = cli("crawl", *NAMES)
    assert ran.code == 0, ran.err
    result = whole(cli)
    shutil.rmtree(cli.folder / "output")
    return result


def check_posts(cli: Cli, expected: dict[str, bytes]) -> None:
    """What must hold at any moment: no half file, nothing published that has no file. The records
    may have the articles of the other processes already."""
    files = site_of(folder_of(cli))
    others = {name: files[name] for name in files if name.startswith(("_newsspider", "_config"))}
    check_promises(folder_of(cli), expected | others)


def wait_for_lock(cli: Cli) -> None:
    """Return when the last process that holds the folder has ended."""
    os.close(lock.take(folder_of(cli) / ".newsspider/lock", wait=PATIENCE))


# -- what they come to ------------------------------------------------------------------------


def test_several_processes_come_to_what_one_does(sites: Cli, newsroom: Newsroom) -> None:
    expected = undisturbed(sites)
    ran = sites("crawl", *NAMES, *TWO, "-o", "all.jsonl", "--log-file", "log.txt", "-v")
    assert ran.code == 0, ran.err
    assert whole(sites) == expected
    assert re.search(r"^written +12 *$", ran.out, re.M), ran.out
    assert re.search(r"^processes +2 *$", ran.out, re.M), ran.out
    for name in NAMES:
        assert f"{name}/all: 3 found, 3 fetched, 3 written" in ran.err
        (counts,) = history(sites, f"{name}/all")
        assert (counts["written"], counts.finish_reason) == (3, "finished")
    lines = (sites.folder / "all.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["key"] for line in lines}) == len(lines) == 12
    log = (sites.folder / "log.txt").read_text("utf-8")
    assert log.count("Spider closed (finished)") == 4
    assert not (folder_of(sites) / ".newsspider/ledger.sqlite-wal").exists()
    before = len(newsroom.requests)
    again = sites("crawl", *NAMES, *TWO)
    assert again.code == 0, again.err
    assert re.search(r"^known +12 *$", again.out, re.M), again.out
    assert not [path for _, _, path in newsroom.requests[before:] if "/aaa/" in path]
    last, first = read_records(folder_of(sites), 9)
    assert set(last.sources) == set(first.sources) == {f"{name}/all" for name in NAMES}


def test_a_dry_run_of_several_processes_writes_nothing(sites: Cli) -> None:
    ran = sites("crawl", *NAMES, *TWO, "--dry-run")
    assert ran.code == 0, ran.err
    assert re.search(r"^would be written +12 *$", ran.out, re.M), ran.out
    assert not folder_of(sites).exists()


def test_a_host_is_asked_by_one_process(cli: Cli, newsroom: Newsroom) -> None:
    for name in ("bbb", "aaa"):
        add_site(cli, newsroom, name, 3, host="shared.example")
    ran = cli("crawl", "bbb", "aaa", "--jobs", "3")
    assert ran.code == 0, ran.err
    assert re.search(r"^processes +1 *$", ran.out, re.M), ran.out
    asked = "".join("b" if "bbb" in path else "a" for path in requests_of(newsroom))
    assert asked == "b" * 4 + "a" * 4


def test_few_sites_stay_in_one_process_unless_more_are_asked_for(sites: Cli) -> None:
    ran = sites("crawl", *NAMES)
    assert ran.code == 0
    assert "processes" not in ran.out


def test_a_limit_counts_over_all_processes(sites: Cli) -> None:
    assert sites("crawl", *NAMES, *TWO, "--limit", "5").code == 0
    assert len(sites.names) == 5
    assert sites("crawl", *NAMES, *TWO).code == 0
    assert len(sites.names) == 12


def test_posts_of_one_name_in_two_processes_get_two_names(cli: Cli, newsroom: Newsroom) -> None:
    text = SITE.replace("'{name}-{{number}}'", "'post-{{number}}'")
    for name in ("aaa", "bbb"):
        add_site(cli, newsroom, name, 20, text=text)
    ran = cli("crawl", "aaa", "bbb", *TWO)
    assert ran.code == 0, ran.err
    assert len(cli.names) == 40
    assert not re.search(r"failed +[1-9]", ran.out)


STORY = b"".join(b"<p>The bridge number %d opens to the public in May.</p>" % n for n in range(40))


def test_a_story_that_two_processes_have_is_published_once(cli: Cli, newsroom: Newsroom) -> None:
    article = ARTICLE.replace(b"<p>Some words of text.</p>", STORY)
    text = SITE.replace("articles: {{ask", "articles: {{same_story: first, ask")
    for name in ("aaa", "bbb"):
        add_site(cli, newsroom, name, 1, text=text, article=article)
    ran = cli("crawl", "aaa", "bbb", *TWO)
    assert ran.code == 0, ran.err
    assert len(cli.names) == 1, ran.out
    assert "SameStory 1" in ran.out


def test_links_are_shared_out_too(sites: Cli) -> None:
    links = [f"http://{name}.example/{name}/{at}" for name in NAMES for at in range(2)]
    ran = sites("share", *links, *TWO)
    assert ran.code == 0, ran.err
    assert re.search(r"^processes +2 *$", ran.out, re.M), ran.out
    assert len(sites.names) == 8


# -- killed -----------------------------------------------------------------------------------


def test_a_process_that_is_killed_leaves_its_crawls_to_the_next_run(sites: Cli) -> None:
    expected = undisturbed(sites)
    one = ("-s", "NEWS_SITES_AT_ONCE=2")  # each process crawls one site after the other
    code = PATCHED.format(message="crawled", event=KILL_PROCESS)
    process = sites.start("crawl", *NAMES, *TWO, *one, code=code)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "A process of the run ended too early (SIGKILL)" in said
    assert "Traceback" not in said, said
    assert len(sites.names) >= 6  # those of the other process
    check_posts(sites, expected[0])
    ran = sites("crawl", *NAMES, *TWO)
    assert ran.code == 0, ran.err
    assert whole(sites) == expected


@pytest.mark.parametrize(("fault", "steps"), [("kill", (13, 24)), ("full", (6, 29))])
def test_a_process_fails_at_any_step_and_the_next_run_finishes(
    sites: Cli, fault: str, steps: tuple[int, ...]
) -> None:
    """Its disk, when that is full, is the disk of all of them."""
    expected = undisturbed(sites)
    (sites.folder / "hooks").mkdir()
    (sites.folder / "hooks/sitecustomize.py").write_text(DIES)
    support = str(Path(__file__).parents[1] / "support")
    paths = [str(sites.folder / "hooks"), support, os.environ.get("PYTHONPATH", "")]
    sites.variables = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    for at in steps:
        sites.variables |= {"DIES_ONCE": str(sites.folder / f"{fault}-{at}")}
        sites.variables |= {"DIES_OF": f"{fault} {at}"}
        process = sites.start("crawl", *NAMES, *TWO)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1, (at, said)
        assert "Traceback" not in said, (at, said)
        assert Path(sites.variables["DIES_ONCE"]).exists()
        check_posts(sites, expected[0])
        ran = sites("crawl", *NAMES)
        assert ran.code == 0, (at, ran.err)
        assert whole(sites) == expected, (at, said)
        shutil.rmtree(sites.folder / "output")


@pytest.mark.parametrize("message", ["start", "crawled"])
def test_all_end_with_the_process_that_was_started(
    sites: Cli, newsroom: Newsroom, message: str
) -> None:
    """The folder is held until the last of them has ended, so no other run is in their way."""
    expected = undisturbed(sites)
    newsroom.fault("ddd.example", "/web", status=200, delay=NEVER)
    code = PATCHED.format(message=message, event=KILL_SELF)
    process = sites.start("crawl", *NAMES, *TWO, *PATIENT, code=code)
    process.communicate(timeout=PATIENCE)  # the others have its standard error
    assert process.returncode == -signal.SIGKILL
    wait_for_lock(sites)
    newsroom.clear_faults()
    for name in NAMES:
        add_site(sites, newsroom, name, 3)
    ran = sites("crawl", *NAMES)
    assert ran.code == 0, ran.err
    assert whole(sites) == expected


# -- stopped ----------------------------------------------------------------------------------


def test_a_signal_ends_all_processes(sites: Cli, newsroom: Newsroom) -> None:
    newsroom.fault("slow.example", "/slow/", status=200, delay=NEVER)
    add_site(sites, newsroom, "slow", 3)
    process = sites.start("crawl", "slow", *NAMES, *TWO, *PATIENT)
    wait_until(lambda: any("/slow/" in path for path in requests_of(newsroom)))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "The run was stopped before its end: the next run does the rest." in said
    assert not re.search("Traceback|Task|never retrieved|Unhandled|ended too early", said), said
    wait_for_lock(sites)
    newsroom.clear_faults()
    for name in (*NAMES, "slow"):
        add_site(sites, newsroom, name, 3)
    assert sites("crawl", "slow", *NAMES).code == 0
    assert len(sites.names) == 15


def test_a_second_signal_ends_all_at_once(sites: Cli, newsroom: Newsroom) -> None:
    newsroom.fault("slow.example", "/slow/", status=200, delay=NEVER)
    add_site(sites, newsroom, "slow", 3)
    process = sites.start("crawl", "slow", *NAMES, *TWO, *PATIENT, code=STOP_TWICE)
    wait_until(lambda: any("/slow/" in path for path in requests_of(newsroom)))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGINT
    wait_for_lock(sites)


def test_what_a_process_cannot_start_ends_the_run(sites: Cli) -> None:
    ran = sites("crawl", *NAMES, *TWO, "-s", "DOWNLOADER=no.such.Downloader")
    assert ran.code == 2, ran.err
    assert "the crawl cannot start" in ran.err
