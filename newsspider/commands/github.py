"""What a run on GitHub Actions shows there: annotations, and a summary of the job.

In: the Report of a run, and the environment. Out: workflow commands on standard output, and HTML at
the end of the file that `GITHUB_STEP_SUMMARY` names; nothing elsewhere. Called by `running`.

All texts may be those of strangers: in a command they stay data, in the summary they stay text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from pathlib import Path

import typer

from newsspider.crawling.report import Report
from newsspider.errors import Exit
from newsspider.monitor.health import reasons
from newsspider.store.files import trouble_of

logger = logging.getLogger(__name__)

_MOST_ANNOTATIONS = 10  # of a step are shown by GitHub
_MOST_ROWS = 500  # of the summary, which may have 1 MiB
_COLUMNS = ("found", "known", "written", "updated")


def show_on_github(report: Report, environment: Mapping[str, str]) -> None:
    """Show a run on GitHub Actions, if that is where it runs."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    for line in islice(annotation_lines(report), _MOST_ANNOTATIONS):
        typer.echo(line)
    if file := environment.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(file).open("a", encoding="utf-8") as summary_file:
                summary_file.write(summary(report))
        except OSError as error:
            logger.warning("GITHUB_STEP_SUMMARY: %s", trouble_of(error))


def annotation_lines(report: Report) -> Iterator[str]:
    """Yield a workflow command for each problem: an error where a person is needed, a warning where
    the next run tries again."""
    needs_person = report.crashed or report.exit_code() is Exit.BROKEN_SOURCE
    level = "error" if needs_person else "warning"
    for problem in report.problems():
        yield f"::{level} title=newsspider::{_data(problem)}"


def _data(text: str) -> str:
    """Return a text as the data of a workflow command, which ends with its line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def summary(report: Report) -> str:
    """Return the figures of each source and the notes, as HTML: there Markdown is text as long as
    no line is empty."""
    rows = [_row("th", ("source", *_COLUMNS, "dropped", "failed"))]
    for source, counts in islice(report.sources.items(), _MOST_ROWS):
        numbers = (str(counts[name]) for name in _COLUMNS)
        cells = (source, *numbers, reasons(counts.dropped) or "0", reasons(counts.failed) or "0")
        rows.append(_row("td", cells))
    notes = [f"<li>{_text(note)}</li>" for note in islice(report.notes, _MOST_ROWS)]
    parts = ["<table>", *rows, "</table>", *(["<ul>", *notes, "</ul>"] if notes else [])]
    return "\n".join(parts) + "\n\n"


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_text(cell)}</{tag}>' for cell in cells)}</tr>"


def _text(text: str) -> str:
    return escape(" ".join(text.split()))
