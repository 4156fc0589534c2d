"""The saved pages of a site → what its definition reads from them, without the network.

In: a Site and a Fixture: a listing page and the pages of a few articles, as they were fetched. Out:
a Replayed: the number of links, and the fields of each article. Called by the commands `add` and
`check` with the pages that the probe spider fetched, and by `test` with those that
`authoring.fixtures` reads from the disk. Pure.
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
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft, NextPage, new_draft
from newsspider.extraction.explain import fields_of
from newsspider.extraction.reading import Failed, GivenUp, read_article, read_at_once
from newsspider.model import FIELDS, Link, Page
from newsspider.sites import identity
from newsspider.sites.schema import Site
from newsspider.text.characters import one_line
from newsspider.text.urls import canonical

# The fields that an article can have, by their names in a site file.
KNOWN = tuple(info.rule for info in FIELDS.values() if info.rule)
OWED = ("title", "time", "body")  # the fields that every article must have
Value = str | list[str]
_MOST_LINES = 20  # of one field's difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page as it was fetched. `name` is "listing" or the page's name in the site file, `asked`
    the address that was requested, `kind` the content type."""

    name: str
    asked: str
    page: Page
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article: the key of its link, and its pages in the order in which they were requested. One
    from the archive has its link, and the time at which its pages were fetched."""

    key: str
    pages: tuple[Saved, ...] = ()
    link: Link | None = None
    seen: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """Pages of one category. `at` is the index of its listing; without a listing each sample has
    its link. `now` is the time at which the pages were fetched: a relative time ("3 hours ago")
    keeps its meaning."""

    category: str
    at: int
    now: datetime
    listing: Saved | None
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """The fields of an article and the origin of each; `fault` says why it cannot be read,
    `by_fallback` names the fields whose selector finds nothing but generic extraction does,
    `unread` all those whose selectors find nothing."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    by_fallback: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a definition reads from saved pages.

    `links` is the number of links on the listing page, `articles` what was read of each sample by
    its key, `fault` the reason if the listing could not be read, `titles` the articles' titles on
    the listing, `known` the fields that an article could have, `section` the name of the section
    that the listing shows.
    """

    links: int = 0
    articles: Mapping[str, ArticleReading] = field(default_factory=dict)
    fault: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = KNOWN
    section: str = ""


def replay(site: Site, fixture: Fixture) -> Replayed:
    """Read the saved pages as a crawl reads them."""
    try:
        links, section = _listed(site, fixture)
    except NotReadable as error:
        return Replayed(fault=str(error))
    titles = {
        sample.key: links[sample.key].title for sample in fixture.samples if sample.key in links
    }
    articles = {
        sample.key: _article(site, fixture, sample.link or links.get(sample.key), sample)
        for sample in fixture.samples
    }
    return Replayed(len(links), articles, titles=titles, section=section)


def _listed(site: Site, fixture: Fixture) -> tuple[Mapping[str, Link], str]:
    """Return the links on the listing page by their keys, and the section that it shows. Raises
    NotReadable."""
    if fixture.listing is None:
        return {}, ""
    listings = site.listings_of(fixture.category)
    if fixture.at >= len(listings):
        raise NotReadable(f"the site file has no listing {fixture.at + 1} of {fixture.category!r}")
    chosen = listings[fixture.at]
    page = listing.read(fixture.listing.page, site, fixture.category, chosen, number=0)
    return {sample_key(site, link): link for link in page.links}, page.section


def sample_key(site: Site, link: Link) -> str:
    """Return the identity of a link within its site. It does not depend on the site's name."""
    return identity.article_number(site, link) or canonical(link.url)


def _article(site: Site, fixture: Fixture, link: Link | None, sample: Sample) -> ArticleReading:
    if link is None:
        return ArticleReading(fault="the listing has no link to it")
    recipe = site.recipe(site.category(fixture.category))
    pages = {(saved.name, saved.asked): saved.page for saved in sample.pages}
    now = sample.seen or fixture.now
    reading = read_article(new_draft(site, link, recipe, fixture.category), lambda: now)
    try:
        draft = read_at_once(
            reading, lambda wanted: pages.get((wanted.page, wanted.url)) or _not_saved(wanted)
        )
    except GivenUp as error:
        return ArticleReading(fault=str(error))
    article = assemble(draft, now)
    if article.rejection:
        return ArticleReading(fault=one_line(str(article.rejection)))
    fields = list(fields_of(article))
    return ArticleReading(
        {name: plain(name, value) for name, value, _ in fields},
        {name: origin for name, _, origin in fields},
        by_fallback=tuple(dict.fromkeys(draft.by_fallback)),
        unread=tuple(_unread(draft)),
    )


def _unread(draft: Draft) -> Iterator[str]:
    """Yield the fields that the site file reads from the pages of an article, whose selectors find
    nothing on any of them."""
    pages = {name: draft.site.pages[name] for name in draft.parts if name in draft.site.pages}
    wanted = [
        (page, name) for page, rules in pages.items() for name in getattr(rules, "fields", ())
    ]
    by_rules = {name for page, name in wanted if name in draft.parts[page]}
    yield from dict.fromkeys(
        name for _, name in wanted if name in draft.by_fallback or name not in by_rules
    )


def lost_fields(now: Replayed) -> list[str]:
    """Return the fields whose selectors find nothing in any article."""
    whole = [article for article in now.articles.values() if not article.fault]
    first = whole[0].unread if whole else ()
    return [name for name in first if all(name in article.unread for article in whole)]


def _not_saved(wanted: NextPage) -> Failed:
    return Failed(NotReadable.__name__, f"{wanted.url}: is not among the saved pages")


def plain(name: str, value: Any) -> Value:
    """Return a field as JSON holds it; a body as the lines that a reader sees."""
    if name == "body":
        return list(metadata.read(value).lines)
    if isinstance(value, tuple):
        return [str(getattr(part, "url", part)) for part in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def differences(before: Replayed, after: Replayed) -> Iterator[str]:
    """Yield the lines that show what has changed: `-` before a value that is expected, `+` before
    a value that is read now."""
    if before.fault != after.fault:
        yield f"listing: {after.fault or 'can be read again'}"
    elif before.links != after.links:
        yield f"links: {before.links} before, {after.links} now"
    if after.fault:
        return
    for key, old in before.articles.items():
        new = after.articles.get(key, ArticleReading(fault="is missing"))
        lines = list(_changes(old, new, before.known))
        if lines:
            yield key
            yield from (f"  {line}" for line in lines)


def _changes(old: ArticleReading, new: ArticleReading, known: Collection[str]) -> Iterator[str]:
    """Yield the differences between two readings of an article.

    A field that `known` lacks does not count: a newer newsspider reads more fields.
    """
    if old.fault != new.fault:
        yield f"- {old.fault or 'is read as an article'}"
        yield f"+ {new.fault or 'is read as an article'}"
        return
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(name, []), new.fields.get(name, [])
        if before == after or name not in known:
            continue
        yield f"{name}:"
        rows = list(_rows(as_list(before), as_list(after)))
        yield from (f"  {row}" for row in rows[:_MOST_LINES])
        if len(rows) > _MOST_LINES:
            yield f"  … {len(rows) - _MOST_LINES} more lines"


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for row in difflib.ndiff(before, after):
        if row[0] in "-+":
            yield one_line(row)


def as_list(value: Value) -> list[str]:
    """Return the texts of a field's value."""
    return [value] if isinstance(value, str) else value
