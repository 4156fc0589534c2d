"""A run of `newsspider crawl` and `newsspider share`, from its options to its exit code.

In: the crawls, and the options of the command. Out: the exit code; the console has the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from newsspider.commands.console import print_report, start_logging
from newsspider.commands.options import CommandLine, with_settings
from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.run import run
from newsspider.errors import Exit
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of


def carry_out(jobs: Sequence[Job], options: RunOptions, line: CommandLine) -> Exit:
    """Run the jobs with these options, say how it goes and what came of it."""
    options, settings = with_settings(options, line)
    if options.sites != Path("sites") and not options.sites.is_dir():
        raise typer.BadParameter(f"--sites: there is no folder {options.sites}")
    if line.feed is not None:
        settings["FEEDS"] = _feeds(line.feed)
    console = Console(stderr=True)
    start_logging(console, line.verbose, line.log_file)
    report = run(jobs, settings, Progress(console), wait=line.patience)
    return print_report(Console(), report, options.output, dry=options.dry_run)


def _feeds(path: Path) -> dict[str, Any]:
    """Scrapy's setting FEEDS for the file of `-o`, which is made here if need be."""
    from newsspider.crawling import feeds

    try:
        feeds.prepare(path)
    except OSError as error:
        raise typer.BadParameter(f"-o {path}: cannot be written: {trouble_of(error)}") from None
    return {str(path): {"format": "lines", "overwrite": False}}
