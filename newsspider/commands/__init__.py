"""The `newsspider` command. One file a subcommand; `main` turns errors into a line and a code.

In: a command line. Out: an exit code (see `report.Exit`), and on bad input one clear line on
standard error, never a traceback.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from newsspider import __version__
from newsspider.commands import add, check, crawl, demo, schema, share, sites, test
from newsspider.errors import Exit, NewsspiderError

app = typer.Typer(
    help="Turns news category pages and share links into a Jekyll site.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("crawl")(crawl.crawl)
app.command("share")(share.share)
app.command("add")(add.add)
app.command("test")(test.test)
app.command("check")(check.check)
app.command("sites")(sites.sites)
app.command("schema")(schema.schema)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"newsspider {__version__}")
        raise typer.Exit


@app.callback()
def _newsspider(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say the version.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="newsspider")
    except typer.TyperException as error:
        code = _complain(error.format_message(), Exit.BAD_INPUT)
    except NewsspiderError as error:
        code = _complain(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


def _complain(text: str, code: Exit) -> Exit:
    for line in text.splitlines():
        typer.echo(f"newsspider: {line}", err=True)
    return code
