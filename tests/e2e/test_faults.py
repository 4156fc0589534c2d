"""Killed at any moment, the disk full at any write: the next run finishes the work.

The command is run by launcher.py, which counts the steps that change the output folder and kills
the process, or fills the disk, at one of them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from newsroom import Newsroom, stories
from support.runs import MEMORY, Runs, site_of

CATEGORY = "finews/renminyoudianbao"


in_a_file = pytest.mark.parametrize("launched", ["sqlite"], indirect=True)
in_postgresql = pytest.mark.parametrize("launched", ["postgresql"], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def launched(request: pytest.FixtureRequest) -> Iterator[Runs]:
    in_file = request.param == "sqlite"
    server = None if in_file else request.getfixturevalue("postgresql")
    with Newsroom() as newsroom, TemporaryDirectory(dir=MEMORY) as folder:
        yield Runs(Path(folder), newsroom.address, server)


@pytest.fixture
def runs(launched: Runs) -> Iterator[Runs]:
    """Runs in a folder that is not there yet; those beside it go with it."""
    beside = launched.folder
    with TemporaryDirectory(dir=beside) as folder:
        launched.folder = Path(folder) / "site"
        yield launched
    launched.folder = beside


@pytest.fixture(scope="module")
def undisturbed(launched: Runs) -> tuple[dict[str, bytes], dict[str, list[Any]], int]:
    """The folder, the ledger and the steps of a run that nothing befalls."""
    beside, launched.folder = launched.folder, launched.folder / "undisturbed"
    ended = launched("crawl", CATEGORY)
    assert ended.code == 0, ended.said
    whole, said = site_of(launched.folder), launched.ledger()
    assert len([name for name in whole if name.startswith("_posts/")]) == len(
        [story for story in stories() if story.slug == "renminyoudianbao"]
    )
    launched.folder = beside
    return whole, said, ended.steps


Undisturbed = tuple[dict[str, bytes], dict[str, list[Any]], int]


def test_killed_at_any_step_the_next_run_finishes(runs: Runs, undisturbed: Undisturbed) -> None:
    whole, said, steps = undisturbed
    assert steps > 40
    chosen = random.Random(4)
    folder = runs.folder
    for at in sorted(chosen.sample(range(1, steps + 1), 14)):
        runs.folder = folder.with_name(f"killed-{at}")
        ended = runs("crawl", CATEGORY, fault="kill", at=at)
        assert ended.code == -signal.SIGKILL, (at, ended)
        runs.check_promises(whole)
        again = runs("crawl", CATEGORY)
        assert again.code == 0, (at, ended.last, again.said)
        assert site_of(runs.folder) == whole, (at, ended.last)
        assert runs.ledger() == said, (at, ended.last)
        assert not list((runs.folder / ".newsspider").glob("*.tmp"))


def test_killed_again_and_again_a_run_still_arrives(runs: Runs, undisturbed: Undisturbed) -> None:
    whole, said, steps = undisturbed
    chosen = random.Random(7)
    for _ in range(12):
        runs("crawl", CATEGORY, fault="kill", at=chosen.randrange(5, steps // 2))
        runs.check_promises(whole)
    assert runs("crawl", CATEGORY).code == 0
    assert site_of(runs.folder) == whole
    assert runs.ledger() == said


@in_a_file
def test_killed_and_its_last_commits_lost_as_in_a_power_cut(
    runs: Runs, undisturbed: Undisturbed
) -> None:
    whole, said, steps = undisturbed
    folder = runs.folder
    # All before the first link is synced: a third of the log.
    for part in (0.35, 0.45, 0.6, 0.8, 0.95):
        runs.folder = folder.with_name(f"power-{part}")
        runs("crawl", CATEGORY, fault="kill", at=steps - 1)
        log = runs.folder / ".newsspider" / "ledger.sqlite-wal"
        os.truncate(log, int(log.stat().st_size * part))
        (runs.folder / ".newsspider" / "ledger.sqlite-shm").unlink()
        assert runs("crawl", CATEGORY).code == 0
        assert site_of(runs.folder) == whole
        assert runs.ledger() == said


def test_killed_and_its_last_posts_lost_as_in_a_power_cut(
    runs: Runs, undisturbed: Undisturbed
) -> None:
    whole, said, steps = undisturbed
    runs("crawl", CATEGORY, fault="kill", at=steps - 2)
    posts = sorted((runs.folder / "_posts").iterdir())
    assert len(posts) > 2
    for post in posts[1:]:
        post.unlink()
    for at in range(2, 7):  # those that were to look at it die, too
        assert runs("crawl", CATEGORY, fault="kill", at=at).code == -signal.SIGKILL
    assert runs("crawl", CATEGORY).code == 0
    assert site_of(runs.folder) == whole
    assert runs.ledger() == said


@in_postgresql
@pytest.mark.parametrize("fault", ["cut", "lost"])
def test_cut_off_from_its_ledger_at_any_statement_the_next_run_finishes(
    runs: Runs, undisturbed: Undisturbed, fault: str
) -> None:
    whole, said, steps = undisturbed
    folder, chosen, cuts = runs.folder, random.Random(3), 0
    for at in sorted(chosen.sample(range(1, steps + 1), 8)):
        runs.folder = folder.with_name(f"{fault}-{at}")
        ended = runs("crawl", CATEGORY, fault=fault, at=at)
        where = (at, ended.last, ended.said)
        assert ended.code in (0, 1, 2), where
        told = [line for line in ended.said.splitlines() if "cannot be used" in line]
        assert len(told) == (ended.code != 0), where
        cuts += bool(told)
        runs.check_promises(whole)
        again = runs("crawl", CATEGORY)
        assert again.code == 0, (*where, again.said)
        assert site_of(runs.folder) == whole, where
        assert runs.ledger() == said, where
    assert cuts > 2


@pytest.mark.parametrize("part", [0, 1])
def test_a_disk_full_at_any_write_ends_in_one_line_and_the_next_run_finishes(
    runs: Runs, undisturbed: Undisturbed, part: int
) -> None:
    whole, said, steps = undisturbed
    folder = runs.folder
    for at in range(1 + 3 * part, steps + 1, 6):
        runs.folder = folder.with_name(f"full-{at}")
        ended = runs("crawl", CATEGORY, fault="full", at=at)
        where = (at, ended.last, ended.said)
        assert ended.code in (0, 1, 2), where
        told = [line for line in ended.said.splitlines() if "cannot be" in line]
        assert len(told) == (ended.code != 0), where
        assert ended.code != 0 or site_of(runs.folder) == whole, where
        runs.check_promises(whole)
        again = runs("crawl", CATEGORY)
        assert again.code == 0, (*where, again.said)
        assert site_of(runs.folder) == whole, where
        assert runs.ledger() == said, where


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_a_removed_post_stays_removed_whatever_happens_while_that_is_noted(
    runs: Runs, undisturbed: Undisturbed, fault: str
) -> None:
    whole, _, _ = undisturbed
    folder = runs.folder
    for at in range(1, 9, 1 if fault == "kill" else 3):
        runs.folder = folder.with_name(f"removed-{at}")
        runs("crawl", CATEGORY)
        post = sorted((runs.folder / "_posts").iterdir())[0]
        post.unlink()
        ended = runs("crawl", CATEGORY, fault=fault, at=at)
        assert ended.code == (-signal.SIGKILL if fault == "kill" else 2), (at, ended)
        runs.lose_ledger()  # the list outlives it
        assert runs("crawl", CATEGORY).code == 0
        assert not post.exists()
        left = {name: data for name, data in site_of(runs.folder).items() if "records" not in name}
        left.pop("_newsspider/removed.txt")
        assert left == {
            name: data
            for name, data in whole.items()
            if "records" not in name and not name.endswith(post.name)
        }


@in_a_file
def test_a_full_disk_is_told_of_the_file_of_articles_too(
    runs: Runs, undisturbed: Undisturbed
) -> None:
    _, _, steps = undisturbed
    feed = runs.folder.with_name("feed.jsonl")
    told = False
    for at in range(steps - 64, steps, 4):
        ended = runs("crawl", CATEGORY, "-o", str(feed), fault="full", at=at)
        assert ended.code == 1, ended.said
        told |= "articles with a post are not in the file" in ended.said
        assert all(json.loads(line) for line in feed.read_text("utf-8").splitlines())
        shutil.rmtree(runs.folder)
    assert told


def test_a_folder_that_may_not_be_written_to(runs: Runs, undisturbed: Undisturbed) -> None:
    whole, said, _ = undisturbed
    runs.folder.mkdir()
    runs.folder.chmod(0o555)
    ended = runs("crawl", CATEGORY, obey=True)
    assert ended.code == 2
    assert ended.said.splitlines()[-1].endswith(
        "cannot be written to (permission denied); choose another --output"
    )
    runs.folder.chmod(0o755)
    (runs.folder / "_posts").mkdir(mode=0o555)
    ended = runs("crawl", CATEGORY, obey=True)
    assert ended.code == 1
    assert "cannot be written: permission denied" in ended.said
    assert "The run was stopped before its end: the next run does the rest." in ended.said
    (runs.folder / "_posts").chmod(0o755)
    assert runs("crawl", CATEGORY, obey=True).code == 0
    assert site_of(runs.folder) == whole
    assert runs.ledger() == said


@in_a_file
def test_a_ledger_that_may_not_be_written_to(runs: Runs) -> None:
    assert runs("crawl", CATEGORY).code == 0
    file = runs.folder / ".newsspider" / "ledger.sqlite"
    file.chmod(0o444)
    ended = runs("crawl", CATEGORY, obey=True)
    assert ended.code == 2
    assert ended.said.count("\n") == 1
    assert "ledger.sqlite: cannot be used" in ended.said
    assert "it is read-only" in ended.said
    assert runs("crawl", CATEGORY, "--dry-run", obey=True).code == 0
    for each in file.parent.glob("ledger*"):  # SQLite gives its log the mode of its file
        each.chmod(0o644)
    assert runs("crawl", CATEGORY, obey=True).code == 0


@in_a_file
def test_a_ledger_that_another_program_has_locked(runs: Runs) -> None:
    assert runs("crawl", CATEGORY).code == 0
    other = sqlite3.connect(runs.folder / ".newsspider/ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ended = runs("crawl", CATEGORY)
    other.close()
    assert ended.code == 2
    assert "another program keeps it locked" in ended.said
    assert runs("crawl", CATEGORY).code == 0


@in_a_file
def test_a_broken_ledger_is_made_anew_and_said_in_one_line(
    runs: Runs, undisturbed: Undisturbed
) -> None:
    whole, _, _ = undisturbed
    runs("crawl", CATEGORY)
    file = runs.folder / ".newsspider" / "ledger.sqlite"
    data = bytearray(file.read_bytes())
    data[4096:12288] = b"\xff" * 8192
    file.write_bytes(data)
    ended = runs("crawl", CATEGORY)
    assert ended.code == 0
    (line,) = [line for line in ended.said.splitlines() if "broken" in line]
    assert "set aside as ledger.broken and replaced by a new one" in line
    assert site_of(runs.folder) == whole
