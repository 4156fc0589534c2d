"""The publisher of a page: the source of an article that names no other.

In: the tree of a page, its structured data, its address. Out: a name and its origin. Called by
`people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import html

from newsspider.extraction.generic.site_names import (
    LONGEST,
    is_address,
    is_bare_address,
    related,
    shown_names,
    title_parts,
)
from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.extraction.generic.texts import squeeze, text_line
from newsspider.text import urls
from newsspider.text.scripts import CJK

# The legal form of a company, and its name behind that of its paper: `Freie Presse - Verlag GmbH`.
_COMPANY = re.compile(
    r"(?:\s+[-–—|]\s[^-–—|]*)?,?(?:\s+Verlags?(?:gesellschaft)?)?"
    r"\s+(?:GmbH(?: & Co\.? KG)?|AG|SE|KG|eG|Inc\.?|Ltd\.?|LLC|PLC"
    r"|Corp(?:oration|\.)?|S\.? ?[ALp]\.?(?:[AUL]\.?)?|SAS|SARL"
    r"|B\.?V\.?|N\.?V\.?|A/S|AS|ASA|AB|Oy)$",
    re.IGNORECASE,
)
# Around the name in `<meta name=copyright>`.
_RIGHTS = re.compile(
    r"^(?:copyright|©|\(c\)|by\b|[\s\d,–-])+|\s*(?:版权所有|版權所有|,?\s*all rights reserved).*$",
    re.I,
)
# What the name of a medium in East Asia ends with. A section is `港口新闻`.
_MEDIUM = re.compile(rf"[{CJK}\w]{{1,14}}(?:网|網|报|報|社|周刊|週刊|テレビ|日报|신문|일보|방송)")
_ABBREVIATION = re.compile(r"[^\W\d_a-z]{2,4}")
_BARE_HOST = re.compile(r"[\w.-]+")
# The degrees of relation to the address (see `related`): a longer text mentions the address; a
# name goes before the address that `<title>` has.
_LEAST, _NEAR = 0.15, 0.8
_MOST_NODES = 200

Names = Iterator[tuple[str, str]]


def find_publisher(tree: html.HtmlElement, structured: Structured, url: str) -> tuple[str, str]:
    """Return the name of the site as its readers know it, and its origin."""
    stated = list(_stated(structured))
    for names in _choices(tree, structured, stated, url):
        for name, origin in names:
            return name, origin
    name = urls.host(url).removeprefix("www.")
    return name, "address" if name else ""


def _choices(
    tree: html.HtmlElement, structured: Structured, stated: list[tuple[str, str]], url: str
) -> Iterator[Names]:
    """Yield the names that may be the site's, the surest first, each kind when it is needed.

    A name related to the address comes first: some pages give their slogan or company. A stated
    name that is not related is an abbreviation or in another script (`台北時報` on an English
    page): the end of `<title>` is then the name that readers see."""
    names = [named for named in stated if not is_bare_address(named[0])]
    names.sort(key=lambda named: is_address(named[0]))  # `Metro` before `Metro.co.uk`
    yield (named for named in names if related(named[0], url))
    parts = _parts_of_title(tree)
    titled = [(part, "title") for part in parts if not is_bare_address(part)]
    yield (named for named, _ in _nearest(titled, url))
    addresses = [(part, "title") for part in parts if is_address(part) and related(part, url)]
    yield (named for named in names if not (addresses and _ABBREVIATION.fullmatch(named[0])))
    yield iter(addresses)
    others = [named for named in _others(tree, structured) if not is_address(named[0])]
    address = urls.publisher_host(url)
    shown = [_COMPANY.sub("", name) for name in shown_names(tree, url) if address not in name]
    nearest = _nearest([*others, *((name, "html") for name in shown)], url)
    yield (named for named, degree in nearest if degree >= _NEAR)
    yield (named for named, _ in nearest)
    keys = set(map(squeeze, shown))
    yield (named for named in titled if squeeze(named[0]) in keys)
    yield (named for named in stated if _BARE_HOST.fullmatch(named[0]))
    yield iter(others)
    yield (named for named in titled[:1] if _MEDIUM.fullmatch(named[0]))


def _stated(structured: Structured) -> Names:
    """Yield the names of the publisher in the structured data of the article."""
    publisher = structured.article.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    publisher = structured.resolved(publisher)
    names = [plain(publisher)]
    if isinstance(publisher, Mapping):
        names.append(plain(publisher.get("alternateName")))
    for name in names:
        if name := _COMPANY.sub("", name) if len(name) <= LONGEST else "":
            yield name, "json-ld"
    if (name := structured.first("og:site_name")) and len(name) <= LONGEST:
        yield _COMPANY.sub("", name), "opengraph"


def _others(tree: html.HtmlElement, structured: Structured) -> Names:
    """Yield the names of other places: of organizations, of the site as an application."""
    nodes = [structured.resolved(structured.article.get("isPartOf")), *structured.nodes]
    for node in nodes[:_MOST_NODES]:
        kinds = " ".join(node_types(node)) if isinstance(node, Mapping) else ""
        name = plain(node.get("name")) if re.search("Organization|WebSite", kinds) else ""
        if name and len(name) <= LONGEST:
            yield name, "json-ld"
    items = tree.xpath("//*[@itemprop='publisher']//*[@itemprop='name']")[:1]
    texts = [item.get("content") or text_line(item) for item in items]
    yield from ((text, "microdata") for text in texts if 0 < len(text) <= LONGEST)
    tags = (
        "application-name",
        "apple-mobile-web-app-title",
        "publisher",
        "dc.publisher",
        "copyright",
    )
    for text in (structured.first(tag) for tag in tags):
        if 0 < len(name := _RIGHTS.sub("", text)) <= LONGEST:
            yield name, "meta"


def _parts_of_title(tree: html.HtmlElement) -> list[str]:
    title = text_line(tree.find(".//title"))
    heading = text_line(tree.find(".//h1"))
    parts = title_parts(title, heading)
    return [part for part in parts if len(part) <= LONGEST]


def _nearest(names: Sequence[tuple[str, str]], url: str) -> list[tuple[tuple[str, str], float]]:
    """Return the names related to an address, each with the degree, the nearest first."""
    degrees = [(named, related(named[0], url)) for named in names]
    degrees.sort(key=lambda pair: -pair[1])
    return [pair for pair in degrees if pair[1] > _LEAST]
