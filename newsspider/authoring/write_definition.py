"""A probe of a site without a definition → the text of its site file.

In: a Probe that has a fixture, and what was read from its pages. Out: YAML, short, with comments
about what was found. Called by `newsspider add`, which loads the text before it writes the file;
the probe spider takes `values_of` from here. Pure.
"""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import html

from newsspider.authoring.probe import Probe
from newsspider.authoring.replay import Replayed
from newsspider.authoring.yaml_text import dumped, listing_values
from newsspider.dates.zones import find_zone, zone_of_offsets
from newsspider.discover.articles import ArticlePage, missing_fields
from newsspider.errors import NotReadable
from newsspider.listing.section import section_of_page
from newsspider.model import FIELDS, Page
from newsspider.sites.adhoc import ANY_PAGE, adhoc_site
from newsspider.text.characters import counted, one_line
from newsspider.text.slugs import slug
from newsspider.text.urls import host

_BETWEEN = re.compile(r"\s+[|–—·»-]\s+|\s*[|_]\s*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_NAME = re.compile(r"(?:index|default|list|home)(?:\.\w+)?|\d+")


def category_name(url: str) -> str:
    """Return a name for the category at an address: the last part of its path that is a name."""
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    names = [re.sub(r"\.\w{1,5}$", "", part) for part in parts if not _NO_NAME.fullmatch(part)]
    name = re.sub(r"[^a-z0-9-]+", "-", slug(names[-1]).lower()).strip("-")[:40] if names else ""
    return name or "latest"


def values_of(
    url: str, category: str, listing: Mapping[str, Any], name: str = "", title: str = ""
) -> dict[str, Any]:
    """Return the values of a site file with one category, before more is known of the site."""
    site = adhoc_site(url)
    of_category = {"title": title} if title else {}
    return {
        "name": name or site.name,
        "title": site.title,
        "home": site.home,
        "categories": {category: {**of_category, "listing": dict(listing)}},
        "articles": {"keys": list(site.articles.keys or ())},
    }


def page_rules(probe: Probe, read: Replayed) -> dict[str, Any]:
    """Return the `pages` of the site file; {} if generic extraction is enough for the articles."""
    assert probe.site is not None and probe.fixture is not None
    pages = []
    for sample in probe.fixture.samples:
        article, title = read.articles[sample.key], read.titles.get(sample.key, "")
        with contextlib.suppress(NotReadable):
            tree = sample.pages[0].page.document.tree
            now = probe.fixture.now
            zone = _zone(probe, read, str(article.fields.get("language", ""))) or "UTC"
            pages.append(
                ArticlePage(tree, title, article.fields, article.origins, now, ZoneInfo(zone))
            )
    fields = missing_fields(pages) if all(sample.pages for sample in probe.fixture.samples) else {}
    shown = ANY_PAGE["article"] if probe.rendered else {"kind": "html", "missing": ["body"]}
    if fields:
        return {"article": {**shown, "fields": fields, "fallback": "all"}}
    return {"article": shown} if probe.rendered else {}


def definition(
    probe: Probe, read: Replayed, name: str, pages: Mapping[str, Any] | None = None
) -> str:
    """Return the text of the site file; it depends only on the pages and the day."""
    assert probe.site is not None and probe.fixture is not None and probe.start is not None
    title, shown = titles(probe.start, read)[0], category_title(probe, read)
    values = values_of(probe.url, probe.category, listing_of(probe), name, shown)
    title = title or values["title"]
    language = _most(read, "language") or _declared(probe.start)
    about = {"name": values["name"], "title": title}
    if _LANGUAGE.fullmatch(language):
        about["language"] = language
    if zone := _zone(probe, read, language):
        about["timezone"] = zone
    parts = [
        dumped({**about, "home": values["home"]}),
        dumped({"categories": values["categories"]}),
        *([dumped({"pages": dict(pages)})] if pages else []),
        dumped({"articles": values["articles"]}),
    ]
    selected = list((pages or {}).get("article", {}).get("fields", ()))
    return _comments(probe, read, about, selected) + "\n".join(parts)


def _zone(probe: Probe, read: Replayed, language: str) -> str:
    """Return the name of the site's zone, as `extraction.draft` finds it for an article; "" if
    nothing names one."""
    texts = [str(article.fields.get("time", "")) for article in read.articles.values()]
    moments = [datetime.fromisoformat(text) for text in texts if text]
    country = find_zone(probe.url)
    return country or zone_of_offsets(moments, language) or find_zone(probe.url, language)


def listing_of(probe: Probe) -> dict[str, Any]:
    """Return the listing of a probe as a site file has it."""
    assert probe.site is not None
    return listing_values(probe.site.listings_of(probe.category)[0])


def category_title(probe: Probe, read: Replayed) -> str:
    """Return the name of the section that the probe's page shows, else one made from its
    address."""
    assert probe.start is not None
    site, of_category = titles(probe.start, read)
    name = section_of_page(probe.start, site) or read.section or of_category
    return name or probe.category.replace("-", " ").capitalize()


def category_values(probe: Probe, read: Replayed) -> dict[str, Any]:
    """Return the values of a category for a site file that exists."""
    return {"title": category_title(probe, read), "listing": listing_of(probe)}


def _comments(
    probe: Probe, read: Replayed, about: Mapping[str, str], selected: Sequence[str]
) -> str:
    """Return the comments at the head of the file. `selected` names the fields that have selectors
    of their own."""
    fixture = probe.fixture
    assert fixture is not None and probe.site is not None
    kind = probe.site.listings_of(probe.category)[0].kind
    name, many = about["name"], len(read.articles)
    present = ", ".join(f"{row.field} {row.have}" for row in rows(read) if row.have)
    absent = ", ".join(row.field for row in rows(read) if not row.have)
    lines = [
        f"{about['title']}: {probe.url}",
        f"Written by `newsspider add` on {fixture.now:%Y-%m-%d}.",
        f"The listing is of kind {kind}; its first page has {counted(read.links, 'link')}. "
        "Articles are read by generic extraction"
        + (f", except for {', '.join(selected)}: see `pages`." if selected else "."),
        f"Fields found in {counted(many, 'article')}: {present}."
        + (f" Not found: {absent}." if absent else ""),
        "Not checked: further pages of the listing, other categories, the site's terms of use"
        + (", the time zone." if "timezone" in about else "."),
        f"`newsspider check --saved {name}` reads the saved pages again, `newsspider check {name}` "
        "the site itself.",
    ]
    wrapped = (textwrap.wrap(_printable(line), 98, break_long_words=False) for line in lines)
    return "".join(f"# {row}\n" for rows_ in wrapped for row in rows_)


@dataclass(frozen=True, slots=True)
class Row:
    """A field: the number of articles that have it, how far to trust it, an example, its origin."""

    field: str
    have: int
    trust: str
    example: str
    origin: str


# Origins to trust: a page's metadata, the site's rules. Less sure: text found by its position.
# Guesses: `address` is the host's name or a date in the address, `title` the title of the tab.
_STATED = (
    "json-ld",
    "opengraph",
    "meta",
    "html",
    "rule",
    "listing",
    "worked out",
    "microdata",
    "state",
)
_GUESSED = ("address", "htmldate", "title", "text")

# Fields that few sites have: their absence is not worth a row.
_SELDOM = ("digest", "original_title", "section", "tags")


def rows(read: Replayed) -> Iterator[Row]:
    """Yield a row for each field of the articles."""
    whole = [article for article in read.articles.values() if not article.fault]
    for name in (info.rule for info in FIELDS.values() if info.rule):
        having = [article for article in whole if article.fields.get(name)]
        if not having and name in _SELDOM:
            continue
        value: Any = having[0].fields[name] if having else ""
        example = (
            value if isinstance(value, str) else (" ".join if name == "body" else ", ".join)(value)
        )
        origins = [article.origins.get(name, "") for article in having]
        texts = {str(article.fields[name]) for article in having}
        alike = name == "title" and len(texts) < len(having)
        trust = "low" if alike else _trust(origins, len(whole)) if having else ""
        origin = ", ".join(filter(None, dict.fromkeys(origins)))
        yield Row(name, len(having), trust, one_line(example[:300]), origin)


def _trust(origins: Sequence[str], of: int) -> str:
    """Return "high", "fair" or "low" for a field with these origins in `of` articles."""
    means = {origin.partition(": ")[2] or origin for origin in origins}
    if means & {*_GUESSED}:
        return "low"
    return "high" if means <= {*_STATED} and len(origins) == of else "fair"


def titles(page: Page, read: Replayed) -> tuple[str, str]:
    """Return the titles of the site and of the category from the page; "" for a missing one."""
    try:
        tree = page.document.tree
    except NotReadable:
        return _most(read, "source"), ""
    if tree.find(".//title") is None or tree.find("body") is None or _is_xml(page):
        return _most(read, "source"), ""
    parts = [part for part in _BETWEEN.split(_text(tree.find(".//title"))) if part]
    declared = tree.xpath("//meta[@property='og:site_name']/@content")
    site = one_line(str(declared[0])).strip()[:100] if declared else ""
    if not site and parts:
        of_host = [part for part in parts if _is_host(part, page.url)]
        site = max(of_host, key=len, default="")
        site = site or parts[-1 if urlsplit(page.url).path.strip("/") else 0]
    own = [part for part in parts if part != site]
    home = not urlsplit(page.url).path.strip("/")  # there, the rest of the title is a slogan
    return site[:100], ("" if home or not own else own[0][:100])


def _is_host(name: str, url: str) -> bool:
    """Return whether a name is part of the host's: `The Portal` of www.theportal.example."""
    letters = re.sub(r"^the |[^a-z0-9]", "", name.lower())
    return len(letters) > 2 and letters in re.sub(r"[^a-z0-9]", "", host(url))


def _is_xml(page: Page) -> bool:
    return page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"<feed"))


def _text(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(one_line("".join(element.itertext())[:2000]).split())


def _declared(page: Page) -> str:
    """Return the language that the page declares."""
    try:
        return str(page.document.tree.get("lang") or "")
    except NotReadable:
        return ""


def _most(read: Replayed, name: str) -> str:
    """Return the most frequent text of a field among the articles."""
    values = [article.fields.get(name) for article in read.articles.values()]
    counted = Counter(value for value in values if isinstance(value, str) and value)
    return one_line(counted.most_common(1)[0][0])[:100] if counted else ""


def _printable(text: str) -> str:
    """Return a comment's line without the characters that YAML takes for the end of a line."""
    return "".join(sign for sign in text if sign.isprintable())
