"""Pages of a site that were saved → what its definition reads from them, without the network.

In: a Site and a Fixture: one listing page and the pages of a few articles, as they came. Out: a
Replayed: links, and the fields of each article. Pure; `newsspider add` and `check` hand in what the
probe spider fetched, `newsspider test` what lies on the disk (see `fixtures`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsspider import listing
from newsspider.clean import metadata
from newsspider.errors import NotReadable
from newsspider.extraction import draft
from newsspider.extraction.draft import Draft, NextPage
from newsspider.extraction.explain import fields_of
from newsspider.extraction.reading import Answer, Failed, GivenUp, read_article
from newsspider.model import FIELDS, Link, Page
from newsspider.sites import identity
from newsspider.sites.schema import Site
from newsspider.text.characters import one_line
from newsspider.text.urls import canonical

# The fields that an article can have, by their names in a site file.
KNOWN = tuple(info.rule for info in FIELDS.values() if info.rule)
OWED = ("title", "time", "body")  # what an article without is none
Value = str | list[str]
_MOST_LINES = 20  # of one field's difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """An answer as it came. `name` is "listing" or the page's name in the site file, `asked` the
    address it was asked for by, `kind` its content type."""

    name: str
    asked: str
    page: Page
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article: the key that its link has, and its pages in the order they were asked for."""

    key: str
    pages: tuple[Saved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """Pages of one category. `at` says which of its listings, `now` when they were fetched: what a
    page says relative to that moment reads the same for ever."""

    category: str
    at: int
    now: datetime
    listing: Saved
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """What was read of an article, and who said each field; `fault` is why it was not read."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a definition reads from saved pages; `fault` is why the listing was not read, `titles`
    what the listing calls the articles, `known` the fields that an article could have."""

    links: int = 0
    articles: Mapping[str, ArticleReading] = field(default_factory=dict)
    fault: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = KNOWN


def replay(site: Site, fixture: Fixture) -> Replayed:
    """Read the saved pages as a crawl would."""
    listings = site.listings_of(fixture.category)
    if fixture.at >= len(listings):
        return Replayed(fault=f"{fixture.category} has no listing {fixture.at + 1} any more")
    chosen = listings[fixture.at]
    try:
        found = listing.read(fixture.listing.page, site, fixture.category, chosen, number=0)
    except NotReadable as error:
        return Replayed(fault=str(error))
    links = {sample_key(site, link): link for link in found.links}
    titles = {
        sample.key: links[sample.key].title for sample in fixture.samples if sample.key in links
    }
    articles = {
        sample.key: _article(site, fixture, links.get(sample.key), sample)
        for sample in fixture.samples
    }
    return Replayed(len(links), articles, titles=titles)


def sample_key(site: Site, link: Link) -> str:
    """The identity of a link within its site, whatever the site is called."""
    return identity.article_number(site, link) or canonical(link.url)


def _article(site: Site, fixture: Fixture, link: Link | None, sample: Sample) -> ArticleReading:
    if link is None:
        return ArticleReading(fault="the listing has no link to it")
    recipe = site.recipe(site.category(fixture.category))
    pages = {(saved.name, saved.asked): saved.page for saved in sample.pages}
    reading = read_article(
        draft.new_draft(site, link, recipe, fixture.category), lambda: fixture.now
    )
    answer: Answer | None = None
    try:
        while True:
            wanted = reading.send(answer) if answer is not None else next(reading)
            answer = pages.get((wanted.page, wanted.url)) or _not_saved(wanted)
    except GivenUp as error:
        return ArticleReading(fault=str(error))
    except StopIteration as finished:
        made: Draft = finished.value
    article = draft.assemble(made, fixture.now)
    if article.rejection:
        return ArticleReading(fault=one_line(str(article.rejection)))
    said = list(fields_of(made, article))
    return ArticleReading(
        {name: _plain(name, value) for name, value, _ in said},
        {name: where for name, _, where in said},
    )


def _not_saved(wanted: NextPage) -> Failed:
    return Failed(NotReadable.__name__, f"{wanted.url}: is not saved")


def _plain(name: str, value: Any) -> Value:
    """A field as JSON has it: a body as the lines a reader sees."""
    if name == "body":
        return list(metadata.read(value).lines)
    if isinstance(value, tuple):
        return [str(getattr(one, "url", one)) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def differences(before: Replayed, after: Replayed) -> Iterator[str]:
    """What reads otherwise, a line each: `-` as it was, `+` as it is."""
    if before.fault != after.fault:
        yield f"listing: {after.fault or 'can be read again'}"
    elif before.links != after.links:
        yield f"links: {before.links} before, {after.links} now"
    if after.fault:
        return
    for key, old in before.articles.items():
        new = after.articles.get(key, ArticleReading(fault="is not among the pages"))
        lines = list(_changes(old, new, before.known))
        if lines:
            yield key
            yield from (f"  {line}" for line in lines)


def _changes(old: ArticleReading, new: ArticleReading, known: Collection[str]) -> Iterator[str]:
    """Where two readings of an article differ. A field that was not known to the first is none of
    the difference: a newer newsspider reads more."""
    if old.fault != new.fault:
        yield f"- {old.fault or 'an article'}"
        yield f"+ {new.fault or 'an article'}"
        return
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(name, []), new.fields.get(name, [])
        if before == after or name not in known:
            continue
        yield f"{name}:"
        rows = list(_rows(_list(before), _list(after)))
        yield from (f"  {row}" for row in rows[:_MOST_LINES])
        if len(rows) > _MOST_LINES:
            yield f"  … {len(rows) - _MOST_LINES} lines more"


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for row in difflib.ndiff(before, after):
        if row[0] in "-+":
            yield one_line(row)


def _list(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else value
