"""One page of an article → its fields: by the site's rules, and by generic extraction for the rest.

In: a page and the rules of the site file for it. Out: a PageReading: the fields, and which of them
generic extraction found because the rules did not: that is how a changed layout shows first.
Pure; the spiders call it for each page that comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import html

from newsspider.dates import Precision
from newsspider.errors import BotCheck, NotReadable
from newsspider.extraction.ftr import Rules
from newsspider.extraction.ftr import read_page as read_by_rules
from newsspider.model import Page, Rejection, Verdict
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.text.js_shell import is_shell
from newsspider.text.selectors import (
    html_field,
    matches,
    parse_script,
    read_fields,
    read_json_fields,
    take_out,
)
from newsspider.text.urls import absolute, canonical

if TYPE_CHECKING:
    from newsspider.extraction.generic import Extracted

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageReading:
    """The fields a page gave, under the names of the site file. `by_fallback` names those that the
    rules looked for in vain; `origins` says of each field of generic extraction where it stood."""

    fields: Fields
    by_fallback: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)


def read_page(
    page: Page,
    rules: HtmlPage | JsonPage,
    *,
    now: datetime,
    zone: ZoneInfo | None,
    theirs: Rules | None = None,
) -> PageReading:
    """What a page says. `zone` is that of times that tell none, None where nobody knows; `theirs`
    are rules of the ftr-site-config format, for a page that the site has none for.

    Raises NotReadable when it is not what its kind says, or an answer of another kind.
    """
    if isinstance(rules, JsonPage):
        return PageReading(_plain(_read_json(page, rules), page))
    if not rules.fields:
        read = _read_generic(page, now, zone, theirs)
        if "body" not in read.fields and page.document.once(is_shell):
            raise NotReadable("an empty shell that JavaScript fills")
        return read
    tree = page.document.tree
    following = html_field(tree, rules.next) if rules.next else ""
    if rules.strip:
        tree = deepcopy(tree)
        take_out(tree, rules.strip)
    found = read_fields(tree, rules.fields)
    fields = _plain({**found, "next": following}, page)
    if rules.fallback == "all":
        return _filled(fields, rules, _read_generic(page, now, zone))
    lost = _lost(tree, rules, fields)
    if not lost:
        return PageReading(fields)
    # What its rules do find counts, and a page that is no article adds nothing.
    other = _read_generic(page, now, zone)
    if other.fields.get("rejection"):
        return PageReading(fields)
    filled = {name: other.fields[name] for name in lost if name in other.fields}
    filled_as = {_ORIGINS.get(name, name) for name in filled}
    return PageReading(
        {**fields, **filled},
        tuple(name for name in filled if name in rules.fields),
        {name: where for name, where in other.origins.items() if name in filled_as},
    )


def _filled(fields: Fields, rules: HtmlPage, other: PageReading) -> PageReading:
    """What the rules find, and of everything else what generic extraction does."""
    rest = {name: value for name, value in other.fields.items() if name not in fields}
    if "body" in fields:  # a page whose rules find the text is an article
        rest.pop("rejection", None)
    said = {_ORIGINS.get(name, name) for name in fields}
    by_fallback = tuple(name for name in rules.fields if name in rest)
    origins = {name: where for name, where in other.origins.items() if name not in said}
    return PageReading({**rest, **fields}, by_fallback, origins)


def _lost(tree: html.HtmlElement, rules: HtmlPage, fields: Fields) -> tuple[str, ...]:
    """The fields that generic extraction shall stand in for: those that the rules of an article's
    page look for in vain. A page whose rules say where its body is, is the article. An element that
    is there and empty is not lost: East Money takes an article down by emptying `#ContentBody`."""
    if not rules.fallback or "body" not in rules.fields:
        return ()
    owed = rules.fallback if isinstance(rules.fallback, tuple) else tuple(rules.fields)
    lost = (name for name in owed if name not in fields)
    emptied = any(matches(tree, pick.select) for pick in rules.fields["body"])
    return tuple(name for name in lost if not (name == "body" and emptied))


def _read_json(page: Page, rules: JsonPage) -> Fields:
    document = page.document
    value = parse_script(document.tree, rules.script) if rules.script else document.value
    found = read_json_fields(value, rules.fields)
    if not any(found.values()):
        # An API that answers 200 with an error says so in other fields than an article's.
        seen = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
        raise NotReadable(f"the answer has none of the fields (but {seen[:200] or 'nothing'})")
    return found


def _plain(found: Fields, page: Page) -> Fields:
    """The fields that say something; addresses whole."""
    fields = {name: value for name, value in found.items() if value not in ("", ())}
    for name in ("link", "image", "next"):
        if address := fields.get(name):
            fields[name] = absolute(str(address), page.url) or ""
    return {name: value for name, value in fields.items() if value != ""}


def _read_generic(
    page: Page, now: datetime, zone: ZoneInfo | None, theirs: Rules | None = None
) -> PageReading:
    from newsspider.extraction.generic import extract  # libraries of 0.4 s: only where needed

    found = extract(page, now=now, zone=zone)
    if found.rejection and found.rejection.verdict is Verdict.BOT_CHECK:
        raise BotCheck(found.rejection.reason)
    fields, origins = dict(_generic_fields(found)), dict(found.origins)
    parts = urlsplit(page.url)
    if parts.path in ("", "/") and not parts.query:
        fields["rejection"] = Rejection(Verdict.NOT_AN_ARTICLE, "the address of a home page")
    if theirs is not None:
        own = _read_by_rules(page, theirs)
        if "body" in own:
            fields.pop("rejection", None)
            fields.pop("next", None)
        fields |= own
        origins |= {_ORIGINS.get(name, name): "ftr" for name in own}
    return PageReading(fields, origins=origins)


_ORIGINS = {"time": "published", "author": "authors"}


def _read_by_rules(page: Page, theirs: Rules) -> dict[str, str]:
    """What rules of the ftr-site-config format find. Where another page has the article whole, that
    one is the only one that counts."""
    found = dict(read_by_rules(page, theirs).fields)
    single = found.pop("single", "")
    if single and canonical(single) != canonical(page.url):
        found |= {"body": "", "next": single}
    return found


def _generic_fields(found: Extracted) -> Iterator[tuple[str, Any]]:
    told = {
        "title": found.title,
        "time": _iso(found.published, found.published_precision),
        "modified": _iso(found.modified, found.modified_precision),
        "source": found.source,
        "author": found.authors,
        "editor": found.editor,
        "summary": found.summary,
        "body": found.body,
        "link": found.canonical,
        "image": found.images[0].url if found.images else "",
        "tags": found.tags,
        "language": found.language,
        "next": found.next,
        "rejection": found.rejection,
    }
    yield from ((name, value) for name, value in told.items() if value)


def _iso(at: datetime | None, precision: Precision | None) -> str:
    """A time as text that says no more than the page did."""
    if at is None:
        return ""
    if precision is Precision.DAY:
        return f"{at:%Y-%m-%d}"
    return at.isoformat(timespec="seconds" if precision is Precision.SECOND else "minutes")
