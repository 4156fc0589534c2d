"""`newsspider init [TARGET…]`: write newsspider.yml, and what starts its crawls by a clock.

In: addresses of category pages, sites and their categories; kinds of schedules. Out:
newsspider.yml, site files for the addresses, the files of the schedules, and the exit code. Called
by `commands`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsspider.authoring.schedules import schedule_files
from newsspider.authoring.write_project import project_text
from newsspider.commands.add import add_sources
from newsspider.commands.options import CommandLine, takes_options
from newsspider.commands.renewing import update_site
from newsspider.commands.scheduled import with_own_project
from newsspider.crawling.jobs import jobs_of_target
from newsspider.crawling.project import FILE, load_project
from newsspider.errors import Exit
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.folder import refuse_foreign
from newsspider.text.urls import host


@takes_options
def init(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="URL|SITE[/CATEGORY]",
            help="What to crawl: addresses of category pages or feeds, which get site files as by "
            "`newsspider add`; sites or categories of them, such as `bbc/world`. Without one, "
            "newsspider.yml has an example and crawls nothing.",
        ),
    ] = None,
    github: Annotated[
        bool,
        typer.Option(
            "--github",
            help="Write .github/workflows/newsspider.yml, which crawls on GitHub Actions and "
            "publishes the site on GitHub Pages.",
        ),
    ] = False,
    cron: Annotated[
        bool, typer.Option("--cron", help="Write newsspider.cron, lines for crontab.")
    ] = False,
    systemd: Annotated[
        bool,
        typer.Option("--systemd", help="Write newsspider.service and newsspider.timer."),
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Renew the files of the site in the output folder that you have not changed, and "
            "show how the others differ from what this version lays.",
        ),
    ] = False,
    look: Annotated[
        bool, typer.Option("--dry-run", help="With --update: show what it would do.")
    ] = False,
    *,
    options: RunOptions,
    line: CommandLine,
) -> int:
    """Start a folder: write newsspider.yml, which says what is crawled and how often.

    With --github, --cron or --systemd also write what starts the crawls; in a folder that has
    newsspider.yml these write their own files only.

    A file that exists is never overwritten, except by --update, which renews the files of a site
    that this or an older version laid and nobody has changed.

    Exit codes: 0 written; 2 a file exists, a page has no listing, or there is no site to update;
    3 nothing could be fetched; 5 another run holds the output folder.
    """
    if update:
        return update_site(with_own_project(options, ledger=False)[0], dry=look)
    if look:
        raise typer.BadParameter("--dry-run needs --update")
    kinds = [
        kind
        for kind, wanted in (("github", github), ("cron", cron), ("systemd", systemd))
        if wanted
    ]
    goes_on = os.path.lexists(FILE) and kinds and not targets
    output = load_project().output if goes_on else str(options.output)
    if not goes_on and options.output.resolve() != Path.cwd():  # which has newsspider.yml then
        refuse_foreign(options.output, Jekyll.folder, Jekyll.marks)
    texts: dict[Path, str] = {}
    for kind in kinds:
        texts |= schedule_files(kind, folder=Path.cwd(), output=output, command=_command())
    _refuse_existing([*texts, *([] if goes_on else [FILE])], targets or ())
    code = Exit.DONE
    if not goes_on:
        sources, code = _sources(targets or (), options, line)
        if targets and not sources:
            return code
        texts = {FILE: project_text(sources, output=output, sites=str(options.sites)), **texts}
    for file, text in texts.items():
        _write(file, text)
        typer.echo(f"Wrote {file}. {_next(file, text)}")
    return code


def _command() -> list[str]:
    """Return the words that start newsspider from any folder."""
    script = Path(sys.argv[0])
    if script.name == "newsspider" and script.is_file():
        return [str(script.absolute())]
    return [sys.executable, "-m", "newsspider"]


def _refuse_existing(files: Sequence[Path], targets: Sequence[str]) -> None:
    """Raise BadParameter for files that exist."""
    for file in files:
        if os.path.lexists(file):
            more = f"`- source: {(*targets, 'bbc/world')[0][:200]}`"
            raise typer.BadParameter(
                f"{file} exists already: "
                + (
                    f"add to it, under `sources`, lines such as {more}"
                    if file == FILE
                    else "rename or delete it to have it written anew"
                )
            )


def _next(file: Path, text: str) -> str:
    """Return what a person does next with a file."""
    if file == FILE:
        named = "  - source: " in text
        return "Next: " + ("" if named else "name a source in it, then: ") + "newsspider crawl"
    return "Its first lines say how to install it."


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
