"""The console output of a run: log messages while it runs, a report at its end.

In: log records, and the Report of a run. Out: lines and a table for a person, and the exit code.
Called by the commands that crawl.
"""

from __future__ import annotations

import logging
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from newsspider.crawling.report import Report
from newsspider.errors import Exit, Unwritable

logger = logging.getLogger(__name__)

_LARGEST_LOG = 10_000_000  # bytes; then a new file begins
_OLD_LOGS = 5


class _Line(logging.Formatter):
    """One line per record, without the traceback: the log file has that."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def _is_news(record: logging.LogRecord) -> bool:
    """Return False for each failed write on a full disk: the report states the cause once."""
    return not (record.exc_info and isinstance(record.exc_info[1], Unwritable))


def _is_of_report(record: logging.LogRecord) -> bool:
    """Return whether a record is a problem that the report of the run names."""
    return record.name == __name__ and record.levelno >= logging.ERROR


def start_logging(
    console: Console, verbose: int, log_file: Path | None, *, quiet: bool = False
) -> None:
    """Log warnings to the console (more with `verbose`; the problems of the report if `quiet`),
    and INFO or DEBUG to the log file.

    Raises BadParameter when the log file cannot be opened.
    """
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    console_handler: logging.Handler = logging.StreamHandler()
    if console.is_terminal:
        from rich.logging import RichHandler

        console_handler = RichHandler(console=console, show_path=False, markup=False)
    console_handler.setLevel(level)
    console_handler.setFormatter(
        _Line("%(message)s" if console.is_terminal else "%(levelname)s: %(message)s")
    )
    console_handler.addFilter(_is_of_report if quiet else _is_news)
    handlers: list[logging.Handler] = [console_handler]
    if log_file is not None:
        try:
            file_handler = RotatingFileHandler(
                log_file, maxBytes=_LARGEST_LOG, backupCount=_OLD_LOGS, encoding="utf-8"
            )
        except OSError as error:
            raise typer.BadParameter(f"--log-file {log_file}: {error.strerror}") from None
        file_handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        )
        file_handler.setLevel(logging.DEBUG if verbose else logging.INFO)
        handlers.append(file_handler)
    lowest = min(handler.level for handler in handlers)
    logging.basicConfig(level=lowest, handlers=handlers, force=True)


def log_report(report: Report) -> Exit:
    """Log the problems of a run as errors, and its counts; return its exit code."""
    for problem in report.problems():
        logger.error("%s", problem)
    code = report.exit_code()
    counts = ", ".join(f"{name} {value}" for name, value in report.rows())
    logger.info("the run ended with exit code %d: %s", code, counts)
    return code


def print_report(console: Console, report: Report, *outputs: Path, dry: bool) -> Exit:
    """Print the table and the notes of a run into these folders; return its exit code."""
    log_report(report)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for name, value in report.rows(dry=dry):
        table.add_row(name, value)
    console.print(table)
    for note in report.notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)
    if why := report.why_nothing():
        console.print(why)
    elif dry:
        console.print("Dry run: nothing was written.")
    else:
        where = " and ".join(map(str, outputs))
        what = "The sites are" if outputs[1:] else "The site is"
        console.print(f"{what} in {where}", markup=False, highlight=False, soft_wrap=True)
    return report.exit_code()
