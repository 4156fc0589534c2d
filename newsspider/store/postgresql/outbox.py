"""The outbox of a fleet: what its workers have read, on its way to the folder of the site.

In: an Entry of a worker, in the transaction that settles its link. Out: the entries in the order of
their numbers, each of which is deleted in the transaction that settles it in the ledger. So each
is published once, whoever dies at whatever moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsspider.store.postgresql.database import Database

_CONTENT = ("article", "recipe", "settings", "judged")
_COLUMNS = "seq, key, run, source, content"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a worker has read it, and how its crawl says that it is published. `article`
    and `recipe` are the values of an Article and of a Recipe, `settings` those of the crawl, `run`
    the worker's, `source` that of the crawl (`site/category`, or an address), whose history shows
    what is doubtful if it is `judged`."""

    key: str
    run: int
    source: str
    article: Mapping[str, Any]
    recipe: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    judged: bool = False
    seq: int = 0

    @property
    def content(self) -> str:
        """The columns of the article, as JSON."""
        values = {name: getattr(self, name) for name in _CONTENT}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def add(db: Database, entry: Entry, group: str, epoch: int) -> None:
    """Add an entry of the holder of a lease."""
    db.do(
        "INSERT INTO outbox (key, run, source, host_group, epoch, content)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (entry.key, entry.run, entry.source, group, epoch, entry.content),
    )


def waiting(db: Database, most: int = 20) -> list[Entry]:
    """Return the first entries that wait, in the order of their numbers, `most` at most."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT ?",  # noqa: S608
        (most,),
    )
    return [
        Entry(key=key, run=run, source=source, seq=seq, **json.loads(content))
        for seq, key, run, source, content in rows
    ]


def count(db: Database, state: str = "waiting") -> int:
    """Return how many entries are in a state."""
    row = db.row("SELECT COUNT(*) FROM outbox WHERE state = ?", (state,))
    return int(row[0]) if row else 0


def finish(db: Database, entry: Entry) -> None:
    """Delete an entry that is settled, with all notes that wait for a commit."""
    db.lazily()
    db.do("DELETE FROM outbox WHERE seq = ?", (entry.seq,))
    db.flush()


def fail(db: Database, entry: Entry, reason: str) -> None:
    """Keep an entry that cannot be published, with the reason."""
    db.flush()
    db.do("UPDATE outbox SET state = 'failed', reason = ? WHERE seq = ?", (reason, entry.seq))


def failed(db: Database) -> Iterator[tuple[int, str, str]]:
    """Yield the number, the key and the reason of each entry that cannot be published."""
    yield from db.rows("SELECT seq, key, reason FROM outbox WHERE state = 'failed' ORDER BY seq")
