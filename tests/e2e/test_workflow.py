"""The written GitHub workflow, its steps run with the real command on a real git remote."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from newsroom import Newsroom
from support.cli import Cli, program
from support.workflow import Runner


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        [program("git"), "-C", folder, *name, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def machine(folder: Path, number: int, cli: Cli) -> Runner:
    """A fresh machine with a fresh checkout, as each run of the workflow has."""
    checkout = folder / f"checkout{number}"
    git(folder, "clone", "-q", str(folder / "remote"), checkout.name)
    workflow = checkout / ".github/workflows/newsspider.yml"
    runner = Runner(workflow, checkout, folder / f"home{number}")
    address = cli.environment()["NEWSSPIDER_CONNECT_TO"]
    command = f"{sys.executable} -m newsspider"
    runner.stub("newsspider", f'NEWSSPIDER_CONNECT_TO={address} exec {command} "$@"')
    return runner


def test_runs_commit_only_where_something_changed(tmp_path: Path, newsroom: Newsroom) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote")
    first = Cli(tmp_path / "first", newsroom)
    git(tmp_path, "clone", "-q", str(tmp_path / "remote"), "first")
    (first.folder / "README.md").write_text("mine\n")
    sources = ("finews/renminyoudianbao", "finews/yangshixinwenkehuduan")
    assert first("init", sources[0], sources[1], "--github", "--output", ".").code == 0
    git(first.folder, "add", "-A")
    git(first.folder, "commit", "-qm", "start")
    git(first.folder, "push", "-q", "origin", "HEAD:main")

    commits, cache = [], tmp_path / "cache"
    for number in range(5):
        runner = machine(tmp_path, number, first)
        ledger = runner.checkout / ".newsspider"
        if cache.exists() and number != 2:  # GitHub may have dropped it
            shutil.copytree(cache, ledger)
        if number == 3:  # a person deletes a post
            post = min((runner.checkout / "_posts").iterdir())
            git(runner.checkout, "rm", "-q", str(post))
            git(runner.checkout, "commit", "-qm", "deleted")
            git(runner.checkout, "push", "-q", "origin", "HEAD:main")
        inputs = {"SOURCE": sources[0]} if number == 0 else {"ALL": "true"}
        crawled = runner("crawl", **inputs)
        assert crawled.outputs["code"] == "0", crawled.log
        pushed = runner("push", BRANCH="main")
        assert pushed.code == 0, pushed.log
        commits.append(pushed.outputs["changed"] == "true")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(ledger, cache)
    # The first source, then the second, then the note that a post was removed.
    assert [number for number, changed in enumerate(commits) if changed] == [0, 1, 3]
    names = git(tmp_path / "remote", "ls-tree", "-r", "--name-only", "main").splitlines()
    assert not any(".newsspider/" in name for name in names)
    assert str(post.relative_to(tmp_path / "checkout3")) not in names
