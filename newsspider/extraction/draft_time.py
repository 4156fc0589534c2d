"""When the article of a draft was published: the time that its sources give most precisely.

In: a Draft. Out: a Moment that a source states, or a guess and what it is; the time of the last
change. Pure. Called by `extraction.assemble`, and by `extraction.reading` to know whether another
page is needed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from newsspider.dates import Moment, best, counts_from_now, day_of_id, from_id, read_time
from newsspider.dates.zones import zone_of_address, zone_of_language
from newsspider.extraction.draft import Draft, first, ranked

_NEAR = timedelta(days=1)
_LATER = timedelta(days=36525)
# What a time is that generic extraction did not find as that of the publication, by its origin.
_UNSURE = {"modified": "modified", "htmldate": "guess"}


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


def guess_of(draft: Draft, now: datetime) -> tuple[Moment | None, str]:
    """Return a time that is not stated as that of the publication, and what it is; None without
    one."""
    language = language_of(draft)
    for name, fields in ranked(draft):
        if kind := _unsure(draft, name):
            moment = read_time(
                fields.get("time"), now=now, zone=zone_of(draft, now), language=language
            )
            if moment:
                return moment, kind
    return None, ""


def _unsure(draft: Draft, part: str) -> str:
    """Return what the time of a part is, if it is not stated as that of the publication."""
    return _UNSURE.get(draft.origins.get(part, {}).get("published", ""), "")


def moment_of(draft: Draft, now: datetime) -> Moment | None:
    """Return the most precise time that a source gives for the publication.

    A relative time ("3 hours ago") far from the day in the article's id is ignored: it was written
    long before the page was read.
    """
    hint, moments = day_of_id(draft.number), []
    language, zone = language_of(draft), zone_of(draft, now)
    for name, fields in ranked(draft):
        text, then = fields.get("time"), draft.link.time_listed(now) if name == "listing" else now
        if not text or _unsure(draft, name):
            continue
        moment = read_time(text, now=then, zone=zone, hint=hint, language=language)
        stale = moment and hint and abs(moment.at.date() - hint) > _NEAR
        moments.append(None if stale and counts_from_now(str(text), language) else moment)
    return best(moments)
