"""What the ledger remembers, as values: a link, a post, how a listing was last asked.

In: a Link, or the columns of a row. Out: the row's value, or the columns again. Pure: `triage` and
the publisher read these, and only a ledger reads and writes the database they come from.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from newsspider.dates import counts_from_now
from newsspider.model import Link

_LISTED_AT = "read"  # what the links of ledgers call it since their first version


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link as an earlier run left it: `seen` and `reason` from its listing, the rest from its
    article, "" until that is fetched."""

    state: str
    seen: str
    reason: str
    source: str
    published: str
    stocks: str | None = None  # market and code of each, as in `1.600941 0.000002`


@dataclass(frozen=True, slots=True)
class PublishedPost:
    """An article that has a post, had one or was promised one (`state`).

    A site builder makes the post's address of `path` (the file's name), `category` and `date`: they
    never change. `hash` is of the content that we wrote, "" where it is not known to be ours,
    `intended` of the content that was promised last and not yet kept, `run` the run that promised.
    """

    key: str
    site: str
    id: str
    path: str
    category: str
    tag: str
    date: str
    link: str
    state: str
    hash: str
    intended: str
    run: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What the first page of a listing is asked with (ETag, Last-Modified), whether an earlier run
    paged it to the end, and when that run began to look (ISO 8601)."""

    etag: str = ""
    modified: str = ""
    finished: bool = False
    looked: str = ""


def seen(link: Link) -> str:
    """What shows that the article behind a link changed, on a line each: its title, its time (""
    for one like `3小时前`, which is another text an hour later), and the time of the last change
    where a sitemap or a feed gives one."""
    lines = [link.title, "" if counts_from_now(link.time) else link.time]
    if link.fields.get("lastmod"):
        lines.append(str(link.fields["lastmod"]))
    return "\n".join(" ".join(line.split()) for line in lines)


def has_changed(before: str, now: str) -> bool:
    """Whether an article changed between two times that its link was `seen`: its title differs, or
    a time that both have."""
    (old_title, *old_times), (new_title, *new_times) = before.split("\n"), now.split("\n")
    return old_title != new_title or any(
        old and new and old != new for old, new in zip(old_times, new_times, strict=False)
    )


def dump_link(link: Link, now: str) -> str:
    """The link as JSON, with the moment (ISO 8601) that its time counts from."""
    if not link.listed_at and counts_from_now(link.time):
        link = replace(link, listed_at=now)
    values = asdict(link)
    if listed_at := values.pop("listed_at"):
        values[_LISTED_AT] = listed_at
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)


def load_link(url: str, link: str) -> Link:
    """The link as its listing had it; one that cannot be read must not hold up the others."""
    try:
        values = json.loads(link)
        return Link(listed_at=values.pop(_LISTED_AT, ""), **values)
    except (ValueError, TypeError, AttributeError):
        return Link(url=url)


def columns(value: PublishedPost | Validators) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in value.__dataclass_fields__)
