"""A run of the probe spider, for `newsspider add` and `newsspider check`.

In: Probes, and the options of the command. Out: the same Probes, filled. Writes nothing into the
output folder. Called by `add` and `check`.
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
    """Fill the probes. Sites that share no host are fetched in parallel."""
    console = Console(stderr=True)
    start_logging(console, line.verbose, line.log_file)
    options, settings = with_settings(options, line)
    if not probes:
        return
    with TemporaryDirectory() as empty:
        # Posts of earlier runs must not hide articles, and a probe has its site with it.
        hidden = {"output": Path(empty), "sites": Path(empty)}
        options = options.model_copy(update={**hidden, "dry_run": True})
        settings |= options.settings()
        jobs = [_job(probe) for probe in probes]
        run(jobs, settings, Progress(console, quiet=not line.verbose))
    for probe in probes:
        if probe.fixture is None and not probe.why:
            probe.why = f"{probe.url or probe.name}: a fault of newsspider; -v shows its place"
        for fault in probe.faults:
            typer.echo(f"could not read {fault}", err=True)


def _job(probe: Probe) -> Job:
    site = probe.site or adhoc_site(probe.url)
    label = f"{site.name}/{probe.category}" if probe.site else probe.url
    return Job("probe", {"probe": probe}, label, hosts_of(site))
