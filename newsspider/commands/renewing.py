"""`newsspider init --update`: the site in the output folder, renewed to what this version lays.

In: the options of `init`, with the output folder. Out: the renewed files, a report of them on
standard output, and the exit code. Called by `init`.
"""

from __future__ import annotations

import typer

from newsspider import __version__
from newsspider.errors import Exit, OutputError
from newsspider.exporters.jekyll.config import find_config
from newsspider.exporters.jekyll.renew import Change, Kind, changes, renew
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.folder import hold

_WORDS = {
    Kind.NEW: "new",
    Kind.RENEWED: "renewed",
    Kind.EDITED: "you have changed it; this version lays:",
    Kind.DELETED: "you have deleted it",
}


def update_site(options: RunOptions, *, dry: bool) -> Exit:
    """Renew the site in the output folder, or only show how it would be. Raises OutputError if the
    folder has no site of newsspider's, or if it cannot be read or written."""
    output = options.output
    if find_config(output) is None:
        raise OutputError(f"{output}: it has no _config.yml; newsspider crawl lays a site")
    try:
        with hold(output):
            found = changes(output)
            if not dry:
                renew(output, found)
    except OSError as error:
        raise OutputError(f"{output}: {trouble_of(error)}") from None
    for change in found:
        _print(change)
    if not found:
        typer.echo(f"{output}: its site is as newsspider {__version__} lays it.")
    elif dry:
        typer.echo("Nothing is written yet: without --dry-run, new and renewed files are.")
    return Exit.DONE


def _print(change: Change) -> None:
    typer.echo(f"{change.name}: {_WORDS[change.kind]}")
    if change.kind is Kind.EDITED:
        typer.echo(change.difference)
