"""Killed at any step, the disk full at any write: `newsspider adopt --fix` is finished by the next
one, and no post of the old site is lost or half written."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.launching import Ended
from support.runs import MEMORY, Runs, ledger_of, site_of

POST = "---\ntitle: {title}\ndate: 2026-04-12\nlink: https://news.example/a/{number}\n---\nText.\n"


@pytest.fixture
def old() -> Iterator[Path]:
    """A Jekyll site with posts in place, one of which Jekyll cannot read, and older ones."""
    with TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name) / "old"
        for number, place in enumerate(("_posts", "_posts", "_posts", "old_post", "old_post")):
            (folder / place).mkdir(parents=True, exist_ok=True)
            title = '"a "b" c"' if number == 2 else f"Ferry {number}"
            file = folder / place / f"2026-04-12-ferry-{number}.md"
            file.write_text(POST.format(title=title, number=number))
        (folder / "_config.yml").write_text("title: old\n")
        yield folder


def test_whatever_happens_while_a_site_is_taken_over_it_is_done_again(old: Path) -> None:
    def adopted(folder: Path, fault: str = "", at: int = 0) -> Ended:
        return Runs(folder, "")("adopt", str(folder), "--fix", fault=fault, at=at)

    whole = old.with_name("whole")
    shutil.copytree(old, whole)
    first, second = adopted(whole), adopted(whole)
    assert (first.code, second.code) == (1, 0), (first.said, second.said)  # repaired, taken over
    assert "3 taken over" in second.said
    before, after = site_of(old), site_of(whole)
    assert (whole / "_newsspider/removed.txt").read_text("utf-8").count("\n") == 2
    for fault in ("kill", "full"):
        for at in sorted(random.Random(fault).sample(range(1, first.steps + 1), 5)):
            folder = old.with_name(f"{fault}-{at}")
            shutil.copytree(old, folder)
            ended = adopted(folder, fault, at)
            where = (fault, at, ended.last, ended.said)
            assert ended.code == -signal.SIGKILL or fault == "full", where
            assert ended.code in (-signal.SIGKILL, 0, 1, 2), where
            for name, data in site_of(folder).items():
                if name in before:
                    assert data in (before[name], after[name]), where
            assert adopted(folder).code in (0, 1), where
            again = adopted(folder)
            assert again.code == 0, (*where, again.said)
            assert site_of(folder) == after, where
            assert ledger_of(folder) == ledger_of(whole), where
