"""What the store may import: its interfaces stay apart from what implements them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import newsspider

PACKAGE = Path(newsspider.__file__).parent


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(module: str, folder: Path = PACKAGE) -> set[str]:
    """The files of a folder that import a module or something of it."""
    return {
        file.relative_to(PACKAGE).as_posix()
        for file in folder.rglob("*.py")
        if any(f"{name}.".startswith(f"{module}.") for name in imports(file))
    }


def test_only_the_sqlite_package_imports_sqlite3() -> None:
    writer = "exporters/writers/sqlite.py"  # a file format of exports
    assert importers("sqlite3") == {"store/sqlite/database.py", writer}


def test_only_the_postgresql_package_imports_psycopg() -> None:
    assert importers("psycopg") == {"store/postgresql/database.py"}


def test_one_module_chooses_the_ledger_of_a_folder() -> None:
    outside = importers("newsspider.store.sqlite") - importers(
        "newsspider.store.sqlite", PACKAGE / "store" / "sqlite"
    )
    # The archive, the changes, the outbox, the index and the signatures are no ledgers; a copy of a
    # ledger in PostgreSQL is one of SQLite.
    files = ("archive", "change_log", "ledgers", "moving", "outbox", "search", "signatures")
    assert outside == {*(f"store/{name}.py" for name in files), "store/postgresql/ledger.py"}
    assert importers("newsspider.store.postgresql.ledger") == {"store/ledgers.py"}


def test_a_run_without_an_address_imports_nothing_of_postgresql() -> None:
    code = (
        "import sys, tempfile, pathlib\n"
        "from newsspider.store.ledgers import open_ledger\n"
        "import newsspider.commands.crawl, newsspider.commands.status\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "(folder / '.newsspider').mkdir()\n"
        "open_ledger(folder, '', dry=False).close()\n"
        "print([name for name in sys.modules if name.startswith('psycopg')])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_one_machine_imports_nothing_of_a_fleet() -> None:
    names = (
        "procrastinate",
        "newsspider.fleet",
        "newsspider.pipelines.send",
        "newsspider.fetch.kept",
    )
    code = (
        "import sys\n"
        "import newsspider.commands.crawl, newsspider.commands.share, newsspider.crawling.run\n"
        "import newsspider.spiders.category, newsspider.pipelines, newsspider.settings\n"
        f"print([name for name in sys.modules if name.startswith({names!r})])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_store_imports_none_of_what_writes_through_it() -> None:
    assert importers("newsspider.exporters", PACKAGE / "store") == set()
