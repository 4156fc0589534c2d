"""What a page offers, as values: Feed, Sitemap, LinkList, Pager, State, Offer.

The modules of this package make them; `newsspider add`, `newsspider crawl URL` and the message
about a listing without links read them. `items`, `fields`, `next` and `script` are spelled as a
site file spells them (docs/site-definitions.md), so that an offer can be written down as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html

from newsspider.model import Link

# One selector, or `{select: …, pattern: …}`: how a site file names a field.
FieldRule = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A parsed page: its tree, its own address, and the address its links count from."""

    tree: html.HtmlElement
    url: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed the page names. `own`: it is of what the page shows, not of the whole site."""

    url: str
    title: str = ""
    kind: str = "rss"
    own: bool = False
    comments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    url: str
    news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """A group of article links. `score` is about 1 for a clear list and above 0.2 for a doubtful
    one; `links` are what the selectors find on the page."""

    items: str
    fields: Mapping[str, FieldRule]
    links: tuple[Link, ...] = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """The way to the next page: its address now, and a selector of it or an address with {page}."""

    url: str
    next: str = ""
    template: str = ""
    first_page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A list of articles in the JSON of a script element: where the script is, JMESPaths of the
    list and, from an entry of it, of the fields."""

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
