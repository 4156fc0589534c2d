"""What a page offers, as values: Feed, Sitemap, LinkList, Pager, State, Offer.

The modules of this package create them; `candidates`, `newsspider add` and the message about a
listing without links read them. `items`, `fields`, `next` and `script` have the spelling of a site
file (docs/site-definitions.md), so an offer can be written to one unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html

from newsspider.model import Link

# A selector, or `{select: …, pattern: …}`: how a site file names a field.
FieldRule = str | Mapping[str, str]


def literal(url: str) -> str:
    """Return an address with its braces escaped: a site file reads them as variables."""
    return url.replace("{", "%7B").replace("}", "%7D")


@dataclass(frozen=True, slots=True)
class View:
    """A parsed page: its tree, its own address, and the base address of its links."""

    tree: html.HtmlElement
    url: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that the page names. `own`: it covers what the page shows, not the whole site;
    `comments`: it carries readers' comments."""

    url: str
    title: str = ""
    kind: str = "rss"
    own: bool = False
    comments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A sitemap that the page or robots.txt names. `news`: its address names news."""

    url: str
    news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """A group of article links. `score` is about 1 for a clear list and above 0.2 for a doubtful
    one; `links` are the links that the selectors give on the page."""

    items: str
    fields: Mapping[str, FieldRule]
    links: tuple[Link, ...] = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """The way to the next page: its current address, and a selector for it (`next`) or an address
    with {page} (`template`)."""

    url: str
    next: str = ""
    template: str = ""
    first_page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A list of articles in the JSON of a script element: the script's selector, the JMESPath of
    the list, and the JMESPath of each field, relative to an entry."""

    script: FieldRule
    items: str
    fields: Mapping[str, str]
    links: tuple[Link, ...] = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All that a page offers to a listing, each kind best first."""

    url: str
    feeds: tuple[Feed, ...] = ()
    sitemaps: tuple[Sitemap, ...] = ()
    lists: tuple[LinkList, ...] = ()
    pager: Pager | None = None
    states: tuple[State, ...] = ()
    shell: bool = False
