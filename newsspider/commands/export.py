"""`newsspider export FILE…`: what was published, in another format.

In: an output folder, files to write, filters, the place in the change feed. Out: the files; nothing
is fetched, and no post changes. Called by `commands`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from newsspider.commands.feed import FeedOptions
from newsspider.commands.filters import Filters
from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.errors import Exit
from newsspider.exporters.change_feed import BEGIN, Change, change_feed
from newsspider.exporters.export import STANDARD_OUTPUT, Counts, print_file
from newsspider.exporters.export import export as write_export
from newsspider.exporters.published import Published, published
from newsspider.exporters.writers import WRITERS, format_of
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted


@takes_options
def export(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Files to write: the ending names the format; `-` is standard output.",
        ),
    ] = None,
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
    use: Annotated[
        Literal["search", "ai-input", "ai-train"] | None,
        typer.Option(
            "--use",
            help="Leave out the articles whose publishers reserve this use: `search`, `ai-input` or"
            " `ai-train`.",
        ),
    ] = None,
    *,
    feed: FeedOptions,
    filters: Filters,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Write what was published as JSON Lines, CSV, SQLite and other formats.

    Nothing is fetched. An article whose post you edited has your text. With --after or --cursor
    only what changed since.
    """
    options, _ = with_own_project(options, ledger=False)
    formats = {file: _format(file, format) for file in files or ()}
    feed.check(files or ())
    wanted, folder = filters.selection(options), options.output
    needs_feed = feed.is_given or any(WRITERS[name].changes for name in formats.values())
    tell: Callable[[str], object] = str if line.quiet else partial(typer.echo, err=True)
    write = partial(
        _write, folder=folder, with_markdown=markdown, summaries=summaries, use=use or ""
    )
    with change_feed(folder, tell) if needs_feed else nullcontext() as changes:
        after = feed.position(changes) if changes else BEGIN
        for file, name in formats.items():
            if changes and (feed.is_given or WRITERS[name].changes):
                counts = write(changes.since(after, wanted), file, name)
                tell(f"{file}: {_summary(counts)}; up to {changes.last}{feed.hint(file)}")
            else:
                tell(f"{file}: {_summary(write(published(folder, wanted), file, name))}")
        if changes:
            feed.finish(changes, files or ())
    return Exit.DONE


def _write(
    items: Iterable[Published | Change], file: str, name: str, folder: Path, **how: Any
) -> Counts:
    """Write an export to a file, or to standard output."""
    if file != STANDARD_OUTPUT:
        return write_export(items, Path(file), name, folder, **how)
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary, "export")
        counts = write_export(items, target, name, folder, **how)
        print_file(target)
    return counts


def _format(file: str, name: str) -> str:
    """Return the format of a file. Raises BadParameter if that is not known."""
    known = ", ".join(WRITERS)
    if name and name not in WRITERS:
        raise typer.BadParameter(f"--format {name}: is not one of {known}")
    try:
        chosen = format_of(file)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    chosen = name or chosen
    if not chosen:
        raise typer.BadParameter(f"{file}: its ending names no format: add --format ({known})")
    if file == STANDARD_OUTPUT and WRITERS[chosen].folder:
        raise typer.BadParameter(f"--format {chosen}: is a folder of files: name a folder")
    return chosen


def _summary(counts: Counts) -> str:
    parts = [counted(counts.articles, "article")]
    if counts.edited:
        parts.append(f"{counts.edited} with your own text")
    if counts.removed:
        parts.append(f"{counts.removed} removed")
    if counts.unrecorded:
        parts.append(
            f"{counts.unrecorded} older than the records: without site, authors, stocks and other"
            " fields that their posts do not have"
        )
    if counts.reserved:
        parts.append(f"{counts.reserved} left out, as their publishers reserve this use")
    return ", ".join(parts)
