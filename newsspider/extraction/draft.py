"""An unfinished article: a link, and the fields of each page behind it that has been read.

In: a link, and the fields of one page after the other. Out: a Draft, and the fields in the order of
their sources' rank. Called by `extraction.reading`, which takes the pages one at a time, and by
`extraction.assemble`, which makes an Article of a finished one. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from newsspider.extraction.page import Fields
from newsspider.model import NO_SECTION, Link, Section
from newsspider.sites.identity import article_key, article_number
from newsspider.sites.schema import Recipe, Site
from newsspider.sites.types import fill
from newsspider.text.characters import shows
from newsspider.text.likeness import is_unlike
from newsspider.text.urls import canonical, host

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


def lacking(draft: Draft) -> set[str]:
    """Return the fields that the site file reads from the pages of an article, and none gave."""
    pages = (draft.site.pages[name] for name in draft.parts if name in draft.site.pages)
    wanted = {name for rules in pages for name in getattr(rules, "fields", {})}
    return wanted.difference(*draft.parts.values())


def marks(draft: Draft) -> tuple[str, ...]:
    """Return the fields that the selectors of the site file do not find, as a report counts them,
    `by_fallback/title`, `lacking/time`; and `unlike/title` if the page has another title than its
    listing."""
    fallback = (f"by_fallback/{name}" for name in dict.fromkeys(draft.by_fallback))
    unlike = is_unlike(str(draft.parts["listing"].get("title", "")), str(first(draft, "title")))
    return (
        *fallback,
        *(f"lacking/{name}" for name in sorted(lacking(draft))),
        *(["unlike/title"] if unlike else []),
    )


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
        visited = (canonical(fill(draft.site.pages[name].url, variables(draft))),)
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


def first(draft: Draft, name: str) -> Any:
    """Return a field's value from the first source that has it, in order of rank; "" if none."""
    values = (fields.get(name) for _, fields in ranked(draft))
    return next((value for value in values if value and _is_visible(value)), "")


def _is_visible(value: Any) -> bool:
    return not isinstance(value, str) or shows(value)


def ranked(draft: Draft) -> Iterator[tuple[str, Fields]]:
    """Yield each source's name and fields, the source that takes precedence first."""
    rank = draft.recipe.rank or (*reversed(draft.recipe.ask or ()), "listing")
    return ((name, draft.parts[name]) for name in rank if name in draft.parts)


def variables(draft: Draft) -> dict[str, str]:
    """Return what the templates of the site file may name."""
    site = draft.site
    share = site.claim(str(first(draft, "link")))
    origin = share[1].groupdict().get("origin") if share else None
    return {
        "number": draft.number,
        "id": draft.link.id,
        "url": draft.link.url,
        "origin": origin or site.origin,
    }
