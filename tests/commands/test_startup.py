"""The command line starts quickly: what a command does not need is not imported."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from newsspider.commands import COMMANDS, command_line

HEAVY = {
    *("scrapy", "twisted", "parsel", "lxml", "pydantic", "rich", "yaml", "trafilatura"),
    *("readability", "htmldate", "dateparser", "pypinyin", "xpinyin", "tldextract", "feedparser"),
}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_the_list_of_commands_imports_nothing_heavy(arguments: list[str]) -> None:
    assert not modules_after(arguments) & HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_the_first_sentence_of_the_help_of_each(name: str) -> None:
    command = getattr(import_module(f"newsspider.commands.{name}"), name)
    paragraph = (inspect.getdoc(command) or "").partition("\n\n")[0].replace("\n", " ")
    assert paragraph.partition(". ")[0].rstrip(".") + "." == COMMANDS[name]


def test_every_command_loads() -> None:
    for name, command in command_line().commands.items():
        assert command.load().name == name  # type: ignore[attr-defined]


def modules_after(arguments: list[str]) -> set[str]:
    """The modules that a process has imported after a command."""
    code = (
        "import sys\nfrom newsspider.commands import main\n"
        f"try: main({arguments})\nexcept SystemExit: print('\\n', *sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.splitlines()[-1].split())
