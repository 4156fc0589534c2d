"""What the ledger remembers, as values: a link, a post, how a listing was last asked.

In: a Link, or the columns of a row. Out: the row's value, or the columns again. Pure: `decide` and
the exporters read these, only `ledger` reads and writes the database they come from.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from newsspider.dates import counts_from_now
from newsspider.model import Link

_LISTED_AT = "read"  # what the links of ledgers call it since their first version


@dataclass(frozen=True, slots=True)
class Known:
    """A link as an earlier look at its listing left it."""

    state: str
    seen: str
    reason: str
    source: str
    published: str
    stocks: str | None = None  # market and code of each, as in `1.600941 0.000002`


@dataclass(frozen=True, slots=True)
class Published:
    """An article that has a post, or had one. What Jekyll builds the address from is here, and
    never changes: path, category, date. An empty hash: the file's content is not known to be ours.
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
    """What the first page of a listing is asked with, and whether it was paged to the end."""

    etag: str = ""
    modified: str = ""
    finished: bool = False
    looked: str = ""


def seen(link: Link) -> str:
    """What of a link tells that the article behind it changed, a line each: its title, its time,
    and when a sitemap or a feed says that it changed. `3小时前` is another text an hour later."""
    told = [link.title, "" if counts_from_now(link.time) else link.time]
    told += [str(link.fields["lastmod"])] if link.fields.get("lastmod") else []
    return "\n".join(" ".join(text.split()) for text in told)


def has_changed(before: str, now: str) -> bool:
    """Whether an article changed between two times that its link was `seen`: another title, or
    another time where both tell one."""
    old, new = before.split("\n"), now.split("\n")
    return old[0] != new[0] or any(
        one and other and one != other for one, other in zip(old[1:], new[1:], strict=False)
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


def columns(value: Published | Validators) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in value.__dataclass_fields__)
