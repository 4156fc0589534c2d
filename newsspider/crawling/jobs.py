"""What a person asks for → the crawls of a run.

In: names of sites and categories, addresses of listings, links of articles. Out: Jobs for `run`.
The commands and `newsspider.crawl` call it.
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
    """One crawl: the spider's name, its arguments, how a person calls it, and its hosts."""

    spider: str
    arguments: Mapping[str, Any]
    label: str = ""
    hosts: frozenset[str] = frozenset()


def jobs_of_target(target: str, sites: Path) -> list[Job]:
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


def jobs_of_links(urls: Sequence[str], known: Collection[Site]) -> list[Job]:
    """One crawl for each site, so that each keeps its own pace and none waits for another that
    hangs. Sites of one id space take turns: two links may be one article. What is no link of any
    site goes with the first, which tells it."""
    given: dict[str, list[str]] = {}
    hosts: dict[str, frozenset[str]] = {}
    stray = []
    for url in urls:
        if one := claimed(url, known):
            site = one.site
            given.setdefault(site.name, []).append(url)
            space = [f"ids of {site.ids.space}"] if site.ids else []
            hosts[site.name] = hosts_of(site).union(space)
        else:
            stray.append(url)
    given[next(iter(given))] += stray
    return [
        Job("share", {"urls": some}, f"share {name}" if len(given) > 1 else "share", hosts[name])
        for name, some in given.items()
    ]
