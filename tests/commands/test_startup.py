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


def test_the_list_of_sites_imports_no_part_of_a_crawl() -> None:
    parts = ("sanitize", "dates", "languages", "listing", "extraction", "exporters")
    modules = modules_after(["sites"])
    assert not modules & (HEAVY - {"parsel", "lxml", "pydantic", "rich", "yaml"})
    assert not modules & {f"newsspider.{part}" for part in parts}


def test_a_crawl_imports_what_it_may_not_need_when_it_needs_it() -> None:
    code = (
        "import sys\n"
        "from scrapy.settings import Settings\n"
        "from scrapy.utils.misc import load_object\n"
        "settings = Settings(); settings.setmodule('newsspider.settings')\n"
        "for name in ('EXTENSIONS', 'DOWNLOADER_MIDDLEWARES', 'ITEM_PIPELINES'):\n"
        "    for part in settings.get_component_priority_dict_with_base(name): load_object(part)\n"
        "import newsspider.spiders.category; print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(ran.stdout.split())
    assert "newsspider.pipelines" in modules
    for name in ("newsspider.discover", "newsspider.extraction.generic", "newsspider.authoring"):
        assert name not in modules
    assert not modules & {
        "aiohttp",
        "requests",
        "tldextract",
        "trafilatura",
        "htmldate",
        "dateparser",
        "pypinyin",
    }


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
