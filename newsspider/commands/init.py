"""`newsspider init [TARGET…]`: write newsspider.yml for what a folder is to crawl.

In: addresses of category pages, sites and their categories. Out: newsspider.yml, site files for the
addresses, and the exit code. Called by `commands`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.write_project import project_text
from newsspider.commands.add import add_sources
from newsspider.commands.options import CommandLine, takes_options
from newsspider.crawling.jobs import jobs_of_target
from newsspider.crawling.project import FILE
from newsspider.errors import Exit
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.text.urls import host


@takes_options
def init(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[URL|SITE[/CATEGORY]]...",
            help="What to crawl: addresses of category pages or feeds, which get site files as by "
            "`newsspider add`; sites or categories of them, such as `bbc/world`. Without one, "
            "newsspider.yml has an example and crawls nothing.",
        ),
    ] = None,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Start a folder: write newsspider.yml, which says what is crawled and how often.

    A file that exists is never overwritten.

    Exit codes: 0 written; 2 newsspider.yml exists, or a page has no listing; 3 nothing could be
    fetched.
    """
    if os.path.lexists(FILE):
        raise typer.BadParameter(
            f"{FILE} exists already: add to it, under `sources`, lines such as"
            f" `- source: {(targets or ['bbc/world'])[0][:200]}`"
        )
    sources, code = _sources(targets or (), options, line)
    if targets and not sources:
        return code
    text = project_text(sources, output=str(options.output), sites=str(options.sites))
    _write(FILE, text)
    typer.echo(f"Wrote {FILE}. " + (_NEXT if sources else _EMPTY))
    return code


_NEXT = "Next: newsspider crawl"
_EMPTY = "Next: name a source in it, then: newsspider crawl"


def _sources(
    targets: Sequence[str], options: RunOptions, line: CommandLine
) -> tuple[list[str], Exit]:
    """Return the sources for the targets, each once, and the exit code of adding the addresses
    among them. Raises SiteError for a target that no site knows."""
    urls = [target for target in targets if host(target)]
    for target in targets:
        if not host(target):
            jobs_of_target(target, options.sites)
    added, code = add_sources(urls, options, line) if urls else ({}, Exit.DONE)
    sources = [added.get(target, "") if host(target) else target for target in targets]
    return [source for source in dict.fromkeys(sources) if source], code


def _write(file: Path, text: str) -> None:
    """Write a new file. Raises BadParameter if it cannot be written or exists."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise typer.BadParameter(f"{file}: cannot be written ({trouble_of(error)})") from None
