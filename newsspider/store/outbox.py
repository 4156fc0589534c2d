"""What is to be delivered to the hooks of newsspider.yml: `.newsspider/outbox.sqlite`.

In: the posts of a ledger after a run, and deliveries that were made. Out: the deliveries that are
due, oldest first. `store/folder.py` opens it, and `crawling/hooks.py` fills and empties it.

A change and its delivery are noted in one transaction, and a delivery is removed once it was made.
So a process that dies at any moment delivers nothing too little, at most something twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsspider.errors import BrokenLedger
from newsspider.store.files import FOLDER
from newsspider.store.records import PublishedPost
from newsspider.store.sqlite.database import Database

logger = logging.getLogger(__name__)

_GONE = "gone"  # in the place of a hash: the post was removed
_STEPS = (
    """
CREATE TABLE begun (number INTEGER PRIMARY KEY);  -- a row once the first run has begun
CREATE TABLE posts (key TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;  -- as last queued
CREATE TABLE deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  hook TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
  event TEXT NOT NULL, body TEXT NOT NULL, queued TEXT NOT NULL,   -- JSON; ISO 8601
  UNIQUE (hook, key)
);
""",
)


@dataclass(frozen=True, slots=True)
class PostChange:
    """A post that is new, updated or deleted (`event`) since it was last queued."""

    event: str
    post: PublishedPost


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a hook is to get: `body`, as JSON. `id` is the same each time it is tried; `key` is the
    identity of its article, or the id of its run; `queued` is when it was noted (ISO 8601)."""

    hook: str
    key: str
    id: str
    event: str
    body: str
    queued: str


_COLUMNS = ", ".join(Delivery.__dataclass_fields__)


class Outbox:
    """The open file. Raises what Database raises."""

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _STEPS)

    def close(self) -> None:
        self._db.close()

    def begin(self, posts: Iterable[PublishedPost]) -> None:
        """Note the posts that are there when the first run begins: they are not delivered."""
        with self._db.transaction():
            if self._db.do("INSERT OR IGNORE INTO begun VALUES (1)").rowcount:
                for post in posts:
                    self._db.do("REPLACE INTO posts VALUES (?, ?)", (post.key, post.hash))

    def changes(
        self, posts: Iterable[PublishedPost], post_of: Callable[[str], PublishedPost | None]
    ) -> Iterator[PostChange]:
        """Yield how the published posts differ from those that were queued last; `post_of` returns
        the post of a key, published or not. A post that a person edited has no change."""
        rows = self._db.rows("SELECT key, hash FROM posts WHERE hash != ?", (_GONE,))
        queued: dict[str, str] = dict(rows)
        waiting = self._db.rows("SELECT key FROM deliveries WHERE event = 'new'")
        unheard = {key for (key,) in waiting}
        missing = set(queued)
        for post in posts:
            missing.discard(post.key)
            if post.hash and post.hash != queued.get(post.key):
                is_new = post.key not in queued or post.key in unheard
                yield PostChange("new" if is_new else "updated", post)
        for key in sorted(missing):
            gone = post_of(key)
            if gone is not None and gone.state == "gone":
                yield PostChange("deleted", gone)

    def add(self, delivery: Delivery, post: PublishedPost | None = None) -> None:
        """Add a delivery, in place of an undelivered one of the same article, whose post this is
        then."""
        with self._db.transaction():
            self._db.do(
                f"REPLACE INTO deliveries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                tuple(getattr(delivery, name) for name in Delivery.__dataclass_fields__),
            )
            if post is not None:
                hash_ = _GONE if post.state == "gone" else post.hash
                self._db.do("REPLACE INTO posts VALUES (?, ?)", (post.key, hash_))

    def due(self) -> list[int]:
        """Return the numbers of the deliveries, the oldest first."""
        return [number for (number,) in self._db.rows("SELECT number FROM deliveries ORDER BY 1")]

    def delivery(self, number: int) -> Delivery | None:
        """Return a delivery; None if another process has made it."""
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM deliveries WHERE number = ?",  # noqa: S608 - our own names
            (number,),
        )
        return Delivery(*row) if row else None

    def remove(self, number: int) -> None:
        """Remove a delivery that was made, or is given up."""
        self._db.do("DELETE FROM deliveries WHERE number = ?", (number,))


def open_outbox(path: Path) -> Outbox:
    """Open the outbox of a folder, creating it if necessary; a broken one is replaced. Raises
    OutputError or OSError if it cannot be used."""
    file = path / FOLDER / "outbox.sqlite"
    try:
        return Outbox(file)
    except BrokenLedger as error:
        logger.warning("%s; replaced by a new one: what it had is not delivered", error)
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return Outbox(file)
