"""The shapes that travel through newsspider: Link, Page, Article.

A listing gives links, a link leads to pages, pages make an article, an article becomes a post.
All are frozen: a stage returns a new value (`dataclasses.replace`) and never edits the one it got.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum, StrEnum, auto
from functools import cached_property
from types import MappingProxyType
from typing import Any

from newsspider.text.document import Document


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


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer of a site: the bytes as they came, and what is needed to read them."""

    url: str
    body: bytes = field(repr=False)
    encoding: str = "utf-8"
    status: int = 200

    @cached_property
    def document(self) -> Document:
        """The page, decoded and parsed once, whoever asks for it."""
        return Document(self.url, self.body, self.encoding, self.status)


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


class Verdict(StrEnum):
    """Why a page is no article to publish. The value is the reason that a report counts."""

    PAYWALLED = "Paywalled"  # nothing but a notice that asks to pay, to log in or to consent
    NOT_AN_ARTICLE = "NotAnArticle"  # a home page, a section, a video, an error with status 200
    BOT_CHECK = "BotCheck"  # a check for robots: what may be an article tomorrow


@dataclass(frozen=True, slots=True)
class Rejection:
    """A verdict, and what on the page it rests on."""

    verdict: Verdict
    reason: str

    def __str__(self) -> str:
        """`Paywalled: reserved for subscribers`."""
        return f"{self.verdict}: {self.reason}"


class Kind(Enum):
    """What a field of an article holds, and so how it is cleaned."""

    OURS = auto()  # made by newsspider: nothing of a stranger's is in it as it came
    LINE = auto()  # text on one line
    LINES = auto()  # several of them
    TAGS = auto()  # keywords: short lines, each once
    TEXT = auto()  # plain text of several lines
    HTML = auto()  # the profile's cleaning rules, then the sanitiser
    URL = auto()  # an http or https address
    TIME = auto()
    PARTS = auto()  # values of several fields, whose texts are lines


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field of an article: what it holds, as a kind and in words for the docs; whether other
    tools get it; `rule`, its name in a site file; `origin`, its name in generic extraction, where
    that is another."""

    kind: Kind
    about: str
    exported: bool = True
    rule: str = ""
    origin: str = ""


def _info(kind: Kind, about: str, **more: Any) -> Mapping[str, FieldInfo]:
    return {"info": FieldInfo(kind, about, **more)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article on its way to a post.

    Each field is described here and nowhere else: the stage Clean treats it by its kind, feeds
    export it in this order, site files and `--explain` call it by its rule, and a test holds
    docs/output-format.md to these sentences.
    """

    site: str = field(metadata=_info(Kind.OURS, "name of the site"))
    key: str = field(metadata=_info(Kind.OURS, "identity, the same in every run"))
    id: str = field(metadata=_info(Kind.OURS, "readable part of the post's file name"))
    link: str = field(metadata=_info(Kind.URL, "address", rule="link", origin="canonical"))
    title: str = field(default="", metadata=_info(Kind.LINE, "headline", rule="title"))
    published: datetime | None = field(
        default=None,
        metadata=_info(Kind.TIME, "time of publication", rule="time", origin="published"),
    )
    modified: datetime | None = field(
        default=None, metadata=_info(Kind.TIME, "time of the last change", rule="modified")
    )
    source: str = field(default="", metadata=_info(Kind.LINE, "who published it", rule="source"))
    authors: tuple[str, ...] = field(
        default=(),
        metadata=_info(Kind.LINES, "who wrote it", rule="author", origin="authors"),
    )
    editor: str = field(default="", metadata=_info(Kind.LINE, "who edited it", rule="editor"))
    original_title: str = field(
        default="",
        metadata=_info(
            Kind.LINE, "headline at the source, where it differs", rule="original_title"
        ),
    )
    category: str = field(default="", metadata=_info(Kind.OURS, "slug of the category"))
    tag: str = field(default="", metadata=_info(Kind.LINE, "name of the category for a reader"))
    tags: tuple[str, ...] = field(
        default=(), metadata=_info(Kind.TAGS, "keywords of the page or the listing", rule="tags")
    )
    language: str = field(
        default="", metadata=_info(Kind.LINE, "language of the text (BCP 47)", rule="language")
    )
    summary: str = field(
        default="",
        metadata=_info(Kind.TEXT, "what the site says of it, or its beginning", rule="summary"),
    )
    stocks: tuple[Stock, ...] = field(
        default=(), metadata=_info(Kind.PARTS, "shares that the text mentions: market, code, name")
    )
    images: tuple[Image, ...] = field(
        default=(),
        metadata=_info(
            Kind.PARTS, "pictures, the lead first: url, caption", rule="image", origin="images"
        ),
    )
    digest: str = field(
        default="",
        repr=False,
        metadata=_info(Kind.TEXT, "text that the site sets before the body", rule="digest"),
    )
    body: str = field(
        default="", repr=False, metadata=_info(Kind.HTML, "the text, as safe HTML", rule="body")
    )
    hash: str = field(
        default="", metadata=_info(Kind.OURS, "hash of title and text, for comparing")
    )
    listing: str = field(
        default="", metadata=_info(Kind.OURS, "category that led to it, or @share", exported=False)
    )
    rejection: Rejection | None = field(
        default=None, metadata=_info(Kind.OURS, "why the page is no article", exported=False)
    )


# What is known of each field, in the order of export.
FIELDS: Mapping[str, FieldInfo] = MappingProxyType(
    {each.name: each.metadata["info"] for each in fields(Article)}
)
EXPORTED: tuple[str, ...] = tuple(name for name, info in FIELDS.items() if info.exported)
