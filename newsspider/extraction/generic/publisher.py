"""The publisher of a page: the source of an article that names no other.

In: the structured data of a page, its `<title>`, its address. Out: a name and its origin. Called by
`people`.
"""

from __future__ import annotations

import re
import unicodedata

from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.extraction.generic.texts import squeeze
from newsspider.text import urls

_LONGEST = 60  # characters: a longer name is a slogan
# The legal form of a company, and its name behind that of its paper: `Freie Presse - Verlag GmbH`.
_COMPANY = re.compile(
    r"(?:\s+[-–—|]\s[^-–—|]*)?,?\s+(?:GmbH(?: & Co\.? KG)?|AG|SE|KG|eG|Inc\.?|Ltd\.?|LLC|PLC"
    r"|Corp\.?|S\.? ?[ALp]\.?(?:[AUL]\.?)?|SAS|SARL|B\.?V\.?|N\.?V\.?|A/S|AS|ASA|AB|Oy)$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\w\.[a-z]{2,6}$", re.IGNORECASE)


def find_publisher(structured: Structured, title: str, url: str) -> tuple[str, str]:
    """Return the name of the site as its readers know it, and its origin."""
    label = max(urls.host(url).split("."), key=len)
    publisher = plain(structured.resolved(structured.article.get("publisher")))
    names = [
        (_COMPANY.sub("", publisher), "json-ld"),
        (structured.first("og:site_name"), "opengraph"),
    ]
    names = [(name, origin) for name, origin in names if name and len(name) <= _LONGEST]
    # A name related to the address comes first: some pages give their slogan or company.
    names = [named for named in names if _related(named[0], label)] or names
    names.sort(key=lambda named: bool(_DOMAIN.search(named[0])))  # `Metro` before `Metro.co.uk`
    # A name not related to the address is an abbreviation or in another script (`台北時報` on an
    # English page). The end of `<title>` is then the name that readers see.
    suffix = _title_end(title, label)
    if suffix and not (names and _related(names[0][0], label)):
        return suffix, "title"
    if names:
        return names[0]
    for node in structured.nodes:
        kinds = " ".join(node_types(node))
        name = plain(node.get("name"))
        if name and ("Organization" in kinds or "WebSite" in kinds):
            return name, "json-ld"
    if name := structured.first("application-name", "apple-mobile-web-app-title"):
        return name, "meta"
    name = urls.host(url).removeprefix("www.")
    return name, "address" if name else ""


def _title_end(title: str, label: str) -> str:
    """Return the name at the end of a `<title>`, or "" if it is not related to the host."""
    name = re.split(r"\s[-–—|·«»]\s", title[-200:])[-1].strip()
    whole = name == title or len(name) > _LONGEST
    return "" if whole or not _related(name, label) else name


def _related(name: str, label: str) -> bool:
    """Return whether a name contains the label of a host, or the label the name."""
    key = squeeze(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    label = squeeze(label)
    return len(key) > 2 and len(label) > 2 and (key in label or label in key)
