"""Which hosts belong to a site, and which sites share a host.

In: sites, addresses, the hosts of each crawl of a run. Out: hosts, yes or no, groups of crawls.
Pure; the listing readers call `is_own`, `crawling/jobs.py` calls `groups`. The crawls of a group
run one after the other, all others at once: Scrapy's crawlers do not know of each other, so only
one crawl at a time may ask a host.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from newsspider.sites.schema import Site
from newsspider.text.urls import publisher_host, same_site


def hosts_of(site: Site) -> frozenset[str]:
    """Return the hosts that a site's file names: its own, and those of its listings, pages and
    shares. `https://{slug}.example.com/` gives `.example.com`, which means all hosts below it.
    Addresses that only a listing gives are unknown here; most are on the listing's host."""
    all_listings = [site.listing, *(category.listing for category in site.categories.values())]
    urls = [site.home, site.origin]
    urls += [listing.url for listings in all_listings for listing in listings or ()]
    urls += [page.url for page in site.pages.values()]
    urls += [share.url or "" for share in site.shares]
    return frozenset(host for url in urls if (host := _host(url)))


def is_own(site: Site, url: str, page: str) -> bool:
    """Return whether an address on the site's `page` belongs to the site: to the publisher of that
    page, to the publisher of a host that the site's file names, or to a host below such a host
    (which matters where many publishers share a domain, as on `github.io`). The key `hosts` of the
    site file adds hosts; `*` means any."""
    if same_site(url, page) or "*" in site.hosts:
        return True
    publisher, where = publisher_host(url), _host(url)
    return bool(publisher) and any(
        publisher == publisher_host(f"https://{name.removeprefix('.')}/")
        or where.endswith("." + name.removeprefix("."))
        for name in (*hosts_of(site), *site.hosts)
    )


def groups(hosts: Sequence[Collection[str]]) -> list[list[int]]:
    """Group crawls, given the hosts of each; return the groups as lists of indexes. Crawls whose
    hosts overlap, directly or through a third crawl, are in one group. The order is kept."""
    wild = {host for own in hosts for host in own if host.startswith(".")}
    parents = list(range(len(hosts)))  # leads from each crawl to the one that stands for its group

    def first(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    seen: dict[str, int] = {}
    for index, own in enumerate(hosts):
        for name in (name for host in own for name in (host, *_above(host, wild))):
            parents[first(index)] = first(seen.setdefault(name, index))
    result: dict[int, list[int]] = {}
    for index in range(len(hosts)):
        result.setdefault(first(index), []).append(index)
    return sorted(result.values())


def _above(host: str, wild: Collection[str]) -> Iterator[str]:
    """Yield the names that mean all hosts below them (`.example.com`), among them this one."""
    for dot in re.finditer(r"\.", host):
        if (name := host[dot.start() :]) in wild:
            yield name


def _host(url: str) -> str:
    """The host in lower case, without port and `www.`; "" if it is only a variable."""
    netloc = urlsplit(url).netloc.rpartition("@")[2].lower()
    netloc = re.sub(r":\d*$", "", netloc)
    fixed = netloc.rpartition("}")[2]
    return fixed.removeprefix("www.") if fixed.strip(".") else ""
