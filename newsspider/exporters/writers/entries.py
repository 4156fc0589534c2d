"""What the feeds share: their newest articles, and the parts of an entry.

In: rows. Out: rows and texts. Pure. `rss`, `atom` and `jsonfeed` use it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import PurePath

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About

MOST = 200  # entries of a feed: feed readers fetch the whole file every hour
_LONG_AGO = "1970-01-01T00:00:00+00:00"  # of a feed without articles


def newest(rows: Iterable[Row]) -> list[Row]:
    """Return the last articles, the newest first."""
    return [*reversed(deque(rows, MOST))]


def updated(row: Row) -> str:
    """Return when the article was last changed, in ISO 8601."""
    return str(row["modified"] or row["published"] or _LONG_AGO)


def last_updated(rows: list[Row]) -> str:
    """Return when the newest change of all was."""
    return max(map(updated, rows), default=_LONG_AGO)


def entry_id(row: Row, about: About) -> str:
    """Return the id of an entry: that of the site's own feed, which never changes."""
    return f"{about.feed_id}post/{PurePath(row['post']).stem}"


def link(row: Row) -> str:
    """Return the address of the article's page; that of its source if the site states no `url`."""
    address = row["address"] or ""
    return address if address.startswith(("http://", "https://")) else str(row["link"])


def names(row: Row) -> list[str]:
    """Return who wrote the article; its source if that is not known."""
    return row["authors"] or [row["source"] or row["site"] or "unknown"]


def terms(row: Row) -> list[str]:
    """Return the category and the keywords of an article, each once."""
    return list(dict.fromkeys(filter(None, (row["tag"] or row["category"], *row["tags"]))))


def full_text(row: Row) -> str:
    """Return digest and text as HTML."""
    digest = row["digest"] and f"<blockquote>{row['digest']}</blockquote>"
    return f"{digest}{row['body']}"
