"""What the commands say on the console, while a run goes and at its end.

In: log records, and the Report of a run. Out: lines and a table for a person, and the exit code.
"""

from __future__ import annotations

import logging
from copy import copy
from pathlib import Path

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table

from newsspider.crawling.report import Report
from newsspider.errors import Exit, Unwritable


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
