"""A probe of a site nobody wrote a definition for → the text of its site file.

In: a Probe that found a listing, and what was read from its pages. Out: YAML, short and with
comments that say what was seen. Pure; called by `newsspider add`, which loads it before it is kept.
"""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import yaml
from lxml import html

from newsspider.authoring.probe import Probe
from newsspider.authoring.replay import Replayed
from newsspider.dates.zones import find_zone
from newsspider.discover.articles import ArticlePage, missing_fields
from newsspider.errors import NotReadable
from newsspider.model import FIELDS, Page
from newsspider.sites.adhoc import ANY_PAGE, adhoc_site
from newsspider.sites.listings import Listing
from newsspider.text.characters import one_line
from newsspider.text.slugs import slug
from newsspider.text.urls import host

_BETWEEN = re.compile(r"\s+[|–—·»-]\s+|\s*[|_]\s*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FIRST = ("kind", "url", "next_url", "first_page", "script", "items", "fields", "next")
_NO_NAME = re.compile(r"(?:index|default|list|home)(?:\.\w+)?|\d+")


def category_name(url: str) -> str:
    """A name for the category at an address: the last part of its path that says something."""
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    named = [re.sub(r"\.\w{1,5}$", "", part) for part in parts if not _NO_NAME.fullmatch(part)]
    name = re.sub(r"[^a-z0-9-]+", "-", slug(named[-1]).lower()).strip("-")[:40] if named else ""
    return name or "latest"


def listing_values(listing: Listing) -> dict[str, Any]:
    """A listing as a site file says it: as short as it can be."""
    values = listing.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    values["kind"] = listing.kind
    for key in ("script", "next"):
        if key in values:
            values[key] = _short_picks(values[key])
    if "fields" in values:
        values["fields"] = {name: _short_picks(picks) for name, picks in values["fields"].items()}
    return {key: values[key] for key in (*_FIRST, *values) if key in values}


def _short_picks(picks: list[dict[str, str]]) -> Any:
    short = [pick["select"] if list(pick) == ["select"] else pick for pick in picks]
    return short[0] if len(short) == 1 else short


def values_of(
    url: str, category: str, listing: Mapping[str, Any], name: str = "", title: str = ""
) -> dict[str, Any]:
    """The values of a site file with one category, before more is known of the site."""
    made = adhoc_site(url)
    of_category = {"title": title} if title else {}
    return {
        "name": name or made.name,
        "title": made.title,
        "home": made.home,
        "categories": {category: {**of_category, "listing": dict(listing)}},
        "articles": {"keys": list(made.articles.keys or ())},
    }


def page_rules(probe: Probe, read: Replayed) -> dict[str, Any]:
    """The `pages:` of the site file: {} where generic extraction reads the articles by itself."""
    assert probe.site is not None and probe.fixture is not None
    pages = []
    for sample in probe.fixture.samples:
        one, title = read.articles[sample.key], read.titles.get(sample.key, "")
        with contextlib.suppress(NotReadable):
            tree = sample.pages[0].page.document.tree
            now = probe.fixture.now
            zone = find_zone(probe.url, str(one.fields.get("language", ""))) or "UTC"
            pages.append(ArticlePage(tree, title, one.fields, one.origins, now, ZoneInfo(zone)))
    fields = missing_fields(pages) if all(sample.pages for sample in probe.fixture.samples) else {}
    shown = ANY_PAGE["article"] if probe.rendered else {"kind": "html", "missing": ["body"]}
    if fields:
        return {"article": {**shown, "fields": fields, "fallback": "all"}}
    return {"article": shown} if probe.rendered else {}


def definition(
    probe: Probe, read: Replayed, name: str, pages: Mapping[str, Any] | None = None
) -> str:
    """The site file: the same text for the same pages and day."""
    assert probe.site is not None and probe.fixture is not None and probe.start is not None
    listing = probe.site.listings_of(probe.category)[0]
    title, of_category = titles(probe.start, read)
    shown = of_category or probe.category.replace("-", " ").capitalize()
    values = values_of(probe.url, probe.category, listing_values(listing), name, shown)
    title = title or values["title"]
    language = _most(read, "language") or _declared(probe.start)
    about = {"name": values["name"], "title": title}
    if _LANGUAGE.fullmatch(language):
        about["language"] = language
    if zone := find_zone(probe.url, language):
        about["timezone"] = zone
    parts = [
        _dumped({**about, "home": values["home"]}),
        _dumped({"categories": values["categories"]}),
        *([_dumped({"pages": dict(pages)})] if pages else []),
        _dumped({"articles": values["articles"]}),
    ]
    own = list((pages or {}).get("article", {}).get("fields", ()))
    return _comments(probe, read, about, own) + "\n".join(parts)


def _comments(probe: Probe, read: Replayed, about: Mapping[str, str], own: Sequence[str]) -> str:
    fixture = probe.fixture
    assert fixture is not None and probe.site is not None
    kind = probe.site.listings_of(probe.category)[0].kind
    name, many = about["name"], len(read.articles)
    found = ", ".join(f"{row.field} {row.have}" for row in rows(read) if row.have)
    missing = ", ".join(row.field for row in rows(read) if not row.have)
    by = f"by generic extraction but for {', '.join(own)}" if own else "without rules of their own"
    lines = [
        f"{about['title']}, as `newsspider add {probe.url}` found it on {fixture.now:%Y-%m-%d}.",
        f"Seen: a listing ({kind}) of {read.links} links; articles, read {by}: of {many}, so many "
        f"had: {found}." + (f" None had: {missing}." if missing else ""),
        "Unchecked: the listing's further pages, other categories, what the site allows"
        + (", the time zone." if "timezone" in about else "."),
        f"`newsspider test {name}` reads the saved pages again, `newsspider check {name}` looks at "
        "the site.",
    ]
    wrapped = (textwrap.wrap(_printable(line), 98, break_long_words=False) for line in lines)
    return "".join(f"# {row}\n" for rows_ in wrapped for row in rows_)


@dataclass(frozen=True, slots=True)
class Row:
    """A field: how many of the articles have it, how far to trust it, an example, who said it."""

    field: str
    have: int
    trust: str
    example: str
    origin: str


# What a page says to machines, or a rule of the site; what is worked out from looks is less sure,
# and these are guesses: `address` is the host's name or a date in it, `title` the browser's tab.
_STATED = ("json-ld", "opengraph", "meta", "html", "rule", "listing", "worked out", "microdata")
_GUESSED = ("address", "htmldate", "title", "text")


# Fields that few sites have: their absence is no news.
_SELDOM = ("digest", "original_title", "tags")


def rows(read: Replayed) -> Iterator[Row]:
    """Each field of the articles."""
    whole = [one for one in read.articles.values() if not one.fault]
    for name in (info.rule for info in FIELDS.values() if info.rule):
        having = [one for one in whole if one.fields.get(name)]
        if not having and name in _SELDOM:
            continue
        value: Any = having[0].fields[name] if having else ""
        example = (
            value if isinstance(value, str) else (" ".join if name == "body" else ", ".join)(value)
        )
        origins = [one.origins.get(name, "") for one in having]
        alike = name == "title" and len({str(one.fields["title"]) for one in having}) < len(having)
        trust = "low" if alike else _trust(origins, len(whole)) if having else ""
        said = ", ".join(filter(None, dict.fromkeys(origins)))
        yield Row(name, len(having), trust, one_line(example[:300]), said)


def _trust(origins: Sequence[str], of: int) -> str:
    means = {origin.partition(": ")[2] or origin for origin in origins}
    if means & {*_GUESSED}:
        return "low"
    return "high" if means <= {*_STATED} and len(origins) == of else "fair"


def titles(page: Page, read: Replayed) -> tuple[str, str]:
    """What the page calls the site and itself, "" where it does not."""
    try:
        tree = page.document.tree
    except NotReadable:
        return _most(read, "source"), ""
    if tree.find(".//title") is None or tree.find("body") is None or _is_xml(page):
        return _most(read, "source"), ""
    parts = [part for part in _BETWEEN.split(_text(tree.find(".//title"))) if part]
    names = tree.xpath("//meta[@property='og:site_name']/@content")
    site = one_line(str(names[0])).strip()[:100] if names else ""
    if not site and parts:
        named = [part for part in parts if _is_host(part, page.url)]
        site = max(named, key=len, default="")
        site = site or parts[-1 if urlsplit(page.url).path.strip("/") else 0]
    own = [part for part in parts if part != site]
    home = not urlsplit(page.url).path.strip("/")  # where the rest of the title is a slogan
    return site[:100], ("" if home or not own else own[0][:100])


def _is_host(name: str, url: str) -> bool:
    """Whether a name is the host's: `The Portal` is www.theportal.example."""
    letters = re.sub(r"^the |[^a-z0-9]", "", name.lower())
    return len(letters) > 2 and letters in re.sub(r"[^a-z0-9]", "", host(url))


def _is_xml(page: Page) -> bool:
    return page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"<feed"))


def _text(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(one_line("".join(element.itertext())[:2000]).split())


def _declared(page: Page) -> str:
    try:
        return str(page.document.tree.get("lang") or "")
    except NotReadable:
        return ""


def _most(read: Replayed, name: str) -> str:
    """What most articles say of a field."""
    said = [one.fields.get(name) for one in read.articles.values()]
    counted = Counter(text for text in said if isinstance(text, str) and text)
    return one_line(counted.most_common(1)[0][0])[:100] if counted else ""


def _printable(text: str) -> str:
    """A line of a comment: what YAML takes for the end of a line would end it."""
    return "".join(sign for sign in text if sign.isprintable())


class _Dumper(yaml.SafeDumper):
    """Lists of words on one line, everything else on its own."""


def _short_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    flow = all(isinstance(value, str) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=flow)


_Dumper.add_representer(list, _short_list)


def _dumped(values: Mapping[str, Any]) -> str:
    dumped: str = yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    return dumped
