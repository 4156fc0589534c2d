"""When an article was published and last changed.

In: the tree of a page, its structured data, the lines near the headline, the address, the crawl's
moment and the site's time zone. Out: `Times`. Called by `extract`. A time in structured data has a
zone and counts first; the line near the headline gives the minute if structured data has only a
day. htmldate comes last: it searches the whole page and gives a day.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree, html

from newsspider.dates import Moment, Precision, counts_from_now, read_time
from newsspider.dates.locales import plain as plain_text
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.structured import Structured, plain
from newsspider.languages import compiled

_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("datepublished", "date.published", "publishdate", "publish_date", "publish-date"),
    *("published_time", "publication_date", "pubdate", "article.published", "publishedtime"),
    *("parsely-pub-date", "sailthru.date", "dcterms.created", "dcterms.date", "dc.date.issued"),
    *("dc.date", "dc.date.created", "dcterms.issued", "cxenseparse:recs:publishtime"),
    *("article_date_original", "originalpublicationdate", "citation_publication_date"),
    *("rnews:datepublished", "apub:time", "firstpublished", "weibo:article:create_at"),
    *("bt:pubdate", "og:release_date", "releasedate", "date", "pub_date", "created", "ptime"),
    *("datecreated", "og:pubdate", "published", "time", "vr:published_time", "article:published"),
)
_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified"),
    *("dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "bt:moddate"),
    *("article:modified", "article_date_updated", "revision_date", "weibo:article:update_at"),
)
_PUBLISHED_MARK = re.compile(r"(?:^|[\s_-])(?:entry-date|published|pubdate|publish)", re.I)
_MODIFIED_MARK = compiled("modified")
_LOOKS_LIKE_TIME = re.compile(
    r"\d{1,2}:\d\d|\d{4}\D{1,3}\d{1,2}\D|\d{1,2}\s*[月월]\s*\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\b(?:19|20)\d\d\b"
    r"|[前刚]|[분간일주월] ?전\b|방금|오늘|어제",
)
# The text begins: `2019年2月27日下午，…实地考察。` is the time of an event.
_SENTENCE = re.compile(r"(?s:.{50})[。！？]|(?s:.{70})[.!?][”’」\"']?$")
_CLOCKLESS = re.compile(r"\d{1,2}[:：.h]\s?\d\d")
_IN_URL = re.compile(
    r"(?<!\d)(20[0-4]\d)(?:([/_.-])(\d{1,2})\2(\d{1,2})|(?:[/-])?(\d\d)[/-]?(\d\d))(?!\d{1,3}(?!\d))"
)
# `10-0812:00`, `18-03-0823:16`: day and time are in two elements without a space between them.
_GLUED = re.compile(r"(?<!\d)(?:(20)?(\d\d)([-/.]))?(\d\d)([-/.])(\d\d)(?=\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Times:
    """When the article was published and changed, each with its origin."""

    published: Moment | None = None
    modified: Moment | None = None
    published_from: str = ""
    modified_from: str = ""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What a time is read with: the crawl's moment, the site's zone, the page's language."""

    now: datetime
    zone: ZoneInfo
    language: str = ""
    hint: date | None = None  # for a day without a year

    def read(self, text: str) -> Moment | None:
        """Return the time in a text, or None."""
        if not text:
            return None
        return read_time(text, now=self.now, zone=self.zone, hint=self.hint, language=self.language)


def find_times(
    tree: html.HtmlElement,
    structured: Structured,
    context: HeadlineContext,
    url: str,
    clock: Clockwork,
) -> Times:
    """Return when the article was published and changed, with origins; None for an unknown time."""
    values = _published_values(tree, structured)
    candidates = [(m, origin) for text, origin in values if (m := _exact(text, clock))]
    shown = _shown(context, clock)
    best, origin = candidates[0] if candidates else (None, "")
    in_chinese = clock.language.startswith("zh")
    exact = shown is not None and shown.precision >= Precision.MINUTE
    if best and shown and exact and in_chinese and _same_day(shown, best):
        # Chinese sites write the moment of their last push into the meta tags (sina.com.cn).
        best, origin = shown, "pattern"
    if best is not None and best.precision < Precision.MINUTE:
        finer = [
            (moment, place)
            for moment, place in [*candidates[1:], *([(shown, "pattern")] if shown else [])]
            if moment.precision >= Precision.MINUTE and _same_day(moment, best)
        ]
        best, origin = finer[0] if finer else (best, origin)
    if best is None and shown is not None:
        best, origin = _in_its_year(shown, context, tree, url, clock), "pattern"
    if best is None:
        best, origin = _last_resort(tree, url, clock)
    changed = next(
        ((m, o) for text, o in _modified_values(structured) if (m := _exact(text, clock))),
        (None, ""),
    )
    return Times(best, changed[0], origin, changed[1])


def _published_values(tree: html.HtmlElement, structured: Structured) -> Iterator[tuple[str, str]]:
    """Yield the times of publication in structured data and their origins, the surest first."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield plain(structured.article.get(key)), "json-ld"
    for name in _PUBLISHED:
        for text in structured.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for key in ("datepublished", "datecreated"):
        for text in structured.items.get(key, ()):
            yield text, "microdata"
    for node in structured.nodes:
        yield plain(node.get("datePublished") or node.get("pubDate")), "json-ld"
    times = [t for t in tree.iter("time") if t.get("datetime")][:20]
    for mark in (True, False):
        for element in times:
            marked = element.get("pubdate") is not None or bool(
                _PUBLISHED_MARK.search(f"{element.get('class') or ''} {element.get('itemprop')}")
            )
            changed = _MODIFIED_MARK.search(element.get("class") or "")
            if marked is mark and not changed and not _in_teaser(element):
                yield element.get("datetime") or "", "time"


def _in_teaser(element: etree._Element) -> bool:
    """Return whether a time belongs to another article: in a list, a side bar, a link."""
    for _, parent in zip(range(12), element.iterancestors(), strict=False):
        if parent.tag in ("aside", "a", "li", "nav", "footer"):
            return True
    return False


def _modified_values(structured: Structured) -> Iterator[tuple[str, str]]:
    """Yield the times of change in structured data and their origins, the surest first."""
    yield plain(structured.article.get("dateModified")), "json-ld"
    for name in _MODIFIED:
        for text in structured.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for text in structured.items.get("datemodified", ()):
        yield text, "microdata"


def _exact(text: str, clock: Clockwork) -> Moment | None:
    """Return the time of a value in structured data; None if it is longer than any time."""
    if not text or len(text) > 80:
        return None
    return clock.read(text)


def _shown(context: HeadlineContext, clock: Clockwork) -> Moment | None:
    """Return the time near the headline: the first with a time of day, else the first day."""
    days: list[Moment] = []
    changed: list[Moment] = []
    for line, following in pairwise([*context.head, *context.above, ""]):
        moment = _of_line(_GLUED.sub(_apart, line), following, clock)
        if moment is None:
            continue
        if _is_change(line):
            changed.append(moment)
        elif moment.precision < Precision.MINUTE:
            days.append(moment)
        elif not days or _same_day(moment, days[0]):
            return moment
    return next(iter(days or changed), None)


def _is_change(line: str) -> bool:
    """Return whether the time of a line is that of a change.

    A line with both begins with the publication: `입력 2026.11.22. 수정 2026.11.23.`"""
    mark = _MODIFIED_MARK.search(line)
    if mark is None:
        return False
    before, after = line[: mark.start()], line[mark.end() :]
    return not (re.search(r"\d", before) and re.search(r"\d", after))


def _in_its_year(
    shown: Moment, context: HeadlineContext, tree: html.HtmlElement, url: str, clock: Clockwork
) -> Moment:
    """Return the time shown. One without a year (`01-14 17:58`, baijiahao.baidu.com) is read in the
    year that the page names elsewhere."""
    earlier = shown.at.date() - timedelta(days=400)
    if _shown(context, replace(clock, hint=earlier)) == shown:
        return shown
    named, _ = _last_resort(tree, url, clock)
    hinted = _shown(context, replace(clock, hint=named.at.date())) if named else None
    return hinted if hinted and named and _same_day(hinted, named) else shown


def _of_line(line: str, following: str, clock: Clockwork) -> Moment | None:
    """Return the time in a line near the headline; the time of day may be in the following line."""
    if len(line) > 160 or _SENTENCE.search(line):
        return None
    if not (_LOOKS_LIKE_TIME.search(plain_text(line)) or counts_from_now(line, clock.language)):
        return None
    in_two = not _CLOCKLESS.search(line) and len(following) < 30 and _CLOCKLESS.match(following)
    moment = clock.read(f"{line} {following}") if in_two else None
    return moment or clock.read(line)


def _apart(match: re.Match[str]) -> str:
    year = f"20{match[2]}-" if match[2] else ""
    return f"{year}{match[4]}-{match[6]} "


def _same_day(first: Moment, second: Moment) -> bool:
    return abs(first.at - second.at) < timedelta(hours=36)


def _last_resort(tree: html.HtmlElement, url: str, clock: Clockwork) -> tuple[Moment | None, str]:
    """Return the day in the address, else the one that htmldate finds, and its origin."""
    if m := _IN_URL.search(urlsplit(url).path):
        day = f"{m[1]}-{int(m[3] or m[5]):02d}-{int(m[4] or m[6]):02d}"
        if moment := clock.read(day):
            return moment, "address"
    from copy import deepcopy

    from htmldate import find_date

    with contextlib.suppress(Exception):
        text = find_date(deepcopy(tree), original_date=True, max_date=f"{clock.now:%Y-%m-%d}")
        if text and (moment := clock.read(text)):
            return moment, "htmldate"
    return None, ""
