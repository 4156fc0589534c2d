"""`newsspider crawl SITE[/CATEGORY]…`: new articles of categories become posts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.running import carry_out
from newsspider.crawling.run import Job
from newsspider.errors import SiteError
from newsspider.sites import check_category, load, load_usable, site_of
from newsspider.sites.hosts import hosts_of
from newsspider.spiders.options import RunOptions
from newsspider.text.urls import host


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
    jobs = [job for target in targets for job in jobs_of(target, options.sites)]
    return carry_out(jobs, options, line)


def jobs_of(target: str, sites: Path) -> list[Job]:
    """The crawls a target stands for. Raises SiteError when it names no site or no category."""
    if host(target):
        site = site_of(target, load_usable(sites).values())
        return [Job("url", {"url": target}, target, hosts_of(site))]
    if "://" in target:
        raise SiteError(f"{target[:200]!r} is no http or https address")
    name, slash, category = target.partition("/")
    site = load(name, sites)
    if slash:
        check_category(site, category)
        names = [category]
    else:
        names = [name for name, one in site.categories.items() if not one.only_named]
        if not names:
            raise SiteError(f"{name}: its file names no category; write {name}/CATEGORY")
    hosts = hosts_of(site)
    return [
        Job("category", {"site": site.name, "category": name}, f"{site.name}/{name}", hosts)
        for name in names
    ]
