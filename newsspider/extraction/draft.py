"""A link and the pages behind it → an Article, by the rules of the site file.

In: a Draft: the link, and what each page asked for so far has said. Out: the next page to ask for,
or the Article. Pure: the spiders fetch and hand the answers in, one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
from newsspider.extraction.page import Fields
from newsspider.model import FIELDS, Article, Image, Kind, Link
from newsspider.sites.identity import article_key, article_number, file_name_id, share_url
from newsspider.sites.schema import Recipe, Site
from newsspider.sites.types import fill
from newsspider.text.characters import shows
from newsspider.text.slugs import slug
from newsspider.text.urls import canonical, host

_NEAR = timedelta(days=1)
_BLOCK = re.compile(r"\s*<(p|h\d|figure)>.*?</\1>", re.S)
_MOST_PAGES = 20  # of one article; the longest seen have nine


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article in the making. `number` and `key` are its identity, `parts` what each page says of
    it, by the page's name, `origins` where on a page generic extraction found what. `failed` names
    the optional pages that did not answer, `by_fallback` the fields that only generic extraction
    found. Of a page that goes on, `following` is the address of what comes next, and `turned` are
    those of it so far."""

    site: Site
    link: Link
    recipe: Recipe
    number: str
    key: str
    listing: str = ""
    parts: Mapping[str, Fields] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    by_fallback: tuple[str, ...] = ()
    origins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    following: str = ""
    turned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextPage:
    """A page to ask for next; `optional` when the article can do without it."""

    page: str
    url: str
    optional: bool


def new_draft(site: Site, link: Link, recipe: Recipe, listing: str = "") -> Draft:
    """The start: what the listing, or the person who gave the link, said. `recipe` is a whole one:
    `Site.recipe` fills it up."""
    said = {
        name: getattr(link, name)
        for name in ("id", "title", "time", "source", "summary")
        if getattr(link, name)
    }
    parts = {"listing": {**link.fields, **said}}
    return Draft(
        site=site,
        link=link,
        recipe=recipe,
        number=article_number(site, link),
        key=article_key(site, link),
        listing=listing,
        parts=parts,
    )


def next_page(made: Draft, now: datetime) -> NextPage | None:
    """The page to ask for next; None when all that is needed has been asked for."""
    if made.following:
        return NextPage(list(made.parts)[-1], made.following, optional=True)
    for name in made.recipe.ask or ():
        if name in made.parts or name in made.failed:
            continue
        rules = made.site.pages[name]
        if rules.missing and not any(_missing(made, key, now) for key in rules.missing):
            continue
        # An article can do without a page that is only asked for a time; not for its body.
        optional = bool(rules.missing) and "body" not in rules.missing
        return NextPage(name, fill(rules.url, _variables(made)), optional)
    return None


def add_part(
    made: Draft,
    name: str,
    fields: Fields,
    origins: Mapping[str, str] | None = None,
    by_fallback: tuple[str, ...] = (),
) -> Draft:
    """The draft with one more page read. A link to another article is not this one's."""
    link = made.number and made.site.number(str(fields.get("link", "")))
    if link not in ("", made.number):
        fields = {key: value for key, value in fields.items() if key != "link"}
    following = str(fields.get("next", ""))
    fields = {key: value for key, value in fields.items() if key != "next"}
    turned = made.turned
    if made.following:  # the next page of one that goes on
        before = str(made.parts[name].get("body", ""))
        fields = {**made.parts[name], "body": _joined(before, str(fields.get("body", "")))}
    elif following:
        turned = (canonical(fill(made.site.pages[name].url, _variables(made))),)
    if not _goes_on(following, turned):
        following = ""
    else:
        turned = (*turned, canonical(following))
    # The page in hand stands last: it is the one that goes on.
    parts = {other: part for other, part in made.parts.items() if other != name} | {name: fields}
    told = {**made.origins, name: {**made.origins.get(name, {}), **(origins or {})}}
    return replace(
        made,
        parts=parts,
        origins=told,
        by_fallback=(*made.by_fallback, *by_fallback),
        following=following,
        turned=turned,
    )


def _joined(before: str, body: str) -> str:
    """The bodies of two pages of one article. What stands over every page is said once."""
    while (block := _BLOCK.match(body)) and block[0].strip() in before:
        body = body[block.end() :]
    return "\n".join(filter(None, (before, body)))


def _goes_on(following: str, turned: tuple[str, ...]) -> bool:
    """Whether there is a further page: of the same host, not read yet, and not without end."""
    if not following or len(turned) >= _MOST_PAGES:
        return False
    return canonical(following) not in turned and host(following) == host(turned[0])


def add_failed(made: Draft, name: str) -> Draft:
    """The draft with one page that it can do without and that did not answer."""
    return replace(made, failed=(*made.failed, name), following="")


def assemble(made: Draft, now: datetime) -> Article:
    """The article as its sources tell it: each field from the first of them that has it, the time
    from the most precise one. What nobody says stays empty; Validate judges that."""
    site, recipe = made.site, made.recipe
    fields = _stated(made)
    digest, body, summary = fields["digest"], fields["body"], fields["summary"]
    fields["title"] = fields["title"] or bracket_title(digest or summary)
    fields["source"] = fields["source"] or media_source(body)
    fields["digest"] = strip_bracket(digest)
    moment = _moment(made, now) or from_id(made.number, now=now, zone=site.zone)
    name = fields["source"] or site.title
    slugs = site.slugs
    category = recipe.category or slug(name, speller=slugs.speller, exceptions=slugs.names)
    return Article(
        site=site.name,
        key=made.key,
        id=file_name_id(site, made.link, recipe),
        link=_shown_link(made),
        published=moment.at if moment else None,
        modified=_modified(made, now),
        category=category,
        tag=fill(recipe.tag or "", {"source": name}),
        stocks=stocks(body),
        images=tuple(Image(url) for url in [str(_first(made, "image"))] if url),
        listing=made.listing,
        rejection=_first(made, "rejection") or None,
        **fields,
    )


def _stated(made: Draft) -> dict[str, Any]:
    """The fields that an article has as its sources state them, by their names in an article."""
    return {
        name: _AS_STATED[info.kind](value)
        for name, info in FIELDS.items()
        if info.rule and info.kind in _AS_STATED
        for value in [_first(made, info.rule)]
    }


def _first(made: Draft, name: str) -> Any:
    """A field by rank: what the first source that has it says."""
    told = (fields.get(name) for _, fields in ranked(made))
    return next((value for value in told if value and _says(value)), "")


def _says(value: Any) -> bool:
    return not isinstance(value, str) or shows(value)


def ranked(made: Draft) -> Iterator[tuple[str, Fields]]:
    """What was said, by whose word counts first, with who said it."""
    rank = made.recipe.rank or (*reversed(made.recipe.ask or ()), "listing")
    return ((name, made.parts[name]) for name in rank if name in made.parts)


def _missing(made: Draft, name: str, now: datetime) -> bool:
    if name == "time":
        return _moment(made, now) is None
    return not _first(made, name)


def _modified(made: Draft, now: datetime) -> datetime | None:
    text, language = _first(made, "modified"), _language(made)
    moment = read_time(text, now=now, zone=made.site.zone, language=language)
    return moment.at if moment else None


def _texts(value: Any) -> tuple[str, ...]:
    """Several where a source gives a list; else the text as it is."""
    texts = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(text for text in (str(text).strip() for text in texts) if text))


def _tags(value: Any) -> tuple[str, ...]:
    """A list as it is; of one text the words between its commas."""
    texts = list(map(str, value if isinstance(value, list | tuple) else (value,)))
    return tags(split_tags(texts[0]) if len(texts) == 1 else texts)


# How the statement of a source becomes the value of a field of each kind.
_AS_STATED: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.LINE: str,
    Kind.TEXT: str,
    Kind.HTML: str,
    Kind.LINES: _texts,
    Kind.TAGS: _tags,
}


def _language(made: Draft) -> str:
    """The language that the article's times are in: the page's, else the site's."""
    return str(_first(made, "language")) or made.site.language


def _moment(made: Draft, now: datetime) -> Moment | None:
    """The most precise time told. One that counts from now, far from the day in the article's id,
    was told long ago."""
    hint, found = day_of_id(made.number), []
    language = _language(made)
    for name, fields in ranked(made):
        told, then = fields.get("time"), made.link.time_listed(now) if name == "listing" else now
        if not told:
            continue
        moment = read_time(told, now=then, zone=made.site.zone, hint=hint, language=language)
        stale = moment and hint and abs(moment.at.date() - hint) > _NEAR
        found.append(None if stale and counts_from_now(str(told), language) else moment)
    return best(found)


def _shown_link(made: Draft) -> str:
    """The address the post shows: one that a source gave, else the recipe's, else the link. A share
    link is told in its plain form, so that an article has one link whichever way it came."""
    template = made.recipe.link
    shown = str(_first(made, "link")) or (fill(template, _variables(made)) if template else "")
    shown = shown or made.link.url
    if claim := made.site.claim(shown):
        share, match = claim
        return fill(share.link, _variables(made)) if share.link else share_url(shown, share, match)
    return shown


def _variables(made: Draft) -> dict[str, str]:
    site = made.site
    share = site.claim(str(_first(made, "link")))
    origin = share[1].groupdict().get("origin") if share else None
    return {
        "number": made.number,
        "id": made.link.id,
        "url": made.link.url,
        "origin": origin or site.origin,
    }
