"""What the stages of an article need of a crawl, whoever's spider it is.

In: the options and the output folder of a run. Out: a Desk, which `pipelines` works from: a
NewsSpider has one, and so has the add-on (`crawling.addon`) for the spider of another project.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from newsspider.dates import read_since
from newsspider.exporters.format import Format
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.model import Article
from newsspider.sites import load_usable
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.options import RunOptions
from newsspider.spiders.triage import Wanted
from newsspider.store.folder import Output, open_output


class Recipes:
    """How each article in hand is to be made: its site, category or share pattern says so."""

    def __init__(self) -> None:
        self._recipes: dict[tuple[str, str, str], Recipe] = {}

    def note(self, site: str, listing: str, key: str, recipe: Recipe) -> None:
        self._recipes[site, listing, key] = recipe

    def of(self, article: Article) -> Recipe:
        return self._recipes[article.site, article.listing, article.key]

    def forget(self, site: str, listing: str, key: str) -> None:
        """The article is settled."""
        self._recipes.pop((site, listing, key), None)


@dataclass(slots=True)
class Shared:
    """What the crawls of a run share."""

    output: Output
    format: Format
    recipes: Recipes
    sites: dict[str, Site]
    left: int | None  # articles that --limit still allows, to whichever crawl asks first

    @classmethod
    def opened(cls, options: RunOptions, **waiting: Any) -> Self:
        """Open the output folder for a run. Raises what open_output raises."""
        sites = load_usable(options.sites)
        known = tuple(sites.values())
        recipes = Recipes()
        format = Jekyll(recipes.of)
        output = open_output(
            options.output,
            dry=options.dry_run,
            sites=known,
            posts=format.folder,
            read=format.read,
            **waiting,
        )
        return cls(output, format, recipes, sites, options.limit or None)


@dataclass(slots=True)
class Desk:
    """A crawl as the stages see it. `site` is the crawl's first, for the title of the built site;
    None where only the articles tell. `wanted` gives what the run asks for of a site."""

    options: RunOptions
    shared: Shared
    sites: dict[str, Site]
    site: Site | None
    wanted: Callable[[Site], Wanted]
    count: Callable[[str], None]
    note: Callable[[str], None]

    @property
    def output(self) -> Output:
        return self.shared.output


class DeskKeeper:
    """A spider, or a component of its crawl, that has the Desk of the crawl."""

    desk: Desk


def wanted_by(options: RunOptions, site: Site) -> Wanted:
    """Which articles of a site the run asks for. Raises ValueError when `since` is no time."""
    since = None
    if options.since:
        since = read_since(options.since, now=datetime.now(UTC), zone=site.zone)
    return Wanted(options.media, options.stock, since)
