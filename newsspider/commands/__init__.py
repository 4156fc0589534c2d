"""The `newsspider` command, one module per subcommand.

In: a command line. Out: an exit code (`errors.Exit`); on an error also a message on standard error,
never a traceback. Called by the console script `newsspider` and by `python -m newsspider`.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from newsspider import __version__
from newsspider.commands.messages import print_errors, usage_message
from newsspider.errors import Exit, NewsspiderError
from newsspider.garbage import look_often

# Each command, a function in the module of that name, with the first sentence of its help.
COMMANDS = {
    "demo": "Crawl a small news site on this machine and write a complete Jekyll site.",
    "init": "Start a folder: write newsspider.yml, which says what is crawled and how often.",
    "crawl": "Crawl categories and write their new articles as posts.",
    "share": "Fetch single articles by their links and write them as posts.",
    "add": "Write a site file for a new site, from its category pages or feeds; "
    "add categories to the file of a site that has one.",
    "check": "Check that site files still fit their sites.",
    "show": "Show all that is known of a link or a post: where and when it was found, what became "
    "of it and why, when it is tried again, and what would change that.",
    "remove": "Take posts down: delete their files, and never write them again.",
    "render": "Write posts again from the archive, after a rule, a profile or newsspider changed.",
    "status": "Show how the sources are doing: last crawl, last new article, next due, health and "
    "why.",
    "adopt": "Take over the posts of an existing site, so that none is published twice.",
    "fleet": "Share a crawl out over machines, or move its ledger.",
    "export": "Write what was published as JSON Lines, CSV, SQLite and other formats.",
    "search": "Search what was published for words, in any script.",
    "serve": "Show an output folder in a browser, on this machine alone.",
    "sites": "List the sites, or the categories of a site.",
    "schema": "Print the JSON Schema of a kind of file: of site files, of newsspider.yml, of the "
    "record of a run, of an exported article or of the change feed.",
}
# Help is plain text: rich's takes as long to import as the rest of the command line.
_TYPER: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: while modules are imported there is nothing to save, and
    a traceback would be all that a person sees."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set a handler
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


class _Command(TyperCommand):
    """A command whose module is imported when the command runs, not when it is listed."""

    def __init__(self, name: str, first_sentence: str = "", *, module: str = "") -> None:
        super().__init__(name, short_help=first_sentence, hidden=not first_sentence)
        self._module = f"{__name__}.{module or name}"

    def load(self) -> Any:
        """Import the module and return the command with its options and its whole help."""
        alone = typer.Typer(**_TYPER)
        with _interruptible():
            module = import_module(self._module)
        look_often()
        alone.command(self.name)(getattr(module, str(self.name)))
        command = typer.main.get_command(alone)
        for parameter in command.params:
            if parameter.param_type_name == "argument":  # its name says more than `<list[str]>`
                parameter.display_type_rich = lambda ctx: None  # type: ignore[attr-defined]
        return command

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        return self.load().make_context(*arguments, **extra)


class _Group(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command of a name, as typer does. What is an argument of a command is named
        with that command."""
        name = args[0]
        if name not in self.commands and (hint := _command_for(name)):
            ctx.fail(f"{name[:200]!r} is no command: {hint}")
        return super().resolve_command(ctx, args)


def _command_for(target: str) -> str:
    """Return the command line that takes an address or a site; "" for any other text."""
    from newsspider.sites import site_files
    from newsspider.text.urls import host

    if host(target):
        return "newsspider crawl takes the address of a category page, share that of an article"
    name = target.partition("/")[0]
    return f"newsspider crawl {target[:200]}" if name in dict(site_files(Path("sites"))) else ""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsspider {__version__}")
        raise typer.Exit


def _newsspider(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(Exit.BAD_INPUT)


def command_line() -> TyperGroup:
    """Return the command with its subcommands, none of which is imported yet."""
    app = typer.Typer(
        help="Turn news category pages and share links into a Jekyll site.",
        invoke_without_command=True,
        cls=_Group,
        **_TYPER,
    )
    app.callback()(_newsspider)
    group = typer.main.get_group(app)
    for name, first_sentence in COMMANDS.items():
        group.add_command(_Command(name, first_sentence))
    group.add_command(_Command("test", module="saved"))  # the old name of `check --saved`
    return group


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    try:
        code = command_line()(arguments, standalone_mode=False, prog_name="newsspider")
    except typer.TyperException as error:
        code = _print_error(usage_message(error), Exit.BAD_INPUT)
    except NewsspiderError as error:
        code = _print_error(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


def _print_error(message: str, code: Exit) -> Exit:
    """Print the message on standard error and return the code."""
    print_errors(message)
    return code
