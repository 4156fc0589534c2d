"""Who publishes a page: the source of an article that names none.

In: what the page says for machines, its `<title>`, its address. Out: a name and where it was found.
Called by `people`.
"""

from __future__ import annotations

import re
import unicodedata

from newsspider.extraction.generic.headline import squeeze
from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.text import urls

_LONGEST = 60  # characters: a longer name is a slogan
# The form of a company, and what it is called beside its paper: `Freie Presse - Verlag GmbH`.
_COMPANY = re.compile(
    r"(?:\s+[-–—|]\s[^-–—|]*)?,?\s+(?:GmbH(?: & Co\.? KG)?|AG|SE|KG|eG|Inc\.?|Ltd\.?|LLC|PLC"
    r"|Corp\.?|S\.? ?[ALp]\.?(?:[AUL]\.?)?|SAS|SARL|B\.?V\.?|N\.?V\.?|A/S|AS|ASA|AB|Oy)$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\w\.[a-z]{2,6}$", re.IGNORECASE)


def find_publisher(said: Structured, title: str, url: str) -> tuple[str, str]:
    """The name of the site as its readers know it, and its origin."""
    label = max(urls.host(url).split("."), key=len)
    told = [
        (_COMPANY.sub("", plain(said.resolved(said.article.get("publisher")))), "json-ld"),
        (said.first("og:site_name"), "opengraph"),
    ]
    told = [(name, origin) for name, origin in told if name and len(name) <= _LONGEST]
    # Of two names the one that the address knows too: some give their slogan or their company.
    told = [pair for pair in told if _related(pair[0], label)] or told
    told.sort(key=lambda pair: bool(_DOMAIN.search(pair[0])))  # `Metro` before `Metro.co.uk`
    # A name the address does not know is an abbreviation, or in another script (`台北時報`
    # on an English page); what `<title>` ends with is the name its readers see.
    suffix = _title_end(title, label)
    if suffix and not (told and _related(told[0][0], label)):
        return suffix, "title"
    if told:
        return told[0]
    for node in said.nodes:
        kinds = " ".join(node_types(node))
        name = plain(node.get("name"))
        if name and ("Organization" in kinds or "WebSite" in kinds):
            return name, "json-ld"
    if name := said.first("application-name", "apple-mobile-web-app-title"):
        return name, "meta"
    name = urls.host(url).removeprefix("www.")
    return name, "address" if name else ""


def _title_end(title: str, label: str) -> str:
    """The name at the end of a `<title>`, where the address of the page knows it too."""
    name = re.split(r"\s[-–—|·«»]\s", title[-200:])[-1].strip()
    whole = name == title or len(name) > _LONGEST
    return "" if whole or not _related(name, label) else name


def _related(name: str, label: str) -> bool:
    """Whether a host is called after a name, or the other way round."""
    key = squeeze(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    label = squeeze(label)
    return len(key) > 2 and len(label) > 2 and (key in label or label in key)
