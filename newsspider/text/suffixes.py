"""Which hosts belong to the same publisher, by the Public Suffix List.

In: a host from `urls.host`. Out: its registrable domain, the part that somebody registered:
`nrc.nl` of `blog.nrc.nl`, `bbc.co.uk` of `www.bbc.co.uk`, `a.github.io` of itself. `text.urls`
calls it. The list comes with tldextract: nothing is fetched or written, so the list is as new as
the installed release.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract


@lru_cache(maxsize=16384)
def registrable_domain(host: str) -> str:
    """Return the domain that the hosts of one publisher share.

    `host` is in lower case and ASCII, with or without a port, at most 254 characters. Private
    suffixes count (`a.github.io` and `b.github.io` are two domains). A host that is a suffix itself
    is its own domain, with and without `www.` (`www.gov.uk`). An IP address is returned unchanged,
    with its port; the port of a name is left out. For a name whose last label is not a known suffix
    that label is the suffix, by the list's own rules.
    """
    name = host if host.startswith("[") else host.partition(":")[0]
    labels = name.split(".")
    if name.startswith("[") or all(label.isdigit() for label in labels):
        return host
    parts = _suffix_list()(name)
    if not parts.suffix:
        domain = ".".join(labels[-2:])
    else:
        domain = parts.top_domain_under_public_suffix or parts.suffix
    return domain.removeprefix("www.")


def has_known_suffix(host: str) -> bool:
    """Return whether a host ends with a suffix of the list, and is more than that suffix."""
    return bool(_suffix_list()(host).top_domain_under_public_suffix)


@lru_cache(maxsize=1)
def _suffix_list() -> TLDExtract:
    """Return the list, built on first use: that takes 40 ms, the import 200."""
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
