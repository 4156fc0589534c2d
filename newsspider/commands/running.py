"""A run of `newsspider crawl` or `newsspider share`, from its options to its exit code.

In: jobs, and the options of the command. Out: posts, a report on the console, and the exit code.
Called by `crawl` and `share`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from newsspider.commands.console import log_report, print_report, start_logging
from newsspider.commands.github import show_on_github
from newsspider.commands.options import CommandLine, own_sites, with_settings
from newsspider.crawling.jobs import Job, output_of
from newsspider.crawling.progress import Progress
from newsspider.crawling.project import FILE, Project, load_project
from newsspider.crawling.report import Report
from newsspider.crawling.run import run
from newsspider.errors import Exit, NewsspiderError, OutputError, OutputHeld, ProjectError
from newsspider.garbage import look_seldom
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.folder import remove_unused

if TYPE_CHECKING:
    from newsspider.crawling.feeds import Feed
    from newsspider.crawling.hooks import Hooks
    from newsspider.crawling.retain import Retention

logger = logging.getLogger(__name__)


def carry_out(
    jobs: Sequence[Job],
    options: RunOptions,
    line: CommandLine,
    on_report: Callable[[Report, Path], object] | None = None,
    retention: Retention | None = None,
) -> Exit:
    """Run the jobs, show their progress, print the report, and return the exit code. `run` explains
    `on_report` and `retention`."""
    look_seldom()  # until the first crawl: Scrapy is imported before
    options, settings = with_settings(options, line)
    own_sites(options)  # `-s` may have named another
    is_chosen = "output" not in options.model_fields_set
    if is_chosen:
        options = options.model_copy(update={"output": output_of(jobs, options.output)})
    is_new = is_chosen and jobs[0].adhoc is not None and not options.output.exists()
    own = None
    with suppress(ProjectError):  # `_hooks` warns of it
        own = own_project(options.output)
    options = with_ledger(options, own)
    settings |= options.settings()
    with _feed(line.feed, dry=options.dry_run) as feed:
        if feed is not None:
            settings["FEEDS"] = feed.settings
        to_errors = feed is not None and feed.is_printed
        code = _run(jobs, options, settings, line, on_report, retention, to_errors=to_errors)
        if feed is not None:
            feed.finish(options.output)
    if is_new and code is Exit.NOTHING_FETCHED:  # such as for an address with a typing error
        remove_unused(options.output)
    return code


def _run(
    jobs: Sequence[Job],
    options: RunOptions,
    settings: dict[str, Any],
    line: CommandLine,
    on_report: Callable[[Report, Path], object] | None,
    retention: Retention | None,
    *,
    to_errors: bool,
) -> Exit:
    """Run the jobs; `to_errors`: the report goes there, as standard output has the articles."""
    console = Console(stderr=True)
    start_logging(console, line.verbose, line.log_file, quiet=line.quiet)
    hooks = _hooks(options.output)
    progress = Progress(console, quiet=line.quiet)
    try:
        report = run(
            jobs,
            settings,
            progress,
            wait=line.patience,
            on_report=on_report,
            hooks=hooks,
            retention=retention,
        )
    except OutputHeld as error:
        if not line.quiet:
            raise
        logger.warning("%s", error)
        return error.exit_code
    except NewsspiderError:
        hooks.send()  # the run has its record
        raise
    if line.quiet:
        code = log_report(report)
    else:
        shown = Console(stderr=to_errors)
        code = print_report(shown, report, options.output, dry=options.dry_run)
    show_on_github(report, os.environ)
    if not options.dry_run:
        hooks.send()
    return code


def with_ledger(options: RunOptions, project: Project | None) -> RunOptions:
    """Return the options with the ledger that newsspider.yml names for their output folder, unless
    they name one. Raises ProjectError for an address that cannot be used."""
    if options.ledger or project is None:
        return options
    ledger = project.ledger_of(options.output, os.environ)
    return options.model_copy(update={"ledger": ledger})


def _hooks(output: Path) -> Hooks:
    """Return the hooks of newsspider.yml if it is that of this output folder."""
    from newsspider.crawling.hooks import Hooks

    try:
        project = own_project(output)
    except ProjectError as error:
        logger.warning("%s", error)
        project = None
    return Hooks(project.hooks if project else {}, output)


def own_project(output: Path) -> Project | None:
    """Return newsspider.yml if it is that of this output folder. Raises ProjectError if it cannot
    be used."""
    project = load_project() if FILE.exists() else None
    is_own = project is not None and Path(project.output).resolve() == output.resolve()
    return project if is_own else None


def _feed(path: Path | None, *, dry: bool) -> AbstractContextManager[Feed | None]:
    """Return the file of `-o`. Raises BadParameter if it cannot be written."""
    if path is None:
        return nullcontext()
    from newsspider.crawling.feeds import LINES, Feed
    from newsspider.exporters.export import STANDARD_OUTPUT

    if dry and path.suffix not in LINES and str(path) != STANDARD_OUTPUT:
        raise typer.BadParameter(f"-o {path}: --dry-run writes no posts: name a file.jsonl")
    try:
        return Feed(path)
    except (OSError, OutputError) as error:
        why = trouble_of(error) if isinstance(error, OSError) else str(error)
        raise typer.BadParameter(f"-o {path}: cannot be written: {why}") from None
