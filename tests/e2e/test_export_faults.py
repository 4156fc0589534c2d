"""An export that is killed at any step leaves that of before, and the next one replaces it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from support.cli import Cli
from support.folders import article, publish
from support.launching import Ended, Order, launch

from newsspider.exporters.writers import WRITERS

# Kills of a format: those that count are between the steps of a file and of a folder.
_KILLS = {"jsonl": 20, "txt-files": 40}
_KILLS_OF_OTHERS = 3
FORMATS = [name for name, writer in WRITERS.items() if not writer.changes]


def run(folder: Path, name: str, target: str, **fault: object) -> Ended:
    order = Order(
        ["export", str(folder / target), "--format", name],
        {**Cli(folder, None).environment()},
        cwd=str(folder),
        folder=str((folder / target).parent),
        **fault,  # type: ignore[arg-type]
    )
    ended = launch(order)
    assert "Traceback" not in ended.said, ended.said
    return ended


def content(target: Path) -> dict[str, bytes]:
    files = [target] if target.is_file() else [each for each in target.rglob("*") if each.is_file()]
    return {os.path.relpath(file, target): file.read_bytes() for file in files}


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_that_is_killed(name: str, tmp_path: Path) -> None:
    site = publish(tmp_path / "output/site", [article(0)])
    assert run(tmp_path, name, "before/target").code == 0
    before = content(tmp_path / "before/target")
    publish(site, [article(0, title="Corrected"), article(1)])
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    steps = run(tmp_path, name, "after/target").steps
    after = content(tmp_path / "after/target")
    assert before and after and before != after
    for at in range(1, steps + 1, max(1, steps // _KILLS.get(name, _KILLS_OF_OTHERS))):
        shutil.copytree(tmp_path / "before", tmp_path / f"{at}")
        ended = run(tmp_path, name, f"{at}/target", fault="kill", at=at)
        assert ended.code == -signal.SIGKILL
        is_moved = not (tmp_path / f"{at}/target").exists()  # between its two renames
        left = tmp_path / f"{at}" / (".target.old" if is_moved else "target")
        assert content(left) in (before, after), ended.last
        assert run(tmp_path, name, f"{at}/target").code == 0
        assert content(tmp_path / f"{at}/target") == after
        assert [each.name for each in (tmp_path / f"{at}").iterdir()] == ["target"]
