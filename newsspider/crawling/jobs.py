"""Targets and links → the crawls of a run.

In: names of sites and categories, addresses of listings, links of articles. Out: Jobs for `run`.
Called by the commands and by the child process of `newsspider.crawl`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsspider.errors import SiteError
from newsspider.sites import check_category, claimed, load, load_usable, site_of
from newsspider.sites.hosts import hosts_of
from newsspider.sites.schema import Site
from newsspider.text.urls import host


@dataclass(frozen=True, slots=True)
class Job:
    """A crawl: the spider's name and arguments, a label for the console, and its hosts."""

    spider: str
    arguments: Mapping[str, Any]
    label: str = ""
    hosts: frozenset[str] = frozenset()


def jobs_of_target(target: str, sites: Path) -> list[Job]:
    """Return the crawls of a target. Raises SiteError for an unknown site or category."""
    if host(target):
        site = site_of(target, load_usable(sites).values())
        return [Job("url", {"url": target}, target, hosts_of(site))]
    if "://" in target:
        raise SiteError(f"{target[:200]!r} is not an http or https address")
    name, slash, category = target.partition("/")
    site = load(name, sites)
    if slash:
        check_category(site, category)
        names = [category]
    else:
        names = [name for name, each in site.categories.items() if not each.only_named]
        if not names:
            raise SiteError(f"{name}: its site file names no category: write {name}/CATEGORY")
    hosts = hosts_of(site)
    return [
        Job("category", {"site": site.name, "category": name}, f"{site.name}/{name}", hosts)
        for name in names
    ]


def jobs_of_links(urls: Sequence[str], known: Collection[Site]) -> list[Job]:
    """Return one crawl for each site, so that each site keeps its own pace and none waits for
    another that hangs. Sites that share an id space run one after the other, as if they shared a
    host: two of their links may lead to the same article. Links of no site go to the first crawl,
    which reports them. At least one link must belong to a site."""
    urls_of: dict[str, list[str]] = {}
    hosts: dict[str, frozenset[str]] = {}
    stray = []
    for url in urls:
        if claim := claimed(url, known):
            site = claim.site
            urls_of.setdefault(site.name, []).append(url)
            space = [f"ids of {site.ids.space}"] if site.ids else []
            hosts[site.name] = hosts_of(site).union(space)
        else:
            stray.append(url)
    urls_of[next(iter(urls_of))] += stray
    several = len(urls_of) > 1
    return [
        Job("share", {"urls": links}, f"share {name}" if several else "share", hosts[name])
        for name, links in urls_of.items()
    ]
