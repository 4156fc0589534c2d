"""A PostgreSQL server for the tests: on a Unix socket in its own folder, gone with the tests."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

PASSWORD = "p@ss/w:rd"
# Anybody may come in but `guarded`, who has a password.
_ACCESS = "local all guarded scram-sha-256\nlocal all all trust\n"
# The shell ends the server when the tests end, however they do: then its input ends.
_KEEPER = '"$0" "$@" & server=$!; read -r _; kill -INT $server; wait $server'
_SETTINGS = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=150")
_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
_SECONDS = 120  # until the server answers, on the slowest of machines


def installed(name: str) -> str:
    """The path of a program of PostgreSQL's server; a test that lacks it is skipped, and fails
    where CI is."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = shutil.which(name, path=":".join([*map(str, debian), os.environ.get("PATH", "")]))
    if path is None:
        message = f"needs {name}: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


class Server:
    """A server that runs. Each ledger of a test has a schema of its own."""

    def __init__(self, folder: Path, owner: str | None) -> None:
        self.folder = folder
        self._owner = owner
        self._names = (f"ledger{number}" for number in itertools.count(1))
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [part for each in _SETTINGS for part in ("-c", each)]
        command = [installed("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(
                ["sh", "-c", _KEEPER, *command, *settings],
                user=self._owner,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + _SECONDS
        while True:
            try:
                psycopg.connect(self.address()).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)

    def stop(self) -> None:
        """End it, and all its connections."""
        assert self._keeper is not None
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()

    def kill(self) -> None:
        """Kill it as a crash does."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        self.stop()

    def address(self, user: str = "postgres", database: str = "postgres", schema: str = "") -> str:
        """The address of a database, and of a schema in it."""
        path = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{user}@/{database}?host={self.folder}{path}"

    def ledger(self) -> str:
        """The address of a new ledger."""
        name = next(self._names)
        self.execute(f"CREATE SCHEMA {name}")
        return self.address(schema=name)

    def owned_by_guarded(self) -> str:
        """A new schema of the user `guarded`."""
        name = next(self._names)
        self.execute(f"CREATE SCHEMA {name} AUTHORIZATION guarded")
        return name

    def rows(self, statement: str, address: str = "") -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(address or self.address()) as db:
            return db.execute(statement.encode()).fetchall()

    def rows_if_any(self, statement: str, address: str) -> list[tuple[Any, ...]]:
        """The rows of a statement; none of a table that is not there."""
        try:
            return self.rows(statement, address)
        except psycopg.errors.UndefinedTable:
            return []

    def execute(self, statement: str, address: str = "") -> None:
        """Execute a statement, by hand."""
        with psycopg.connect(address or self.address(), autocommit=True) as db:
            db.execute(statement.encode())


@contextmanager
def running_server() -> Iterator[Server]:
    """A server with a user `guarded`, whose password is PASSWORD."""
    initdb = installed("initdb")
    names = {each.pw_name for each in pwd.getpwall()}
    # PostgreSQL refuses to run as root.
    owner = None if os.geteuid() else "postgres" if "postgres" in names else "nobody"
    folder = Path(tempfile.mkdtemp(prefix="newsspider-pg-"))  # short: it is in a socket's name
    try:
        folder.chmod(0o755)  # also for the tests that heed permissions
        if owner:
            shutil.chown(folder, owner)
        subprocess.run(
            [initdb, "-D", str(folder / "data"), "-U", "postgres", *_INITDB],
            user=owner,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        (folder / "data" / "pg_hba.conf").write_text(_ACCESS)
        server = Server(folder, owner)
        server.start()
        try:
            quoted = PASSWORD.replace("'", "''")
            server.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{quoted}'")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
