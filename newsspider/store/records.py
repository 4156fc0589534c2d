"""The rows of the ledger as values: a link, a post, a record, the validators of a listing.

In: a Link, or the columns of a row. Out: the row's value, or the columns again. Pure; `triage` and
the publisher read these values, and only a ledger reads and writes its database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import datetime
from typing import Any

from newsspider.dates import counts_from_now
from newsspider.model import EXPORTED, PARTS, Article, Link

REMOVAL = "removal"  # the `intended` of a post that is about to be removed

# Fields that no record has: the post has the text, and an event is of one run.
_UNRECORDED = ("body", "digest", "event")
# Of the parts of a field: left out where empty, as in the records from before they existed.
_YOUNGER = ("file",)
_LISTED_AT = "read"  # its JSON key in all ledgers since the first version


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link as an earlier run left it. `reason` is why it was dropped, or failed last: the name of
    a class, and for `SameStory` the key of the article that has its story. `seen`
    comes from its listing; source, publication time (ISO 8601) and stocks come from its article,
    and are empty until that is fetched."""

    state: str
    seen: str
    reason: str
    source: str
    published: str
    stocks: str | None = None  # market and code of each, as in `1.600941 0.000002`
    # Not part of what outlives the ledger: a new one begins to count.
    tries: int = field(default=0, compare=False)  # in a row that failed for this reason
    tried: str = field(default="", compare=False)  # when the last of them failed (ISO 8601)

    def failures(self, reason: str) -> int:
        """Return how often the link failed for this reason, one time after the other."""
        return self.tries if self.reason == reason else 0


@dataclass(frozen=True, slots=True)
class PublishedPost:
    """An article that has a post, had one or was promised one (`state`).

    A site builder derives the post's address from `path` (the file's name), `category` and `date`:
    they never change. `hash` is of the content that we wrote, "" if it is not known to be ours;
    `intended` is of the content of an open promise, "" without one, REMOVAL of one that the post
    goes; `run` made the last promise.
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
class Record:
    """All that is known of an article but its text, which its post has.

    `fields` are those of `fields_of`; empty for a post that is older than the records. `listings`
    are the listings that have the article (`site/category`), each with the text that shows whether
    the article has changed (see `seen`). `aliases` are its other identities. `taken_down`: its site
    no longer has it, and it is not asked for again.
    """

    post: PublishedPost
    fields: Mapping[str, Any]
    listings: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    taken_down: bool = False


@dataclass(frozen=True, slots=True)
class UnpublishedLink:
    """A link without a post, as `_newsspider/links` keeps it. `added` is when a listing first had
    it (ISO 8601)."""

    site: str
    listing: str
    key: str
    link: Link
    known: KnownLink
    tries: int
    added: str


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of a listing's first page (ETag, Last-Modified), whether an earlier run read
    the listing to its end, and when that run began (ISO 8601)."""

    etag: str = ""
    modified: str = ""
    finished: bool = False
    looked: str = ""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page of an article as it was last answered: its name in the site file, the address that was
    asked for, and the validators of the answer (ETag, Last-Modified)."""

    page: str
    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a later look at a published article needs: its link, its post, when it was last asked
    for ("" if that is not known), since when it has been missing ("" if it is not), and the answers
    of its pages in the order in which they were read. Times are in ISO 8601."""

    listing: str
    link: Link
    post: PublishedPost
    checked: str = ""
    missing: str = ""
    pages: tuple[PageAnswer, ...] = ()


def seen(link: Link) -> str:
    """Return the text that shows whether the article behind a link has changed, in lines: its
    title, its time ("" for one like `3小时前`, whose text changes every hour), and the time of the
    last change if a sitemap or a feed gives one."""
    lines = [link.title, "" if counts_from_now(link.time) else link.time]
    if link.fields.get("lastmod"):
        lines.append(str(link.fields["lastmod"]))
    return "\n".join(" ".join(line.split()) for line in lines)


def has_changed(before: str, now: str) -> bool:
    """Return whether an article changed between two texts of `seen`: its title differs, or a time
    that both have."""
    (old_title, *old_times), (new_title, *new_times) = before.split("\n"), now.split("\n")
    return old_title != new_title or any(
        old and new and old != new for old, new in zip(old_times, new_times, strict=False)
    )


def dump_link(link: Link, now: str) -> str:
    """Return the link as JSON, with the moment (ISO 8601) that a relative time counts from."""
    if not link.listed_at and counts_from_now(link.time):
        link = replace(link, listed_at=now)
    values = asdict(link)
    if listed_at := values.pop("listed_at"):
        values[_LISTED_AT] = listed_at
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)


def load_link(url: str, link: str) -> Link:
    """Return the link as its listing had it. Only the address of a link that cannot be read is
    left: it must not hold up the others."""
    try:
        values = json.loads(link)
        return Link(listed_at=values.pop(_LISTED_AT, ""), **values)
    except (ValueError, TypeError, AttributeError):
        return Link(url=url)


def fields_of(article: Article) -> dict[str, Any]:
    """Return the exported fields of an article but its text, as JSON has them: times in ISO 8601,
    shares and pictures as objects. Empty fields are left out."""
    values = {name: getattr(article, name) for name in EXPORTED if name not in _UNRECORDED}
    return {name: _json(value) for name, value in values.items() if value not in (None, "", ())}


def article_of(record: Record, digest: str = "", body: str = "") -> Article:
    """Return the article of a record, with the text of its post: `fields_of` backwards. A value of
    another type than its field's counts as not known: anybody may have written the record."""
    values: dict[str, Any] = {}
    for name, value in record.fields.items():
        read = _READERS.get(name)
        if read is not None and (known := read(value)) is not None:
            values[name] = known
    post = record.post
    if "published" not in values:
        values["published"] = recorded_time(post.date)
    values |= {"site": post.site, "key": post.key, "id": post.id, "link": post.link}
    values |= {"category": post.category, "tag": post.tag, "digest": digest, "body": body}
    return Article(**values)


def published_of(record: Record) -> datetime | None:
    """Return the time of publication of a record's article, as `article_of` does."""
    stated = record.fields.get("published")
    known = recorded_time(stated) if stated is not None else None
    return known or recorded_time(record.post.date)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else None


def recorded_time(value: Any) -> datetime | None:
    """Return a time in ISO 8601 or as front matter has it; None without an offset."""
    try:
        at = datetime.fromisoformat(value.replace(" +", "+").replace(" -", "-"))
    except (ValueError, AttributeError):
        return None
    return at if at.tzinfo else None


def _parts(kind: Callable[..., Any]) -> Callable[[Any], tuple[Any, ...] | None]:
    def read(value: Any) -> tuple[Any, ...] | None:
        try:
            parts = [{name: str(text) for name, text in part.items()} for part in value]
            return tuple(kind(**part) for part in parts)
        except (TypeError, AttributeError):
            return None

    return read


# How a value of JSON becomes one of a field, by the field's type.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "datetime | None": recorded_time,
    "tuple[str, ...]": _texts,
    **{f"tuple[{kind.__name__}, ...]": _parts(kind) for kind in PARTS.values()},
}
_READERS = {
    name: _READ[str(Article.__annotations__[name])] for name in EXPORTED if name not in _UNRECORDED
}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return {name: part for name, part in asdict(value).items() if part or name not in _YOUNGER}


def columns(value: PublishedPost | Validators) -> tuple[object, ...]:
    """Return the fields of a value, in the order of its class."""
    return tuple(getattr(value, name) for name in value.__dataclass_fields__)
