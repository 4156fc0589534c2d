"""`newsspider crawl SITE[/CATEGORY]…`: new articles of categories become posts."""

from __future__ import annotations

from typing import Annotated

import typer

from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.running import carry_out
from newsspider.crawling.jobs import jobs_of_target
from newsspider.spiders.options import RunOptions


@takes_options
def crawl(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="SITE[/CATEGORY]|URL...",
            help="`finews/renminyoudianbao`, or `finews` for the categories its file names, or the "
            "address of any category page.",
        ),
    ],
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Crawl categories and write their new articles as posts.

    A second run asks only for what is new or changed; what an earlier run found and did not get to
    is done too. The categories of a site run in the order given; sites that share no host run at
    once.

    Exit code: 0 done, 1 some failed, 2 bad input, 3 nothing could be fetched, 5 another run holds
    the output folder.
    """
    jobs = [job for target in targets for job in jobs_of_target(target, options.sites)]
    return carry_out(jobs, options, line)
