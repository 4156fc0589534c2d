"""The options of the commands: those of a run, and those of the command line itself.

In: a command that takes models of options, and what a person typed. Out: the command with an option
for each of their fields, for typer; the Scrapy settings that `-s` gives. BadParameter says what is
wrong with a value and what to write.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from newsspider.spiders.options import Flag, Options, RunOptions, flag_of

_SETTING = re.compile(r"[A-Z][A-Z0-9_]*")
_NOT_NEGATIVE = re.compile(r"(TIMEOUT|DELAY|MAXSIZE|TIMES)$|^CONCURRENT_|^NEWS_")
_KINDS: dict[type, str] = {bool: "1 or 0", int: "a whole number", float: "a number"}
_EVERY_RUN = ("crawl", "share", "add", "check")


def _checked_feed(path: Path) -> Path:
    if path.suffix not in (".jsonl", ".jl"):  # the form that can be appended to
        raise ValueError(f"{str(path)!r} does not end in .jsonl")
    return path


class CommandLine(Options):
    """What a person asks of the command line, not of the crawls."""

    settings: Annotated[
        list[str] | None,
        Flag(
            ("-s",),
            "Any Scrapy setting; may be given again.",
            metavar="NAME=VALUE",
            commands=_EVERY_RUN,
        ),
    ] = None
    feed: Annotated[
        Annotated[Path, AfterValidator(_checked_feed)] | None,
        Flag(
            ("-o",),
            "Append the articles to this file, one JSON object per line.",
            metavar="FILE.jsonl",
        ),
    ] = None
    wait: Annotated[
        bool, Flag(("--wait",), "Wait for another run to let the output folder go.")
    ] = False
    wait_limit: Annotated[
        Annotated[float, Field(ge=0)] | None,
        Flag(("--wait-limit",), "Wait, but no longer than this.", metavar="SECONDS"),
    ] = None
    verbose: Annotated[
        int,
        Flag(
            ("--verbose", "-v"), "Say more; -vv says everything.", commands=_EVERY_RUN, count=True
        ),
    ] = 0
    log_file: Annotated[
        Path | None,
        Flag(("--log-file",), "Write the log there, in full.", metavar="FILE", commands=_EVERY_RUN),
    ] = None

    @property
    def patience(self) -> float:
        """How many seconds `--wait` and `--wait-limit` allow."""
        if self.wait_limit is not None:
            return self.wait_limit
        return math.inf if self.wait else 0


def takes_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command for typer: in place of each parameter that is a model of options, an option for
    each field of the model that belongs to the command of this name."""
    hints = get_type_hints(command, include_extras=True)
    models: dict[str, type[Options]] = {}
    parameters = []
    for name, parameter in inspect.signature(command).parameters.items():
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, Options):
            models[name] = hint
            parameters += option_parameters(hint, command.__name__)
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hint, kind=kind))

    @wraps(command)
    def called(**given: Any) -> Any:
        for name, model in models.items():
            fields = given.keys() & model.model_fields.keys()
            given[name] = model.model_construct(**{field: given.pop(field) for field in fields})
        return command(**given)

    called.__annotations__ = {}
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called


def option_parameters(model: type[Options], command: str) -> list[inspect.Parameter]:
    """The parameters that typer reads as a command's options, one for each field of the model."""
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_shown_default(field),
            annotation=Annotated[_typed_kind(field), _typer_option(model, name, flag_of(field))],
        )
        for name, field in model.model_fields.items()
        if command in flag_of(field).commands
    ]


def _typer_option(model: type[Options], name: str, flag: Flag) -> Any:
    return typer.Option(
        *flag.flags,
        help=flag.help,
        metavar=flag.metavar,
        envvar=flag.envvar,
        count=flag.count,
        callback=_check(model, name),
    )


def _check(model: type[Options], name: str) -> Callable[[Any], Any]:
    """What typer calls with an option's value, for the value as the model wants it. An option that
    is not given keeps its default."""

    def checked(value: Any) -> Any:
        if value is None:
            return model.model_fields[name].get_default(call_default_factory=True)
        try:
            return model.checked(name, value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return checked


def _typed_kind(field: FieldInfo) -> Any:
    """What typer is to make of an option; where that is text, the model's check reads it."""
    if field.annotation is bool or flag_of(field).count:
        return field.annotation
    return list[str] | None if field.annotation == list[str] | None else str | None


def _shown_default(field: FieldInfo) -> Any:
    """The default as the help shows it; None for one that says nothing."""
    default = field.default if field.default_factory is None else None
    return str(default) if isinstance(default, Path) else None if default == "" else default


def with_settings(options: RunOptions, line: CommandLine) -> tuple[RunOptions, dict[str, Any]]:
    """The options of a run with what `-s` changes of them, and the Scrapy settings of both."""
    given = read_settings(line.settings or ())
    try:
        options = options.with_settings(given)
    except ValueError as error:
        raise typer.BadParameter(f"-s {error}") from None
    chosen = options.settings()
    for name, value in given.items():
        if name not in chosen:
            _check_kind(name, value)
    return options, {**given, **chosen}


def read_settings(texts: Sequence[str]) -> dict[str, str]:
    """The names and values of `-s NAME=VALUE`."""
    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not _SETTING.fullmatch(name):
            raise typer.BadParameter(f"-s {text}: write -s NAME=VALUE, such as -s DOWNLOAD_DELAY=5")
        given[name] = value
    return given


def _check_kind(name: str, value: str) -> None:
    """A setting has the kind of its default: Scrapy only tells that it cannot read a value, not
    whose value it is."""
    from scrapy.settings import default_settings

    from newsspider import settings

    if _NOT_NEGATIVE.search(name) and value.strip().startswith("-"):
        raise typer.BadParameter(f"-s {name}={value}: cannot be negative")
    default = getattr(settings, name, getattr(default_settings, name, None))
    try:
        if isinstance(default, bool):
            if value.lower() not in ("0", "1", "true", "false"):
                raise ValueError(value)
        elif isinstance(default, int | float):
            float(value)
            if isinstance(default, int) and name.startswith(("NEWS_", "CONCURRENT_", "RETRY_")):
                int(value)
    except ValueError:
        raise typer.BadParameter(
            f"-s {name}={value}: {value!r} is not {_KINDS[type(default)]}"
        ) from None
