"""A PostgreSQL database: opened, checked, brought to the newest version, its errors in plain words.

In: an address and the scripts that lead from each version to the next. Out: a Database with
transactions, for a ledger (`store/sql`). PostgreSQL's errors become errors of the store: an
OutputError while the database is opened, Unwritable afterwards. The only module that imports
psycopg; nothing imports it without an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from newsspider.errors import BrokenLedger, NewerLedger, OutputError, Unwritable
from newsspider.store.postgresql.address import check_address, shown
from newsspider.store.sql.database import Row

OLDEST = 13  # the oldest version of PostgreSQL that is supported
_LONGEST = 300  # characters of a message of PostgreSQL
_MIGRATION = 0x6E657773  # the advisory lock of a change of the tables
# A server that is gone is noticed in a minute, and its locks are waited for as SQLite's are.
_CONNECTION = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "newsspider",
}
_SESSION = "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = 0"
# While a database is opened, only one program looks at its tables: one that stands still then (a
# machine that sleeps) must not keep the others out.
_OPENING = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '5s'"
_REASONS = {
    "25006": "it is read-only",
    "42501": "permission denied",
    "53100": "the disk of the server is full",
    "53300": "the server has too many connections",
    "55P03": "another program keeps it locked",
}
_VERSION = """
CREATE TABLE newsspider (
  version INTEGER NOT NULL,
  folder TEXT NOT NULL DEFAULT '', token TEXT NOT NULL DEFAULT ''  -- the output folder
);
INSERT INTO newsspider (version) VALUES (0);
"""
_COLUMNS = """
SELECT relname, attname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
JOIN pg_attribute ON attrelid = pg_class.oid
WHERE nspname = current_schema() AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
# What PostgreSQL spells otherwise than SQLite. Texts are compared by their bytes, as SQLite does.
_SPELLINGS = (
    ("IF NOT EXISTS ", ""),
    (") WITHOUT ROWID", ")"),
    (" INTEGER", " BIGINT"),
    (" TEXT", ' TEXT COLLATE "C"'),
)
_PLACE = re.compile(r"\?(\d*)")


class Database:
    """The tables of a ledger in the current schema of a database. The n-th of `steps` leads from
    version n to n + 1. `read_only`: nothing is created or changed, and all rows are those of one
    moment. `shared`: other processes of the run see at once what this one has done.

    Opening it raises OutputError if it cannot be used: NewerLedger if a newer newsspider wrote it,
    BrokenLedger if its tables are not those of a ledger. Once it is open, every method raises
    Unwritable if it can no longer be used; `trouble` gives the reason from then on.
    """

    def __init__(
        self,
        address: str,
        steps: Sequence[str],
        *,
        read_only: bool = False,
        shared: bool = False,
    ) -> None:
        self._shared = shared
        self.name = shown(address)
        self.trouble = ""
        self.version = 0  # of the tables; 0: there are none
        self._in_transaction = False  # inside `transaction`
        with self._opening(), ExitStack() as undo:
            self._db = _connect(address, self.name)
            undo.callback(self._db.close)
            self._db.execute(_OPENING)
            self._check_server()
            if read_only:
                self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                self._check_version(steps)
            else:
                self._check_version(steps)
                if self.version != len(steps):
                    with self._db.transaction():
                        self._db.execute(f"SELECT pg_advisory_xact_lock({_MIGRATION})")
                        self._check_version(steps)
                        self._upgrade(steps)
            self._db.execute(_SESSION)
            undo.pop_all()

    def _check_server(self) -> None:
        """Raise OutputError for a server that cannot keep a ledger."""
        number = self._db.info.server_version // 10_000
        if number < OLDEST:
            raise OutputError(
                f"{self.name}: is PostgreSQL {number}: a ledger needs {OLDEST} or newer"
            )
        encoding = self._db.execute("SHOW server_encoding").fetchall()[0][0]
        if encoding != "UTF8":
            raise OutputError(
                f"{self.name}: its encoding is {encoding}: create the database with ENCODING 'UTF8'"
            )
        if self._db.execute("SELECT current_schema()").fetchall()[0][0] is None:
            raise OutputError(f"{self.name}: no schema of its search_path exists: create one")

    def _check_version(self, steps: Sequence[str]) -> None:
        """Set the version of the tables. Raises NewerLedger or BrokenLedger."""
        columns = set(self._db.execute(_COLUMNS).fetchall())
        if ("newsspider", "version") not in columns:
            return
        version = self._db.execute("SELECT MAX(version) FROM newsspider").fetchall()[0][0]
        if version is None or version < 0:
            raise BrokenLedger(f"{self.name}: is broken (its version is {version})")
        if version > len(steps):
            raise NewerLedger(
                f"{self.name}: a newer newsspider wrote it (its version is {version}, this one"
                f" knows {len(steps)}): update newsspider"
            )
        self.version = version

    def _upgrade(self, steps: Sequence[str]) -> None:
        """Bring the tables to the newest version. Runs in a transaction."""
        columns = {name for name, _ in self._db.execute(_COLUMNS).fetchall()}
        if "newsspider" not in columns:
            if "articles" in columns or "links" in columns:
                raise BrokenLedger(
                    f"{self.name}: has tables of another program: name a database of its own"
                )
            self._db.execute(_VERSION)
        for step in steps[self.version :]:
            self._db.execute(translated(step))
        if self.version != len(steps):
            self._db.execute(f"UPDATE newsspider SET version = {len(steps):d}")  # noqa: S608
        self.version = len(steps)

    def check_columns(self, tables: Mapping[str, Sequence[str]]) -> None:
        """Raise BrokenLedger if a table lacks a column, as after a change by hand."""
        with self._opening():
            columns = set(self._db.execute(_COLUMNS).fetchall())
        wanted = [(table, name) for table, names in tables.items() for name in names]
        if missing := [place for place in wanted if place not in columns]:
            raise BrokenLedger(
                f"{self.name}: is broken (it lacks {'.'.join(missing[0])}): drop its tables, and"
                " the next run fills it from the posts"
            )

    def close(self) -> None:
        """Close the connection. Raises Unwritable if the last notes cannot be saved."""
        try:
            if not self.trouble:
                self.flush()
        finally:
            self._db.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Commit all statements made inside, or none; a `durable` commit survives a power cut."""
        self.flush()
        self._begin()
        self._in_transaction = True
        try:
            if durable:
                self.do("SET LOCAL synchronous_commit = on")
            yield
        except BaseException:
            self._in_transaction = False
            if self.has_begun:
                self.roll_back()
            raise
        self._in_transaction = False
        self.do("COMMIT")

    def flush(self) -> None:
        """Commit the statements that `lazily` held back."""
        if self.has_begun and not self._in_transaction:
            self.do("COMMIT")

    def lazily(self) -> None:
        """Let the next statements wait for the next commit. A process that dies before it leaves
        the tables as if it had died before these statements."""
        if not (self._shared or self.has_begun):
            self._begin()

    def _begin(self) -> None:
        """Begin a transaction."""
        self.do("BEGIN")

    def do(self, statement: str, values: Sequence[object] = ()) -> psycopg.Cursor[Row]:
        """Execute a statement. A value that the tables reject raises psycopg's own error."""
        if self.trouble:
            raise Unwritable(self.trouble)
        try:
            return self._db.execute(placed(statement), [_escaped(value) for value in values])
        except psycopg.Error as error:
            raise self._fault(error) from error

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        return [_plain(row) for row in self.do(statement, values).fetchall()]

    def row(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        row = self.do(statement, values).fetchone()
        return None if row is None else _plain(row)

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table."""
        statement = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - our own names
        yield from map(_plain, self.do(statement))

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table, in one statement."""
        if self.trouble:
            raise Unwritable(self.trouble)
        try:
            with (
                self._db.cursor() as cursor,
                cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row([_escaped(value) for value in row])
        except psycopg.Error as error:
            raise self._fault(error) from error

    @property
    def has_begun(self) -> bool:
        """Whether a transaction is open on the connection."""
        return not self.trouble and self._db.info.transaction_status != TransactionStatus.IDLE

    def roll_back(self) -> None:
        """Take back the open transaction."""
        try:
            self._db.execute("ROLLBACK")
        except psycopg.Error as error:  # the server rolls back what is never committed
            self._fault(error)

    def _fault(self, error: psycopg.Error) -> Exception:
        """Return the error to raise: psycopg's own for bad values, which are the caller's fault;
        else Unwritable, which ends the run."""
        if isinstance(error, psycopg.IntegrityError | psycopg.DataError):
            return error
        self.trouble = f"{self.name}: cannot be used any more: {_reason(error, self._db)}"
        return Unwritable(self.trouble)

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Turn PostgreSQL's errors while the database is opened into errors of the store."""
        try:
            yield
        except psycopg.Error as error:
            raise OutputError(f"{self.name}: cannot be used: {_reason(error)}") from error


def _connect(address: str, name: str) -> psycopg.Connection[Row]:
    """Connect to a database. Raises OutputError for an address that cannot be read."""
    try:
        given = conninfo_to_dict(check_address(address))
    except (ValueError, psycopg.Error):
        # libpq's message repeats a part of the address, and so perhaps of a password.
        raise OutputError(f"{name}: its address cannot be read") from None
    settings = {**_CONNECTION, **given, "client_encoding": "utf8"}
    conninfo = make_conninfo(**{key: str(value) for key, value in settings.items()})
    return psycopg.connect(conninfo, autocommit=True, cursor_factory=psycopg.RawCursor)


def translated(step: str) -> str:
    """Return a script in SQLite's SQL as PostgreSQL takes it."""
    for ours, spelling in _SPELLINGS:
        step = step.replace(ours, spelling)
    return step


@lru_cache(maxsize=500)
def placed(statement: str) -> bytes:
    """Return a statement with PostgreSQL's placeholders: `?` becomes `$1`, `?2` becomes `$2`."""
    count = 0

    def place(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${match[1] or count}"

    return _PLACE.sub(place, statement).encode()


def _escaped(value: object) -> object:
    """Return a value without the character 0, which SQLite keeps in a text and PostgreSQL does not.
    `_plain` brings it back."""
    if isinstance(value, str) and ("\0" in value or "\1" in value):
        return value.replace("\1", "\1\2").replace("\0", "\1\3")
    return value


def _plain(row: Row) -> Row:
    """Return a row with its texts as they were before `_escaped`."""
    if any(isinstance(value, str) and "\1" in value for value in row):
        return tuple(
            value.replace("\1\3", "\0").replace("\1\2", "\1") if isinstance(value, str) else value
            for value in row
        )
    return row


def _reason(error: psycopg.Error, db: psycopg.Connection[Any] | None = None) -> str:
    """Return the reason of an error, in plain words, in one line."""
    if reason := _REASONS.get(error.sqlstate or ""):
        return reason
    text = " ".join(str(error).removeprefix("connection failed: ").split())[:_LONGEST]
    return f"the connection is lost ({text})" if db is not None and db.closed else text
