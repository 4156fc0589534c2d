"""The outbox of a fleet: what its workers have read, on its way to the folder of the site.

In: an Entry of a worker, an article in the transaction that settles its link. Out: the entries in
the order of their numbers, each of which is deleted in the transaction that settles it in the
ledger. So each is published once, whoever dies at whatever moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from newsspider.store.postgresql.database import Database

Kind = Literal["article", "pictures", "removal", "report"]

_COLUMNS = "seq, kind, key, run, source, content"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a worker sends: an article, the later pictures of one, the removal of its post, or the
    report of a job. `key` is that of the article, or the group of the job; `run` the worker's;
    `source` that of the crawl of an article (`site/category`, or an address). `values` are
    what its kind has, as JSON has it (see `crawling/received.py`), `files` the bytes that go with
    them."""

    kind: Kind
    key: str
    run: int
    source: str
    values: Mapping[str, Any]
    files: Sequence[bytes] = field(default=(), repr=False)
    seq: int = 0


def add(db: Database, entry: Entry, group: str, epoch: int) -> None:
    """Add an entry of the holder of a lease."""
    content = json.dumps(entry.values, ensure_ascii=False, separators=(",", ":"))
    db.do(
        "INSERT INTO outbox (kind, key, run, source, host_group, epoch, content, files)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?::bytea[])",
        (
            *(entry.kind, entry.key, entry.run, entry.source, group, epoch),
            *(content, list(entry.files)),
        ),
    )


def waiting(db: Database, most: int = 20) -> list[Entry]:
    """Return the first entries that wait, in the order of their numbers, `most` at most; without
    their files."""
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT ?",  # noqa: S608
        (most,),
    )
    return [
        Entry(kind, key, run, source, json.loads(content), seq=seq)
        for seq, kind, key, run, source, content in rows
    ]


def with_files(db: Database, entry: Entry) -> Entry:
    """Return an entry with its files."""
    row = db.row("SELECT files FROM outbox WHERE seq = ?", (entry.seq,))
    return replace(entry, files=row[0]) if row else entry


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
