"""When an article was published and last changed.

In: the tree, what the page says for machines, the lines near the headline, the crawl's moment and
the site's zone. Out: `Times`. A time for machines has its zone and counts first; the line near the
headline gives the minute where the machine's time is a day only. htmldate is asked last: it looks
everywhere and tells a day.
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
# The text begins: `2019年2月27日下午，…实地考察。` tells when something happened.
_SENTENCE = re.compile(r"(?s:.{50})[。！？]|(?s:.{70})[.!?][”’」\"']?$")
_CLOCKLESS = re.compile(r"\d{1,2}[:：.h]\s?\d\d")
_IN_URL = re.compile(
    r"(?<!\d)(20[0-4]\d)(?:([/_.-])(\d{1,2})\2(\d{1,2})|(?:[/-])?(\d\d)[/-]?(\d\d))(?!\d{1,3}(?!\d))"
)
# `10-0812:00`, `18-03-0823:16`: day and time stand in two elements without a space.
_GLUED = re.compile(r"(?<!\d)(?:(20)?(\d\d)([-/.]))?(\d\d)([-/.])(\d\d)(?=\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Times:
    """When the article was published and changed, each with where that was found."""

    published: Moment | None = None
    modified: Moment | None = None
    published_from: str = ""
    modified_from: str = ""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What reading a time needs: the crawl's moment, the site's zone, the page's language."""

    now: datetime
    zone: ZoneInfo
    language: str = ""
    hint: date | None = None  # for a day without a year

    def read(self, text: str) -> Moment | None:
        """The time a text tells; None for none."""
        if not text:
            return None
        return read_time(text, now=self.now, zone=self.zone, hint=self.hint, language=self.language)


def find_times(
    tree: html.HtmlElement, said: Structured, around: HeadlineContext, url: str, clock: Clockwork
) -> Times:
    """When the page says that it was published and changed."""
    told = [(m, origin) for text, origin in _machine(tree, said) if (m := _exact(text, clock))]
    shown = _shown(around, clock)
    best, origin = told[0] if told else (None, "")
    in_chinese = clock.language.startswith("zh")
    exact = shown is not None and shown.precision >= Precision.MINUTE
    if best and shown and exact and in_chinese and _same_day(shown, best):
        # Chinese sites write the moment of their last push into the meta tags (sina.com.cn).
        best, origin = shown, "pattern"
    if best is not None and best.precision < Precision.MINUTE:
        finer = [
            (moment, place)
            for moment, place in [*told[1:], *([(shown, "pattern")] if shown else [])]
            if moment.precision >= Precision.MINUTE and _same_day(moment, best)
        ]
        best, origin = finer[0] if finer else (best, origin)
    if best is None and shown is not None:
        best, origin = _in_its_year(shown, around, tree, url, clock), "pattern"
    if best is None:
        best, origin = _last_resort(tree, url, clock)
    changed = next(
        ((m, o) for text, o in _machine_changed(said) if (m := _exact(text, clock))), (None, "")
    )
    return Times(best, changed[0], origin, changed[1])


def _machine(tree: html.HtmlElement, said: Structured) -> Iterator[tuple[str, str]]:
    """Times of publication told for machines, the surest first."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield plain(said.article.get(key)), "json-ld"
    for name in _PUBLISHED:
        for text in said.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for key in ("datepublished", "datecreated"):
        for text in said.items.get(key, ()):
            yield text, "microdata"
    for node in said.nodes:
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
    """Whether a time is that of another article: in a list, a side bar, a link."""
    for _, parent in zip(range(12), element.iterancestors(), strict=False):
        if parent.tag in ("aside", "a", "li", "nav", "footer"):
            return True
    return False


def _machine_changed(said: Structured) -> Iterator[tuple[str, str]]:
    yield plain(said.article.get("dateModified")), "json-ld"
    for name in _MODIFIED:
        for text in said.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for text in said.items.get("datemodified", ()):
        yield text, "microdata"


def _exact(text: str, clock: Clockwork) -> Moment | None:
    """A time for machines."""
    if not text or len(text) > 80:
        return None
    return clock.read(text)


def _shown(around: HeadlineContext, clock: Clockwork) -> Moment | None:
    """The time near the headline: the first with a time of day, else the first day."""
    days: list[Moment] = []
    changed: list[Moment] = []
    for line, following in pairwise([*around.head, *around.above, ""]):
        moment = _of_line(_GLUED.sub(_apart, line), following, clock)
        if moment is None:
            continue
        if _tells_change(line):
            changed.append(moment)
        elif moment.precision < Precision.MINUTE:
            days.append(moment)
        elif not days or _same_day(moment, days[0]):
            return moment
    return next(iter(days or changed), None)


def _tells_change(line: str) -> bool:
    """Whether the time of a line is that of a change. A line of both begins with the publication:
    `입력 2026.11.22. 수정 2026.11.23.`"""
    mark = _MODIFIED_MARK.search(line)
    if mark is None:
        return False
    before, after = line[: mark.start()], line[mark.end() :]
    return not (re.search(r"\d", before) and re.search(r"\d", after))


def _in_its_year(
    shown: Moment, around: HeadlineContext, tree: html.HtmlElement, url: str, clock: Clockwork
) -> Moment:
    """The time shown; of one without a year (`01-14 17:58`, baijiahao.baidu.com) that of the year
    that the page names elsewhere."""
    earlier = shown.at.date() - timedelta(days=400)
    if _shown(around, replace(clock, hint=earlier)) == shown:
        return shown
    named, _ = _last_resort(tree, url, clock)
    hinted = _shown(around, replace(clock, hint=named.at.date())) if named else None
    return hinted if hinted and named and _same_day(hinted, named) else shown


def _of_line(line: str, following: str, clock: Clockwork) -> Moment | None:
    """The time that a line near the headline tells; day and time of day may stand in two."""
    if len(line) > 160 or _SENTENCE.search(line):
        return None
    if not (_LOOKS_LIKE_TIME.search(plain_text(line)) or counts_from_now(line, clock.language)):
        return None
    in_two = not _CLOCKLESS.search(line) and len(following) < 30 and _CLOCKLESS.match(following)
    moment = clock.read(f"{line} {following}") if in_two else None
    return moment or clock.read(line)


def _apart(glued: re.Match[str]) -> str:
    year = f"20{glued[2]}-" if glued[2] else ""
    return f"{year}{glued[4]}-{glued[6]} "


def _same_day(one: Moment, other: Moment) -> bool:
    return abs(one.at - other.at) < timedelta(hours=36)


def _last_resort(tree: html.HtmlElement, url: str, clock: Clockwork) -> tuple[Moment | None, str]:
    """The day in the address, else what htmldate finds."""
    if m := _IN_URL.search(urlsplit(url).path):
        day = f"{m[1]}-{int(m[3] or m[5]):02d}-{int(m[4] or m[6]):02d}"
        if moment := clock.read(day):
            return moment, "address"
    from copy import deepcopy

    from htmldate import find_date

    with contextlib.suppress(Exception):
        found = find_date(deepcopy(tree), original_date=True, max_date=f"{clock.now:%Y-%m-%d}")
        if found and (moment := clock.read(found)):
            return moment, "htmldate"
    return None, ""
