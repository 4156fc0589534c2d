"""The options of the commands: what follows from a field of a model."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from support.more_options import MoreOptions

from newsspider.commands.options import CommandLine, takes_options, with_settings


@takes_options
def crawl(target: str, options: MoreOptions, line: CommandLine) -> tuple[object, ...]:
    return target, *with_settings(options, line)


@takes_options
def share(options: MoreOptions, line: CommandLine) -> tuple[object, ...]:
    return options, line


def run(command: Callable[..., Any], *arguments: str) -> Any:
    app = typer.Typer(add_completion=False)
    app.command()(command)
    return app(list(arguments), standalone_mode=False)


def test_an_option_more_arrives_on_the_command_line_and_in_the_settings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    target, options, settings = run(crawl, "a", "--colour", "red")
    assert (target, options.colour, settings["NEWS_COLOUR"]) == ("a", "red", "red")
    assert type(options) is MoreOptions
    assert MoreOptions.from_settings(settings) == options
    assert run(crawl, "a")[1] == MoreOptions()
    run(crawl, "--help")
    shown = capsys.readouterr().out
    assert "The colour of it all." in shown and "--colour" in shown and "-c" in shown


@pytest.mark.parametrize("given", [["--colour", "grey"], ["-s", "NEWS_COLOUR=grey"]])
def test_an_option_more_is_checked_however_it_is_given(given: list[str]) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        run(crawl, "a", *given)
    assert str(caught.value).endswith("'grey' is no colour")


def test_a_command_has_its_own_options_only() -> None:
    with pytest.raises(typer.TyperException, match="--colour"):
        run(share, "--colour", "red")
    with pytest.raises(typer.TyperException, match="--max-pages"):
        run(share, "--max-pages", "2")
    assert run(share, "--limit", "2")[0].limit == 2


def test_a_setting_wins_over_the_option() -> None:
    _, options, settings = run(crawl, "a", "--limit", "2", "-s", "NEWS_LIMIT=3", "-s", "A=b")
    assert options.limit == 3
    assert (settings["NEWS_LIMIT"], settings["A"]) == (3, "b")
    assert run(crawl, "a", "--dry-run", "-s", "NEWS_DRY_RUN=0")[1].dry_run is False


def test_the_environment_gives_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSSPIDER_CONNECT_TO", "127.0.0.1:80")
    assert run(share)[0].connect_to == "127.0.0.1:80"
    assert run(share, "--connect-to", "127.0.0.1:81")[0].connect_to == "127.0.0.1:81"


def test_options_of_the_command_line_itself() -> None:
    line = run(share, "-vv", "--wait-limit", "2", "-o", "a.jsonl", "--log-file", "log")[1]
    assert (line.verbose, line.feed, line.log_file) == (2, "a.jsonl", Path("log"))
    assert run(share)[1] == CommandLine()


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ([], 0),
        (["--wait"], math.inf),
        (["--wait-limit", "2.5"], 2.5),
        (["--wait-limit", "0"], 0),
        (["--wait", "--wait-limit", "2"], 2),
    ],
)
def test_how_long_a_run_waits(given: list[str], seconds: float) -> None:
    assert run(share, *given)[1].patience == seconds
