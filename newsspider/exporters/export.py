"""An export: the published articles of a folder, written as a file or a folder of files.

In: an output folder, a target and its format, and which articles are wanted. Out: the target, whole
or as it was before, and how many articles it has. The command `export` calls it.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsspider.errors import OutputError
from newsspider.exporters.change_feed import Change
from newsspider.exporters.contract import Row, row_of
from newsspider.exporters.jekyll.address import addresses
from newsspider.exporters.jekyll.config import find_config, read_values
from newsspider.exporters.published import Published
from newsspider.exporters.writers import WRITERS, Writer
from newsspider.exporters.writers.about import About
from newsspider.extraction.rights import reserved
from newsspider.store.files import sync_folder, trouble_of

STANDARD_OUTPUT = "-"  # in the place of a file
MARK = ".newsspider-export"  # in a folder of ours, which the next export may replace


@dataclass(slots=True)
class Counts:
    """How many articles were exported, how many of them with the text of a person, how many that
    are older than the records, and how many removed ones a change feed has; and how many were left
    out, because their publishers reserve the use."""

    articles: int = 0
    edited: int = 0
    unrecorded: int = 0
    removed: int = 0
    reserved: int = 0

    def count(self, item: Published | None) -> None:
        """Count an article, or a removed one."""
        if item is None:
            self.removed += 1
            return
        self.articles += 1
        self.edited += item.edited
        self.unrecorded += not item.recorded


def export(
    items: Iterable[Published | Change],
    target: Path,
    name: str,
    folder: Path,
    *,
    with_markdown: bool = False,
    summaries: bool = False,
    use: str = "",
) -> Counts:
    """Write the articles of an output folder to a target in a format of WRITERS, or those of
    changes: formats of articles leave removed ones out. With a `use` (one of USES) those are left
    out whose publishers reserve it.

    The target is written whole beside itself and renamed: a kill leaves the one of before. One that
    would not change stays as it is. Raises OutputError if it cannot be written, or is a folder of
    somebody's other files.
    """
    writer, counts, address_of = WRITERS[name], Counts(), addresses(folder)
    needs_markdown = with_markdown or writer.markdown

    def rows() -> Iterator[Row]:
        for each in items:
            item = each.item if isinstance(each, Change) else each
            if use and item and use in reserved(item.article.rights):
                counts.reserved += 1
                continue
            counts.count(item)
            row = row_of(item, address_of, with_markdown=needs_markdown) if item else None
            if writer.changes and isinstance(each, Change):
                yield each.row(row)
            elif row is not None:
                yield row

    try:
        _write(writer, rows(), target, about(folder, summaries=summaries))
    except OSError as error:
        where = error.filename or target
        raise OutputError(f"{where}: cannot be written: {trouble_of(error)}") from error
    return counts


def about(folder: Path, *, summaries: bool = False) -> About:
    """Return what the export of a folder is about, by the configuration of its site."""
    config = find_config(folder)
    values = read_values(config) if config else {}
    stated = {name: value for name, value in values.items() if isinstance(value, str)}
    url = stated.get("url", "")
    return About(
        title=stated.get("title") or "News",
        language=stated.get("lang", ""),
        home=f"{url}{stated.get('baseurl', '')}".rstrip("/") + "/" if url else "",
        feed_id=stated.get("feed_id") or "tag:localhost,2000:",
        summaries=summaries,
    )


def _write(writer: Writer, rows: Iterable[Row], target: Path, about: About) -> None:
    unfinished, old = (target.with_name(f".{target.name}.{name}") for name in ("unfinished", "old"))
    if old.is_dir() and not os.path.lexists(target):
        old.rename(target)  # an export was killed between the two renames of `_replace`
    check_target(target, writer)
    _remove(unfinished)  # of an export that was killed
    _remove(old)
    target.parent.mkdir(parents=True, exist_ok=True)
    if writer.folder:
        unfinished.mkdir()
    try:
        writer.load()(rows, unfinished, about)
        if writer.folder:
            (unfinished / MARK).write_text("Replaced by the next export.\n", "utf-8")
        _replace(unfinished, target, old)
    finally:
        _remove(unfinished)


def _replace(unfinished: Path, target: Path, old: Path) -> None:
    """Rename what is written to its target, unless the target has the same bytes. A folder that is
    there becomes `old` first: no folder can be renamed to one that has files."""
    if _same(unfinished, target):
        return
    files = [unfinished] if unfinished.is_file() else sorted(unfinished.rglob("*"))
    for file in files:
        _sync(file)
    if target.is_dir():
        target.rename(old)
        unfinished.rename(target)
        _remove(old)
    else:
        unfinished.replace(target)
    sync_folder(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same(one: Path, other: Path) -> bool:
    if one.is_file() and other.is_file():
        return filecmp.cmp(one, other, shallow=False)
    if not (one.is_dir() and other.is_dir()):
        return False
    names = [{path.relative_to(root) for path in root.rglob("*")} for root in (one, other)]
    files = [path for path in names[0] if (one / path).is_file()]
    return names[0] == names[1] and not any(
        not (other / path).is_file() or not filecmp.cmp(one / path, other / path, shallow=False)
        for path in files
    )


def check_target(target: Path, writer: Writer) -> None:
    """Raise OutputError for a target that an export does not replace: a folder that none wrote, or
    a folder where a file is written."""
    if not writer.folder and target.is_dir():
        raise OutputError(f"{target}: is a folder: name a file")
    if writer.folder and os.path.lexists(target) and not (target / MARK).is_file():
        if target.is_dir() and not any(target.iterdir()):
            return
        raise OutputError(f"{target}: is not an earlier export: name a new folder")


def print_file(file: Path) -> None:
    """Copy a file to standard output. Its reader may leave early: `newsspider export - | head`."""
    try:
        with file.open("rb") as data:
            shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would flush again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
