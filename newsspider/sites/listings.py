"""The part of the site schema that locates things: fields, listings, pages of an article.

In: values of a YAML file. Out: frozen models, for `schema`. The readers in `listing/` and
`extraction/page.py` follow them. Every key is explained in docs/site-definitions.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from newsspider.model import FIELDS
from newsspider.sites.types import (
    ArticleUrl,
    ListingUrl,
    Misplaced,
    Path,
    Pattern,
    Selector,
    variables,
)

# What `fields` may name: those of a link alone, and those of an article (`model.FIELDS`).
FIELD_NAMES = ("url", "id", *(info.rule for info in FIELDS.values() if info.rule))
if TYPE_CHECKING:
    FieldName = str
else:
    FieldName = Literal[FIELD_NAMES]

# Whether a browser must show a page first, because scripts build it; `auto`: if it arrives empty.
Rendering = bool | Literal["auto"]


def _as_picks(value: Any) -> Any:
    """Return `h1`, `{select: h1}` or a list of either as a list of picks."""
    return [
        {"select": pick} if isinstance(pick, str) else pick
        for pick in (value if isinstance(value, list) else [value])
    ]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class HtmlPick(Model):
    """A place in an HTML page: a CSS selector or an XPath, and a pattern for the part to read."""

    select: Selector
    pattern: Pattern = ""


class JsonPick(Model):
    """A place in a JSON answer: a JMESPath, and a pattern for the part to read."""

    select: Path
    pattern: Pattern = ""


HtmlField = Annotated[tuple[HtmlPick, ...], BeforeValidator(_as_picks), Field(min_length=1)]
JsonField = Annotated[tuple[JsonPick, ...], BeforeValidator(_as_picks), Field(min_length=1)]


class _Listing(Model):
    # Variables in the addresses of every listing; a category may name more.
    VARIABLES: ClassVar[tuple[str, ...]] = ("slug",)

    url: ListingUrl = Field(description="Address of the first page, with variables.")
    max_pages: int = Field(50, ge=1, le=1000, description="Pages read at most in one run.")
    headers: Mapping[str, str] = Field(default_factory=dict)

    def templates(self) -> Iterator[tuple[str, str]]:
        """Yield the texts that may contain variables, each with its key."""
        yield "url", self.url


class _Paged(_Listing):
    """A listing whose next page has a number, an offset, or an address in the page before it."""

    VARIABLES = ("slug", "page", "offset", "cursor")

    next_url: ListingUrl = Field("", description="Address of the pages after the first.")
    first_page: int = Field(1, ge=0, description="Number of the first page, for {page}.")
    step: int = Field(0, ge=0, description="Entries on a page, for {offset}.")
    form: Mapping[str, str] = Field(
        default_factory=dict, description="Request body, sent by POST as a form."
    )
    json_: Mapping[str, Any] = Field(
        default_factory=dict, alias="json", description="Request body, sent by POST as JSON."
    )

    def templates(self) -> Iterator[tuple[str, str]]:
        yield from super().templates()
        yield "next_url", self.next_url
        yield from (("form", value) for value in self.form.values())
        yield from (("json", value) for value in _texts(self.json_))

    @property
    def counts(self) -> bool:
        """Return whether the number of a page leads to the next page."""
        return bool({"page", "offset"} & set(self._variables()))

    def _variables(self) -> Iterator[str]:
        for _, template in self.templates():
            yield from variables(template)

    @model_validator(mode="after")
    def _pages_can_be_requested(self) -> _Paged:
        if self.form and self.json_:
            raise Misplaced("cannot be combined with form; a request sends one of them", "json")
        if "offset" in self._variables() and not self.step:
            raise Misplaced("is missing: the number of entries on a page, for {offset}", "step")
        return self


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


class _WithFields(_Paged):
    """A listing whose entries are read field by field."""

    fields: Mapping[FieldName, Any]

    @model_validator(mode="after")
    def _entries_can_be_addressed(self) -> _WithFields:
        if not {"url", "id"} & set(self.fields):
            raise Misplaced("has no url, and no id either: nothing leads to the articles", "fields")
        return self


class HtmlListing(_WithFields):
    kind: Literal["html"]
    items: Selector = Field(description="Selects the entries of the list: one match for each link.")
    fields: Mapping[FieldName, HtmlField]
    next: HtmlField | None = Field(None, description="Location of the address of the next page.")
    render: Rendering = Field(
        False, description="Whether a browser shows the page before it is read."
    )

    @model_validator(mode="after")
    def _browser_sends_no_body(self) -> HtmlListing:
        if self.render and (self.form or self.json_):
            raise Misplaced("cannot be combined with form or json; a browser sends GET", "render")
        return self


class JsonListing(_WithFields):
    kind: Literal["json"]
    script: HtmlField | None = Field(
        None, description="Location of the script that contains the JSON in an HTML page."
    )
    ok: Path | None = Field(None, description="True in an answer that is not an error.")
    items: Path = Field(description="Location of the list of entries; JSONP is read as JSON.")
    fields: Mapping[FieldName, JsonField]
    next: JsonField | None = Field(None, description="Location of the {cursor} of the next page.")


class FeedListing(_Listing):
    kind: Literal["feed"]
    whole: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether an entry's content is the whole article."
    )


class SitemapListing(_Listing):
    kind: Literal["sitemap"]
    only: Pattern = Field("", description="Matches the addresses of articles; others are left out.")
    follow: Pattern = Field(
        "", description="Matches the sitemaps of an index that are read; others are left out."
    )


Listing = Annotated[
    HtmlListing | JsonListing | FeedListing | SitemapListing, Field(discriminator="kind")
]
Listings = Annotated[
    tuple[Listing, ...],
    BeforeValidator(lambda value: value if isinstance(value, list | tuple) else [value]),
    Field(
        min_length=1, description="The first is read; each further one if the one before it fails."
    ),
]


class _PageRules(Model):
    url: ArticleUrl = Field(
        "{url}", description="Address; {url} is the address that the listing gave."
    )
    missing: tuple[FieldName, ...] = Field(
        (),
        description="Requested only while one of these fields is missing; it may then fail, too.",
    )
    headers: Mapping[str, str] = Field(default_factory=dict)


class HtmlPage(_PageRules):
    kind: Literal["html"]
    strip: tuple[Selector, ...] = Field((), description="Removed before the fields are read.")
    fields: Mapping[FieldName, HtmlField] = Field(
        default_factory=dict,
        description="Locations of the fields; generic extraction reads a page without any.",
    )
    fallback: bool | Literal["all"] | tuple[FieldName, ...] = Field(
        True,
        description="Whether generic extraction reads the fields that are not found; a list names "
        "them, `all` adds the fields that are not listed.",
    )
    next: HtmlField | None = Field(
        None, description="Location of the address of the article's next page."
    )
    render: Rendering = Field(
        False, description="Whether a browser shows the page before it is read."
    )


class JsonPage(_PageRules):
    kind: Literal["json"]
    script: HtmlField | None = Field(
        None, description="Location of the script that contains the JSON in an HTML page."
    )
    fields: Mapping[FieldName, JsonField]


PageRules = Annotated[HtmlPage | JsonPage, Field(discriminator="kind")]
