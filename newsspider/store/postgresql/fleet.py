"""The tables that the machines of a fleet share, beside those of the ledger in its database.

In: an address. Out: a Database that has them, or an OutputError. `newsspider fleet plan` creates
them and brings them to the newest version; every other role refuses what it does not know. Called
by `leases`, `outbox` and the package `fleet`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from newsspider.errors import NewerLedger, OutputError, Unwritable
from newsspider.store.postgresql.database import Database
from newsspider.store.sql.schema import STEPS

# The n-th script leads from version n to n + 1; a published one is never changed.
_STEPS = (
    """
-- Who may crawl the hosts of a group. Taking the lease raises its epoch, and every write of a
-- worker is held against it. `politeness` is what is known of the hosts, as JSON.
CREATE TABLE host_lease (
  host_group TEXT PRIMARY KEY, epoch BIGINT NOT NULL,
  holder TEXT NOT NULL,                       -- '': nobody
  taken TIMESTAMPTZ NOT NULL, saved TIMESTAMPTZ NOT NULL,
  next_request_at TIMESTAMPTZ, politeness TEXT NOT NULL DEFAULT '{}'
);
-- What workers have read, in the order in which it is published.
CREATE TABLE outbox (
  seq BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  key TEXT NOT NULL, run BIGINT NOT NULL, source TEXT NOT NULL,
  host_group TEXT NOT NULL, epoch BIGINT NOT NULL,
  content TEXT NOT NULL,                      -- an Entry, as JSON
  state TEXT NOT NULL DEFAULT 'waiting',      -- waiting, failed
  reason TEXT NOT NULL DEFAULT '', noted TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting';
-- When each crawl was last given to the workers.
CREATE TABLE planned (source TEXT PRIMARY KEY, at TIMESTAMPTZ NOT NULL);
-- The end of the log of each try of a job that failed.
CREATE TABLE failures (
  job BIGINT NOT NULL, host_group TEXT NOT NULL, holder TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL DEFAULT now(), log TEXT NOT NULL
);
""",
    """
-- What an entry is (see Entry), and the bytes that go with it, such as those of pictures.
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'article';
ALTER TABLE outbox ADD COLUMN files BYTEA[] NOT NULL DEFAULT '{}';
-- The addresses whose pictures the folder has or waits for: when each is asked for again, NULL for
-- never, and the article that shows it.
CREATE TABLE pictures (url TEXT PRIMARY KEY, article TEXT NOT NULL, due TIMESTAMPTZ);
CREATE INDEX pictures_due ON pictures (due) WHERE due IS NOT NULL;
-- The end of the log of the last try of each job; `ended` where the worker has seen its end.
CREATE TABLE logs (
  job BIGINT PRIMARY KEY, host_group TEXT NOT NULL, holder TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL DEFAULT now(), log TEXT NOT NULL, ended BOOLEAN NOT NULL
);
DROP TABLE failures;
-- The robots.txt of the hosts, as JSON, and when it was saved.
ALTER TABLE host_lease ADD COLUMN robots TEXT NOT NULL DEFAULT '{}';
ALTER TABLE host_lease ADD COLUMN robots_saved TIMESTAMPTZ NOT NULL DEFAULT now();
""",
)
VERSION = len(_STEPS)
_TABLE = "CREATE TABLE fleet (version BIGINT NOT NULL);\nINSERT INTO fleet VALUES (0);\n"
_PLANNING = 0x666C6565  # the advisory lock of the planners


def create(address: str) -> Database:
    """Open the database of a fleet, and create its tables or bring them to the newest version.
    Raises OutputError."""
    db = Database(address, STEPS)
    try:
        with planning(db):
            version = _version(db)
            if version is None:
                _run(db, _TABLE)
            _refuse_newer(db, version or 0)
            for step in _STEPS[version or 0 :]:
                _run(db, step)
            db.do(f"UPDATE fleet SET version = {VERSION:d}")  # noqa: S608 - our own number
    except BaseException:
        db.close()
        raise
    return db


def opened(address: str) -> Database:
    """Open the database of a fleet that has been planned. Raises OutputError."""
    db = Database(address, STEPS)
    try:
        check(db)
    except BaseException:
        db.close()
        raise
    return db


def check(db: Database) -> None:
    """Raise OutputError for a database without the tables of this version."""
    version = _version(db)
    if version is None:
        raise OutputError(f"{db.name}: has no fleet: run `newsspider fleet plan` first")
    _refuse_newer(db, version)
    if version < VERSION:
        raise OutputError(
            f"{db.name}: its fleet has version {version}, this newsspider needs {VERSION}: run"
            " `newsspider fleet plan` of this version first"
        )


class Reopened:
    """The database of a fleet, opened when it is first used, and again once its connection is lost.
    One thread at a time uses it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._db: Database | None = None
        self._lock = Lock()

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """Use the database. Raises what `opened` raises, also where a newer newsspider plans
        since."""
        with self._lock:
            if self._db is None or self._db.trouble:
                self._close()
                self._db = opened(self._address)
            else:
                check(self._db)
            yield self._db

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            with suppress(Unwritable):
                db.close()


@contextmanager
def planning(db: Database) -> Iterator[None]:
    """Hold a transaction in which no other planner plans."""
    with db.transaction():
        db.do(f"SELECT pg_advisory_xact_lock({_PLANNING})")
        yield


def has_fleet(db: Database) -> bool:
    """Return whether a fleet works on a database."""
    return _version(db) is not None


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.do(statement)


def _version(db: Database) -> int | None:
    if db.row(
        "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'fleet'"
    ):
        row = db.row("SELECT MAX(version) FROM fleet")
        return int(row[0]) if row and row[0] is not None else None
    return None


def _refuse_newer(db: Database, version: int) -> None:
    if version > VERSION:
        raise NewerLedger(
            f"{db.name}: a newer newsspider plans its fleet (version {version}, this one knows"
            f" {VERSION}): update newsspider"
        )
