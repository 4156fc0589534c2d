"""The shapes that travel through newsspider: Link, Page, Article.

A listing gives links, a link leads to pages, pages make an article, an article becomes a post.
All are frozen: a stage returns a new value (`dataclasses.replace`) and never edits the one it got.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsspider.sites.schema import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where an article is, and what the place that named it said of it.

    `id` is the article's id as the site writes it (`NW202204262359811335`), or "" when only the
    page can tell. `time` is the text of the listing, not yet read as a date; `listed_at` is when
    the listing was read (ISO 8601): what `3小时前` of a link that waited in the ledger counts from.
    `fields` holds the rest of what the listing said, under the names of the site file (`digest`,
    `body`, `link` …).
    """

    url: str
    id: str = ""
    title: str = ""
    time: str = ""
    source: str = ""
    summary: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    listed_at: str = ""

    def time_listed(self, now: datetime) -> datetime:
        """When the listing said so."""
        return datetime.fromisoformat(self.listed_at) if self.listed_at else now


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a site: the bytes as they came, and what is needed to read them."""

    url: str
    body: bytes = field(repr=False)
    encoding: str = "utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Stock:
    """A share an article mentions: market as East Money numbers it (1 Shanghai, 0 Shenzhen, 116
    Hong Kong, 105-107 New York), code, name as the article writes it."""

    market: str
    code: str
    name: str = ""

    def __str__(self) -> str:
        """`1.600941`, as East Money's addresses have it."""
        return f"{self.market}.{self.code}"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article: absolute URL, and the words beside it."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article on its way to a post. Fields are exported in this order.

    `key` is its identity in the ledger (`eastmoney:202204262359811335`), `id` the readable part of
    the post's file name, `link` the address the post shows, `digest` plain text quoted before the
    body, `category` a slug, `tag` the name a reader sees, `tags` the keywords that the page or the
    listing gives. `listing` is the category or "share" that led to it, `verdict` why it may be none
    (`Paywalled: …`), `recipe` how its site wants it made; these are not exported.
    """

    site: str
    key: str
    id: str
    link: str
    title: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    source: str = ""
    authors: tuple[str, ...] = ()
    editor: str = ""
    original_title: str = ""
    category: str = ""
    tag: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    summary: str = ""
    stocks: tuple[Stock, ...] = ()
    images: tuple[Image, ...] = ()
    digest: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    hash: str = ""
    listing: str = ""
    verdict: str = ""
    recipe: Recipe | None = field(default=None, repr=False, compare=False)
