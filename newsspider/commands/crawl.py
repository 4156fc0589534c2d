"""`newsspider crawl SITE[/CATEGORY]…`: publish the new articles of categories as posts.

In: targets and options. Out: posts in the output folder, a report on the console, and the exit
code. Called by `commands`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from newsspider.commands.options import CommandLine, own_sites, takes_options
from newsspider.commands.running import by_hand, carry_out, of_own_site
from newsspider.commands.scheduled import crawl_due, watch
from newsspider.crawling.jobs import jobs_of_targets, recheck_jobs
from newsspider.spiders.option_values import OFF
from newsspider.spiders.options import RunOptions


@takes_options
def crawl(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SITE[/CATEGORY]|URL",
            help="A category such as `bbc/world`; a site such as `bbc`, for all categories that "
            "its site file names; or the address of any category page. Without one, the sources of "
            "newsspider.yml that are due.",
        ),
    ] = None,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Crawl categories and write their new articles as posts.

    A later run fetches only articles that are new or changed, and those that earlier runs left
    over. The categories of a site run in the given order; sites that share no host run in parallel.

    Exit codes: 0 done; 1 some articles failed; 2 bad input; 3 nothing could be fetched; 4 a source
    looks broken; 5 another run holds the output folder.
    """
    scheduled_only = [name for name, given in line.scheduled.items() if given]
    if targets and scheduled_only:
        raise typer.BadParameter(f"{scheduled_only[0]} is for a crawl without a target")
    if not targets:
        return watch(options) if line.watch else crawl_due(options, line)
    options, project = by_hand(options)
    sites = own_sites(options)
    jobs = jobs_of_targets(targets, sites)
    jobs += recheck_jobs(jobs) if options.recheck not in ("", OFF) else []
    return carry_out(of_own_site(jobs, project, sites, options), options, line)
