"""Which hosts belong to a site, and which sites share a host.

In: sites, addresses, the hosts of each crawl of a run. Out: hosts, yes or no, groups of crawls.
Pure; the listing readers call `is_own`, `crawling/jobs.py` calls `groups`. The crawls of a group
run one after the other, all others at once: Scrapy's crawlers do not know of each other, so only
one crawl at a time may ask a host.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
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
    result: list[tuple[frozenset[str], list[int]]] = []
    for index, own in enumerate(hosts):
        shared = [group for group in result if _overlap(group[0], own)]
        result = [group for group in result if group not in shared]
        joined = frozenset(own).union(*(group_hosts for group_hosts, _ in shared))
        members = sorted([index, *(member for _, group in shared for member in group)])
        result.append((joined, members))
    return sorted(members for _, members in result)


def _overlap(hosts: Iterable[str], others: Collection[str]) -> bool:
    return any(_same(host, other) for host in hosts for other in others)


def _same(host: str, other: str) -> bool:
    return (
        host == other
        or (host.startswith(".") and other.endswith(host))
        or (other.startswith(".") and host.endswith(other))
    )


def _host(url: str) -> str:
    """The host in lower case, without port and `www.`; "" if it is only a variable."""
    netloc = urlsplit(url).netloc.rpartition("@")[2].lower()
    netloc = re.sub(r":\d*$", "", netloc)
    fixed = netloc.rpartition("}")[2]
    return fixed.removeprefix("www.") if fixed.strip(".") else ""
