"""The file formats of `newsspider export`: one writer each.

In: rows (`exporters/contract.py`) and what the export is about. Out: a file, or a folder. A writer
writes to a path where nothing is: `exporters/export.py` gives it one beside its target, and renames
what is whole. The same rows give the same bytes. To add a format, add a module and a line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.writers.about import About

Write = Callable[[Iterable[Row], Path, About], None]


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its module in this package, the endings of its files, whether it is a folder of
    files, whether it needs the Markdown of the rows, and whether its rows are those of changes."""

    module: str
    endings: tuple[str, ...]
    folder: bool = False
    markdown: bool = False
    changes: bool = False

    def load(self) -> Write:
        """Return the function that writes. It is imported here: some need large libraries."""
        write: Write = import_module(f"{__name__}.{self.module}").write
        return write


WRITERS: Mapping[str, Writer] = {
    "jsonl": Writer("jsonl", (".jsonl", ".jl", ".ndjson")),
    "csv": Writer("csv", (".csv",)),
    "sqlite": Writer("sqlite", (".sqlite", ".sqlite3", ".db")),
    "rss": Writer("rss", (".rss",)),
    "atom": Writer("atom", (".atom", ".xml")),
    "jsonfeed": Writer("jsonfeed", (".json",)),
    "md": Writer("md", (".md",), markdown=True),
    "html": Writer("html", (".html", ".htm")),
    "epub": Writer("epub", (".epub",), markdown=True),
    "parquet": Writer("parquet", (".parquet",), folder=True),
    "md-files": Writer("md_files", (), folder=True, markdown=True),
    "txt-files": Writer("txt_files", (), folder=True),
    "hugo": Writer("hugo", (), folder=True, markdown=True),
    "changes": Writer("jsonl", ("changes.jsonl",), changes=True),
}


_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:/")


def format_of(path: str) -> str:
    """Return the name of the format that the ending of a path stands for, the longest of several;
    "" for none. Raises ValueError for an address: a file named like it would look like an upload.
    """
    if _ADDRESS.match(path):
        raise ValueError(f"{path}: is an address: name a file (`-o` of a crawl uploads)")
    endings = ((ending, name) for name, writer in WRITERS.items() for ending in writer.endings)
    fitting = ((len(ending), name) for ending, name in endings if path.lower().endswith(ending))
    return max(fitting, default=(0, ""))[1]
