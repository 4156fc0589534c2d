"""docs/tutorial.md is true: its commands, one after the other, print what it shows.

A `console` block has commands (`$ …`), each with what it prints below. A `diff` block is an edit of
the file in its first line. Only standard output is compared, line by line, without the spaces at
the end of a line. A line of the document that ends with `…` stands for every line that begins like
it: this leaves out the day of the run and what a table cuts off. Other blocks are for the reader.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from newsroom import Newsroom
from support import ROOT
from support.cli import Cli

TUTORIAL = (ROOT / "docs/tutorial.md").read_text("utf-8")
COMMANDS = ["add", "check", "crawl"]
WIDTH = "100"  # columns of the terminal that the tutorial was written in


@dataclass(frozen=True)
class Command:
    line: str
    output: Sequence[str]

    @property
    def arguments(self) -> list[str]:
        """Those of `newsspider`; empty for another program."""
        program, *arguments = self.line.split()
        return arguments if program == "newsspider" else []


@dataclass(frozen=True)
class Edit:
    file: str
    before: str
    after: str

    def apply(self, folder: Path) -> None:
        path = folder / self.file
        text = path.read_text("utf-8")
        assert text.count(self.before) == 1, f"{self.before!r} is not once in {self.file}"
        path.write_text(text.replace(self.before, self.after), "utf-8")


class Reader(Cli):
    """Somebody who follows the tutorial."""

    code = 0

    def environment(self) -> dict[str, str]:
        return super().environment() | {"COLUMNS": WIDTH}

    def run(self, command: Command) -> list[str]:
        if command.arguments:
            ran = self(*command.arguments)
            self.code = ran.code
            return ran.out.splitlines()
        script = f"(exit {self.code}); {command.line}"
        command_line = ["sh", "-c", script]
        shell = subprocess.run(command_line, cwd=self.folder, stdout=subprocess.PIPE, check=True)
        return shell.stdout.decode().splitlines()


def steps(text: str) -> Iterator[Command | Edit]:
    for kind, block in re.findall(r"^```(console|diff)\n(.*?)^```$", text, re.M | re.S):
        if kind == "diff":
            yield _edit(block.splitlines())
            continue
        for part in block.removeprefix("$ ").split("\n$ "):
            line, *output = part.splitlines()
            yield Command(line, output)


def _edit(lines: Sequence[str]) -> Edit:
    file, *changes = lines
    return Edit(
        file.removeprefix("--- "),
        "".join(f"\n{line[1:]}" for line in changes if line[0] in "- "),
        "".join(f"\n{line[1:]}" for line in changes if line[0] in "+ "),
    )


def as_shown(printed: Sequence[str], shown: Sequence[str]) -> list[str]:
    """The printed lines; in place of those that a line with `…` stands for, that line."""
    return [
        pattern if pattern.endswith("…") and line.startswith(pattern[:-1]) else line.rstrip()
        for line, pattern in zip_longest(printed, shown[: len(printed)], fillvalue="")
    ]


def test_the_tutorial_does_what_it_shows(tmp_path: Path, newsroom: Newsroom) -> None:
    reader = Reader(tmp_path, newsroom)
    for step in steps(TUTORIAL):
        if isinstance(step, Edit):
            step.apply(tmp_path)
        else:
            printed = as_shown(reader.run(step), step.output)
            assert printed == list(step.output), f"$ {step.line}"


def test_the_tutorial_uses_each_command_and_edits_a_file() -> None:
    parsed = list(steps(TUTORIAL))
    used = [step.arguments[0] for step in parsed if isinstance(step, Command) and step.arguments]
    assert list(dict.fromkeys(used)) == COMMANDS
    assert any(isinstance(step, Edit) for step in parsed)


@pytest.mark.parametrize(
    ("printed", "shown", "same"),
    [
        (["4 links  "], ["4 links"], True),
        (["4 links"], ["5 links"], False),
        (["# 2026-11-28."], ["# 2026-…"], True),
        (["# 2025-11-28."], ["# 2026-…"], False),
        (["fine", "broken"], ["fine"], False),
        (["fine"], ["fine", "…"], False),
    ],
)
def test_a_line_is_compared_as_the_rule_says(
    printed: list[str], shown: list[str], same: bool
) -> None:
    assert (as_shown(printed, shown) == shown) is same
