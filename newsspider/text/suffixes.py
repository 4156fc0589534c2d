"""Which hosts are one publisher's, by the Public Suffix List.

In: a host as `urls.host` gives it. Out: its registrable domain, the part that somebody registered:
`nrc.nl` of `blog.nrc.nl`, `bbc.co.uk` of `www.bbc.co.uk`, `a.github.io` of itself. `urls` and
`sites.hosts` ask. The list is the one that tldextract ships: nothing is fetched and nothing is
written, so a list is as new as the installed release of tldextract.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract


@lru_cache(maxsize=16384)
def registrable_domain(host: str) -> str:
    """The domain under which the hosts of one publisher stand.

    `host` is in lower case and ASCII, with a port or without, at most 254 characters. Domains of
    private suffixes count (`a.github.io` and `b.github.io` are two), and a host that is a suffix
    itself is its own, with and without `www.` (`www.gov.uk`). An IP address comes back as it is,
    with its port; of a name the port is left out. A name whose last label is no known suffix is
    under that label, as the list's own rules have it.
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


@lru_cache(maxsize=1)
def _suffix_list() -> TLDExtract:
    """The list, built when the first host is asked for: that takes 40 ms, the import 200."""
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
