"""When the article of a draft was published: the time that its sources give most precisely.

In: a Draft. Out: a Dating: a Moment that a source states, or a guess and what it is; the time of
the last change. Pure. Called by `extraction.assemble`, and by `extraction.reading` to know whether
another page is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from newsspider.dates import Moment, best, counts_from_now, day_of_id, from_id, read_time
from newsspider.dates.zones import zone_of_address, zone_of_language
from newsspider.extraction.draft import Draft, first, ranked

_NEAR = timedelta(days=1)
_LATER = timedelta(days=36525)
# What a time is that generic extraction did not find as that of the publication, by its origin.
_UNSURE = {"modified": "modified", "htmldate": "guess"}


@dataclass(frozen=True, slots=True)
class Dating:
    """When an article was published, and the part of its draft that gives it, "" for its id.
    `dated_by` is what the time is if no source states it as that of the publication."""

    moment: Moment
    part: str = ""
    dated_by: str = ""


def time_to_come(draft: Draft, now: datetime) -> datetime | None:
    """Return the time of an article whose sources give only one that is later than `now`; None
    without one. Where many articles have such a time, the clock of this machine is wrong."""
    moment = moment_of(draft, now + _LATER) or from_id(
        draft.number, now=now + _LATER, zone=draft.site.zone
    )
    return moment.at if moment else None


def modified_of(draft: Draft, now: datetime) -> datetime | None:
    """Return the time of the last change that a source states; None without one."""
    text, language = first(draft, "modified"), language_of(draft)
    moment = read_time(text, now=now, zone=zone_of(draft, now), language=language)
    return moment.at if moment else None


def language_of(draft: Draft) -> str:
    """Return the language in which the article's times are written: the page's or the site's."""
    return str(first(draft, "language")) or draft.site.language


def zone_of(draft: Draft, now: datetime) -> tzinfo:
    """Return the zone of the article's times: the site's, else that of the country in the address,
    else the offset from UTC that a source states, else that of the language."""
    site = draft.site
    if site.timezone:
        return site.zone
    if zone := zone_of_address(draft.link.url) or zone_of_address(site.home):
        return zone
    for _, fields in ranked(draft):
        for name in ("time", "modified"):
            moment = read_time(fields.get(name), now=now, zone=UTC)
            if moment and moment.offset:
                return timezone(moment.offset)
    return zone_of_language(language_of(draft)) or UTC


def _unsure(draft: Draft, part: str) -> str:
    """Return what the time of a part is, if it is not stated as that of the publication."""
    return _UNSURE.get(draft.origins.get(part, {}).get("published", ""), "")


def moment_of(draft: Draft, now: datetime) -> Moment | None:
    """Return the most precise time that a source gives for the publication."""
    return best(moment for _, moment in _stated(draft, now))


def dating_of(draft: Draft, now: datetime) -> Dating | None:
    """Return when the article was published, and where that is from: the source that states it most
    precisely, else the article's id, else what only may be it; None without a time."""
    stated = tuple(_stated(draft, now))
    if (most := best(moment for _, moment in stated)) is not None:
        return Dating(most, next(name for name, moment in stated if moment is most))
    if (of_id := from_id(draft.number, now=now, zone=draft.site.zone)) is not None:
        return Dating(of_id)
    return _guess(draft, now)


def _stated(draft: Draft, now: datetime) -> Iterator[tuple[str, Moment]]:
    """Yield the sources that state the time of the publication, each with that time.

    A relative time ("3 hours ago") far from the day in the article's id is ignored: it was written
    long before the page was read.
    """
    hint, language, zone = day_of_id(draft.number), language_of(draft), zone_of(draft, now)
    for name, fields in ranked(draft):
        text, then = fields.get("time"), draft.link.time_listed(now) if name == "listing" else now
        if not text or _unsure(draft, name):
            continue
        moment = read_time(text, now=then, zone=zone, hint=hint, language=language)
        if moment is None:
            continue
        is_stale = hint and abs(moment.at.date() - hint) > _NEAR
        if not (is_stale and counts_from_now(str(text), language)):
            yield name, moment


def _guess(draft: Draft, now: datetime) -> Dating | None:
    """Return a time that is not stated as that of the publication, and what it is; None without
    one."""
    language, zone = language_of(draft), zone_of(draft, now)
    for name, fields in ranked(draft):
        if kind := _unsure(draft, name):
            moment = read_time(fields.get("time"), now=now, zone=zone, language=language)
            if moment:
                return Dating(moment, name, kind)
    return None
