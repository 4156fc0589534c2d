"""The Site schema: what a site file may say. `sites.py` loads and checks the files.

In: the values of a YAML file. Out: a frozen Site. Everything that may differ between two news
sites is a key here, and every key is explained in docs/site-definitions.md.
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
FRONT_MATTER_KEYS: tuple[str, ...] = get_args(Key)


class Recipe(Model):
    """How an article is put together and how its post looks. Given under `articles` for the whole
    site; a category or a share pattern may say otherwise for its own articles."""

    ask: tuple[str, ...] | None = Field(None, description="Pages asked for, in this order.")
    rank: tuple[str, ...] | None = Field(
        None, description="Whose word counts first; `listing` is what the listing said."
    )
    id: FileId | None = Field(None, description="The id in the post's file name.")
    link: ArticleUrl | None = Field(None, description="Link of the post where no page gives one.")
    category: Slug | None = Field(None, description="Category of all articles, else the source's.")
    tag: Tag | None = Field(None, description="Tag of the post.")
    footer: Footer | None = Field(None, description="Last line of the post, Markdown.")
    category_page: CategoryPath | None = Field(None, description="Path of the page of a category.")
    keys: tuple[Key, ...] | None = Field(None, description="Further front matter keys.")
    profile: Literal["seed", "reader"] | None = Field(None, description="Cleaning profile.")
    add_rules: tuple[Rule, ...] = Field((), description="Cleaning rules added to the profile's.")
    skip_rules: tuple[Rule, ...] = Field((), description="Cleaning rules left out.")

    def over(self, other: Recipe) -> Recipe:
        """This recipe where it says something, the other one elsewhere."""
        said = {name: getattr(self, name) for name in Recipe.model_fields}
        default = {name: field.default for name, field in Recipe.model_fields.items()}
        said = {name: value for name, value in said.items() if value != default[name]}
        rest = {name: getattr(other, name) for name in Recipe.model_fields}
        return Recipe.model_construct(**{**rest, **said})


class Category(Recipe):
    """A category the file names."""

    title: str = Field("", description="What a person calls it.")
    listing: Listings | None = Field(None, description="Its own, else the site's.")
    variables: Mapping[str, str] = Field(
        default_factory=dict, description="Stand in its listing's addresses, as {name}."
    )
    only_named: bool = Field(False, description="Crawled only when asked for by name.")


class Share(Recipe):
    """A form of share link that the site claims. Named groups of the pattern are variables of
    `url`; `id` is the article's id as the site writes it."""

    pattern: Pattern
    url: ShareUrl | None = Field(None, description="The link in full, for short forms.")

    @model_validator(mode="after")
    def _url_from_groups(self) -> Share:
        groups = compiled_pattern(self.pattern).groupindex
        for name in variables(self.url or ""):
            if name not in groups:
                raise Misplaced(f"{{{name}}} is no named group of the pattern", "url")
        return self


class Ids(Model):
    """How the site numbers its articles. Sites that name the same space share their articles."""

    space: Name
    pattern: Pattern = Field(description="Found in an id or an address; its group is the identity.")
    url: NumberUrl = Field("", description="Address of an article told by its id alone; {number}.")


class Slugs(Model):
    speller: Literal["pypinyin", "xpinyin"] = "pypinyin"
    names: Mapping[str, str] = Field(default_factory=dict, description="Exceptions: name to slug.")


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
    footer="[{tag}]({category_page})",
    category_page="/category/{category}.html",
    keys=(),
    profile="reader",
)


class Site(Model):
    """One news site: where its listings are and how its articles are read."""

    name: Name = Field(description="The file's own name, without .yml.")
    title: str = Field(min_length=1, description="What the built site is called.")
    description: str = ""
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    timezone: Zone = Field("", description="Of times that tell none, and of the posts' dates.")
    home: str = Field("", pattern=r"^(https?://\S+)?$")
    origin: str = Field(
        "",
        pattern=r"^(https?://[^/?#\s]+)?$",
        description="{origin} where an article's link is no share link with an origin of its own.",
    )
    hosts: tuple[HostName, ...] = Field((), description="Further hosts its lists may lead to.")
    unchecked: str = Field("", description="What nobody has seen live, and since when.")
    ids: Ids | None = None
    slugs: Slugs = Field(default_factory=Slugs)
    headers: Mapping[str, str] = Field(default_factory=dict, description="Sent with each request.")
    allow_private: bool = Field(False, description="Its requests may go to private addresses.")
    proxy: ProxyUrl = Field("", description="Its requests go through this HTTP proxy.")
    delay: float = Field(2.0, ge=0, le=600, description="Seconds between requests to one host.")
    listing: Listings | None = Field(
        None, description="Of the categories without one of their own."
    )
    other_categories: Pattern = Field(
        "", description="Which category names are taken besides those under `categories`."
    )
    categories: Mapping[str, Category] = Field(default_factory=dict)
    pages: Mapping[str, PageRules] = Field(default_factory=dict)
    articles: Recipe = Field(default_factory=Recipe)
    shares: tuple[Share, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _any_article(cls, values: Any) -> Any:
        """A site without pages has one that any article can be read from."""
        if isinstance(values, dict) and not values.get("pages"):
            return {**values, "pages": {"article": {"kind": "html", "missing": ["body"]}}}
        return values

    @model_validator(mode="after")
    def _hangs_together(self) -> Site:
        for place, recipe in self._recipes():
            for key in ("ask", "rank"):
                for at, page in enumerate(getattr(recipe, key) or ()):
                    if page not in self.pages and page != "listing":
                        known = ", ".join(self.pages) or "none"
                        raise Misplaced(f"{page!r} is not under pages ({known})", *place, key, at)
        for name, category in self.categories.items():
            if category.listing is None and self.listing is None:
                raise Misplaced("has no listing, and the site has none", "categories", name)
        if self.other_categories and self.listing is None:
            raise Misplaced("needs a listing of the site's own", "other_categories")
        self._check_variables()
        return self

    def _check_variables(self) -> None:
        """Every variable of a listing is one of every listing's or of its category's."""
        if self.other_categories or all(one.listing for one in self.categories.values()):
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
        return ZoneInfo(self.timezone or "UTC")

    @property
    def reads_any_page(self) -> bool:
        """Whether an article of the site can be read from its address alone."""
        return any(self.pages[name].url == "{url}" for name in self.recipe(Recipe()).ask or ())

    def takes(self, category: str) -> bool:
        """Whether the site may have a category of this name."""
        if category in self.categories:
            return True
        pattern = self.other_categories
        return bool(pattern) and compiled_pattern(pattern).fullmatch(category) is not None

    def category(self, name: str) -> Category:
        """What the file says of a category; nothing more than its name for one it does not list."""
        return self.categories.get(name) or Category()

    def listings_of(self, name: str) -> tuple[Listing, ...]:
        """The listings of a category: the first, and those that stand in for it."""
        listings = self.category(name).listing or self.listing
        assert listings is not None  # _hangs_together
        return listings

    def recipe(self, of: Recipe) -> Recipe:
        """A category's or a share pattern's recipe, filled up from the site's and the defaults."""
        return of.over(self.articles.over(DEFAULT_RECIPE.over(Recipe(ask=tuple(self.pages)))))

    def number(self, text: str) -> str:
        """The identity in an id or an address, or ""."""
        if self.ids is None or not text:
            return ""
        match = compiled_pattern(self.ids.pattern).search(text)
        if match is None:
            return ""
        return next((group for group in match.groups() if group), match[0])

    def claim(self, text: str) -> tuple[Share, Match[str]] | None:
        """The share pattern that takes all of a link given by hand."""
        for share in self.shares:
            if match := compiled_pattern(share.pattern).fullmatch(text):
                return share, match
        return None
