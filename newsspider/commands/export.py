"""`newsspider export FILE…`: what was published, in another format.

In: an output folder, files to write, filters. Out: the files; nothing is fetched, and nothing in
the folder changes. Called by `commands`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.filters import Filters
from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.errors import Exit
from newsspider.exporters.export import Counts
from newsspider.exporters.export import export as write_export
from newsspider.exporters.published import published
from newsspider.exporters.writers import WRITERS, format_of
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted

_STANDARD_OUTPUT = "-"


@takes_options
def export(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Files to write: the ending names the format; `-` is standard output.",
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            "--format", metavar="NAME", help=f"The format of the files: {', '.join(WRITERS)}."
        ),
    ] = "",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Fill the field `markdown` as well.")
    ] = False,
    summaries: Annotated[
        bool, typer.Option("--summaries", help="In feeds, give summaries instead of texts.")
    ] = False,
    *,
    filters: Filters,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Write what was published as JSON Lines, CSV, SQLite and other formats.

    Nothing is fetched. An article whose post you edited has your text.
    """
    options, _ = with_own_project(options)
    formats = {file: _format(file, format) for file in files}
    wanted = filters.selection(options)
    for file, name in formats.items():
        target = Path(file)
        with tempfile.TemporaryDirectory() as temporary:
            if file == _STANDARD_OUTPUT:
                target = Path(temporary, "export")
            counts = write_export(
                published(options.output, wanted),
                target,
                name,
                options.output,
                with_markdown=markdown,
                summaries=summaries,
            )
            if file == _STANDARD_OUTPUT:
                _print(target)
        if not line.quiet:
            _report(file, counts)
    return Exit.DONE


def _print(file: Path) -> None:
    """Copy a file to standard output. Its reader may leave early: `newsspider export - | head`."""
    try:
        with file.open("rb") as data:
            shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would flush again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _format(file: str, name: str) -> str:
    """Return the format of a file. Raises BadParameter if that is not known."""
    known = ", ".join(WRITERS)
    if name and name not in WRITERS:
        raise typer.BadParameter(f"--format {name}: is not one of {known}")
    chosen = name or format_of(file)
    if not chosen:
        raise typer.BadParameter(f"{file}: its ending names no format: add --format ({known})")
    if file == _STANDARD_OUTPUT and WRITERS[chosen].folder:
        raise typer.BadParameter(f"--format {chosen}: is a folder of files: name a folder")
    return chosen


def _report(file: str, counts: Counts) -> None:
    parts = [counted(counts.articles, "article")]
    if counts.edited:
        parts.append(f"{counts.edited} with your own text")
    if counts.unrecorded:
        parts.append(
            f"{counts.unrecorded} older than the records: without site, authors, stocks and other"
            " fields that their posts do not have"
        )
    typer.echo(f"{file}: {', '.join(parts)}", err=True)
