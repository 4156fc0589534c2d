"""Messages on standard error.

In: a text. Out: its lines, each as from newsspider. Called by the commands and by `commands`, which
start without the libraries that `console` needs.
"""

from __future__ import annotations

import typer


def print_errors(message: str) -> None:
    """Print each line of a message on standard error, as from newsspider."""
    for line in message.splitlines():
        typer.echo(f"newsspider: {line}", err=True)
