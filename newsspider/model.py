"""The values that pass through newsspider: Link, Page, Article.

A listing gives links, a link leads to pages, pages become an article, an article becomes a post.
All are frozen: a stage returns a new value (`dataclasses.replace`) and never changes its input.
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
    """The address of an article, and what the listing that links to it states about it.

    `id` is the article's id as the site writes it (`NW202204262359811335`), or "" when only the
    page has it. `time` is the text on the listing, not yet read as a date; `listed_at` is when
    the listing was read (ISO 8601): `3小时前` counts from it, also when the link has waited in the
    ledger. `fields` holds the listing's other fields, under the names of the site file (`digest`,
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
        """Return when the listing was read; `now` if that is not known."""
        return datetime.fromisoformat(self.listed_at) if self.listed_at else now


@dataclass(frozen=True, slots=True)
class Right:
    """A statement of a publisher on the reuse of an article: where it stands (`robots.txt`,
    `header`, `meta robots`, `JSON-LD` …), its name there, and its value, "" for a directive."""

    origin: str
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field of an article is from: its name in exports, and the page and place that gave
    it (`article: rule`, `article: JSON-LD`, `listing`, `worked out`)."""

    field: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer of a site: its bytes, and what is needed to read them. `rights` is what its headers
    and the robots.txt of its host state."""

    url: str
    body: bytes = field(repr=False)
    encoding: str = "utf-8"
    status: int = 200
    rights: tuple[Right, ...] = ()

    @cached_property
    def document(self) -> Document:
        """The page's document, which decodes and parses it once."""
        return Document(self.url, self.body, self.encoding, self.status)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs: it parses the page itself."""
        return {name: value for name, value in vars(self).items() if name != "document"}


@dataclass(frozen=True, slots=True)
class Stock:
    """A share that an article mentions: the number that East Money gives its market (1 Shanghai,
    0 Shenzhen, 116 Hong Kong, 105-107 New York), its code, its name as in the article."""

    market: str
    code: str
    name: str = ""

    def __str__(self) -> str:
        """Return `1.600941`, as in East Money's addresses."""
        return f"{self.market}.{self.code}"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article: its absolute URL, its caption, and its path in the site
    (`assets/images/….jpg`) if it is kept there."""

    url: str
    caption: str = ""
    file: str = ""


class Verdict(StrEnum):
    """Why a page is not an article to publish. The value is the reason that a report counts."""

    PAYWALLED = "Paywalled"  # only a notice that asks to pay, to log in or to consent
    NOT_AN_ARTICLE = "NotAnArticle"  # a home page, a section, a video, an error with status 200
    BOT_CHECK = "BotCheck"  # a check for robots: another run may get the article
    TOO_LONG = "TooLong"  # a text that no post may hold: whole books, data


@dataclass(frozen=True, slots=True)
class Rejection:
    """A verdict, and the evidence for it on the page."""

    verdict: Verdict
    reason: str
    lists: bool = False  # whether the page lists articles

    def __str__(self) -> str:
        """Return `Paywalled: reserved for subscribers`."""
        return f"{self.verdict}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Section:
    """The section of a site that a listing shows: its name for a reader, "" if it has none, and its
    slug, the category of its articles. Without a slug, the source of an article is its category."""

    name: str = ""
    slug: str = ""


NO_SECTION = Section()


class Kind(Enum):
    """What a field of an article holds, which determines how it is cleaned."""

    OURS = auto()  # written by newsspider: contains no text as a page has it
    LINE = auto()  # text on one line
    LINES = auto()  # several lines
    TAGS = auto()  # keywords: short lines, each once
    TEXT = auto()  # plain text of several lines
    HTML = auto()  # the profile's cleaning rules, then the sanitiser
    URL = auto()  # an http or https address
    TIME = auto()
    PARTS = auto()  # values of several fields, whose texts are lines


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field of an article: its kind, a description, whether feeds export it, its name in a site
    file (`rule`), its name in generic extraction (`origin`) if that differs, and the first version
    of newsspider that has it."""

    kind: Kind
    about: str
    exported: bool = True
    rule: str = ""
    origin: str = ""
    since: str = "0.1.0"


def _info(kind: Kind, about: str, **more: Any) -> Mapping[str, FieldInfo]:
    return {"info": FieldInfo(kind, about, **more)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article on its way to a post.

    Each field is described here and nowhere else in the code: the stage Clean treats it by its
    kind, feeds export it in this order, site files and `--explain` use its rule as its name.
    docs/output-format.md describes the fields to users.
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
    dated_by: str = field(
        default="",
        metadata=_info(
            Kind.OURS,
            "where the time of publication is from, if no source states it: modified, guess,"
            " first-seen",
            since="0.2.0",
        ),
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
    section: str = field(
        default="",
        metadata=_info(
            Kind.LINE, "section of the site that lists it", rule="section", since="0.2.0"
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
        metadata=_info(
            Kind.TEXT, "summary by the site, or the beginning of the text", rule="summary"
        ),
    )
    stocks: tuple[Stock, ...] = field(
        default=(), metadata=_info(Kind.PARTS, "shares that the text mentions: market, code, name")
    )
    images: tuple[Image, ...] = field(
        default=(),
        metadata=_info(
            Kind.PARTS,
            "pictures, the lead first: url, caption, file",
            rule="image",
            origin="images",
        ),
    )
    same_story: str = field(
        default="",
        metadata=_info(
            Kind.OURS,
            "key of the article whose post has this story, if the own only points to it",
            since="0.2.0",
        ),
    )
    rights: tuple[Right, ...] = field(
        default=(),
        metadata=_info(
            Kind.PARTS,
            "what its publisher states of its reuse: origin, name, value",
            since="0.2.0",
        ),
    )
    origins: tuple[Origin, ...] = field(
        default=(),
        metadata=_info(
            Kind.OURS,
            "which page gave each field, and where it stood: field, origin",
            since="0.2.0",
        ),
    )
    picture: str = field(
        default="",
        metadata=_info(Kind.OURS, "address of the lead picture in the site", exported=False),
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
    fetched_at: datetime | None = field(
        default=None,
        metadata=_info(
            Kind.OURS,
            "when the run that wrote its post fetched it; in `-o` of a run, when that run did",
            since="0.2.0",
        ),
    )
    event: str = field(
        default="",
        metadata=_info(
            Kind.OURS,
            "how it differs from what was published before, or from what a reader of the change"
            " feed has: new, updated, unchanged, deleted; empty in other exports, which compare"
            " with nothing",
            since="0.2.0",
        ),
    )
    listing: str = field(
        default="",
        metadata=_info(Kind.OURS, "category whose listing has it, or @share", exported=False),
    )
    rejection: Rejection | None = field(
        default=None, metadata=_info(Kind.OURS, "why the page is not an article", exported=False)
    )
    marks: tuple[str, ...] = field(
        default=(),
        metadata=_info(
            Kind.OURS,
            "fields that its selectors do not find, as a report counts them: lacking/time",
            exported=False,
        ),
    )


# The description of each field, in the order of export.
FIELDS: Mapping[str, FieldInfo] = MappingProxyType(
    {part.name: part.metadata["info"] for part in fields(Article)}
)
# The fields that are lists of values, and the class of these.
PARTS: Mapping[str, type[Stock | Image | Right | Origin]] = MappingProxyType(
    {"stocks": Stock, "images": Image, "rights": Right, "origins": Origin}
)
EXPORTED: tuple[str, ...] = tuple(name for name, info in FIELDS.items() if info.exported)
