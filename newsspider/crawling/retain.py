"""`retain` of newsspider.yml: how much of a source is kept, applied at the end of a run.

In: the value in the file, and the run that ends. Out: posts that are removed, counted in the report
as `expired`. `crawling.project` reads the value, `commands.scheduled` passes a Retention to a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from newsspider.crawling.report import Report
from newsspider.dates import read_age
from newsspider.errors import ProjectError
from newsspider.exporters.jekyll.address import has_own_permalink
from newsspider.exporters.jekyll.config import find_config, read_values
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.jekyll.redirects import FILES
from newsspider.exporters.retention import ArchiveSite, Keep, Mover, Retired, expired, retire
from newsspider.model import Article
from newsspider.sites.adhoc import adhoc_site
from newsspider.sites.schema import Recipe, Site
from newsspider.sites.types import Misplaced
from newsspider.spiders.desk import Shared
from newsspider.store.folder import open_output
from newsspider.store.records import PublishedPost
from newsspider.text.characters import counted
from newsspider.text.urls import host

_NAMED = 3  # files that stay, in a note


def read_retain(value: Any) -> timedelta | int:
    """Return the value of `retain`: an age such as 90d, or a number of posts. Raises ValueError."""
    text = str(value)
    most = int(text) if text.isdecimal() else read_age(text)
    if not most:
        raise ValueError(f"{value!r} is neither an age, such as 90d or 52w, nor a number of posts")
    return most


class Retain(BaseModel):
    """How much of a source is kept, and what becomes of the rest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: str = Field(description="Keep posts for so long, 90d, or so many of them, 5000.")
    then: Literal["delete", "archive"] = Field(
        "delete", description="Remove the others, or move them to the site in the folder `to`."
    )
    to: str = Field("", description="Folder of the site that posts are moved to.")
    url: str = Field("", description="Where that site is served, without a path.")

    leave: Literal["page", "redirects", "nginx"] = Field(
        "page", description="What stays of each: a page, or a line of a list for the web server."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, values: Any) -> Any:
        return values if isinstance(values, dict) else {"keep": values}

    @field_validator("keep", mode="before")
    @classmethod
    def _check_keep(cls, value: Any) -> str:
        read_retain(value)
        return str(value)

    @field_validator("url")
    @classmethod
    def _check_url(cls, text: str) -> str:
        if text and not host(text):
            raise ValueError(f"{text!r} is not an address such as https://old.example.com")
        return text

    @model_validator(mode="after")
    def _check_folder(self) -> Retain:
        if self.then == "archive" and not self.to:
            raise Misplaced("`then: archive` needs the folder of the site, `to: ../old`", "then")
        if self.then == "delete" and (self.to or self.url):
            raise Misplaced("is for `then: archive`", "to" if self.to else "url")
        return self

    def of(self, source: str) -> Keep:
        """Return the rule for a source of this name."""
        site = ArchiveSite(Path(self.to), self.url) if self.then == "archive" else None
        return Keep(source, read_retain(self.keep), site, self.leave)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept of each source: `of` has the rules of the sources of newsspider.yml by the name
    of their crawls, `other` is that of sources that it no longer has, None without one."""

    of: Mapping[str, Keep | None]
    other: Retain | None = None

    def keep_of(self, source: str) -> Keep | None:
        """Return the rule of a source. A link that was shared by hand belongs to none."""
        if source in self.of:
            return self.of[source]
        return None if self.other is None or source.endswith("/@share") else self.other.of(source)

    def check(self, output: Path) -> None:
        """Raise ProjectError if no page could stay at the addresses of the posts of a folder, or
        if they cannot be moved."""
        rules = [*self.of.values(), self.keep_of("")]
        sites = {keep.site.path for keep in rules if keep and keep.site}
        root = output.resolve()
        for path in sites:
            other = path.resolve()
            if other.is_relative_to(root) or root.is_relative_to(other):
                raise ProjectError(
                    f"newsspider.yml: retain.to: {path}: the archive site cannot be {output} or"
                    " share its folder; name a folder beside it"
                )
        for path in (output, *sites):
            if has_own_permalink(path):
                raise ProjectError(
                    f"{find_config(path)}: `permalink` is your own, so newsspider does not know the"
                    " addresses of the posts, and `retain` of newsspider.yml would let them die;"
                    " remove one of the two"
                )
        _check_included(
            output, {str(FILES[keep.leave]) for keep in rules if keep and keep.leave in FILES}
        )

    def __call__(self, shared: Shared, report: Report) -> None:
        """Remove what is kept no longer of the sources that this run crawled. Raises Unwritable or
        OSError if the folder cannot be written."""
        output = shared.output
        sources = output.ledger.sources()
        posts = expired(output.ledger.published(), sources, self.keep_of, datetime.now(UTC))
        source_of = {
            post.key: next(filter(report.sources.__contains__, sources[post.key]), "")
            for post in posts
        }
        by_place: dict[tuple[ArchiveSite | None, str], list[PublishedPost]] = {}
        for post in posts:
            if keep := self.keep_of(source_of[post.key]) if source_of[post.key] else None:
                by_place.setdefault((keep.site, keep.leave), []).append(post)
        for (site, leave), going in by_place.items():
            retired = _retire(shared, site, leave, going)
            counts = Counter(source_of[post.key] for post in retired.posts)
            for source, count in counts.items():
                report.sources[source]["expired"] += count
                output.ledger.note_counts(source, {"expired": count})
            _note(report, retired)


def _check_included(output: Path, files: Collection[str]) -> None:
    """Raise ProjectError if Jekyll would leave `_redirects` out of the site."""
    config, name = find_config(output), str(FILES["redirects"])
    if config is None or name not in files:
        return
    included = read_values(config).get("include")
    if not isinstance(included, list) or name not in included:
        raise ProjectError(
            f"{config}: Jekyll would leave {name} out of the site; add to it, under `include:`,\n"
            f"  - {name}"
        )


def _retire(
    shared: Shared, site: ArchiveSite | None, leave: str, posts: Sequence[PublishedPost]
) -> Retired:
    """Remove posts, or move them to an archive site; `leave` says what stays of them."""
    output = shared.output
    if site is None or output.dry:
        return retire(output, shared.format, posts, leave=leave)

    def site_of(post: PublishedPost | Article) -> Site:
        return shared.sites.get(post.site) or adhoc_site(post.link)

    def recipe_of(article: Article) -> Recipe:
        known = site_of(article)
        return known.recipe(known.articles)

    format = Jekyll(recipe_of)
    target = open_output(
        site.path,
        dry=False,
        sites=tuple(shared.sites.values()),
        posts=format.folder,
        read=format.read,
        marks=format.marks,
    )
    with closing(Mover(output, target, format, site_of, site.url)) as mover:
        return retire(output, shared.format, posts, mover, leave)


def _note(report: Report, retired: Retired) -> None:
    """Report the posts that should go and stay."""
    if retired.stay:
        listed = [f"{name} ({why})" for name, why in retired.stay.items()]
        more = f" and {len(listed) - _NAMED} more" if listed[_NAMED:] else ""
        number = counted(len(listed), "post")
        named = ", ".join(listed[:_NAMED])
        report.notes.append(f"{number} older than `retain` keeps stay: {named}{more}")
