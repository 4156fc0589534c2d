"""What the ledger remembers, as values: a link, a post, how a listing was last asked.

In: a Link, or the columns of a row. Out: the row's value, or the columns again. Pure: `decide` and
the exporters read these, only `ledger` reads and writes the database they come from.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from newsspider.article import Link


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
    """What of a link tells that the article behind it changed: its title, its time, and when a
    sitemap or a feed says that it changed."""
    changed = link.fields.get("lastmod", "")
    return f"{link.title}\n{link.time}" + (f"\n{changed}" if changed else "")


def dump_link(link: Link) -> str:
    return json.dumps(asdict(link), ensure_ascii=False, separators=(",", ":"), default=str)


def load_link(url: str, link: str) -> Link:
    """The link as its listing had it; one that cannot be read must not hold up the others."""
    try:
        return Link(**json.loads(link))
    except (ValueError, TypeError):
        return Link(url=url)


def columns(value: Published | Validators) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in value.__dataclass_fields__)
