"""Which hosts are a site's, and which sites share one: their crawls run one after the other, all
others at once.

In: sites, addresses, the hosts of each crawl of a run. Out: yes or no; groups of crawls. A host is
spared by the one crawl that asks it (Scrapy's crawlers do not know of each other), so what overlaps
is one group.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit

from newsspider.sites.schema import Site
from newsspider.text.urls import publisher_host


def hosts_of(site: Site) -> frozenset[str]:
    """The hosts that a site's file names: its own, and those of its listings, pages and shares.
    `https://{slug}.example.com/` stands for all below it: `.example.com`. Addresses that only a
    listing gives are not known beforehand; they are mostly on the listing's host."""
    named = [site.listing, *(category.listing for category in site.categories.values())]
    urls = [site.home, site.origin]
    urls += [listing.url for listings in named for listing in listings or ()]
    urls += [page.url for page in site.pages.values()]
    urls += [share.url or "" for share in site.shares]
    return frozenset(host for url in urls if (host := _host(url)))


def is_own(site: Site, url: str, page: str) -> bool:
    """Whether an address on the site's `page` is the site's, too: of the publisher of that page, or
    of the publisher of a host that the site's file names, or below such a host (which matters for
    a host that many publishers share, `github.io`). `hosts` names further ones; `*` is any."""
    publisher = publisher_host(url)
    if publisher == publisher_host(page) or "*" in site.hosts:
        return True
    where = _host(url)
    return bool(publisher) and any(
        publisher == publisher_host(f"https://{name.removeprefix('.')}/")
        or where.endswith("." + name.removeprefix("."))
        for name in (*hosts_of(site), *site.hosts)
    )


def groups(hosts: Sequence[Collection[str]]) -> list[list[int]]:
    """The places of crawls, given the hosts of each: those that overlap, if by way of a third, are
    one group. Groups and their members keep the order given."""
    found: list[tuple[frozenset[str], list[int]]] = []
    for place, own in enumerate(hosts):
        met = [group for group in found if _overlap(group[0], own)]
        found = [group for group in found if group not in met]
        joined = frozenset(own).union(*(theirs for theirs, _ in met))
        found.append((joined, sorted([place, *(one for _, members in met for one in members)])))
    return sorted(members for _, members in found)


def _overlap(some: Iterable[str], others: Collection[str]) -> bool:
    return any(_same(one, other) for one in some for other in others)


def _same(one: str, other: str) -> bool:
    return (
        one == other
        or (one.startswith(".") and other.endswith(one))
        or (other.startswith(".") and one.endswith(other))
    )


def _host(url: str) -> str:
    """In lower case, without port and `www.`; "" where only a variable tells it."""
    netloc = urlsplit(url).netloc.rpartition("@")[2].lower()
    netloc = re.sub(r":\d*$", "", netloc)
    fixed = netloc.rpartition("}")[2]
    return fixed.removeprefix("www.") if fixed.strip(".") else ""
