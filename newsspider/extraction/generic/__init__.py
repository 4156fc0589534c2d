"""Any news page → an article, without a definition of its site.

In: a `Page` (hostile), the moment of the crawl, the site's time zone. Out: an `Extracted`: the
fields, each with its origin. Called by `extraction.page`, for the fields that the rules of a site
do not find or for all fields of a site without rules, and by `authoring.probe`. Pure: no network,
no Scrapy. The steps run in the order of `extract`; docs/extraction.md shows what each brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from lxml import html

from newsspider.dates import Precision
from newsspider.dates.zones import zone_of_address
from newsspider.extraction.generic.about_authors import without_about_authors
from newsspider.extraction.generic.body import find_body
from newsspider.extraction.generic.classify import find_rejection, opens
from newsspider.extraction.generic.headline import find_headline
from newsspider.extraction.generic.headline_context import read_headline_context
from newsspider.extraction.generic.jsonld_body import read_jsonld_body
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.media_post import read_media_post
from newsspider.extraction.generic.meta import (
    find_canonical,
    find_language,
    find_section,
    find_summary,
    find_tags,
)
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.paging import find_next
from newsspider.extraction.generic.people import find_people
from newsspider.extraction.generic.picture_post import read_picture_post
from newsspider.extraction.generic.pictures import find_images
from newsspider.extraction.generic.state import read_state
from newsspider.extraction.generic.structured import Node, Structured, structured_of
from newsspider.extraction.generic.texts import size, text_line
from newsspider.extraction.generic.times import Clockwork, Times, find_times
from newsspider.extraction.generic.write_lines import write
from newsspider.model import Image, Page, Rejection, Verdict
from newsspider.text.document import Document
from newsspider.text.script_data import script_values

_LITTLE = 1000  # letters: for a page that shows fewer, its scripts are read
_MOST_HEADINGS = 20
_UNSURE = ("modified", "htmldate")  # origins of a time that is not stated as that of publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The article of a page. A field that the page does not have is empty.

    `body` is HTML. `text` is its text, a line for each line that a reader sees, without captions.
    `images` has the lead picture first. `next` is the address of the next page of the same article.
    `rejection` is the reason why the page is not an article.
    `origins` maps each field to its origin: json-ld, opengraph, meta, microdata, time, h1, heading,
    title, pattern, byline, profile, address, html, script, state, text, modified, guess, htmldate;
    the body to the extractors that have it, as in trafilatura+layout (see `extractors`).
    """

    title: str = ""
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    modified_precision: Precision | None = None
    authors: tuple[str, ...] = ()
    editor: str = ""
    source: str = ""
    body: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    images: tuple[Image, ...] = ()
    section: str = ""
    summary: str = ""
    language: str = ""
    canonical: str = ""
    tags: tuple[str, ...] = ()
    next: str = ""
    rejection: Rejection | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`Paywalled`, `NotAnArticle` or `BotCheck`; "" for an article."""
        return self.rejection.verdict if self.rejection else ""


def extract(page: Page, *, now: datetime, zone: ZoneInfo | None = None) -> Extracted:
    """Return the article of a page.

    `now` is aware. A time without a zone is in `zone`, else in the zone that the page's address and
    language suggest. Raises NotReadable if the page is empty or not HTML."""
    page.document.once(_elements)
    structured = page.document.once(structured_of)
    shown = _extract(page, structured, now, zone)
    if size(shown.text) >= _LITTLE or shown.verdict == Verdict.PAYWALLED or structured.costs():
        return shown
    node = _node_of_state(page, structured, shown)
    if node and size(node["articleBody"]) >= 2 * size(shown.text):
        return _built(page, structured, node, shown, now, zone, "state")
    node = _node_of_media(page, structured, shown)
    return _built(page, structured, node, shown, now, zone, "json-ld") if node else shown


def _built(
    page: Page,
    structured: Structured,
    node: Node,
    shown: Extracted,
    now: datetime,
    zone: ZoneInfo | None,
    node_origin: str,
) -> Extracted:
    """Return the article of a page with what a `node` states that the page itself does not."""
    stated = {name: value for name, value in structured.article.items() if value}
    article = {**node, **stated, "articleBody": node["articleBody"]}
    built = _extract(page, replace(structured, article=article), now, zone)
    origins = {
        name: node_origin if origin == "json-ld" != shown.origins.get(name) else origin
        for name, origin in built.origins.items()
    }
    return replace(built, origins=origins)


def _elements(document: Document) -> list[html.HtmlElement]:
    """Return the elements of a page, for the document to hold: lxml makes the Python object of an
    element anew on each walk over the tree, unless something holds it."""
    return list(document.tree.iter())


def _node_of_state(page: Page, structured: Structured, shown: Extracted) -> Node:
    """Return the article in the data of the page's scripts; an empty node without one."""
    tree = page.document.tree
    if "<img" not in shown.body and (post := read_picture_post(tree)):
        return post
    names = _names(tree, structured, shown)
    alone = shown.rejection is None or not shown.rejection.lists
    return read_state(script_values(tree), names, page.url, alone)


def _node_of_media(page: Page, structured: Structured, shown: Extracted) -> Node:
    """Return the post about the film or the broadcast that a page without a text is about; an empty
    node for another page. Without a time of publication a page is as likely a player."""
    if (shown.rejection and shown.rejection.lists) or (shown.text and not shown.rejection):
        return {}
    sure = shown.origins.get("published") not in _UNSURE
    time = _iso(shown.published, shown.published_precision) if sure else ""
    names = _names(page.document.tree, structured, shown)
    post = read_media_post(structured, names, page.url)
    node = {"headline": shown.title, "datePublished": time, **post}
    return node if "articleBody" in node and node["datePublished"] else {}


def _names(tree: html.HtmlElement, structured: Structured, shown: Extracted) -> list[str]:
    """Return the names of a page, among them that of its article."""
    headings = islice(tree.iter("title", "h1", "h2"), _MOST_HEADINGS)
    return [shown.title, *structured.meta.get("og:title", ()), *map(text_line, headings)]


def _extract(page: Page, structured: Structured, now: datetime, zone: ZoneInfo | None) -> Extracted:
    tree = page.document.tree
    lines = read_lines(_body(tree), page.url)
    language, language_from = find_language(tree, structured, lines)
    headline = find_headline(tree, structured, lines, page.url)
    context = read_headline_context(lines, headline)
    jsonld_lines = [] if structured.costs() else read_jsonld_body(structured, page.url)
    body = find_body(tree, lines, context.at, headline.text, jsonld_lines, page.url)
    clock = Clockwork(now, zone or zone_of_address(page.url), language)
    times = find_times(tree, structured, context, page.url, clock)
    ending = [line.text for line in _ending(lines, body.lines)]
    people = find_people(tree, structured, context, ending, page.url)
    text_lines = without_about_authors(list(body.lines), people.authors)
    images = find_images(structured, text_lines, lines, people.authors, page.url)
    images_from = "opengraph" if structured.first("og:image") else "html"
    below = opens(lines, context.at)
    rejection = find_rejection(tree, structured, headline.text, body.lines, lines, below)
    metadata, metadata_origins = _metadata(tree, structured, page.url)
    origins = {
        "title": headline.origin,
        "published": times.published_from,
        "modified": times.modified_from,
        **people.origins,
        "body": body.origin,
        "images": images_from if images else "",
        "language": language_from,
        **metadata_origins,
    }
    return Extracted(
        title=headline.text,
        **_moments(times),
        authors=people.authors,
        editor=people.editor,
        source=people.source,
        body=write(text_lines),
        text="\n".join(line.text for line in text_lines if line.kind not in ("img", "caption")),
        images=images,
        language=language,
        **metadata,
        next=find_next(tree, page.url),
        rejection=rejection,
        origins={name: origin for name, origin in origins.items() if origin},
    )


def _metadata(
    tree: html.HtmlElement, structured: Structured, url: str
) -> tuple[dict[str, Any], ...]:
    """Return the values of the fields that a page need not show, and their origins."""
    fields: dict[str, tuple[Any, str]] = {
        "section": find_section(structured),
        "summary": find_summary(structured),
        "tags": find_tags(structured),
        "canonical": find_canonical(tree, structured, url),
    }
    values = {name: value for name, (value, _) in fields.items()}
    return values, {name: origin for name, (_, origin) in fields.items()}


def _moments(times: Times) -> dict[str, Any]:
    return {
        "published": times.published and times.published.at,
        "published_precision": times.published and times.published.precision,
        "modified": times.modified and times.modified.at,
        "modified_precision": times.modified and times.modified.precision,
    }


def extract_page(html: str, url: str) -> dict[str, Any]:
    """Return the article of a page that is already text, as a plain dictionary.

    Its keys are title, date (ISO 8601, to the minute if the page has a time of day), author,
    source, body_text, images and more. Raises NotReadable if the page is empty or not HTML."""
    page = Page(url=url or "", body=html.encode("utf-8", "replace"))
    article = extract(page, now=datetime.now(UTC))
    return {
        "title": article.title,
        "date": _iso(article.published, article.published_precision),
        "modified": _iso(article.modified, article.modified_precision),
        "author": list(article.authors),
        "editor": article.editor,
        "source": article.source,
        "body": article.body,
        "body_text": article.text,
        "images": [image.url for image in article.images],
        "captions": [image.caption for image in article.images],
        "summary": article.summary,
        "language": article.language,
        "canonical": article.canonical,
        "tags": list(article.tags),
        "next": article.next,
        "verdict": article.verdict,
        "reason": article.rejection.reason if article.rejection else "",
        "origins": dict(article.origins),
    }


def _ending(lines: Sequence[Line], body: Sequence[Line]) -> list[Line]:
    """Return the last lines of the text and those below it, which name editors."""
    if not body:
        return []
    end = next((number for number, line in enumerate(lines) if line is body[-1]), -1)
    if end < 0:
        return list(body[-5:])
    return list(lines[max(0, end - 5) : end + 8])


def _iso(at: datetime | None, precision: Precision | None) -> str:
    if at is None or precision is None:
        return ""
    return at.isoformat(timespec="minutes") if precision >= Precision.MINUTE else f"{at:%Y-%m-%d}"


def _body(tree: html.HtmlElement) -> html.HtmlElement:
    body = tree.find("body")
    return tree if body is None else body
