"""A finished draft → an Article, by the rules of the site file.

In: a Draft whose pages have been read. Out: the Article: each field from the first source that has
it. Called by what runs `extraction.reading`: the spiders, `extraction.single`, `crawling.rereading`
and `authoring.replay`. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsspider.clean.metadata import (
    bracket_title,
    media_source,
    split_tags,
    stocks,
    strip_bracket,
    tags,
)
from newsspider.extraction import draft_time
from newsspider.extraction.draft import Draft, first, marks, ranked, variables
from newsspider.extraction.origins import LISTING, origins_of
from newsspider.extraction.stated import stated_source
from newsspider.model import FIELDS, Article, Image, Kind, Right
from newsspider.sites.identity import file_name_id, share_url
from newsspider.sites.types import fill
from newsspider.text.slugs import slug
from newsspider.text.urls import without_tracking


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
    dating = draft_time.dating_of(draft, now)
    fields["section"] = draft.section.name or fields["section"]
    category, tag = _filing(draft, fields["source"] or site.title)
    article = Article(
        site=site.name,
        key=draft.key,
        id=draft.id or file_name_id(site, draft.link, draft.recipe),
        link=_shown_link(draft),
        published=dating.moment.at if dating else None,
        dated_by=dating.dated_by if dating else "",
        modified=draft_time.modified_of(draft, now),
        category=category,
        tag=tag,
        stocks=stocks(body),
        images=tuple(Image(url) for url in [str(first(draft, "image"))] if url),
        rights=_rights(draft),
        listing=draft.listing,
        rejection=first(draft, "rejection") or None,
        marks=lost,
        **fields,
    )
    given_by = {"published": dating.part} if dating else {}
    given_by |= {"section": LISTING} if draft.section.name else {}
    parts = tuple(ranked(draft))
    return replace(article, origins=origins_of(article, parts, draft.origins, given_by=given_by))


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


def _stated_fields(draft: Draft) -> dict[str, Any]:
    """Return the fields that are taken as a source states them, under their names in Article."""
    return {
        name: _AS_STATED[info.kind](value)
        for name, info in FIELDS.items()
        if info.rule and info.kind in _AS_STATED
        for value in [first(draft, info.rule)]
    }


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


def _shown_link(draft: Draft) -> str:
    """Return the address that the post shows: a source's, else the recipe's, else the link.

    A share link is returned in its plain form, so that an article has the same link whether it
    came from a listing or was shared.
    """
    template = draft.recipe.link
    shown = str(first(draft, "link")) or (fill(template, variables(draft)) if template else "")
    shown = shown or draft.link.url
    if claim := draft.site.claim(shown):
        share, match = claim
        return fill(share.link, variables(draft)) if share.link else share_url(shown, share, match)
    return without_tracking(shown)
