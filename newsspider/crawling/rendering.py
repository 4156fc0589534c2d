"""Posts again, from the archive: nothing is fetched.

In: an output folder with an archive, and which of its posts. Out: posts rewritten where a rule, a
profile or newsspider itself now reads or writes them in another way, and a Rendering for the
report. `newsspider render` calls it.

It looks first and writes nothing. From the first post that differs on it holds the folder as a run
does. What an address is built from stays: date, id, path, category and tag.
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsspider.crawling.project import Project
from newsspider.crawling.rereading import (
    NotRendered,
    as_published,
    published,
    read_again,
    recipe_of,
    site_of_article,
)
from newsspider.dates import read_since
from newsspider.errors import NotReadable, OutputError, TooCostly, Unwritable
from newsspider.exporters.publisher import Outcome, Publisher
from newsspider.extraction.draft import new_draft
from newsspider.extraction.ftr import Rules, rules_for
from newsspider.model import NO_SECTION, Article
from newsspider.pictures.placing import with_pictures
from newsspider.pipelines import STAGES
from newsspider.pipelines.stage import PureStage, text_of
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.archiving import READING, RESPECT
from newsspider.spiders.desk import Desk, Shared
from newsspider.spiders.options import RunOptions
from newsspider.spiders.triage import Wanted
from newsspider.store.archive import Archive, has_archive
from newsspider.store.archived import ArchivedArticle
from newsspider.store.files import trouble_of
from newsspider.store.records import PublishedPost
from newsspider.text.budget import budget
from newsspider.text.urls import host

logger = logging.getLogger(__name__)

# Why a post is not rendered: without a fault, and with one.
NOT_ARCHIVED = "not in the archive"
OLDER = "its answers are older than its post"
SETTLED = (NOT_ARCHIVED, OLDER)
VERSIONS = "versions"  # a key of a source: how many earlier texts of a post are kept


def options_of_sources(project: Project, sites: Path) -> dict[str, Mapping[str, str]]:
    """Return the options of each source that say how its articles are read and written, by
    `site/category` or the address of its page. Raises ProjectError for a source that no site
    knows."""
    return {
        job.source: {
            **{name: str(getattr(source, name, "")) for name in READING},
            RESPECT: "1" if source.respect_rights else "",
            VERSIONS: str(source.versions),
        }
        for source, jobs in project.jobs(sites).items()
        for job in jobs
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which posts: those of a site, and those of these keys; "" and None: all. `overrides` has the
    options of a source, such as its profile, by `site/category` or the address of its page."""

    site: str = ""
    keys: Sequence[str] | None = None
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Rendering:
    """What became of the posts: how many were read again and are `unchanged`; the names of those
    that differ, each with what does; those that a person edited; and those that cannot be rendered,
    by reason."""

    unchanged: int = 0
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    skipped: dict[str, list[str]] = field(default_factory=dict)

    @property
    def fields(self) -> Counter[str]:
        """How many posts differ in each field."""
        return Counter(word for words in self.changed.values() for word in words)

    @property
    def failed(self) -> bool:
        """Whether a post could not be rendered though it is in the archive."""
        return any(reason not in SETTLED for reason in self.skipped)

    def skip(self, reason: str, post: PublishedPost) -> None:
        self.skipped.setdefault(reason, []).append(post.path)


def render_posts(
    options: RunOptions, choice: Choice, *, tell: Callable[[str], object] = logger.info
) -> Rendering:
    """Render posts again from the archive of the output folder. With `options.dry_run`, and where
    no post differs, no file changes.

    Raises OutputError if the folder or its archive cannot be used, Unwritable if the disk accepts
    no more writes: the posts that are done stay, and rendering again does the rest.
    """
    if not has_archive(options.output):
        raise OutputError(
            f"{options.output}: there is no archive: write `archive: true` into the site file or"
            " the source, and the next crawls fill one"
        )
    rendering = Rendering()
    looking = options.model_copy(update={"dry_run": True})
    with _opened(looking, tell) as shared:
        posts = list(_chosen(shared, options, choice))
        work = _Work(shared, looking, choice, rendering)
        differs = (at for at, post in enumerate(posts) if work.render(post))
        first = next((at for at in differs if not options.dry_run), None)
    if first is None:
        return rendering
    rendering.changed.clear()
    with _opened(options, tell) as shared:
        work = _Work(shared, options, choice, rendering)
        try:
            for post in posts[first:]:
                work.render(post)
        except Unwritable as error:
            shared.output.trouble = shared.output.trouble or str(error)
    return rendering


@contextlib.contextmanager
def _opened(options: RunOptions, tell: Callable[[str], object]) -> Iterator[Shared]:
    shared = Shared.opened(options, tell=tell)
    with contextlib.closing(shared.output):
        yield shared


def _chosen(shared: Shared, options: RunOptions, choice: Choice) -> Iterator[PublishedPost]:
    """Yield the posts to render, the newest first."""
    ledger = shared.output.ledger
    keys = None if choice.keys is None else set(choice.keys)
    for post in sorted(ledger.published(), key=lambda post: (post.date, post.key), reverse=True):
        if keys is not None and post.key not in keys:
            continue
        if choice.site in ("", post.site) and _is_since(post, options, shared.sites):
            yield post


def _is_since(post: PublishedPost, options: RunOptions, sites: Mapping[str, Site]) -> bool:
    """Return whether a post was published since the time that the options name."""
    first = published(post)
    if not options.since or first is None:
        return True
    zone = sites[post.site].zone if post.site in sites else UTC
    return first >= read_since(options.since, now=datetime.now(UTC), zone=zone)


class _Work:
    """Renders one post after the other, and notes what becomes of each."""

    def __init__(
        self, shared: Shared, options: RunOptions, choice: Choice, rendering: Rendering
    ) -> None:
        self._shared = shared
        self._options = options
        self._overrides = choice.overrides
        self._rendering = rendering
        self._archive: Archive = shared.output.archive

    def render(self, post: PublishedPost) -> bool:
        """Render a post; return whether it differs."""
        rendering = self._rendering
        try:
            outcome, words = self._render(post)
        except (NotRendered, NotReadable) as error:
            rendering.skip(str(error), post)
        except Unwritable:
            raise
        except OSError as error:
            rendering.skip(f"its file cannot be used: {trouble_of(error)}", post)
        except Exception as error:  # a fault of newsspider concerns this post only
            logger.debug("a fault of newsspider, at %s", post.link, exc_info=True)
            rendering.skip(f"a fault of newsspider: {type(error).__name__}: {error}", post)
        else:
            if outcome is Outcome.EDITED:
                rendering.edited.append(post.path)
            elif outcome is Outcome.UNCHANGED:
                rendering.unchanged += 1
            else:
                rendering.changed[post.path] = words
                return True
        return False

    def _render(self, post: PublishedPost) -> tuple[Outcome, tuple[str, ...]]:
        archived = self._archive.article(post.key)
        if archived is None:
            raise NotRendered(NOT_ARCHIVED)
        if archived.run < post.run:
            raise NotRendered(OLDER)
        site = site_of_article(archived, self._shared.sites)
        recipe = recipe_of(archived, site)
        section = self._shared.output.ledger.section(site.name, archived.listing) or NO_SECTION
        draft = new_draft(site, archived.link, recipe, archived.listing, section)
        draft = replace(draft, key=post.key, id=post.id)
        article = read_again(archived, draft, self._archive.body, self._ftr_rules)
        if article.rejection:
            raise NotRendered(f"{article.rejection.verdict}: it is no article any more")
        key = (article.site, article.listing, article.key)
        self._shared.recipes.note(*key, recipe)
        try:
            values = self._values(archived, site)
            desk, respects = self._desk(values, site), bool(values.get(RESPECT))
            for stage in STAGES:
                if issubclass(stage, PureStage):
                    with budget():
                        article = stage.at(desk).task(article)()
            if not article.title or not (article.body or article.digest):
                raise NotRendered(
                    f"its {'text' if article.title else 'title'} is not read any more"
                )
            article = as_published(article, post, self._shared.output.ledger.fields(post.key))
            article = self._with_pictures(article, desk, recipe)
            text = text_of(article, recipe, desk.options, respects_rights=respects)
            article = self._shared.stories.as_published(article, text)
            return self._publisher(site, int(values.get(VERSIONS) or 0)).render(article)
        except TooCostly as error:
            raise NotRendered(str(error)) from error
        finally:
            self._shared.recipes.forget(*key)

    def _ftr_rules(self, url: str) -> Rules | None:
        return rules_for(host(url), self._options.ftr) if self._options.ftr else None

    def _with_pictures(self, article: Article, desk: Desk, recipe: Recipe) -> Article:
        """Return the article with the pictures that the folder keeps, as the stage Pictures does;
        none is fetched."""
        text = desk.options.text or recipe.text or "full"
        if desk.images(article) != "local" or text != "full":
            return article
        urls = [image.url for image in article.images]
        store = self._shared.pictures
        kept = {url: picture for url in urls if (picture := store.kept(url)) is not None}
        return with_pictures(article, kept, self._shared.format.base(self._shared.output.path))

    def _values(self, archived: ArchivedArticle, site: Site) -> Mapping[str, str]:
        """Return the options of the source, else of the run that wrote the post."""
        source = archived.listing if host(archived.listing) else f"{site.name}/{archived.listing}"
        return self._overrides.get(source, archived.options)

    def _desk(self, values: Mapping[str, str], site: Site) -> Desk:
        update: dict[str, Any] = {name: values.get(name, "") for name in READING}
        return Desk(
            options=self._options.model_copy(update=update),
            shared=self._shared,
            sites={site.name: site},
            site=site,
            wanted=lambda _: Wanted(),
            count=lambda *_: None,
            note=logger.info,
        )

    def _publisher(self, site: Site, keep_versions: int) -> Publisher:
        return Publisher(
            self._shared.output,
            self._shared.format,
            site,
            keep_versions=keep_versions,
            force=self._options.force,
        )
