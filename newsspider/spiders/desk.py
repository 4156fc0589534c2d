"""The part of a crawl that the stages of an article use, for our spiders and any other.

In: the options and the output folder of a run. Out: a Desk, which the stages of `pipelines` work
from. A NewsSpider has one; the add-on (`crawling/addon.py`) has one for the spider of another
project.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from newsspider.dates import read_since
from newsspider.errors import OutputError
from newsspider.exporters.format import Format
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.stories import Stories
from newsspider.model import Article
from newsspider.monitor.doubt import Contract, Pattern
from newsspider.monitor.drift import HISTORY
from newsspider.monitor.filing import (
    NEWEST,
    Filing,
    has_lost_source,
    usual_filing,
    without_lost_source,
)
from newsspider.monitor.rereadings import Rereadings
from newsspider.monitor.tally import Tally
from newsspider.pictures import decode
from newsspider.sites import load_usable
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.allowance import Allowance
from newsspider.spiders.options import RunOptions
from newsspider.spiders.triage import Wanted
from newsspider.store.folder import join_output, open_output
from newsspider.store.held import held_articles
from newsspider.store.output import OpenRun, Output
from newsspider.store.pictures import PictureStore

logger = logging.getLogger(__name__)


class Recipes:
    """The recipe of each article under way, as set by its site, category or share pattern."""

    def __init__(self) -> None:
        self._recipes: dict[tuple[str, str, str], Recipe] = {}

    def note(self, site: str, listing: str, key: str, recipe: Recipe) -> None:
        self._recipes[site, listing, key] = recipe

    def of(self, article: Article) -> Recipe:
        return self._recipes[article.site, article.listing, article.key]

    def forget(self, site: str, listing: str, key: str) -> None:
        """Forget the recipe of an article that is settled."""
        self._recipes.pop((site, listing, key), None)


@dataclass(slots=True)
class Shared:
    """What the crawls of a run share."""

    output: Output
    format: Format
    recipes: Recipes
    sites: dict[str, Site]
    stories: Stories
    pictures: PictureStore
    allowance: Allowance  # what --limit still allows
    tell: Callable[[str], object]  # prints a message for a person at once
    began: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Return how long the run has lasted."""
        return time.monotonic() - self.began

    @classmethod
    def opened(
        cls,
        options: RunOptions,
        *,
        sites: dict[str, Site] | None = None,
        allowance: Allowance | None = None,
        joined: OpenRun | None = None,
        wait: float = 0,
        tell: Callable[[str], object] = logger.info,
    ) -> Self:
        """Open the output folder for a run; or, in a process that another has started, for the run
        that is `joined`. `sites` and `allowance` are as for `of_output`. Raises what open_output
        raises."""

        def opening(sites: Collection[Site], format: Format) -> Output:
            if joined is not None:
                return join_output(options.output, format.folder, options.ledger, joined)
            return open_output(
                options.output,
                dry=options.dry_run,
                sites=tuple(sites),
                posts=format.folder,
                read=format.read,
                marks=format.marks,
                ledger=options.ledger,
                wait=wait,
                tell=tell,
            )

        return cls.of_output(options, opening, tell, sites=sites, allowance=allowance)

    @classmethod
    def of_output(
        cls,
        options: RunOptions,
        opening: Callable[[Collection[Site], Format], Output],
        tell: Callable[[str], object] = logger.info,
        *,
        sites: dict[str, Site] | None = None,
        allowance: Allowance | None = None,
    ) -> Self:
        """Return what the crawls of a run share, given what opens its output for the known sites
        and the format of the posts. `sites` are read, and the `allowance` is that of the options,
        unless they are given."""
        if sites is None:
            sites = load_usable(options.sites, warn=logger.warning)
        recipes = Recipes()
        format = Jekyll(recipes.of)
        output = opening(sites.values(), format)
        stories = Stories(output, format)
        output.at_end(stories.close)
        pictures = PictureStore(output.path)
        allowance = allowance or Allowance(options.limit)
        return cls(output, format, recipes, sites, stories, pictures, allowance, tell)


@dataclass(slots=True)
class Desk:
    """The part of a crawl that the stages use. `site` is the crawl's first, for the title of the
    built site; None if the sites are known from the articles only. `wanted` returns which articles
    of a site the run wants."""

    options: RunOptions
    shared: Shared
    sites: dict[str, Site]
    site: Site | None
    wanted: Callable[[Site], Wanted]
    count: Callable[..., None]
    note: Callable[[str], None]
    source: str = ""  # whose history shows what is doubtful; "" without one
    run: int | None = None  # before which that history ends, if that is not the run under way
    contract: Contract = field(default_factory=Contract)
    archive: Callable[[Article], object] = str  # gets an article before its post is promised
    retitled: Rereadings = field(default_factory=Rereadings)  # articles with a post
    replaced: Rereadings = field(default_factory=Rereadings)
    _pattern: Pattern | None = None
    _tally: Tally | None = None
    _filings: dict[tuple[str, str], Filing | None] = field(default_factory=dict)  # by listing

    @property
    def output(self) -> Output:
        return self.shared.output

    def images(self, article: Article) -> str:
        """Return what becomes of the pictures of an article: one of `schema.Images`."""
        return self.options.images or self.shared.recipes.of(article).images or "link"

    def keeps_pictures(self) -> bool:
        """Return whether pictures of the crawl's site are kept. Raises OutputError if they are to
        be kept and cannot."""
        if not (self.options.images == "local" if self.options.images else self._site_keeps()):
            return False
        if not decode.can_decode():
            raise OutputError(f"images: local: {decode.MISSING}")
        self.shared.pictures.check()
        return True

    def _site_keeps(self) -> bool:
        return self.site is not None and self.site.keeps_pictures

    @property
    def pattern(self) -> Pattern:
        """The history of the source before this run."""
        if self._pattern is None:
            counts = self.output.ledger.counts
            history = counts(self.source, HISTORY, self.run) if self.source else ()
            self._pattern = Pattern(history)
        return self._pattern

    @property
    def tally(self) -> Tally:
        """The counts of the articles of this crawl."""
        if self._tally is None:
            held = (each.article for each in held_articles(self.output.path))
            self._tally = Tally(each for each in held if each.site in self.sites)
        return self._tally

    def filed(self, article: Article) -> Article:
        """Return an article whose source is lost with the source and the category that nearly all
        posts of its listing have; any other, and one of a mixed listing, as it is."""
        if not has_lost_source(article.marks):
            return article
        place = (article.site, article.listing)
        if place not in self._filings:
            self._filings[place] = usual_filing(list(self._newest(*place)))
        usual = self._filings[place]
        if usual is None:
            return article
        return replace(article, **asdict(usual), marks=without_lost_source(article.marks))

    def _newest(self, site: str, listing: str) -> Iterator[Filing]:
        """Yield the filing of the newest posts of a listing."""
        ledger = self.output.ledger
        for key, _ in ledger.newest_links(site, listing, NEWEST):
            post, fields = ledger.article(key), ledger.fields(key)
            if post is not None and fields:
                yield Filing(str(fields.get("source", "")), post.category, post.tag)


class DeskKeeper:
    """A spider, or a component of its crawl, that has the Desk of the crawl."""

    desk: Desk


def wanted_by(options: RunOptions, site: Site, retained: float = 0) -> Wanted:
    """Return which articles of a site the run wants: none older than `since`, nor than so many
    seconds, for which posts are `retained`; 0: for ever. Raises ValueError for a bad `since`."""
    now = datetime.now(UTC)
    since = read_since(options.since, now=now, zone=site.zone) if options.since else None
    if retained:
        oldest = now - timedelta(seconds=retained)
        since = max(since, oldest) if since else oldest
    return Wanted(options.media, options.stock, since)
