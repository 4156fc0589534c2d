"""`newsspider status [SOURCE]`: how the sources are doing.

In: newsspider.yml, if there is one; the ledger and the records of runs in the output folder. Out: a
table or JSON on standard output, or the page of the last runs. Called by `commands`.
"""

from __future__ import annotations

import contextlib
import json
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.crawling.due import Turn, turns
from newsspider.crawling.project import Project
from newsspider.errors import OutputError, ProjectError
from newsspider.monitor.health import Crawled, Health, Plan, State, health
from newsspider.monitor.record import RunRecord, notes_on
from newsspider.monitor.runs import SHOWN, read_records, report_of
from newsspider.spiders.options import RunOptions
from newsspider.spiders.rechecks import LISTING
from newsspider.store.counts import Counts
from newsspider.store.ledger import Ledger
from newsspider.store.ledgers import copied_ledger

_STYLES = {State.BROKEN: "red", State.FAILED: "red", State.OVERDUE: "red", State.PARTLY: "yellow"}
_BAD = (State.BROKEN, State.FAILED)  # what the report of the last crawl explains


@dataclass(frozen=True, slots=True)
class Row:
    """A source, what the ledger knows of it, when it is due, and its health."""

    source: str
    names: Sequence[str]  # of its crawls
    crawled: Crawled
    due: datetime | None
    health: Health


@takes_options
def status(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="Show this source, or the sources of this site."),
    ] = "",
    format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="`json`: for other programs.")
    ] = "table",
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page of the last runs, and print its path.")
    ] = False,
    *,
    options: RunOptions,
) -> None:
    """Show how the sources are doing: last crawl, last new article, next due, health and why.

    Shows the sources of newsspider.yml, and all that the ledger of the output folder knows.
    """
    if "output" in options.model_fields_set and not options.output.is_dir():
        raise OutputError(f"{options.output}: is no folder: name that of a crawl with --output")
    options, project = with_own_project(options)
    if open_page:
        _open(report_of(options.output))
        return
    now = datetime.now().astimezone()
    rows = _chosen(_rows(options, project, now), source)
    if any(row.health.state in _BAD for row in rows):
        records = read_records(options.output, SHOWN)
        rows = [replace(row, health=_explained(row, records)) for row in rows]
    if format == "json":
        values = {"sources": [_values(row) for row in rows]}
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        _print(rows)


def _open(page: Path) -> None:
    """Print the path of the page, and open it where a person sits at a terminal."""
    if not page.exists():
        raise OutputError(f"{page.parent.parent}: no run has written its page yet")
    typer.echo(page)
    if sys.stdout.isatty():
        webbrowser.open(page.resolve().as_uri())


def _rows(options: RunOptions, project: Project | None, now: datetime) -> list[Row]:
    """Return the sources of newsspider.yml in their order, then the others of the ledger."""
    sites = own_sites(options)
    with contextlib.closing(copied_ledger(options.output, options.ledger)) as ledger:
        last_crawls, last_new = ledger.last_crawls(), ledger.last_crawls("written")
        planned = project.jobs(sites) if project is not None else {}
        rows = [_planned(turn, ledger, last_new, now) for turn in turns(planned, last_crawls, now)]
        named = {job.source for jobs in planned.values() for job in jobs}
        for name in sorted(last_crawls.keys() - named):
            if name.endswith(f"/{LISTING}"):  # no source of its own
                continue
            counts = _counts(ledger, [name])
            crawled = Crawled(last_crawls[name], last_new.get(name), counts)
            rows.append(Row(name, [name], crawled, None, health(crawled, None, now)))
    return rows


def _planned(turn: Turn, ledger: Ledger, last_new: dict[str, datetime], now: datetime) -> Row:
    """Return the row of a source of newsspider.yml: of all its categories together."""
    names = [job.source for job in turn.jobs]
    new = max((last_new[name] for name in names if name in last_new), default=None)
    crawled = Crawled(turn.last, new, _counts(ledger, names))
    plan = Plan(turn.due, turn.source.schedule.interval)
    return Row(turn.source.label, names, crawled, turn.due, health(crawled, plan, now))


def _counts(ledger: Ledger, names: Sequence[str]) -> Counts:
    """Return what the last crawls of these sources counted, added up."""
    total = Counts()
    for name in names:
        for counts in ledger.counts(name, 1):
            total.update(counts)
    return total


def _explained(row: Row, records: Sequence[RunRecord]) -> Health:
    """Return the health of a source; if it is bad, with what the report of its last crawl says.
    `records` are those of the last runs on this machine, the newest first."""
    last = next((each for each in records if each.sources.keys() & set(row.names)), None)
    if last is None or row.health.state not in _BAD:
        return row.health
    why = "; ".join(filter(None, (notes_on(name, last.notes) for name in row.names)))
    return replace(row.health, why=why or row.health.why)


def _chosen(rows: Sequence[Row], source: str) -> list[Row]:
    """Return the rows of a source or a site. Raises ProjectError if there is none."""
    chosen = [row for row in rows if row.source == source]
    chosen = chosen or [row for row in rows if row.source.startswith(f"{source}/") or not source]
    if source and not chosen:
        known = ", ".join(row.source for row in rows) or "none"
        raise ProjectError(f"{source!r} was never crawled here; the known sources: {known}")
    return chosen


def _values(row: Row) -> dict[str, Any]:
    """Return a row as JSON has it."""
    crawled = row.crawled
    times = {"last_crawl": crawled.last, "last_new": crawled.last_new, "next_due": row.due}
    return {
        "source": row.source,
        **{name: moment and moment.isoformat() for name, moment in times.items()},
        "health": row.health.state,
        "why": row.health.why,
        "counts": crawled.counts,
    }


def _print(rows: Sequence[Row]) -> None:
    if not rows:
        typer.echo("Nothing was crawled here yet.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("source", overflow="fold")
    for heading in ("last crawl", "last new article", "next due"):
        table.add_column(heading, no_wrap=True)
    table.add_column("health", overflow="fold")
    for row in rows:
        style = _STYLES.get(row.health.state)
        table.add_row(*map(Text, _cells(row)), style=style)
    Console().print(table)


def _cells(row: Row) -> Iterator[str]:
    yield row.source
    for moment in (row.crawled.last, row.crawled.last_new, row.due):
        yield f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "-"
    yield str(row.health)
