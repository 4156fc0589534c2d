"""The `newsspider` command, one module per subcommand.

In: a command line. Out: an exit code (`errors.Exit`); on an error also a message on standard error,
never a traceback. Called by the console script `newsspider` and by `python -m newsspider`.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from newsspider import __version__
from newsspider.commands import (
    add,
    check,
    crawl,
    demo,
    init,
    saved,
    schema,
    share,
    show,
    sites,
    status,
)
from newsspider.commands.console import print_errors
from newsspider.errors import Exit, NewsspiderError

app = typer.Typer(
    help="Turn news category pages and share links into a Jekyll site.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("crawl")(crawl.crawl)
app.command("share")(share.share)
app.command("add")(add.add)
app.command("test", hidden=True)(saved.test)  # the old name of `check --saved`
app.command("check")(check.check)
app.command("show")(show.show)
app.command("status")(status.status)
app.command("sites")(sites.sites)
app.command("schema")(schema.schema)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsspider {__version__}")
        raise typer.Exit


@app.callback()
def _newsspider(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="newsspider")
    except typer.TyperException as error:
        code = _print_error(error.format_message(), Exit.BAD_INPUT)
    except NewsspiderError as error:
        code = _print_error(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


def _print_error(message: str, code: Exit) -> Exit:
    """Print the message on standard error and return the code."""
    print_errors(message)
    return code
