"""What `newsspider add` and `newsspider check` share: a run of the probe spider.

In: Surveys, and the options of the command. Out: the same Surveys, filled. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from rich.console import Console

from newsspider.authoring.probe import Probe
from newsspider.commands.console import start_logging
from newsspider.commands.options import CommandLine, with_settings
from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.run import run
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.hosts import hosts_of
from newsspider.spiders.options import RunOptions


def carry_out(probes: Sequence[Probe], options: RunOptions, line: CommandLine) -> None:
    """Fill the probes: politely, and all sites that share no host at once."""
    console = Console(stderr=True)
    start_logging(console, line.verbose, line.log_file)
    options, settings = with_settings(options, line)
    with TemporaryDirectory() as nowhere:  # what a user published decides nothing here
        options = options.model_copy(update={"output": Path(nowhere), "dry_run": True})
        settings |= options.settings()
        run([_job(one) for one in probes], settings, Progress(console, quiet=not line.verbose))
    for one in probes:
        for fault in one.faults:
            typer.echo(f"not read: {fault}", err=True)


def _job(probe: Probe) -> Job:
    site = probe.site or adhoc_site(probe.url)
    label = f"{site.name}/{probe.category}" if probe.site else probe.url
    return Job("probe", {"probe": probe}, label, hosts_of(site))
