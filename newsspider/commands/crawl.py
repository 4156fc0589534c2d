"""`newsspider crawl SITE[/CATEGORY]…`: new articles of categories become posts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands import options
from newsspider.crawling.run import Job
from newsspider.errors import SiteError
from newsspider.sites import check_category, load, load_usable, site_of
from newsspider.sites.hosts import hosts_of
from newsspider.text.urls import host


def crawl(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="SITE[/CATEGORY]|URL...",
            help="`finews/renminyoudianbao`, or `finews` for the categories its file names, or the "
            "address of any category page.",
        ),
    ],
    output: options.Output = Path("output/site"),
    limit: options.Limit = None,
    since: options.Since = "",
    max_pages: options.MaxPages = None,
    media: options.Media = "",
    stock: options.Stock = "",
    profile: options.Profile = "",
    dry_run: options.DryRun = False,
    explain: options.Explain = False,
    ftr: options.Ftr = None,
    sites: options.Sites = Path("sites"),
    connect_to: options.ConnectTo = "",
    set_: options.Set = None,
    feed: options.Feed = None,
    wait: options.Wait = False,
    wait_limit: options.WaitLimit = None,
    verbose: options.Verbose = 0,
    log_file: options.LogFile = None,
) -> int:
    """Crawl categories and write their new articles as posts.

    A second run asks only for what is new or changed; what an earlier run found and did not get to
    is done too. The categories of a site run in the order given; sites that share no host run at
    once.

    Exit code: 0 done, 1 some failed, 2 bad input, 3 nothing could be fetched, 5 another run holds
    the output folder.
    """
    jobs = [job for target in targets for job in jobs_of(target, sites)]
    chosen = options.settings(
        output=output,
        sites=sites,
        connect_to=connect_to,
        set_=set_,
        feed=feed,
        limit=limit,
        since=since,
        max_pages=max_pages,
        media=media,
        stock=stock,
        profile=profile,
        dry_run=dry_run,
        explain=explain,
        ftr=str(ftr or ""),
    )
    patience = options.patience(wait, wait_limit)
    return options.carry_out(jobs, chosen, verbose, log_file, wait=patience)


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
