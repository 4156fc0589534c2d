"""A run of `newsspider crawl` or `newsspider share`, from its options to its exit code.

In: jobs, and the options of the command. Out: posts, a report on the console, and the exit code.
Called by `crawl` and `share`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from newsspider.commands.console import log_report, print_report, start_logging
from newsspider.commands.github import show_on_github
from newsspider.commands.options import CommandLine, own_sites, with_settings
from newsspider.crawling.jobs import Job, output_of
from newsspider.crawling.progress import Progress
from newsspider.crawling.project import FILE, load_project
from newsspider.crawling.report import Report
from newsspider.crawling.run import run
from newsspider.errors import Exit, NewsspiderError, OutputHeld, ProjectError
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of

if TYPE_CHECKING:
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
    options, settings = with_settings(options, line)
    own_sites(options)  # `-s` may have named another
    if "output" not in options.model_fields_set:
        options = options.model_copy(update={"output": output_of(jobs, options.output)})
        settings |= options.settings()
    if line.feed is not None:
        settings["FEEDS"] = _feeds(line.feed)
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
        code = print_report(Console(), report, options.output, dry=options.dry_run)
    show_on_github(report, os.environ)
    if not options.dry_run:
        hooks.send()
    return code


def _hooks(output: Path) -> Hooks:
    """Return the hooks of newsspider.yml if it is that of this output folder."""
    from newsspider.crawling.hooks import Hooks

    try:
        project = load_project() if FILE.exists() else None
    except ProjectError as error:
        logger.warning("%s", error)
        project = None
    is_own = project is not None and Path(project.output).resolve() == output.resolve()
    return Hooks(project.hooks if project and is_own else {}, output)


def _feeds(path: Path) -> dict[str, Any]:
    """Return Scrapy's setting FEEDS for the file of `-o`, after creating the file if needed."""
    from newsspider.crawling import feeds

    try:
        feeds.prepare(path)
    except OSError as error:
        raise typer.BadParameter(f"-o {path}: cannot be written: {trouble_of(error)}") from None
    return {str(path): {"format": "lines", "overwrite": False}}
