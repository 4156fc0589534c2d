"""Messages on standard error.

In: a text, or an error of the command line. Out: its lines, each as from newsspider. Called by the
commands and by `commands`, which start without the libraries that `console` needs.
"""

from __future__ import annotations

import typer
from typer import TyperException

# How the errors of the parser itself begin, which say what is wrong and not what to do.
_OF_PARSER = ("Missing ", "No such option", "Got unexpected")
_NOT_WHOLE = "Input should be a valid integer, unable to parse string as an integer"


def print_errors(message: str) -> None:
    """Print each line of a message on standard error, as from newsspider."""
    for line in message.splitlines():
        typer.echo(f"newsspider: {line}", err=True)


def usage_message(error: TyperException) -> str:
    """Return what is wrong with a command line, in one line that says what to do."""
    message = error.format_message().removeprefix("Invalid value: ")  # where it names no option
    message = message.replace(": Value error, ", ": ")  # pydantic's prefix
    message = message.replace(_NOT_WHOLE, "must be a whole number")
    context = getattr(error, "ctx", None)
    if message.startswith(_OF_PARSER) and context is not None:
        message = f"{message.rstrip('.')}: see {context.command_path} --help"
    return message
