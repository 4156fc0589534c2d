"""Targets and links → the crawls of a run.

In: names of sites and categories, addresses of listings, links of articles. Out: Jobs for `run`.
Called by the commands and by the child process of `newsspider.crawl`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from newsspider.errors import SiteError
from newsspider.sites import (
    check_category,
    check_unclaimed,
    claimed,
    load,
    load_file,
    load_usable,
    site_files,
    site_of,
)
from newsspider.sites.hosts import hosts_of
from newsspider.sites.schema import Site
from newsspider.store.folder import has_posts_of
from newsspider.text.urls import completed, host


@dataclass(frozen=True, slots=True)
class Job:
    """A crawl: the spider's name and arguments, a label for the console, and its hosts; `adhoc` is
    its site if that has no site file. `settings` are its own, beside those of the run; `space` is
    the id space of its site, and `output` its output folder, if it is not that of the run."""

    spider: str
    arguments: Mapping[str, Any]
    label: str = ""
    hosts: frozenset[str] = frozenset()
    adhoc: Site | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    space: str = ""
    output: Path | None = None

    @property
    def source(self) -> str:
        """The source of the crawl, as the report and the ledger name it."""
        values = self.arguments
        if "category" in values:
            return f"{values['site']}/{values['category']}"
        return str(values.get("url") or self.label)

    def with_settings(self, settings: Mapping[str, Any]) -> Job:
        """Return the crawl with Scrapy settings of its own, which those of the run override."""
        return replace(self, settings=settings)


def jobs_of_targets(targets: Sequence[str], sites: Path) -> list[Job]:
    """Return the crawls of targets. Raises SiteError for an unknown site or category."""
    jobs = []
    for before, target in zip(("", *targets), targets, strict=False):
        if target in _categories(before, sites):
            raise SiteError(f"no site is called {target!r}: did you mean {before}/{target}?")
        jobs += jobs_of_target(target, sites)
    return jobs


def _categories(name: str, sites: Path) -> Collection[str]:
    """Return the categories of a site; of the name of any other thing, and where a category is
    called as a site is, none."""
    names = dict(site_files(sites))
    return set(load(name, sites).categories) - names.keys() if name in names else ()


def jobs_of_target(target: str, sites: Path, files: Mapping[str, Path] | None = None) -> list[Job]:
    """Return the crawls of a target. `files` are the `site_files` of `sites`, for who has many
    targets. Raises SiteError for an unknown site or category."""
    if host(target):
        known = load_usable(sites)
        site = site_of(target, known.values())
        adhoc = None if site.name in known else site
        if adhoc:
            check_unclaimed(target, sites)
        hosts = hosts_of(site)
        return [Job("url", {"url": target}, target, hosts, adhoc, space=_space(site))]
    if "://" in target:
        raise SiteError(f"{target[:200]!r} is not an http or https address")
    name, slash, category = target.partition("/")
    if files is None:
        files = dict(site_files(sites))
    if name in files:
        site = load_file(files[name])
    else:
        _refuse_target(target, sites)
        site = load(name, sites)  # which refuses it as well
    if slash:
        check_category(site, category)
        names = [category]
    else:
        names = [name for name, each in site.categories.items() if not each.only_named]
        if not names:
            raise SiteError(f"{name}: its site file names no category: write {name}/CATEGORY")
    hosts, space = hosts_of(site), _space(site)
    return [
        Job(
            "category",
            {"site": site.name, "category": name},
            f"{site.name}/{name}",
            hosts,
            space=space,
        )
        for name in names
    ]


def _space(site: Site) -> str:
    return site.ids.space if site.ids else ""


def in_site_order(jobs: Sequence[Job], sites: Mapping[str, Site]) -> list[Job]:
    """Return the crawls with those of one site in the order of its file: where two listings lead to
    one article, the first of them publishes it. Categories that the file does not name come
    last."""
    places: dict[str, list[int]] = {}
    for at, job in enumerate(jobs):
        if job.spider == "category" and job.arguments["site"] in sites:
            places.setdefault(job.arguments["site"], []).append(at)

    def rank(job: Job) -> int:
        categories = list(sites[job.arguments["site"]].categories)
        category = job.arguments["category"]
        return categories.index(category) if category in categories else len(categories)

    result = list(jobs)
    for own in places.values():
        crawls = sorted((jobs[at] for at in own), key=rank)
        for at, job in zip(own, crawls, strict=True):
            result[at] = job
    return result


def recheck_jobs(jobs: Sequence[Job], **arguments: Any) -> list[Job]:
    """Return the crawls that look again at the published articles of these crawls: one for each
    site, after which they run, as they share its hosts. `arguments` are those of the spider."""
    by_site: dict[str, list[Job]] = {}
    for job in jobs:
        by_site.setdefault(str(job.arguments.get("url") or job.arguments["site"]), []).append(job)
    result = []
    for name, crawls in by_site.items():
        first = crawls[0]
        place: dict[str, Any] = {"url": name}
        if first.spider == "category":
            categories = [job.arguments["category"] for job in crawls]
            place = {"site": name, "categories": categories}
        label = f"{name} again"
        result.append(replace(first, spider="recheck", arguments=place | arguments, label=label))
    return result


def jobs_of_links(urls: Sequence[str], sites: Path) -> list[Job]:
    """Return one crawl for each site, so that each site keeps its own pace and none waits for
    another that hangs. Sites that share an id space run one after the other, as if they shared a
    host: two of their links may lead to the same article. Links of no site go to the first crawl,
    which reports them.

    Raises SiteError if no link belongs to a site, or one needs a site file that cannot be used."""
    urls_of: dict[str, list[str]] = {}
    hosts: dict[str, frozenset[str]] = {}
    adhoc: dict[str, Site] = {}
    stray = []
    known = load_usable(sites)
    for url in urls:
        if claim := claimed(url, known.values()):
            site = claim.site
            if site.name not in known:
                check_unclaimed(url, sites)
                adhoc[site.name] = site
            urls_of.setdefault(site.name, []).append(url)
            space = [f"ids of {site.ids.space}"] if site.ids else []
            hosts[site.name] = hosts_of(site).union(space)
        else:
            stray.append(url)
    if not urls_of:
        _refuse(stray, sites)
    urls_of[next(iter(urls_of))] += stray
    several = len(urls_of) > 1
    return [
        Job(
            "share",
            {"urls": links},
            f"share {name}" if several else "share",
            hosts[name],
            adhoc.get(name),
        )
        for name, links in urls_of.items()
    ]


def with_output(jobs: Sequence[Job], default: Path) -> list[Job]:
    """Return the jobs of a run for which no output folder is named, each with one: the default,
    or, for a site that has no site file, a folder beside it with the name of its host. The built
    site has the title, the language and the time zone of one newspaper; so two that are crawled by
    their addresses do not share a folder, unless posts of an earlier version are there already."""
    own: dict[str, Path] = {}
    for site in (job.adhoc for job in jobs if job.adhoc is not None and job.output is None):
        if site.name not in own:
            folder = default.with_name(re.sub(r"[^a-z0-9.-]+", "-", site.title))
            is_old = not folder.exists() and has_posts_of(default, site.name)
            own[site.name] = default if is_old else folder
    return [
        job
        if job.output is not None
        else replace(job, output=own[job.adhoc.name] if job.adhoc else default)
        for job in jobs
    ]


def _refuse_target(target: str, sites: Path) -> None:
    """Raise SiteError for an address without its scheme, or a share link; `load` explains what else
    is no name of a site."""
    if address := completed(target):
        raise SiteError(
            f"{target[:200]!r} is no address without its scheme: did you mean {address}?"
        )
    if claimed(target, load_usable(sites).values()):
        raise SiteError(f"{target[:200]!r} is an article: newsspider share {target[:200]}")


def _refuse(links: Sequence[str], sites: Path) -> NoReturn:
    """Raise SiteError for links of no site. A file that cannot be used may be the one for them."""
    faults: list[str] = []
    load_usable(sites, warn=faults.append)
    more = f" and {len(links) - 3} more" if len(links) > 3 else ""
    named = ", ".join(repr(link[:120]) for link in links[:3]) + more
    why = f"{named}: neither an address (https://…) nor an article id of a known site"
    if address := completed(links[0]):
        why += f"; did you mean {address}?"
    elif links[0].partition("/")[0] in dict(site_files(sites)):
        why += f"; to crawl it: newsspider crawl {links[0][:120]}"
    raise SiteError("\n".join([*faults, why]))
