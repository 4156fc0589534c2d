"""What a publisher states of the reuse of an article, and what it reserves.

In: a robots.txt, the headers of an answer, a page. Out: Rights, in the publisher's own words; and
the uses that they reserve. `fetch/robots.py`, `spiders/responses.py` and `extraction/reading.py`
read them; the stage Publish and `newsspider export --use` act on them. Pure.

The forms are those of contentsignals.org (Content-Signal), RSL 1.0 (License), the TDM Reservation
Protocol of W3C (tdm-reservation, tdm-policy), robots directives, `rel=license` and schema.org;
`rights_files.py` reads the files that the second and the third have.
`noindex` is not read: many sites put it on copies of an article, to name the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast

from lxml import etree

from newsspider.errors import NotReadable
from newsspider.model import Page, Right
from newsspider.text.budget import unmeasured
from newsspider.text.urls import absolute, host

USES = ("search", "ai-input", "ai-train")
_OURS = "newsspider"  # the name to which a robots directive may be addressed

# The uses that a statement reserves, by its name and value.
_RESERVES: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{(use, value): (use,) for use in USES for value in ("no", "paid")},
    ("tdm-reservation", "1"): ("ai-input", "ai-train"),
    ("noai", ""): ("ai-input", "ai-train"),
    ("nosnippet", ""): ("ai-input",),
}
_NO_TEXT = {
    ("search", "no"),
    ("search", "paid"),
    ("nosnippet", ""),
}  # not even a summary may be shown
_NO_COPY = {("noarchive", ""), ("isAccessibleForFree", "false")}
_DIRECTIVES = ("noarchive", "nosnippet", "noai", "noimageai")
_TDM = ("tdm-reservation", "tdm-policy")
_TDM_ORIGINS = ("meta", "header", "tdmrep.json")  # each overrides those after it
# The attributes, not the links that have one: a third of the time.
_LICENSE_RELS = etree.XPath(
    "descendant::*/@rel[contains(translate(., 'LICENS', 'licens'), 'license')]"
)
_MOST = 20  # statements of one source
LONGEST = 300  # characters of a value


def reserved(rights: Iterable[Right]) -> tuple[str, ...]:
    """Return which of USES a publisher reserves."""
    stated = _in_force(rights)
    uses = {use for statement in stated for use in _RESERVES.get(statement, ())}
    return tuple(use for use in USES if use in uses)


def allowed_text(rights: Iterable[Right]) -> str:
    """Return how much of an article may be published where its publisher's wishes count: `full`,
    `summary` where anything is reserved, or `link` where no summary may be shown."""
    stated = _in_force(rights)
    if stated & _NO_TEXT:
        return "link"
    return "summary" if stated & (_NO_COPY | _RESERVES.keys()) else "full"


def rights_of_robots(text: str, agent: str) -> tuple[Right, ...]:
    """Return what a robots.txt states for this user agent: `License`, which holds for all, and the
    `Content-Signal` of the agent's own group, else of the group `*`."""
    name = agent.partition("/")[0].strip().lower()
    licenses: list[Right] = []
    signals: dict[str, list[Right]] = {}  # by the user agent of their group; "" outside of groups
    group, in_head = [""], False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            group = [*group, value.lower()] if in_head else [value.lower()]
            signals.setdefault(value.lower(), [])
        elif key == "content-signal":
            for each in group:
                signals.setdefault(each, []).extend(_signals(value))
        elif key == "license" and host(value):
            licenses.append(Right("robots.txt", "license", value[:LONGEST]))
        in_head = key == "user-agent" or (in_head and not key)
    own = next((agent for agent in signals if agent and agent in (name, _OURS)), "*")
    return _few([*licenses, *signals.get("", ()), *signals.get(own, ())])


def rights_of_headers(headers: Iterable[tuple[str, str]]) -> tuple[Right, ...]:
    """Return what the headers of an answer state, each a name and a value."""
    rights: list[Right] = []
    for name, value in headers:
        lower = name.lower()
        if lower == "x-robots-tag":
            rights += _directives("X-Robots-Tag", value)
        elif lower in _TDM:
            rights.append(Right("header", lower, value.strip()[:LONGEST]))
    return _few(rights)


def rights_of_page(page: Page) -> tuple[Right, ...]:
    """Return what a page states in its HTML; none for a page that is not HTML."""
    try:
        return _few([*_of_meta(page), *_of_links(page), *_of_json_ld(page)])
    except NotReadable:
        return ()


def _in_force(rights: Iterable[Right]) -> set[tuple[str, str]]:
    """Return names and values of the statements that count: of several reservations of the TDM
    protocol the most specific one."""
    rights = list(rights)
    origins = {right.origin for right in rights if right.name == _TDM[0]}
    stating = [origin for origin in _TDM_ORIGINS if origin in origins]
    return {
        (right.name, right.value)
        for right in rights
        if right.name != _TDM[0] or right.origin not in stating[1:]
    }


def _signals(text: str) -> Iterator[Right]:
    """Yield the signals of `search=yes, ai-train=no`."""
    for part in text.replace(",", " ").split():
        name, _, value = part.lower().partition("=")
        if name in USES and value in ("yes", "no"):
            yield Right("robots.txt", name, value)


def _directives(origin: str, text: str) -> Iterator[Right]:
    """Yield the directives of `noarchive, nosnippet`, or of `newsspider: noai`; those that name
    another robot are not for us."""
    addressee, colon, rest = text.partition(":")
    if colon and "," not in addressee and " " not in addressee.strip():
        if addressee.strip().lower() != _OURS and not addressee.strip().startswith("max-"):
            return
        text = rest if addressee.strip().lower() == _OURS else text
    for name in text.replace(",", " ").lower().split():
        if name in _DIRECTIVES:
            yield Right(origin, name)


def _of_meta(page: Page) -> Iterator[Right]:
    for meta in page.document.tree.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), meta.get("content") or ""
        if name in ("robots", _OURS):
            yield from _directives("meta robots", content.replace(":", " "))
        elif name in _TDM:
            yield Right("meta", name, content.strip()[:LONGEST])


def _of_links(page: Page) -> Iterator[Right]:
    for rel in cast(Iterable[Any], _LICENSE_RELS(page.document.tree)):
        link = rel.getparent()
        is_license = link.tag in ("a", "link") and "license" in rel.lower().split()
        address = link.get("href") or ""
        if is_license and (license := absolute(address, page.document.base)):
            yield Right("rel=license", "license", license[:LONGEST])


def _of_json_ld(page: Page) -> Iterator[Right]:
    if b"ld+json" not in page.body:
        return
    with unmeasured():
        from newsspider.extraction.generic.structured import structured_of  # imports libraries

    structured = page.document.once(structured_of)
    if structured.costs():
        yield Right("JSON-LD", "isAccessibleForFree", "false")
    license = structured.resolved(structured.article.get("license"))
    if isinstance(license, Mapping):
        license = license.get("url") or license.get("@id")
    if host(address := _text(license)):
        yield Right("JSON-LD", "license", address)


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def _few(rights: Iterable[Right]) -> tuple[Right, ...]:
    """Return the statements, each once, as many as are read."""
    return tuple(islice(dict.fromkeys(rights), _MOST))
