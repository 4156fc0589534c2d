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
from newsspider.commands import options
from newsspider.crawling.progress import Progress
from newsspider.crawling.run import Job, run
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.hosts import hosts_of


def carry_out(
    probes: Sequence[Probe],
    *,
    sites: Path,
    connect_to: str,
    set_: list[str] | None,
    verbose: int,
    log_file: Path | None,
) -> None:
    """Fill the probes: politely, and all sites that share no host at once."""
    console = Console(stderr=True)
    options.start_logging(console, verbose, log_file)
    with TemporaryDirectory() as nowhere:  # what a user published decides nothing here
        chosen = options.settings(
            output=Path(nowhere),
            sites=sites if sites.is_dir() else Path("sites"),
            connect_to=connect_to,
            set_=set_,
            feed=None,
            dry_run=True,
        )
        run([_job(one) for one in probes], chosen, Progress(console, quiet=not verbose))
    for one in probes:
        for fault in one.faults:
            typer.echo(f"not read: {fault}", err=True)


def _job(probe: Probe) -> Job:
    site = probe.site or adhoc_site(probe.url)
    label = f"{site.name}/{probe.category}" if probe.site else probe.url
    return Job("probe", {"probe": probe}, label, hosts_of(site))
