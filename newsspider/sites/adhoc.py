"""A site without a definition, made from an address alone.

In: the address of an article or of a category page, and the listing that was found on the page.
Out: a Site whose articles are read by generic extraction. Pure; `sites` and the spiders call it for
addresses that no site file claims, and `newsspider add` starts from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsspider.sites.schema import Site
from newsspider.text.slugs import short_hash
from newsspider.text.urls import host

_LONGEST_NAME = 40
# The page of an article: in a browser, if it arrives as an empty shell and a browser is installed.
ANY_PAGE: Mapping[str, Any] = {
    "article": {"kind": "html", "missing": ["body"], "render": "auto"},
}
_KEYS = ("author", "source", "link", "description", "image", "last_modified_at")


def adhoc_site(url: str, listing: Mapping[str, Any] | None = None) -> Site:
    """Return a Site for the host of `url`, named after it. `listing` has the keys of a listing in a
    site file.

    Raises ValueError for an address that is not http or https, and for a listing that no site file
    could have (pydantic's ValidationError, a ValueError).
    """
    where = host(url)
    if not where:
        raise ValueError(f"{url[:200]!r} is not an http or https address")
    values: dict[str, Any] = {
        "name": site_name(where),
        "title": where.removeprefix("www."),
        "home": f"{url.partition(':')[0].lower()}://{where}/",
        "pages": ANY_PAGE,
        "articles": {"keys": list(_KEYS)},
    }
    from newsspider.dates.zones import find_zone  # takes the words of all languages along

    if zone := find_zone(url):
        values["timezone"] = zone
    if listing is not None:
        values |= {"listing": listing, "other_categories": r".+"}
    return Site.model_validate(values)


def site_name(where: str) -> str:
    """Return the name of a host's site: `bbc-co-uk` for `www.bbc.co.uk`."""
    name = re.sub(r"[^a-z0-9]+", "-", where.removeprefix("www.").lower()).strip("-")
    if name and len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}-{short_hash(where)[:8]}".strip("-")
