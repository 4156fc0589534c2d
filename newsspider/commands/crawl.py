"""`newsspider crawl SITE[/CATEGORY]…`: publish the new articles of categories as posts.

In: targets and options. Out: posts in the output folder, a report on the console, and the exit
code. Called by `commands`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from newsspider.commands.options import CommandLine, own_sites, takes_options
from newsspider.commands.running import carry_out
from newsspider.crawling.jobs import jobs_of_target
from newsspider.spiders.options import RunOptions


@takes_options
def crawl(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="SITE[/CATEGORY]|URL",
            help="A category such as `bbc/world`; a site such as `bbc`, for all categories that "
            "its site file names; or the address of any category page.",
        ),
    ],
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Crawl categories and write their new articles as posts.

    A later run fetches only articles that are new or changed, and those that earlier runs left
    over. The categories of a site run in the given order; sites that share no host run in parallel.

    Exit codes: 0 done; 1 some articles failed; 2 bad input; 3 nothing could be fetched; 5 another
    run holds the output folder.
    """
    sites = own_sites(options)
    jobs = [job for target in targets for job in jobs_of_target(target, sites)]
    return carry_out(jobs, options, line)
