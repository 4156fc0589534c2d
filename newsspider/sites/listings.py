"""The part of the site schema that says where things are: fields, listings, pages of an article.

In: values of a YAML file. Out: frozen models, for `site.py`. The readers of `listing` and
`extract.pages` go by them. Every key is explained in docs/site-definitions.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from newsspider.sites.types import (
    ArticleUrl,
    ListingUrl,
    Misplaced,
    Path,
    Pattern,
    Selector,
    variables,
)

FieldName = Literal[
    "url",
    "id",
    "title",
    "time",
    "source",
    "summary",
    "digest",
    "body",
    "link",
    "image",
    "author",
    "editor",
    "original_title",
    "tags",
]

# Whether scripts make a page, so that a browser must show it first; `auto`: where it comes empty.
Rendering = bool | Literal["auto"]


def _as_picks(value: Any) -> Any:
    """`h1`, `{select: h1}` and a list of either: one way to write each length of the same thing."""
    return [
        {"select": pick} if isinstance(pick, str) else pick
        for pick in (value if isinstance(value, list) else [value])
    ]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class HtmlPick(Model):
    """A place in an HTML page: a CSS selector or an XPath, and the part of it that counts."""

    select: Selector
    pattern: Pattern = ""


class JsonPick(Model):
    """A place in a JSON answer: a JMESPath, and the part of it that counts."""

    select: Path
    pattern: Pattern = ""


HtmlField = Annotated[tuple[HtmlPick, ...], BeforeValidator(_as_picks), Field(min_length=1)]
JsonField = Annotated[tuple[JsonPick, ...], BeforeValidator(_as_picks), Field(min_length=1)]


class _Listing(Model):
    # What stands for something in every listing's addresses; a category may name more.
    VARIABLES: ClassVar[tuple[str, ...]] = ("slug",)

    url: ListingUrl = Field(description="Address of the first page, with variables.")
    max_pages: int = Field(50, ge=1, le=1000, description="Pages read at most in one run.")
    headers: Mapping[str, str] = Field(default_factory=dict)

    def templates(self) -> Iterator[tuple[str, str]]:
        """The texts that variables may stand in, each with its key."""
        yield "url", self.url


class _Paged(_Listing):
    """A listing whose pages are asked for by number, by offset or by what the last one said."""

    VARIABLES = ("slug", "page", "offset", "cursor")

    next_url: ListingUrl = Field("", description="Address of the pages after the first.")
    first_page: int = Field(1, ge=0, description="Number of the first page, for {page}.")
    step: int = Field(0, ge=0, description="Entries on a page, for {offset}.")
    form: Mapping[str, str] = Field(default_factory=dict, description="Sent by POST, as a form.")
    json_: Mapping[str, Any] = Field(
        default_factory=dict, alias="json", description="Sent by POST, as JSON."
    )

    def templates(self) -> Iterator[tuple[str, str]]:
        yield from super().templates()
        yield "next_url", self.next_url
        yield from (("form", value) for value in self.form.values())
        yield from (("json", value) for value in _texts(self.json_))

    @property
    def counts(self) -> bool:
        """Whether the next page is the next number."""
        return bool({"page", "offset"} & set(self._variables()))

    def _variables(self) -> Iterator[str]:
        for _, template in self.templates():
            yield from variables(template)

    @model_validator(mode="after")
    def _can_turn(self) -> _Paged:
        if self.form and self.json_:
            raise Misplaced("stands beside form; a request is sent as one of them", "json")
        if "offset" in self._variables() and not self.step:
            raise Misplaced("is missing: how many entries {offset} passes over for a page", "step")
        return self


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


class HtmlListing(_Paged):
    kind: Literal["html"]
    items: Selector = Field(description="One match for each link of the list.")
    fields: Mapping[FieldName, HtmlField]
    next: HtmlField | None = Field(None, description="Where the address of the next page is.")
    render: Rendering = Field(False, description="Whether a browser shows the page first.")

    @model_validator(mode="after")
    def _is_asked_for_by_get(self) -> HtmlListing:
        if self.render and (self.form or self.json_):
            raise Misplaced("stands beside form or json; a browser asks by GET", "render")
        return self


class JsonListing(_Paged):
    kind: Literal["json"]
    script: HtmlField | None = Field(
        None, description="Where in an HTML page the script is that holds it."
    )
    ok: Path | None = Field(None, description="True in an answer that is no error.")
    items: Path = Field(description="Where the list is; JSONP is read as JSON.")
    fields: Mapping[FieldName, JsonField]
    next: JsonField | None = Field(None, description="Where the {cursor} of the next page is.")


class FeedListing(_Listing):
    kind: Literal["feed"]
    whole: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether an entry's content is the whole article."
    )


class SitemapListing(_Listing):
    kind: Literal["sitemap"]
    only: Pattern = Field("", description="Found in the addresses of articles.")
    follow: Pattern = Field("", description="Found in the sitemaps of an index that are read.")


Listing = Annotated[
    HtmlListing | JsonListing | FeedListing | SitemapListing, Field(discriminator="kind")
]
Listings = Annotated[
    tuple[Listing, ...],
    BeforeValidator(lambda value: value if isinstance(value, list | tuple) else [value]),
    Field(min_length=1, description="The first one; where it gives nothing, the next stands in."),
]


class _PageRules(Model):
    url: ArticleUrl = Field("{url}", description="Address; {url} is the one the listing gave.")
    missing: tuple[FieldName, ...] = Field(
        (), description="Asked only while one of these is missing; it may then fail too."
    )
    headers: Mapping[str, str] = Field(default_factory=dict)


class HtmlPage(_PageRules):
    kind: Literal["html"]
    strip: tuple[Selector, ...] = Field((), description="Taken out before the fields are read.")
    fields: Mapping[FieldName, HtmlField] = Field(
        default_factory=dict, description="Where what is; without it, generic extraction reads it."
    )
    fallback: bool | Literal["all"] | tuple[FieldName, ...] = Field(
        True,
        description="Whether generic extraction stands in for the fields not found, for which of "
        "them, or for all that the fields do not find.",
    )
    next: HtmlField | None = Field(
        None, description="Where the address of the article's next page is."
    )
    render: Rendering = Field(False, description="Whether a browser shows the page first.")


class JsonPage(_PageRules):
    kind: Literal["json"]
    script: HtmlField | None = Field(
        None, description="Where in an HTML page the script is that holds it."
    )
    fields: Mapping[FieldName, JsonField]


PageRules = Annotated[HtmlPage | JsonPage, Field(discriminator="kind")]
