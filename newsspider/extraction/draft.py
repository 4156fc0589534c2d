"""A link and the pages behind it → an Article, by the rules of the site file.

In: a Draft: the link, and the fields of each page read so far. Out: the next page to request, or
the Article. Called by `extraction.reading`, which takes the answers one at a time, and by what runs
it: the spiders, `extraction.single` and `authoring.replay`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from newsspider.clean.metadata import (
    bracket_title,
    media_source,
    split_tags,
    stocks,
    strip_bracket,
    tags,
)
from newsspider.dates import Moment, best, counts_from_now, day_of_id, from_id, read_time
from newsspider.dates.zones import zone_of_address, zone_of_language
from newsspider.extraction.origins import origins_of
from newsspider.extraction.page import Fields
from newsspider.extraction.stated import stated_source
from newsspider.model import FIELDS, NO_SECTION, Article, Image, Kind, Link, Right, Section
from newsspider.sites.identity import article_key, article_number, file_name_id, share_url
from newsspider.sites.schema import Recipe, Site
from newsspider.sites.types import fill
from newsspider.text.characters import shows
from newsspider.text.slugs import slug
from newsspider.text.urls import canonical, host, without_tracking

_NEAR = timedelta(days=1)
_LATER = timedelta(days=36525)
# What a time is that generic extraction did not find as that of the publication, by its origin.
UNSURE = {"modified": "modified", "htmldate": "guess"}
_BLOCK = re.compile(r"\s*<(p|h\d|figure)>.*?</\1>", re.S)
_MOST_PAGES = 20  # of one article; the longest seen have nine


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unfinished article.

    `number` and `key` are its identity; `id` is that of its post, "" if its address gives it.
    `leads_to` is the address that its own redirects to, "" until that is known. `parts` holds the
    fields of each page under the page's name, `origins` the place on the page where generic
    extraction found each field. `failed` names the optional pages that did not answer,
    `by_fallback` the fields that only generic extraction found. When a page continues on another,
    `following` is the address of the continuation and `visited` holds the addresses requested so
    far. `section` is the section of the listing.
    """

    site: Site
    link: Link
    recipe: Recipe
    number: str
    key: str
    listing: str = ""
    id: str = ""
    leads_to: str = ""
    parts: Mapping[str, Fields] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    by_fallback: tuple[str, ...] = ()
    origins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    following: str = ""
    visited: tuple[str, ...] = ()
    section: Section = NO_SECTION


@dataclass(frozen=True, slots=True)
class NextPage:
    """A page to request next; `optional` when the article can do without it."""

    page: str
    url: str
    optional: bool


def new_draft(
    site: Site, link: Link, recipe: Recipe, listing: str = "", section: Section = NO_SECTION
) -> Draft:
    """Return the draft of a link, with the fields that its listing gave.

    `recipe` is a complete one, as `Site.recipe` returns it.
    """
    stated = {
        name: getattr(link, name)
        for name in ("id", "title", "time", "source", "summary")
        if getattr(link, name)
    }
    parts = {"listing": {**link.fields, **stated}}
    return Draft(
        site=site,
        link=link,
        recipe=recipe,
        number=article_number(site, link),
        key=article_key(site, link),
        listing=listing,
        parts=parts,
        section=section,
    )


def next_page(draft: Draft, now: datetime) -> NextPage | None:
    """Return the page to request next; None when the draft has all the pages it needs."""
    if draft.following:
        return NextPage(list(draft.parts)[-1], draft.following, optional=True)
    for name in draft.recipe.ask or ():
        if name in draft.parts or name in draft.failed:
            continue
        rules = draft.site.pages[name]
        if rules.missing and not any(_missing(draft, key, now) for key in rules.missing):
            continue
        # An article can do without a page that is requested for its time, but not for its body.
        optional = bool(rules.missing) and "body" not in rules.missing
        return NextPage(name, fill(rules.url, _variables(draft)), optional)
    return None


def lacking(draft: Draft) -> set[str]:
    """Return the fields that the site file reads from the pages of an article, and none gave."""
    pages = (draft.site.pages[name] for name in draft.parts if name in draft.site.pages)
    wanted = {name for rules in pages for name in getattr(rules, "fields", {})}
    return wanted.difference(*draft.parts.values())


def marks(draft: Draft) -> tuple[str, ...]:
    """Return the fields that the selectors of the site file do not find, as a report counts them:
    `by_fallback/title`, `lacking/time`."""
    fallback = (f"by_fallback/{name}" for name in dict.fromkeys(draft.by_fallback))
    return (*fallback, *(f"lacking/{name}" for name in sorted(lacking(draft))))


def add_part(
    draft: Draft,
    name: str,
    fields: Fields,
    origins: Mapping[str, str] | None = None,
    by_fallback: tuple[str, ...] = (),
) -> Draft:
    """Return the draft with the fields of one more page.

    A `link` that leads to another article is left out.
    """
    link = draft.number and draft.site.number(str(fields.get("link", "")))
    if link not in ("", draft.number):
        fields = {key: value for key, value in fields.items() if key != "link"}
    following = str(fields.get("next", ""))
    fields = {key: value for key, value in fields.items() if key != "next"}
    visited = draft.visited
    if draft.following:  # this page continues the one before
        before = str(draft.parts[name].get("body", ""))
        fields = {**draft.parts[name], "body": _joined(before, str(fields.get("body", "")))}
    elif following:
        visited = (canonical(fill(draft.site.pages[name].url, _variables(draft))),)
    if not _goes_on(following, visited):
        following = ""
    else:
        visited = (*visited, canonical(following))
    # The page just read goes last: `next_page` requests its continuation.
    parts = {other: part for other, part in draft.parts.items() if other != name} | {name: fields}
    all_origins = {**draft.origins, name: {**draft.origins.get(name, {}), **(origins or {})}}
    return replace(
        draft,
        parts=parts,
        origins=all_origins,
        by_fallback=(*draft.by_fallback, *by_fallback),
        following=following,
        visited=visited,
    )


def _joined(before: str, body: str) -> str:
    """Join the bodies of two pages of an article. A block that opens every page is kept once."""
    while (block := _BLOCK.match(body)) and block[0].strip() in before:
        body = body[block.end() :]
    return "\n".join(filter(None, (before, body)))


def _goes_on(following: str, visited: tuple[str, ...]) -> bool:
    """Return whether to request `following`: same host, not visited, below the page limit."""
    if not following or len(visited) >= _MOST_PAGES:
        return False
    return canonical(following) not in visited and host(following) == host(visited[0])


def add_failed(draft: Draft, name: str) -> Draft:
    """Return the draft with an optional page marked as failed."""
    return replace(draft, failed=(*draft.failed, name), following="")


def assemble(draft: Draft, now: datetime) -> Article:
    """Return the article: each field from the first source that has it, the time from the source
    that gives it most precisely. A field without a source stays empty; the stage Validate decides
    whether the article can be published without it."""
    site = draft.site
    fields = _stated_fields(draft)
    digest, body, summary = fields["digest"], fields["body"], fields["summary"]
    fields["title"] = fields["title"] or bracket_title(digest or summary)
    fields["source"] = fields["source"] or media_source(body)
    lost = marks(draft)
    if "by_fallback/source" in lost:
        # Generic extraction takes the author for the source; what is stated counts first.
        authors, origins = fields["authors"], draft.origins
        if known := stated_source(ranked(draft), origins, authors):
            lost = tuple(mark for mark in lost if mark != "by_fallback/source")
        fields["source"] = known or ("" if fields["source"] in authors else fields["source"])
    fields["digest"] = strip_bracket(digest)
    stated = _moment(draft, now) or from_id(draft.number, now=now, zone=site.zone)
    guess, dated_by = _guess(draft, now) if stated is None else (None, "")
    moment = stated or guess
    fields["section"] = draft.section.name or fields["section"]
    category, tag = _filing(draft, fields["source"] or site.title)
    article = Article(
        site=site.name,
        key=draft.key,
        id=draft.id or file_name_id(site, draft.link, draft.recipe),
        link=_shown_link(draft),
        published=moment.at if moment else None,
        dated_by=dated_by,
        modified=_modified(draft, now),
        category=category,
        tag=tag,
        stocks=stocks(body),
        images=tuple(Image(url) for url in [str(_first(draft, "image"))] if url),
        rights=_rights(draft),
        listing=draft.listing,
        rejection=_first(draft, "rejection") or None,
        marks=lost,
        **fields,
    )
    settled = ("section",) if draft.section.name else ()
    parts = tuple(ranked(draft))
    return replace(article, origins=origins_of(article, parts, draft.origins, of_listing=settled))


def _rights(draft: Draft) -> tuple[Right, ...]:
    """Return what the pages of an article state of its reuse, each statement once."""
    parts = (draft.parts[name] for name in draft.parts if name != "listing")
    return tuple(dict.fromkeys(right for fields in parts for right in fields.get("rights", ())))


def _filing(draft: Draft, source: str) -> tuple[str, str]:
    """Return the category and the tag of an article: its section's, else the recipe's, in which the
    source is the category by default."""
    if draft.section.slug:
        return draft.section.slug, draft.section.name
    recipe, slugs = draft.recipe, draft.site.slugs
    category = recipe.category or slug(source, speller=slugs.speller, exceptions=slugs.names)
    return category, fill(recipe.tag or "", {"source": source})


def time_to_come(draft: Draft, now: datetime) -> datetime | None:
    """Return the time of an article whose sources give only one that is later than `now`; None
    without one. Where many articles have such a time, the clock of this machine is wrong."""
    moment = _moment(draft, now + _LATER) or from_id(
        draft.number, now=now + _LATER, zone=draft.site.zone
    )
    return moment.at if moment else None


def _stated_fields(draft: Draft) -> dict[str, Any]:
    """Return the fields that are taken as a source states them, under their names in Article."""
    return {
        name: _AS_STATED[info.kind](value)
        for name, info in FIELDS.items()
        if info.rule and info.kind in _AS_STATED
        for value in [_first(draft, info.rule)]
    }


def _first(draft: Draft, name: str) -> Any:
    """Return a field's value from the first source that has it, in order of rank; "" if none."""
    values = (fields.get(name) for _, fields in ranked(draft))
    return next((value for value in values if value and _is_visible(value)), "")


def _is_visible(value: Any) -> bool:
    return not isinstance(value, str) or shows(value)


def ranked(draft: Draft) -> Iterator[tuple[str, Fields]]:
    """Yield each source's name and fields, the source that takes precedence first."""
    rank = draft.recipe.rank or (*reversed(draft.recipe.ask or ()), "listing")
    return ((name, draft.parts[name]) for name in rank if name in draft.parts)


def _missing(draft: Draft, name: str, now: datetime) -> bool:
    if name == "time":
        return _moment(draft, now) is None
    return not _first(draft, name)


def _modified(draft: Draft, now: datetime) -> datetime | None:
    text, language = _first(draft, "modified"), _language(draft)
    moment = read_time(text, now=now, zone=_zone(draft, now), language=language)
    return moment.at if moment else None


def _texts(value: Any) -> tuple[str, ...]:
    """Return a list's texts, or the text alone; each once, without empty ones."""
    texts = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(text for text in (str(text).strip() for text in texts) if text))


def _tags(value: Any) -> tuple[str, ...]:
    """Return the tags of a list; a single text is split at its commas."""
    texts = list(map(str, value if isinstance(value, list | tuple) else (value,)))
    return tags(split_tags(texts[0]) if len(texts) == 1 else texts)


# How a source's value becomes the value of a field of each kind.
_AS_STATED: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.LINE: str,
    Kind.TEXT: str,
    Kind.HTML: str,
    Kind.LINES: _texts,
    Kind.TAGS: _tags,
}


def _language(draft: Draft) -> str:
    """Return the language in which the article's times are written: the page's or the site's."""
    return str(_first(draft, "language")) or draft.site.language


def _zone(draft: Draft, now: datetime) -> tzinfo:
    """Return the zone of the article's times: the site's, else that of the country in the address,
    else the offset from UTC that a source states, else that of the language."""
    site = draft.site
    if site.timezone:
        return site.zone
    if zone := zone_of_address(draft.link.url) or zone_of_address(site.home):
        return zone
    for _, fields in ranked(draft):
        for name in ("time", "modified"):
            moment = read_time(fields.get(name), now=now, zone=UTC)
            if moment and moment.offset:
                return timezone(moment.offset)
    return zone_of_language(_language(draft)) or UTC


def _guess(draft: Draft, now: datetime) -> tuple[Moment | None, str]:
    """Return a time that is not stated as that of the publication, and what it is; None without
    one."""
    language = _language(draft)
    for name, fields in ranked(draft):
        if kind := _unsure(draft, name):
            moment = read_time(
                fields.get("time"), now=now, zone=_zone(draft, now), language=language
            )
            if moment:
                return moment, kind
    return None, ""


def _unsure(draft: Draft, part: str) -> str:
    """Return what the time of a part is, if it is not stated as that of the publication."""
    return UNSURE.get(draft.origins.get(part, {}).get("published", ""), "")


def _moment(draft: Draft, now: datetime) -> Moment | None:
    """Return the most precise time that a source gives for the publication.

    A relative time ("3 hours ago") far from the day in the article's id is ignored: it was written
    long before the page was read.
    """
    hint, moments = day_of_id(draft.number), []
    language, zone = _language(draft), _zone(draft, now)
    for name, fields in ranked(draft):
        text, then = fields.get("time"), draft.link.time_listed(now) if name == "listing" else now
        if not text or _unsure(draft, name):
            continue
        moment = read_time(text, now=then, zone=zone, hint=hint, language=language)
        stale = moment and hint and abs(moment.at.date() - hint) > _NEAR
        moments.append(None if stale and counts_from_now(str(text), language) else moment)
    return best(moments)


def _shown_link(draft: Draft) -> str:
    """Return the address that the post shows: a source's, else the recipe's, else the link.

    A share link is returned in its plain form, so that an article has the same link whether it
    came from a listing or was shared.
    """
    template = draft.recipe.link
    shown = str(_first(draft, "link")) or (fill(template, _variables(draft)) if template else "")
    shown = shown or draft.link.url
    if claim := draft.site.claim(shown):
        share, match = claim
        return fill(share.link, _variables(draft)) if share.link else share_url(shown, share, match)
    return without_tracking(shown)


def _variables(draft: Draft) -> dict[str, str]:
    site = draft.site
    share = site.claim(str(_first(draft, "link")))
    origin = share[1].groupdict().get("origin") if share else None
    return {
        "number": draft.number,
        "id": draft.link.id,
        "url": draft.link.url,
        "origin": origin or site.origin,
    }
