"""The Site schema: what a site file may contain.

In: the values of a YAML file. Out: a frozen Site. `loader` reads the files and reports the errors.
Everything that may differ between two news sites is a key here, and every key is explained in
docs/site-definitions.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Match
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from newsspider.sites.listings import Listing, Listings, Model, PageRules
from newsspider.sites.types import (
    ArticleUrl,
    CategoryPath,
    FileId,
    Footer,
    HostName,
    Misplaced,
    Name,
    NumberUrl,
    Pattern,
    ProxyUrl,
    Rule,
    ShareUrl,
    Slug,
    Tag,
    Zone,
    variables,
)
from newsspider.text.selectors import compiled_pattern

Key = Literal[
    "author",
    "source",
    "link",
    "description",
    "image",
    "stocks",
    "last_modified_at",
    "keywords",
]
SameStory = Literal["first", "link", "all"]
Profile = Literal["seed", "reader"]  # of `clean`
Text = Literal["full", "summary", "link"]
Images = Literal["link", "local", "drop"]
FRONT_MATTER_KEYS: tuple[str, ...] = get_args(Key)


class Recipe(Model):
    """How an article is assembled and how its post looks. `articles` sets it for the whole site; a
    category or a share pattern may override it for its own articles."""

    ask: tuple[str, ...] | None = Field(None, description="Pages to request, in this order.")
    rank: tuple[str, ...] | None = Field(
        None, description="Pages in order of precedence; `listing` is the listing's own data."
    )
    id: FileId | None = Field(None, description="The id in the post's file name.")
    link: ArticleUrl | None = Field(None, description="Link of the post if no page gives one.")
    category: Slug | None = Field(
        None, description="Category of all articles; by default the source's."
    )
    tag: Tag | None = Field(None, description="Tag of the post.")
    footer: Footer | None = Field(None, description="Last line of the post, Markdown.")
    category_page: CategoryPath | None = Field(None, description="Path of the page of a category.")
    keys: tuple[Key, ...] | None = Field(None, description="Further front matter keys.")
    profile: Profile | None = Field(None, description="Cleaning profile.")
    text: Text | None = Field(
        None, description="How much of an article is published, by default all of it."
    )
    same_story: SameStory | None = Field(
        None, description="What is published of a story that already has a post, by default all."
    )
    respect_rights: bool | None = Field(
        None, description="Publish no more of an article than its publisher allows."
    )
    images: Images | None = Field(
        None, description="What becomes of pictures, by default links to them."
    )
    add_rules: tuple[Rule, ...] = Field((), description="Cleaning rules added to the profile's.")
    skip_rules: tuple[Rule, ...] = Field(
        (), description="Cleaning rules of the profile to leave out."
    )

    def over(self, other: Recipe) -> Recipe:
        """Return this recipe, with the keys that it does not set taken from the other one."""
        values = {name: getattr(self, name) for name in Recipe.model_fields}
        default = {name: field.default for name, field in Recipe.model_fields.items()}
        own = {name: value for name, value in values.items() if value != default[name]}
        rest = {name: getattr(other, name) for name in Recipe.model_fields}
        return Recipe.model_construct(**{**rest, **own})


class Category(Recipe):
    """A category that the file names."""

    title: str = Field("", description="Display name.")
    listing: Listings | None = Field(None, description="Its own listing; by default the site's.")
    variables: Mapping[str, str] = Field(
        default_factory=dict, description="Values for {name} in the addresses of its listing."
    )
    only_named: bool = Field(False, description="Crawled only when it is named.")


class Share(Recipe):
    """A form of share link that the site claims. Named groups of the pattern are variables of
    `url`; `id` is the article's id as the site writes it."""

    pattern: Pattern
    url: ShareUrl | None = Field(None, description="The full link, for short forms.")

    @model_validator(mode="after")
    def _url_from_groups(self) -> Share:
        groups = compiled_pattern(self.pattern).groupindex
        for name in variables(self.url or ""):
            if name not in groups:
                raise Misplaced(f"{{{name}}} is not a named group of the pattern", "url")
        return self


class Ids(Model):
    """How the site numbers its articles. Sites that name the same space share their articles."""

    space: Name
    pattern: Pattern = Field(
        description="Matches in an id or an address; its group is the article's number."
    )
    url: NumberUrl = Field(
        "", description="Address of an article known by its id alone; with {number}."
    )


class Slugs(Model):
    speller: Literal["pypinyin", "xpinyin"] = "pypinyin"
    names: Mapping[str, str] = Field(default_factory=dict, description="Exceptions: slugs by name.")


def _check_listings(listings: tuple[Listing, ...], own: tuple[str, ...], *place: str | int) -> None:
    for at, listing in enumerate(listings):
        for key, template in listing.templates():
            for name in variables(template):
                if name not in (*listing.VARIABLES, *own):
                    known = ", ".join((*listing.VARIABLES, *own))
                    inside = (at, key) if place[-1] == "listing" else ()
                    reason = f"{{{name}}} is not one of {known}; name it under variables"
                    raise Misplaced(reason, *place, *inside)


DEFAULT_RECIPE = Recipe(
    tag="{source}",
    footer="",
    category_page="/category/{category}.html",
    keys=(),
    profile="reader",
)


class Site(Model):
    """One news site: where its listings are and how its articles are read."""

    name: Name = Field(description="The file's own name, without .yml.")
    title: str = Field(min_length=1, description="Title of the built site.")
    description: str = ""
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    timezone: Zone = Field(
        "", description="Time zone of times without one, and of the dates of posts."
    )
    home: str = Field("", pattern=r"^(https?://\S+)?$")
    origin: str = Field(
        "",
        pattern=r"^(https?://[^/?#\s]+)?$",
        description="Value of {origin} for an article whose link does not contain an origin.",
    )
    hosts: tuple[HostName, ...] = Field(
        (), description="Further hosts that its listings may link to."
    )
    unchecked: str = Field(
        "", description="What has not been checked on the live site, and since when."
    )
    ids: Ids | None = None
    slugs: Slugs = Field(default_factory=Slugs)
    headers: Mapping[str, str] = Field(default_factory=dict, description="Sent with each request.")
    allow_private: bool = Field(
        False, description="Whether its requests may go to private addresses."
    )
    proxy: ProxyUrl = Field("", description="Its requests go through this HTTP proxy.")
    archive: bool | Literal["warc"] = Field(
        False, description="Whether the answers of its articles are kept; warc: in WARC files."
    )
    delay: float = Field(2.0, ge=0, le=600, description="Seconds between requests to one host.")
    listing: Listings | None = Field(
        None, description="Listing of the categories that have none of their own."
    )
    other_categories: Pattern = Field(
        "", description="Matches the names of further categories, besides those under `categories`."
    )
    categories: Mapping[str, Category] = Field(default_factory=dict)
    pages: Mapping[str, PageRules] = Field(default_factory=dict)
    articles: Recipe = Field(default_factory=Recipe)
    shares: tuple[Share, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _any_article(cls, values: Any) -> Any:
        """Give a site without pages a page that any article can be read from."""
        if isinstance(values, dict) and not values.get("pages"):
            return {**values, "pages": {"article": {"kind": "html", "missing": ["body"]}}}
        return values

    @model_validator(mode="after")
    def _is_consistent(self) -> Site:
        for place, recipe in self._recipes():
            for key in ("ask", "rank"):
                for at, page in enumerate(getattr(recipe, key) or ()):
                    if page not in self.pages and page != "listing":
                        known = ", ".join(self.pages) or "none"
                        raise Misplaced(f"{page!r} is not under pages ({known})", *place, key, at)
        for name, category in self.categories.items():
            if category.listing is None and self.listing is None:
                raise Misplaced("has no listing, and neither has the site", "categories", name)
        if self.other_categories and self.listing is None:
            raise Misplaced("needs a `listing` of the site", "other_categories")
        self._check_variables()
        return self

    def _check_variables(self) -> None:
        """Check that every variable of a listing is a standard one or one of its category."""
        if self.other_categories or all(category.listing for category in self.categories.values()):
            _check_listings(self.listing or (), (), "listing")
        for name, category in self.categories.items():
            place = ("categories", name, "listing") if category.listing else ("categories", name)
            _check_listings(self.listings_of(name), tuple(category.variables), *place)

    def _recipes(self) -> Iterator[tuple[tuple[str | int, ...], Recipe]]:
        yield ("articles",), self.articles
        yield from ((("categories", name), recipe) for name, recipe in self.categories.items())
        yield from ((("shares", at), recipe) for at, recipe in enumerate(self.shares))

    @property
    def zone(self) -> ZoneInfo:
        from newsspider.dates.zones import find_zone  # only for a site that states none

        return ZoneInfo(self.timezone or find_zone(self.home, self.language) or "UTC")

    @property
    def stated_language(self) -> str:
        """Return the language that the site file states, "" if it states none."""
        return self.language if "language" in self.model_fields_set else ""

    @property
    def keeps_pictures(self) -> bool:
        """Return whether the pictures of any of its articles are kept."""
        return any(recipe.images == "local" for _, recipe in self._recipes())

    @property
    def reads_any_page(self) -> bool:
        """Return whether an article of the site can be read from its address alone."""
        return any(self.pages[name].url == "{url}" for name in self.recipe(Recipe()).ask or ())

    def takes(self, category: str) -> bool:
        """Return whether the site may have a category of this name."""
        if category in self.categories:
            return True
        pattern = self.other_categories
        return bool(pattern) and compiled_pattern(pattern).fullmatch(category) is not None

    def category(self, name: str) -> Category:
        """Return the category of this name; an empty one if the file does not list it."""
        return self.categories.get(name) or Category()

    def listings_of(self, name: str) -> tuple[Listing, ...]:
        """Return the listings of a category: the first, and its fallbacks in order."""
        listings = self.category(name).listing or self.listing
        assert listings is not None  # _is_consistent
        return listings

    def recipe(self, of: Recipe) -> Recipe:
        """Return a category's or a share pattern's recipe, completed from the site's and the
        defaults."""
        return of.over(self.articles.over(DEFAULT_RECIPE.over(Recipe(ask=tuple(self.pages)))))

    def names_category(self, of: Recipe) -> bool:
        """Return whether the site file itself sets the category or the tag of these articles: else
        they are filed under the section of their listing."""
        own = of.over(self.articles)
        return own.category is not None or own.tag is not None

    def number(self, text: str) -> str:
        """Return the number in an id or an address, or ""."""
        if self.ids is None or not text:
            return ""
        match = compiled_pattern(self.ids.pattern).search(text)
        if match is None:
            return ""
        return next((group for group in match.groups() if group), match[0])

    def claim(self, text: str) -> tuple[Share, Match[str]] | None:
        """Return the share pattern that matches all of a link given by hand, and the match."""
        for share in self.shares:
            if match := compiled_pattern(share.pattern).fullmatch(text):
                return share, match
        return None
