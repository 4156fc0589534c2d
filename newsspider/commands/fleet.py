"""`newsspider fleet plan|work|publish|status|move`: a crawl shared out over machines.

In: newsspider.yml and the address of the ledger's database; for `move` an output folder and the
address. Out: jobs, crawls, posts, lines for a person, or the ledger in the other place. Called by
`commands`.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import after_run, with_own_project, with_project
from newsspider.crawling.project import load_project
from newsspider.errors import OutputError
from newsspider.spiders.options import RunOptions
from newsspider.store import moving
from newsspider.store.ledgers import postgresql
from newsspider.store.postgresql.address import EXAMPLE, check_address, is_address, shown
from newsspider.text.characters import counted

if TYPE_CHECKING:
    from newsspider.crawling.report import Report

_PLACE = "For `move`: the output folder, or the address of a PostgreSQL database."


@takes_options
def fleet(
    action: Annotated[
        Literal["plan", "work", "publish", "status", "move"], typer.Argument(help="What to do.")
    ],
    source: Annotated[str, typer.Argument(metavar="FROM", help=_PLACE)] = "",
    target: Annotated[str, typer.Argument(metavar="TO", help="For `move`: the other one.")] = "",
    *,
    groups: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="For `work`: how many groups of hosts are crawled at once."
        ),
    ] = 2,
    once: Annotated[
        bool,
        typer.Option("--once", help="For `work` and `publish`: end when there is nothing to do."),
    ] = False,
    options: RunOptions,
) -> None:
    """Share a crawl out over machines, or move its ledger.

    plan gives the workers the sources of newsspider.yml that are due; work takes jobs, until
    SIGTERM; publish writes the posts, where the output folder is; status shows how it goes. move
    moves the ledger of a folder to PostgreSQL, or back to its file: newsspider fleet move
    output/site postgresql://app@db.example/news
    """
    if action == "move":
        _move(source, target)
        return
    if source:
        raise typer.BadParameter(f"{action} takes no FROM and TO")
    roles = {"plan": _plan, "work": _work, "publish": _publish, "status": _status}
    roles[action](options, groups, not once)


def _plan(options: RunOptions, _groups: int, _wait: bool) -> None:
    project = load_project()
    options = _with_ledger(with_project(options, project))
    jobs = project.jobs(own_sites(options), given=options.model_fields_set)
    from newsspider.fleet import queue
    from newsspider.fleet.plan import plan
    from newsspider.store.postgresql import fleet

    with closing(fleet.create(options.ledger)) as db:
        queue.create_tables(db, options.ledger)
        planned = plan(db, jobs, options.sites)
    typer.echo(f"{counted(len(planned.groups), 'job')} for the workers")
    for group in planned.groups:
        typer.echo(f"  {group}")
    for group in planned.busy:
        typer.echo(f"  {group}: waits for the job before")
    if planned.next is not None:
        typer.echo(f"Next due: {planned.next.astimezone():%Y-%m-%d %H:%M}")


def _work(options: RunOptions, groups: int, wait: bool) -> None:
    options = _with_ledger(with_own_project(options)[0])
    from newsspider.fleet.work import Worker

    logging.basicConfig(format="%(asctime)s %(levelname)s: %(message)s", level=logging.INFO)
    settings = {"NEWS_CONNECT_TO": options.connect_to}
    asyncio.run(Worker(options.ledger, settings, groups=groups, wait=wait)())


def _publish(options: RunOptions, _groups: int, wait: bool) -> None:
    options, project = with_own_project(options)
    options = _with_ledger(options)
    if project is not None and Path(project.output).resolve() != options.output.resolve():
        project = None  # of another folder
    from newsspider.crawling.exports import write_exports
    from newsspider.crawling.hooks import Hooks
    from newsspider.fleet.publish import After, Publisher

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)

    def show(report: Report) -> None:
        typer.echo(_in_a_line(report))
        if project is not None:
            write_exports(project.exports, options.output)

    retention = on_end = None
    if project is not None:
        on_end = after_run(project)
        retention = project.retention(project.jobs(own_sites(options)))
    if retention is not None:
        retention.check(options.output)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    hooks = Hooks(project.hooks if project else {}, options.output)
    after = After(hooks, show, retention, on_end)
    Publisher(options, options.settings(), after)(ending, wait=wait)


def _in_a_line(report: Report) -> str:
    """Return what became of the articles: `51 written, 0 updated, 0 unchanged, 1 dropped (NoTitle
    1)`."""
    parts = []
    for name, value in report.rows():
        if name in ("written", "updated", "unchanged", "held back", "dropped", "failed"):
            number, _, reasons = value.partition(" ")
            if number != "0" or name in ("written", "updated", "unchanged"):
                parts.append(" ".join(filter(None, (number, name, reasons))))
    return ", ".join(parts)


def _status(options: RunOptions, _groups: int, _wait: bool) -> None:
    options = _with_ledger(with_own_project(options)[0])
    from newsspider.fleet import status
    from newsspider.store.postgresql import fleet

    with closing(fleet.opened(options.ledger)) as db:
        for line in status.lines(db):
            typer.echo(line)


def _with_ledger(options: RunOptions) -> RunOptions:
    """Return the options if they name a database and the packages are installed. Raises
    OutputError."""
    if not options.ledger:
        raise OutputError(
            f"a fleet keeps its ledger in PostgreSQL: name it with --ledger {EXAMPLE}, or as"
            " `ledger` in newsspider.yml"
        )
    postgresql(options.ledger)
    try:
        import procrastinate  # noqa: F401
    except ImportError:
        raise OutputError("a fleet needs Procrastinate: pip install 'newsspider[fleet]'") from None
    return options


def _move(source: str, target: str) -> None:
    if is_address(source) == is_address(target):
        raise typer.BadParameter("one of FROM and TO is an output folder, the other postgresql://…")
    address = source if is_address(source) else target
    try:
        check_address(address)
    except ValueError as error:
        raise typer.BadParameter(f"the address {error}") from None
    if address == target:
        number = moving.to_postgresql(Path(source), address)
        typer.echo(f"{counted(number, 'row')} moved to {shown(address)}: name it with --ledger")
    else:
        number = moving.to_file(Path(target), address)
        typer.echo(f"{counted(number, 'row')} moved to {target}, whose ledger is a file again")
