"""The options of the commands: those of a run, and those of the command line itself.

In: a command whose parameters include models of options, and the arguments of a command line. Out:
the command as typer takes it, with an option for each field of the models; the Scrapy settings of
`-s`. Raises BadParameter for a value that cannot be used. Called by the modules of `commands`.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

import typer
from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from newsspider.spiders.options import AtLeastOne, Flag, Options, RunOptions, flag_of

_SETTING = re.compile(r"[A-Z][A-Z0-9_]*")
_NOT_NEGATIVE = re.compile(r"(TIMEOUT|DELAY|MAXSIZE|TIMES)$|^CONCURRENT_|^NEWS_")
_AT_LEAST_ONE = re.compile(r"^CONCURRENT_|^REACTOR_THREADPOOL_MAXSIZE$|^NEWS_BROWSER_PAGES$")
# Without these settings as they are, a run finds no spider or writes nothing.
_OURS = ("SPIDER_MODULES", "SPIDER_LOADER_CLASS", "ITEM_PIPELINES")
_EVERY_RUN = ("crawl", "share", "add", "init", "check")


def _checked_feed(target: str) -> str:
    from newsspider.exporters.writers import WRITERS, format_of  # only where it is needed

    path = urlsplit(target).path if "://" in target else target  # without a password
    if path != "-" and not format_of(path):
        endings = ", ".join(writer.endings[0] for writer in WRITERS.values() if writer.endings)
        raise ValueError(f"the ending of {path!r} names no format: {endings}")
    return target


class CommandLine(Options):
    """The options that concern the command, not the crawls."""

    settings: Annotated[
        list[str] | None,
        Flag(
            ("-s",),
            "Set a Scrapy setting; may be given several times.",
            metavar="NAME=VALUE",
            commands=_EVERY_RUN,
        ),
    ] = None
    feed: Annotated[
        Annotated[str, AfterValidator(_checked_feed)] | None,
        Flag(
            ("-o",),
            "Append the articles to this file, one JSON object per line; - prints them at the end. "
            "A file of another format of `export`, or in a remote storage (s3, gs, ftp), has those "
            "of this run.",
            metavar="FILE",
        ),
    ] = None
    all_sources: Annotated[
        bool,
        Flag(
            ("--all",),
            "Without a target: crawl all sources of newsspider.yml, due or not.",
            commands=("crawl",),
        ),
    ] = False
    source: Annotated[
        list[str] | None,
        Flag(
            ("--source",),
            "Without a target: crawl this source of newsspider.yml; may be given several times.",
            metavar="NAME",
            commands=("crawl",),
        ),
    ] = None
    watch: Annotated[
        bool,
        Flag(
            ("--watch",),
            "Without a target: keep running, and crawl each source when it is due.",
            commands=("crawl",),
        ),
    ] = False
    jobs: Annotated[
        AtLeastOne | None,
        Flag(
            ("--jobs",),
            "Share the crawls out over N processes, each host to one; by default over as many as "
            "pay off.",
            metavar="N",
        ),
    ] = None
    wait: Annotated[
        bool,
        Flag(("--wait",), "If another run holds the output folder, wait until it ends."),
    ] = False
    wait_limit: Annotated[
        Annotated[float, Field(ge=0)] | None,
        Flag(("--wait-limit",), "Wait as with --wait, at most this long.", metavar="SECONDS"),
    ] = None
    quiet: Annotated[
        bool,
        Flag(
            ("--quiet", "-q"),
            "Print nothing unless a person is needed: bad input, or a source that failed.",
            commands=("crawl", "share", "export"),
        ),
    ] = False
    verbose: Annotated[
        int,
        Flag(
            ("--verbose", "-v"),
            "Show more log messages; -vv shows all.",
            commands=_EVERY_RUN,
            count=True,
        ),
    ] = 0
    log_file: Annotated[
        Path | None,
        Flag(
            ("--log-file",),
            "Write the full log to this file; it ends with the report, and rotates at 10 MB.",
            metavar="FILE",
            commands=_EVERY_RUN,
        ),
    ] = None

    @property
    def scheduled(self) -> dict[str, bool]:
        """The options for the sources of newsspider.yml, and whether each is given."""
        return {"--all": self.all_sources, "--source": bool(self.source), "--watch": self.watch}

    @property
    def patience(self) -> float:
        """Seconds to wait for another run; infinite with `--wait` alone, 0 without either."""
        if self.wait_limit is not None:
            return self.wait_limit
        return math.inf if self.wait else 0


def takes_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command as typer takes it: each parameter whose type is a model of options is
    replaced by an option for each field of the model that lists this command. `model_fields_set` of
    a model has the options that were given."""
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
    def wrapper(**values: Any) -> Any:
        for name, model in models.items():
            fields = _fields_of(model, command.__name__)
            given = {field: values.pop(field) for field in fields}
            given = {field: value for field, value in given.items() if value is not None}
            values[name] = model.model_construct(**given)
        return command(**values)

    wrapper.__annotations__ = {}
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return wrapper


def option_parameters(model: type[Options], command: str) -> list[inspect.Parameter]:
    """The parameters that typer reads as a command's options, one for each field of the model."""
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_shown_default(field),
            annotation=Annotated[_typed_kind(field), _typer_option(model, name, flag_of(field))],
        )
        for name, field in _fields_of(model, command).items()
    ]


def _fields_of(model: type[Options], command: str) -> dict[str, FieldInfo]:
    """Return the fields of a model that are options of this command."""
    fields = model.model_fields.items()
    return {name: field for name, field in fields if command in flag_of(field).commands}


def _typer_option(model: type[Options], name: str, flag: Flag) -> Any:
    return typer.Option(
        *flag.flags,
        help=flag.help,
        metavar=flag.metavar,
        envvar=flag.envvar,
        count=flag.count,
        callback=_check(model, name),
    )


def _check(model: type[Options], name: str) -> Callable[[typer.Context, Any], Any]:
    """Return the typer callback that turns a value of the option into the type of the model's
    field. For an option that is not given it returns None."""

    def checked(context: typer.Context, value: Any) -> Any:
        source = context.get_parameter_source(name)
        if value is None or source is None or source.name == "DEFAULT":
            return None
        try:
            return model.checked(name, value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return checked


def _typed_kind(field: FieldInfo) -> Any:
    """The type that typer parses an option as. Text is parsed further by the model's check."""
    if field.annotation is bool or flag_of(field).count:
        return field.annotation
    return list[str] | None if field.annotation == list[str] | None else str | None


def _shown_default(field: FieldInfo) -> Any:
    """The default as the help shows it; None for a default that needs no mention."""
    default = field.default if field.default_factory is None else None
    return str(default) if isinstance(default, Path) else None if default == "" else default


def with_settings(options: RunOptions, line: CommandLine) -> tuple[RunOptions, dict[str, Any]]:
    """Return the options of a run as changed by `-s`, and the Scrapy settings of both together."""
    settings = read_settings(line.settings or ())
    try:
        options = options.with_settings(settings)
    except ValueError as error:
        raise typer.BadParameter(f"-s {error}") from None
    of_options = options.settings()
    for name, value in settings.items():
        if name not in of_options:
            _check_kind(name, value)
    return options, {**settings, **of_options}


def own_sites(options: RunOptions) -> Path:
    """Return the folder of the user's site files. Raises BadParameter for one that was named and
    does not exist; the default need not exist."""
    if options.sites != RunOptions().sites and not options.sites.is_dir():
        raise typer.BadParameter(f"--sites: there is no folder {options.sites}")
    return options.sites


def read_settings(texts: Sequence[str]) -> dict[str, str]:
    """Return the names and values of `-s NAME=VALUE`."""
    settings = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not _SETTING.fullmatch(name):
            raise typer.BadParameter(f"-s {text}: write -s NAME=VALUE, such as -s DOWNLOAD_DELAY=5")
        settings[name] = value
    return settings


def _check_kind(name: str, value: str) -> None:
    """Raise BadParameter for a value that does not have the type of the setting's default. Scrapy's
    own error would not name the setting."""
    from scrapy.settings import default_settings

    from newsspider import settings

    if name in _OURS:
        raise typer.BadParameter(f"-s {name}={value}: newsspider needs this setting as it is")
    if _NOT_NEGATIVE.search(name) and value.strip().startswith("-"):
        raise typer.BadParameter(f"-s {name}={value}: cannot be negative")
    default = getattr(settings, name, getattr(default_settings, name, None))
    whole = isinstance(default, int) and name.startswith(("NEWS_", "CONCURRENT_", "RETRY_"))
    try:
        if isinstance(default, bool):
            if value.lower() not in ("0", "1", "true", "false"):
                raise ValueError(value)
        elif isinstance(default, int | float):
            if not math.isfinite(float(value)):
                raise ValueError(value)
            if whole:
                int(value)
    except ValueError:
        kind = "1 or 0" if isinstance(default, bool) else "a whole number" if whole else "a number"
        raise typer.BadParameter(f"-s {name}={value}: {value!r} is not {kind}") from None
    if _AT_LEAST_ONE.search(name) and default and int(float(value)) < 1:
        raise typer.BadParameter(f"-s {name}={value}: must be at least 1")
