"""Any news page → an article, without a definition of its site.

In: a `Page` (hostile), the moment of the crawl, the site's zone. Out: an `Extracted`: each field
with where it came from. Pure: no network, no Scrapy. It stands in for the rules of a site file
where those find nothing, and for all of them where a site has none. The order of the steps is
that of `extract`; docs/extraction.md says what each brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import html

from newsspider.dates import Precision
from newsspider.dates.zones import find_zone
from newsspider.extraction.generic.body import find_body
from newsspider.extraction.generic.classify import find_rejection, opens
from newsspider.extraction.generic.headline import find_headline
from newsspider.extraction.generic.headline_context import read_headline_context
from newsspider.extraction.generic.jsonld_body import read_jsonld_body
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.meta import (
    find_canonical,
    find_language,
    find_summary,
    find_tags,
)
from newsspider.extraction.generic.page_lines import read_lines, write
from newsspider.extraction.generic.paging import find_next
from newsspider.extraction.generic.people import find_people
from newsspider.extraction.generic.pictures import find_images
from newsspider.extraction.generic.structured import Structured, structured_of
from newsspider.extraction.generic.times import Clockwork, Times, find_times
from newsspider.model import Image, Page, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article as its page tells it. What nobody says is empty.

    `body` is HTML, `text` its text, a line for each line a reader sees, without figure captions.
    `images` has the lead picture first. `next` is the address of the next page of the same article.
    `rejection` says why the page is no article.
    `origins` says where each field was found: json-ld, opengraph, meta, microdata, time, h1,
    heading, title, pattern, byline, address, html, text, htmldate; for the body the readings that
    have it, as in trafilatura+layout (see `voters`).
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
    summary: str = ""
    language: str = ""
    canonical: str = ""
    tags: tuple[str, ...] = ()
    next: str = ""
    rejection: Rejection | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`Paywalled`, `NotAnArticle`, `BotCheck`; "" for an article."""
        return self.rejection.verdict if self.rejection else ""


def extract(page: Page, *, now: datetime, zone: ZoneInfo | None = None) -> Extracted:
    """Read an article page. `now` is aware; a time that tells no zone is in `zone`, else in the one
    that the page's language and address suggest. Raises NotReadable for what is no HTML at all."""
    tree = page.document.tree
    said = page.document.once(structured_of)
    lines = read_lines(_body(tree), page.url)
    language, language_from = find_language(tree, said, lines)
    headline = find_headline(tree, said, lines)
    around = read_headline_context(lines, headline)
    told = [] if said.costs() else read_jsonld_body(said, page.url)
    body = find_body(tree, lines, around.at, headline.text, told)
    clock = Clockwork(now, zone or ZoneInfo(find_zone(page.url, language) or "UTC"), language)
    times = find_times(tree, said, around, page.url, clock)
    ending = [line.text for line in _ending(lines, body.lines)]
    people = find_people(tree, said, around, ending, page.url)
    images = find_images(said, body.lines, lines, page.url)
    below = opens(lines, around.at)
    rejection = find_rejection(tree, said, headline.text, body.lines, lines, below)
    facts, facts_from = _facts(tree, said, page.url)
    origins = {
        "title": headline.origin,
        "published": times.published_from,
        "modified": times.modified_from,
        **people.origins,
        "body": body.origin,
        "images": "opengraph" if images and said.first("og:image") else "html" if images else "",
        "language": language_from,
        **facts_from,
    }
    return Extracted(
        title=headline.text,
        **_moments(times),
        authors=people.authors,
        editor=people.editor,
        source=people.source,
        body=write(body.lines),
        text="\n".join(line.text for line in body.lines if line.kind not in ("img", "caption")),
        images=images,
        language=language,
        **facts,
        next=find_next(tree, page.url),
        rejection=rejection,
        origins={name: origin for name, origin in origins.items() if origin},
    )


def _facts(tree: html.HtmlElement, said: Structured, url: str) -> tuple[dict[str, Any], ...]:
    """What a page says of its article and need not show: the values, and their origins."""
    found: dict[str, tuple[Any, str]] = {
        "summary": find_summary(said),
        "tags": find_tags(said),
        "canonical": find_canonical(tree, said, url),
    }
    values = {name: value for name, (value, _) in found.items()}
    return values, {name: origin for name, (_, origin) in found.items()}


def _moments(times: Times) -> dict[str, Any]:
    return {
        "published": times.published and times.published.at,
        "published_precision": times.published and times.published.precision,
        "modified": times.modified and times.modified.at,
        "modified_precision": times.modified and times.modified.precision,
    }


def extract_page(html: str, url: str) -> dict[str, Any]:
    """`extract` for a page that is text already, as a plain dictionary: title, date (ISO 8601, to
    the minute where the page tells it), author, source, body_text, images, and the other fields."""
    page = Page(url=url or "", body=html.encode("utf-8", "replace"))
    found = extract(page, now=datetime.now(UTC))
    return {
        "title": found.title,
        "date": _iso(found.published, found.published_precision),
        "modified": _iso(found.modified, found.modified_precision),
        "author": list(found.authors),
        "editor": found.editor,
        "source": found.source,
        "body": found.body,
        "body_text": found.text,
        "images": [image.url for image in found.images],
        "captions": [image.caption for image in found.images],
        "summary": found.summary,
        "language": found.language,
        "canonical": found.canonical,
        "tags": list(found.tags),
        "next": found.next,
        "verdict": found.verdict,
        "reason": found.rejection.reason if found.rejection else "",
        "origins": dict(found.origins),
    }


def _ending(lines: Sequence[Line], body: Sequence[Line]) -> list[Line]:
    """The last lines of the text and those below it, where editors are named."""
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
