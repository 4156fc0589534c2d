"""The options that several subcommands share, and the settings they stand for.

In: what a person typed. Out: Scrapy settings, or BadParameter with what is wrong and what to write.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table

from newsspider.clean import PROFILES
from newsspider.crawling.progress import Progress
from newsspider.crawling.report import Report
from newsspider.crawling.run import Job, run
from newsspider.dates import read_since
from newsspider.errors import Exit, Unwritable
from newsspider.store.files import trouble_of

_SETTING = re.compile(r"[A-Z][A-Z0-9_]*")
_NOT_NEGATIVE = re.compile(r"(TIMEOUT|DELAY|MAXSIZE|TIMES)$|^CONCURRENT_|^NEWS_")
_STOCK = re.compile(r"(?:\d{1,3}\.)?[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})")


def _checked_since(text: str) -> str:
    try:
        if text:
            read_since(text, now=datetime.now(UTC), zone=ZoneInfo("UTC"))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def _checked_address(text: str) -> str:
    match = _HOST_AND_PORT.fullmatch(text)
    if text and (match is None or not 0 < int(match[2]) < 65536):
        raise typer.BadParameter(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8080")
    return text


def _checked_stock(text: str) -> str:
    if text and not _STOCK.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no code of a share, such as 600941 or 1.600941")
    return text


def _checked_profile(text: str) -> str:
    if text and text not in PROFILES:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(PROFILES)}")
    return text


Output = Annotated[
    Path, typer.Option("--output", "-O", help="Folder of the Jekyll site that posts go into.")
]
Sites = Annotated[
    Path, typer.Option("--sites", help="Your own site files; they win over the built-in ones.")
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Fetch N articles at most, newest first.")
]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="DATE|AGE",
        callback=_checked_since,
        help="Nothing published before 2026-11-01, or longer ago than 7d, 36h, 2w.",
    ),
]
MaxPages = Annotated[
    int | None, typer.Option("--max-pages", min=1, help="Read N pages of each listing at most.")
]
Media = Annotated[
    str, typer.Option("--media", metavar="NAME", help="Articles of this source only.")
]
Stock = Annotated[
    str,
    typer.Option(
        "--stock",
        metavar="CODE",
        callback=_checked_stock,
        help="Articles that mention this share only: 600941, or 1.600941 with its market.",
    ),
]
Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        callback=_checked_profile,
        help="Clean by this profile (seed or reader) instead of the site's.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Fetch, but write neither posts nor ledger.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Tell of each article which page said what, and where.")
]
Ftr = Annotated[
    Path | None,
    typer.Option(
        "--ftr",
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        help="Rules of the ftr-site-config format, for articles that no site file reads.",
    ),
]
ConnectTo = Annotated[
    str,
    typer.Option(
        "--connect-to",
        metavar="HOST:PORT",
        envvar="NEWSSPIDER_CONNECT_TO",
        callback=_checked_address,
        help="Connect there, over plain HTTP, for every request; URLs and Host headers stay.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("-s", metavar="NAME=VALUE", help="Any Scrapy setting; may be given again."),
]
Feed = Annotated[
    Path | None, typer.Option("-o", help="Append the articles to this file, one JSON per line.")
]
Wait = Annotated[
    bool, typer.Option("--wait", help="Wait for another run to let the output folder go.")
]
WaitLimit = Annotated[
    float | None,
    typer.Option("--wait-limit", min=0, metavar="SECONDS", help="Wait, but no longer than this."),
]
Verbose = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Say more; -vv says everything.")
]
LogFile = Annotated[Path | None, typer.Option("--log-file", help="Write the log there, in full.")]


def settings(
    *,
    output: Path,
    sites: Path,
    connect_to: str,
    set_: list[str] | None,
    feed: Path | None,
    **ours: Any,
) -> dict[str, Any]:
    """The Scrapy settings that the options stand for; `ours` are NEWS_ settings in lower case."""
    if sites != Path("sites") and not sites.is_dir():
        raise typer.BadParameter(f"--sites: there is no folder {sites}")
    chosen: dict[str, Any] = {
        "NEWS_OUTPUT": str(output),
        "NEWS_SITES": str(sites),
        "NEWS_CONNECT_TO": connect_to,
        **{f"NEWS_{name.upper()}": value for name, value in ours.items() if value},
    }
    if feed is not None:
        if feed.suffix not in (".jsonl", ".jl"):  # the form that can be appended to
            raise typer.BadParameter(f"-o {feed}: does not end in .jsonl")
        from newsspider.crawling import feeds

        try:
            feeds.prepare(feed)
        except OSError as error:
            raise typer.BadParameter(f"-o {feed}: cannot be written: {trouble_of(error)}") from None
        chosen["FEEDS"] = {str(feed): {"format": "lines", "overwrite": False}}
    for text in set_ or ():
        name, equals, value = text.partition("=")
        if not equals or not _SETTING.fullmatch(name):
            raise typer.BadParameter(f"-s {text}: write -s NAME=VALUE, such as -s DOWNLOAD_DELAY=5")
        if _NOT_NEGATIVE.search(name) and value.strip().startswith("-"):
            raise typer.BadParameter(f"-s {text}: cannot be negative")
        _check_kind(name, value)
        chosen[name] = value
    return chosen


def _check_kind(name: str, value: str) -> None:
    """A setting has the kind of its default: Scrapy would only tell what it cannot read, not
    whose value it is."""
    from scrapy.settings import default_settings

    from newsspider import settings

    default = getattr(settings, name, getattr(default_settings, name, None))
    try:
        if isinstance(default, bool):
            if value.lower() not in ("0", "1", "true", "false"):
                raise ValueError("is neither 1 nor 0")
        elif isinstance(default, int | float):
            float(value)
            if isinstance(default, int) and name.startswith(("NEWS_", "CONCURRENT_", "RETRY_")):
                int(value)
    except ValueError:
        kind = type(default).__name__
        raise typer.BadParameter(f"-s {name}={value}: {value!r} is no {kind}") from None
    if name == "NEWS_PROFILE":
        _checked_profile(value)


class _Line(logging.Formatter):
    """A line per record: a person is told what went wrong, the log file has the traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def _is_news(record: logging.LogRecord) -> bool:
    """Each thing that a full disk stops is logged; its end is told once, by the report."""
    return not (record.exc_info and isinstance(record.exc_info[1], Unwritable))


def start_logging(
    console: Console, verbose: int, log_file: Path | None, *, quiet: bool = False
) -> None:
    """Warnings to the console (more with -v), everything to the log file."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    if quiet:
        level = logging.CRITICAL
    shown: logging.Handler = (
        RichHandler(console=console, show_path=False, markup=False)
        if console.is_terminal
        else logging.StreamHandler()
    )
    shown.setLevel(level)
    shown.setFormatter(
        _Line("%(message)s" if console.is_terminal else "%(levelname)s: %(message)s")
    )
    shown.addFilter(_is_news)
    handlers: list[logging.Handler] = [shown]
    if log_file is not None:
        try:
            written = logging.FileHandler(log_file, encoding="utf-8")
        except OSError as error:
            raise typer.BadParameter(f"--log-file {log_file}: {error.strerror}") from None
        written.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        written.setLevel(logging.DEBUG if verbose else logging.INFO)
        handlers.append(written)
    logging.basicConfig(level=min(h.level for h in handlers), handlers=handlers, force=True)


def patience(wait: bool, limit: float | None) -> float:
    """How many seconds `--wait` and `--wait-limit` allow."""
    if limit is not None:
        return limit
    return math.inf if wait else 0


def carry_out(
    jobs: Sequence[Job],
    chosen: Mapping[str, Any],
    verbose: int,
    log_file: Path | None,
    *,
    wait: float = 0,
) -> Exit:
    """Run the jobs with these settings, tell how it goes and what came of it."""
    console = Console(stderr=True)
    start_logging(console, verbose, log_file)
    report = run(jobs, chosen, Progress(console), wait=wait)
    dry = bool(chosen.get("NEWS_DRY_RUN"))
    return print_report(Console(), report, Path(chosen["NEWS_OUTPUT"]), dry=dry)


def print_report(console: Console, report: Report, output: Path, *, dry: bool) -> Exit:
    """The table at the end of a run, what its user should read, and the exit code."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for name, value in report.rows():
        table.add_row(name, value)
    console.print(table)
    for note in report.notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)
    if why := report.why_nothing():
        console.print(why)
    elif dry:
        console.print("A dry run: nothing was written.")
    else:
        console.print(f"The site is in {output}", markup=False, highlight=False, soft_wrap=True)
    return report.exit_code()
