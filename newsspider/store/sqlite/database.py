"""A SQLite file: opened, checked, brought to the newest version, its errors in plain words.

In: a path and the scripts that lead from each version to the next. Out: a Database with
transactions, for a ledger (`store/sql`), the archive and others. SQLite's errors become errors of
the store: an OutputError while the file is opened, Unwritable afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from newsspider.errors import BrokenLedger, NewerLedger, OutputError, Unwritable
from newsspider.store.sql.database import Row

_WAIT = 5  # seconds for another program's lock; Ctrl-C has no effect meanwhile
_WAIT_SHARED = 60  # for that of another process of the run, which keeps it for a moment
_COLUMNS = """
SELECT tables.name, columns.name
FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
WHERE tables.type = 'table'
"""
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk fails or is full",
    sqlite3.SQLITE_CORRUPT: "it is broken; the next run makes a new one from the posts",
    sqlite3.SQLITE_NOTADB: "it is broken; the next run makes a new one from the posts",
}
# The file itself is at fault: not a database, corrupt, or incompatible with the steps.
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class Database:
    """A SQLite file, or a database in memory if `path` is None. The n-th of `steps` leads from
    version n (PRAGMA user_version) to n + 1. `whole`: every page of the file is checked, which
    takes long if it is large. `shared`: other processes of the run write to it, so no lock is kept
    between two methods.

    Opening it raises BrokenLedger if the file is at fault, NewerLedger if a newer newsspider wrote
    it, OutputError if it cannot be used. Once it is open, every method raises Unwritable if the
    disk or another program is in the way; `trouble` gives the reason from then on.
    """

    def __init__(
        self,
        path: Path | None,
        steps: Sequence[str],
        *,
        whole: bool = True,
        shared: bool = False,
    ) -> None:
        self._path = path or Path(":memory:")
        self._whole = whole
        self._shared = shared
        self._steps = steps
        self._in_transaction = False  # inside `transaction`
        self.trouble = ""
        with _opening(self._path), ExitStack() as undo:
            self._db = sqlite3.connect(
                self._path, isolation_level=None, timeout=_WAIT_SHARED if shared else _WAIT
            )
            undo.callback(self._db.close)
            # WAL without a sync per commit loses at most the last commits to a power cut, never
            # consistency; after an unclean end the last run's posts are compared with their hashes.
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
            self._prepare(self._path)
            undo.pop_all()

    def _prepare(self, path: Path) -> None:
        """Check the content of a file, page by page, and bring it to the newest version."""
        check = "PRAGMA quick_check(1)" if self._whole else "SELECT 'ok'"
        result = self._db.execute(check).fetchone()[0]
        if result != "ok":
            raise _broken(path, " ".join(result.split()))
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version < 0:
            raise _broken(path, f"its version is {version}")
        if version > len(self._steps):
            raise NewerLedger(
                f"{path}: a newer newsspider wrote it (its version is {version}, this one knows"
                f" {len(self._steps)}): update newsspider, or delete the file, which is then"
                " rebuilt from the posts",
            )
        self._upgrade(version)
        if column := self._missing_column():
            raise _broken(path, f"it lacks {column}")

    def _upgrade(self, version: int) -> None:
        """Bring the tables from a version to the newest."""
        for number, step in enumerate(self._steps[version:], version + 1):
            self._db.executescript(f"BEGIN; {step}; PRAGMA user_version={number}; COMMIT")

    def _missing_column(self) -> str:
        """Return a column (`links.site`) that the steps create and this file lacks, for example
        because somebody changed it by hand; "" for none."""
        columns = set(self._db.execute(_COLUMNS))
        missing = [column for column in _columns_of(self._steps) if column not in columns]
        return ".".join(missing[0]) if missing else ""

    def upgrade(self, steps: Sequence[str]) -> None:
        """Bring the tables to the newest version of `steps`, which begin with its own."""
        version, self._steps = len(self._steps), steps
        self._upgrade(version)

    def copy_of(self, path: Path) -> None:
        """Copy the content of another file (for a dry run), which is only read. Raises what opening
        it raises."""
        with _opening(path):
            with closing(_read_only(path)) as source:
                source.backup(self._db)
            self._prepare(path)

    def close(self) -> None:
        """Close the file. Raises Unwritable if the last notes cannot be saved."""
        try:
            if not self.trouble:
                self.flush()
        finally:
            self._db.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Commit all statements made inside, or none; a `durable` commit survives a power cut."""
        self.flush()
        if durable:
            self.do("PRAGMA synchronous=FULL")
        self.do("BEGIN IMMEDIATE")
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self._in_transaction = False
            if self._db.in_transaction:
                self._db.rollback()
            raise
        self._in_transaction = False
        self.do("COMMIT")
        if durable:
            self.do("PRAGMA synchronous=NORMAL")

    def flush(self) -> None:
        """Commit the statements that `lazily` held back."""
        if self._db.in_transaction and not self._in_transaction:
            self.do("COMMIT")

    def lazily(self) -> None:
        """Let the next statements wait for the next commit. A process that dies before it leaves
        the file as if it had died before these statements."""
        if not (self._shared or self._db.in_transaction):
            self.do("BEGIN IMMEDIATE")

    def do(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Execute a statement. A value that the tables reject raises SQLite's own error."""
        if self.trouble:
            raise Unwritable(self.trouble)
        try:
            return self._db.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        cursor = self.do(statement, values)
        try:
            return cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def row(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        row: Row | None = self.do(statement, values).fetchone()
        return row

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table."""
        yield from self.do(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - our names

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table, in one transaction."""
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
        with self.transaction():
            try:
                self._db.executemany(statement, rows)
            except sqlite3.DatabaseError as error:
                raise self._fault(error) from error

    def _fault(self, error: sqlite3.DatabaseError) -> Exception:
        """Return the error to raise: SQLite's own for bad values, which are the caller's fault;
        else Unwritable, which ends the run."""
        if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError):
            return error
        self.trouble = f"{self._path}: cannot be used any more: {_reason(error)}"
        return Unwritable(self.trouble)


def tables_of(steps: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of each table that the steps create."""
    tables: dict[str, list[str]] = {}
    for table, column in _columns_of(steps):
        tables.setdefault(table, []).append(column)
    return tables


def _columns_of(steps: Sequence[str]) -> list[Row]:
    with closing(sqlite3.connect(":memory:")) as pattern:
        pattern.executescript(";".join(steps))
        return pattern.execute(_COLUMNS).fetchall()


def read_row(path: Path, statement: str) -> Row | None:
    """Return the first row of a statement on a file that another process may be using, without
    changing it; None if there is none, or the file cannot be read."""
    try:
        with closing(_read_only(path)) as source:
            row: Row | None = source.execute(statement).fetchone()
            return row
    except sqlite3.Error:
        return None


def _read_only(path: Path) -> sqlite3.Connection:
    # Even a reader creates the files of a WAL, unless the file is declared immutable.
    still = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{still}", uri=True)


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Turn SQLite's errors while a file is opened into errors of the store."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) in _BROKEN:
            raise _broken(path, str(error)) from error
        raise OutputError(f"{path}: cannot be used: {_reason(error)}") from error


def _broken(path: Path, reason: str) -> BrokenLedger:
    return BrokenLedger(f"{path}: is broken ({reason})")


def _reason(error: sqlite3.Error) -> str:
    """Return the reason of an error, in plain words."""
    return _REASONS.get(_code(error), str(error))


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 if Python gives none."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
