"""When an article was published and last changed.

In: the tree of a page, its structured data, the lines near the headline, the address, the crawl's
moment and the site's time zone. Out: `Times`. Called by `extract`. A time in structured data counts
first; the line near the headline gives the minute if structured data has only a day; then the day
in the address. What remains is unsure: the time of a change, and a day that htmldate finds anywhere
on the page.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree, html

from newsspider.dates import Moment, Precision, counts_from_now, read_time
from newsspider.dates.zones import zone_of_language
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.script_times import times_of_scripts
from newsspider.extraction.generic.structured import Structured, plain
from newsspider.extraction.generic.time_labels import (
    Label,
    LabelledTime,
    label_alone,
    labelled_times,
    times_of_elements,
)
from newsspider.text.budget import unmeasured

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
_LOOKS_LIKE_TIME = re.compile(
    r"\d{1,2}:\d\d|\d{4}\D{1,3}\d{1,2}\D|\d{1,2}\s*[月월]\s*\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|(?<!\d)(?:19|20|25|14|13)\d\d(?!\d)"  # also of the Buddha and of Iran; `2026م`
    r"|\d{1,2}/\d{1,2} ?\(|[\u0e00-\u0e7f]\.? ?\d\d\b"  # 9/29(火), 29 ก.ย. 69
    r"|[前刚]|[분간일주월] ?전\b|방금|오늘|어제",
)
# The text begins: `2019年2月27日下午，…实地考察。` is the time of an event.
_SENTENCE = re.compile(r"(?s:.{50})[。！？]|(?s:.{70})[.!?][”’」\"']?$")
_LONGEST_VALUE, _LONGEST_LINE = 80, 160  # characters
_CLOCKLESS = re.compile(r"\d{1,2}[:：.h]\s?\d\d")
_IN_URL = re.compile(
    r"(?<!\d)(20[0-4]\d)(?:([/_.-])(\d{1,2})\2(\d{1,2})|(?:[/-])?(\d\d)[/-]?(\d\d))(?!\d{1,3}(?!\d))"
)
# `10-0812:00`, `18-03-0823:16`: day and time are in two elements without a space between them.
_GLUED = re.compile(r"(?<!\d)(?:(20)?(\d\d)([-/.]))?(\d\d)([-/.])(\d\d)(?=\d\d:\d\d)")

_MOST_IN_SCRIPTS = 5
_LATER = timedelta(days=36525)
_MOST_MENTIONS = 50  # of a year on a page that are looked at


@dataclass(frozen=True, slots=True)
class Times:
    """When the article was published and changed, each with its origin."""

    published: Moment | None = None
    modified: Moment | None = None
    published_from: str = ""
    modified_from: str = ""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What a time is read with: the crawl's moment, the site's zone (None if neither the site nor
    its address gives one), the page's language."""

    now: datetime
    zone: tzinfo | None
    language: str = ""
    hint: date | None = None  # for a day without a year

    def read(self, text: str) -> Moment | None:
        """Return the time in a text, or None."""
        if not text:
            return None
        zone = self.zone or zone_of_language(self.language) or UTC
        return read_time(text, now=self.now, zone=zone, hint=self.hint, language=self.language)


class _Origin(NamedTuple):
    """A time, and where on the page it is."""

    moment: Moment
    origin: str


def find_times(
    tree: html.HtmlElement,
    structured: Structured,
    context: HeadlineContext,
    url: str,
    clock: Clockwork,
) -> Times:
    """Return when the article was published and changed, with origins; None for an unknown time."""
    elements = list(times_of_elements(tree))
    published = list(_published_values(structured, elements))
    published += [(text, "script") for text in islice(times_of_scripts(tree), _MOST_IN_SCRIPTS)]
    modified = list(_modified_values(structured, elements))
    clock = _in_zone(clock, [text for text, _ in (*published, *modified)], context)
    stated, changes = list(_exact(published, clock)), list(_exact(modified, clock))
    changed = tuple(moment for moment, origin in changes if origin == "time")
    shown = _shown(context, clock, changed)
    changes += [_Origin(shown.modified, "pattern")] if shown.modified else []
    best = _stated(stated, shown.published, clock)
    if best is None and shown.published:
        in_year = _in_its_year(shown.published, context, changed, tree, url, clock)
        best = _Origin(in_year, "pattern")
    best = best or _in_address(url, clock)
    if best is None and changes:
        best = _Origin(changes[0].moment, "modified")
    best = best or _guess(tree, clock) or _to_come(published, clock)
    change = next(iter(changes), None)
    return Times(
        best and best.moment,
        change and change.moment,
        best.origin if best else "",
        change.origin if change else "",
    )


def _to_come(published: Iterable[tuple[str, str]], clock: Clockwork) -> _Origin | None:
    """Return a stated time that is later than the crawl: the clock of this machine may be wrong."""
    return next(_exact(published, replace(clock, now=clock.now + _LATER)), None)


def _stated(stated: list[_Origin], shown: Moment | None, clock: Clockwork) -> _Origin | None:
    """Return the time of publication in structured data, corrected and completed by the one that is
    shown; None if structured data has none."""
    if not stated:
        return None
    best = stated[0]
    exact = shown is not None and shown.precision >= Precision.MINUTE
    if shown and exact and _same_day(shown, best.moment):
        # Chinese sites write the moment of their last push into the meta tags (sina.com.cn).
        if clock.language.startswith("zh"):
            return _Origin(shown, "pattern")
        best = _Origin(_as_shown(best.moment, shown), best.origin)
    if best.moment.precision >= Precision.MINUTE:
        return best
    others = [*stated[1:], *([_Origin(shown, "pattern")] if shown else [])]
    finer = (
        other
        for other in others
        if other.moment.precision >= Precision.MINUTE and _same_day(other.moment, best.moment)
    )
    return next(finer, best)


def _as_shown(stated: Moment, shown: Moment) -> Moment:
    """Return a time of structured data. One without a zone is in UTC if it then is the moment that
    is shown."""
    in_utc = stated.at.replace(tzinfo=UTC)
    if stated.offset is not None or abs(in_utc - shown.at) >= timedelta(minutes=1):
        return stated
    return replace(stated, at=in_utc.astimezone(stated.at.tzinfo))


def _in_zone(clock: Clockwork, texts: list[str], context: HeadlineContext) -> Clockwork:
    """Return the clock with a zone: the site's, else the first offset from UTC that the page
    states, else that of its language. `Z` and `+00:00` are what programs write anywhere."""
    if clock.zone is not None:
        return clock
    moments = [moment for moment, _ in _exact(((text, "") for text in texts), clock)]
    moments += filter(None, _shown(context, clock, ()))
    offset = next((moment.offset for moment in moments if moment.offset), None)
    zone = timezone(offset) if offset else zone_of_language(clock.language)
    return replace(clock, zone=zone or UTC)


def _published_values(
    structured: Structured, elements: Iterable[LabelledTime]
) -> Iterator[tuple[str, str]]:
    """Yield the times of publication in structured data and their origins, the surest first."""
    for key in ("datePublished", "dateCreated", "uploadDate", "coverageStartTime"):
        yield plain(structured.article.get(key)), "json-ld"
    for name in _PUBLISHED:
        for text in structured.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for key in ("datepublished", "datecreated"):
        for text in structured.items.get(key, ()):
            yield text, "microdata"
    for node in structured.nodes:
        yield plain(node.get("datePublished") or node.get("pubDate")), "json-ld"
    # The times without a label on a live blog are those of its entries.
    live = "LiveBlogPosting" in structured.types()
    for wanted in (Label.PUBLISHED, *(() if live else (Label.NONE,))):
        yield from ((text, "time") for label, text in elements if label is wanted)


def _modified_values(
    structured: Structured, elements: Iterable[LabelledTime]
) -> Iterator[tuple[str, str]]:
    """Yield the times of change in structured data and their origins, the surest first."""
    yield plain(structured.article.get("dateModified")), "json-ld"
    for name in _MODIFIED:
        for text in structured.meta.get(name, ()):
            yield text, "opengraph" if ":" in name else "meta"
    for text in structured.items.get("datemodified", ()):
        yield text, "microdata"
    yield from ((text, "time") for label, text in elements if label is Label.MODIFIED)


def _exact(values: Iterable[tuple[str, str]], clock: Clockwork) -> Iterator[_Origin]:
    """Yield the times of values in structured data; a value that is longer than any time has
    none."""
    for text, origin in values:
        if len(text) <= _LONGEST_VALUE and (moment := clock.read(text)):
            yield _Origin(moment, origin)


class _Shown(NamedTuple):
    """The times near the headline."""

    published: Moment | None
    modified: Moment | None


def _shown(context: HeadlineContext, clock: Clockwork, changed: Collection[Moment]) -> _Shown:
    """Return the times near the headline: the first with a time of day, else the first day; and the
    first that is labelled as that of a change. `changed` are those that elements mark as such."""
    days: list[Moment] = []
    changes: list[Moment] = []
    label = Label.NONE
    for line, following in pairwise([*context.head, *context.above, ""]):
        parts = [
            (own is Label.MODIFIED or (not own and label is Label.MODIFIED), moment)
            for own, moment in _times_of_line(line, following, clock)
        ]
        changes += [moment for is_change, moment in parts if is_change]
        for moment in (moment for is_change, moment in parts if not is_change):
            if any(abs(moment.at - change.at) < timedelta(minutes=1) for change in changed):
                continue
            if moment.precision < Precision.MINUTE:
                days.append(moment)
            elif not days or _same_day(moment, days[0]):
                return _Shown(moment, next(iter(changes), None))
        label = label_alone(line)
    return _Shown(next(iter(days), None), next(iter(changes), None))


class _Part(NamedTuple):
    """A time in a line, and its label."""

    label: Label
    moment: Moment


def _times_of_line(line: str, following: str, clock: Clockwork) -> Iterator[_Part]:
    """Yield the times in a line near the headline."""
    if len(line) > _LONGEST_LINE or _SENTENCE.search(line):
        return
    times = labelled_times(_GLUED.sub(_apart, line))
    for label, text in times:
        if moment := _of_line(text, following if len(times) == 1 else "", clock):
            yield _Part(label, moment)


def _in_its_year(
    shown: Moment,
    context: HeadlineContext,
    changed: Collection[Moment],
    tree: html.HtmlElement,
    url: str,
    clock: Clockwork,
) -> Moment:
    """Return the time shown. One without a year (`01-14 17:58`, baijiahao.baidu.com) is read in the
    year that the page names elsewhere."""
    earlier = shown.at.date() - timedelta(days=400)
    if _shown(context, replace(clock, hint=earlier), changed).published == shown:
        return shown
    named = _in_address(url, clock) or _guess(tree, clock)
    if named is None:
        return shown
    hinted = _shown(context, replace(clock, hint=named.moment.at.date()), changed).published
    return hinted if hinted and _same_day(hinted, named.moment) else shown


def _of_line(line: str, following: str, clock: Clockwork) -> Moment | None:
    """Return the time in a part of a line; the time of day may be in the following line."""
    if not (_LOOKS_LIKE_TIME.search(line) or counts_from_now(line, clock.language)):
        return None
    in_two = not _CLOCKLESS.search(line) and len(following) < 30 and _CLOCKLESS.match(following)
    moment = clock.read(f"{line} {following}") if in_two else None
    return moment or clock.read(line)


def _apart(match: re.Match[str]) -> str:
    year = f"20{match[2]}-" if match[2] else ""
    return f"{year}{match[4]}-{match[6]} "


def _same_day(first: Moment, second: Moment) -> bool:
    return abs(first.at - second.at) < timedelta(hours=36)


def _in_address(url: str, clock: Clockwork) -> _Origin | None:
    """Return the day in the address."""
    if m := _IN_URL.search(urlsplit(url).path):
        day = f"{m[1]}-{int(m[3] or m[5]):02d}-{int(m[4] or m[6]):02d}"
        if moment := clock.read(day):
            return _Origin(moment, "address")
    return None


def _guess(tree: html.HtmlElement, clock: Clockwork) -> _Origin | None:
    """Return the day that htmldate finds on the page. It makes the first of January of a year alone
    and the first of a month of a month, so a first must be on the page."""
    from copy import deepcopy

    with unmeasured():
        from htmldate import find_date

    with contextlib.suppress(Exception):
        text = find_date(deepcopy(tree), original_date=True, max_date=f"{clock.now:%Y-%m-%d}")
        moment = clock.read(text or "")
        if moment and (moment.at.day != 1 or _is_written(moment.at.date(), tree, clock)):
            return _Origin(moment, "htmldate")
    return None


def _is_written(day: date, tree: html.HtmlElement, clock: Clockwork) -> bool:
    """Return whether a page has a day in full."""
    text = etree.tostring(tree, encoding="unicode")
    for m in islice(re.finditer(rf"(?<!\d){day.year}(?!\d)", text), _MOST_MENTIONS):
        moment = clock.read(text[max(0, m.start() - 40) : m.end() + 20])
        if moment and moment.at.date() == day:
            return True
    return False
