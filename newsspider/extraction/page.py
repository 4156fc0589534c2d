"""One page of an article → its fields: by the site's rules, and by generic extraction for the rest.

In: a page and the rules of the site file for it. Out: a PageReading: the fields, and the names of
those that generic extraction found because the rules did not, the first sign of a changed layout.
Called by `extraction.reading` for each page of an article. Pure.
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
from newsspider.extraction.ftr import read_page as read_ftr_page
from newsspider.model import Page, Rejection, Verdict
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.text.budget import unmeasured
from newsspider.text.js_shell import is_shell
from newsspider.text.selectors import (
    html_field,
    matches,
    parse_script,
    read_fields,
    read_json_fields,
    take_out,
)
from newsspider.text.urls import absolute, canonical, with_scheme

if TYPE_CHECKING:
    from newsspider.extraction.generic import Extracted

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageReading:
    """The fields of a page, under the names of the site file. `by_fallback` names those that the
    site's rules missed and generic extraction found; `origins` maps each field of generic
    extraction to its place on the page."""

    fields: Fields
    by_fallback: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)


def read_page(
    page: Page,
    rules: HtmlPage | JsonPage,
    *,
    now: datetime,
    zone: ZoneInfo | None,
    ftr_rules: Rules | None = None,
) -> PageReading:
    """Return the fields of a page.

    `zone` applies to times without one; None if it is unknown. `ftr_rules` are rules of the
    ftr-site-config format, used where the site file has no rules for the page.

    Raises NotReadable when the page is not of the kind that its rules are for, or has no content;
    BotCheck when the server sent a check for robots instead.
    """
    if isinstance(rules, JsonPage):
        return PageReading(_plain(_read_json(page, rules), page))
    if not rules.fields:
        reading = _read_generic(page, now, zone, ftr_rules)
        if "body" not in reading.fields and page.document.once(is_shell):
            raise NotReadable("an empty shell that JavaScript fills")
        return reading
    tree = page.document.tree
    following = html_field(tree, rules.next) if rules.next else ""
    if rules.strip:
        tree = deepcopy(tree)
        take_out(tree, rules.strip)
    fields = _plain({**read_fields(tree, rules.fields), "next": following}, page)
    if rules.fallback == "all":
        return _filled(fields, rules, _read_generic(page, now, zone))
    lost = _lost(tree, rules, fields)
    if not lost:
        return PageReading(fields)
    # The fields that the rules found count; a page that is not an article adds nothing to them.
    other = _read_generic(page, now, zone)
    if other.fields.get("rejection"):
        return PageReading(fields)
    filled = {name: other.fields[name] for name in lost if name in other.fields}
    filled_as = {_ORIGINS.get(name, name) for name in filled}
    return PageReading(
        {**fields, **filled},
        tuple(name for name in filled if name in rules.fields),
        {name: origin for name, origin in other.origins.items() if name in filled_as},
    )


def _filled(fields: Fields, rules: HtmlPage, other: PageReading) -> PageReading:
    """Return the fields that the rules found, and the other fields from generic extraction."""
    rest = {name: value for name, value in other.fields.items() if name not in fields}
    if "body" in fields:  # a page where the rules find a body is an article
        rest.pop("rejection", None)
    by_rules = {_ORIGINS.get(name, name) for name in fields}
    by_fallback = tuple(name for name in rules.fields if name in rest)
    origins = {name: origin for name, origin in other.origins.items() if name not in by_rules}
    return PageReading({**rest, **fields}, by_fallback, origins)


def _lost(tree: html.HtmlElement, rules: HtmlPage, fields: Fields) -> tuple[str, ...]:
    """Return the fields that generic extraction is to supply: those that the rules miss on the
    article's main page, the page that has a rule for the body.

    A body element that exists and is empty does not count as missed: East Money takes an article
    down by emptying `#ContentBody`.
    """
    if not rules.fallback or "body" not in rules.fields:
        return ()
    owed = rules.fallback if isinstance(rules.fallback, tuple) else tuple(rules.fields)
    lost = (name for name in owed if name not in fields)
    return tuple(name for name in lost if not (name == "body" and _is_emptied(tree, rules)))


def _is_emptied(tree: html.HtmlElement, rules: HtmlPage) -> bool:
    return any(matches(tree, pick.select) for pick in rules.fields["body"])


def _read_json(page: Page, rules: JsonPage) -> Fields:
    document = page.document
    value = parse_script(document.tree, rules.script) if rules.script else document.value
    fields = read_json_fields(value, rules.fields)
    if not any(fields.values()):
        # An API that answers 200 with an error describes it in fields that no article has.
        seen = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
        raise NotReadable(
            f"the answer has none of the site file's fields; it has: {seen[:200] or 'nothing'}"
        )
    return fields


def _plain(values: Fields, page: Page) -> Fields:
    """Return the fields that are not empty, with absolute addresses."""
    fields = {name: value for name, value in values.items() if value not in ("", ())}
    for name in ("link", "image", "next"):
        if address := fields.get(name):
            fields[name] = absolute(with_scheme(str(address), page.url), page.url) or ""
    return {name: value for name, value in fields.items() if value != ""}


def _read_generic(
    page: Page, now: datetime, zone: ZoneInfo | None, ftr_rules: Rules | None = None
) -> PageReading:
    with unmeasured():
        from newsspider.extraction.generic import extract  # its libraries take 0.4 s to import

    extracted = extract(page, now=now, zone=zone)
    if extracted.rejection and extracted.rejection.verdict is Verdict.BOT_CHECK:
        raise BotCheck(extracted.rejection.reason)
    fields, origins = dict(_generic_fields(extracted)), dict(extracted.origins)
    parts = urlsplit(page.url)
    if parts.path in ("", "/") and not parts.query:
        fields["rejection"] = Rejection(
            Verdict.NOT_AN_ARTICLE, "the address of a home page", lists=True
        )
    if ftr_rules is not None:
        by_rules = _read_by_ftr_rules(page, ftr_rules)
        if "body" in by_rules:
            fields.pop("rejection", None)
            fields.pop("next", None)
        fields |= by_rules
        origins |= {_ORIGINS.get(name, name): "ftr" for name in by_rules}
    return PageReading(fields, origins=origins)


# Fields of a site file that have another name in generic extraction's origins.
_ORIGINS = {"time": "published", "author": "authors"}


def _read_by_ftr_rules(page: Page, rules: Rules) -> dict[str, str]:
    """Return the fields that rules of the ftr-site-config format find.

    When another page has the whole article, the body here is empty and `next` is that page.
    """
    fields = dict(read_ftr_page(page, rules).fields)
    single = fields.pop("single", "")
    if single and canonical(single) != canonical(page.url):
        fields |= {"body": "", "next": single}
    return fields


def _generic_fields(extracted: Extracted) -> Iterator[tuple[str, Any]]:
    values = {
        "title": extracted.title,
        "time": _iso(extracted.published, extracted.published_precision),
        "modified": _iso(extracted.modified, extracted.modified_precision),
        "source": extracted.source,
        "author": extracted.authors,
        "editor": extracted.editor,
        "section": extracted.section,
        "summary": extracted.summary,
        "body": extracted.body,
        "link": extracted.canonical,
        "image": extracted.images[0].url if extracted.images else "",
        "tags": extracted.tags,
        "language": extracted.language,
        "next": extracted.next,
        "rejection": extracted.rejection,
    }
    yield from ((name, value) for name, value in values.items() if value)


def _iso(at: datetime | None, precision: Precision | None) -> str:
    """Return a time in ISO 8601, as precise as the page gives it; "" for None."""
    if at is None:
        return ""
    if precision is Precision.DAY:
        return f"{at:%Y-%m-%d}"
    return at.isoformat(timespec="seconds" if precision is Precision.SECOND else "minutes")
