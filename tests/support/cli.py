"""The command as a user runs it, in a folder of its own, against a newsroom."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from newsroom import Newsroom

from support import DATA
from support.launching import Order, launch

POSTS = DATA / "posts"
SEED = "2022-04-26-NW202204262359811335.md"
SHARE = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode="


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


class Cli:
    """`newsspider` in a folder of its own, against a newsroom."""

    def __init__(self, folder: Path, newsroom: Newsroom | None) -> None:
        self.folder = folder
        self.newsroom = newsroom
        self.variables: dict[str, str] = {}  # of the environment, more than this process has

    @property
    def posts(self) -> Path:
        """The folder of the posts, in `output/site` or in the only folder beside it."""
        beside = list(self.folder.glob("output/*/_posts"))
        return beside[0] if len(beside) == 1 else self.folder / "output/site/_posts"

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.posts.glob("*")) if self.posts.is_dir() else []

    def environment(self) -> dict[str, str]:
        others = ("NEWSSPIDER_", "SCRAPY_", "GITHUB_")
        env = {k: v for k, v in os.environ.items() if not k.startswith(others)}
        if self.newsroom is not None:
            env["NEWSSPIDER_CONNECT_TO"] = self.newsroom.address
        return (
            env | {"PYTHONWARNINGS": "error", "COLUMNS": "200", "PYTHONUTF8": "1"} | self.variables
        )

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        order = Order(
            [*arguments], self.environment(), cwd=str(self.folder), stdin=stdin, kill_after=600
        )
        ended = launch(order)
        assert "Traceback" not in ended.err, ended.err
        return Ran(ended.code, ended.out, ended.err)

    def start(self, *arguments: str, code: str = "") -> subprocess.Popen[str]:
        """The command, or this Python code in its place, running. It hears SIGINT even where a
        shell runs the tests as a background job, which ignores it."""
        program = ("-c", code) if code else ("-m", "newsspider")
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )


def program(name: str) -> str:
    """The path of a program of the system; a test that needs it and lacks it is skipped by name,
    and fails where CI is."""
    path = shutil.which(name)
    if path is None:
        message = f"needs {name}: apt-get install {name}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
