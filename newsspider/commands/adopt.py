"""`newsspider adopt FOLDER`: take over the posts of an existing site.

In: a folder of Jekyll, Hugo or Hexo posts. Out: their articles in the ledger and in `_newsspider`,
so that no crawl publishes one again; with `--fix` repaired posts; a summary on standard output.
Called by `commands`.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.errors import OutputError, Unwritable
from newsspider.exporters.adoption import Adoption, Repair, repair
from newsspider.exporters.adoption import adopt as adopt_posts
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.sites import load_usable
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.text.characters import counted

logger = logging.getLogger(__name__)

_SAMPLES = 3  # files named for each reason


@takes_options
def adopt(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="The folder of a Jekyll site, which newsspider goes on with; or of a Hugo or Hexo "
            "site, whose articles are not to be published again in --output.",
        ),
    ],
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Repair the posts that Jekyll cannot read, and show how."),
    ] = False,
    *,
    options: RunOptions,
) -> int:
    """Take over the posts of an existing site, so that none is published twice.

    Posts keep their names, addresses and texts. With --dry-run nothing is written.

    Exit codes: 0 done; 1 some posts are broken and were not taken over; 2 the folder has no posts,
    or cannot be used; 5 a run holds the output folder.
    """
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder}: is not a folder")
    options, _ = with_own_project(options)
    if (folder / Jekyll.folder).is_dir() and "output" not in options.model_fields_set:
        options = options.model_copy(update={"output": folder})
    sites = tuple(load_usable(own_sites(options), warn=logger.warning).values())
    shared = Shared.opened(options)
    try:
        found = adopt_posts(folder, shared.output, sites)
        if not found.posts:
            raise OutputError(f"{folder}: has no posts: no file has a title and a date")
        for line in summary(found, folder):
            typer.echo(line)
        failed = [] if not fix or options.dry_run else _repair(found.repairs, shared)
    except Unwritable as error:
        raise OutputError(str(error)) from error
    finally:
        shared.output.close()
    for text in differences(found.repairs, folder) if fix else ():
        typer.echo(text)
    if found.repairs and not fix:
        number = counted(len(found.repairs), "post")
        typer.echo(f"{number} can be repaired: newsspider adopt {folder} --fix shows how and does.")
    return 1 if found.faults or failed else 0


def _repair(repairs: list[Repair], shared: Shared) -> list[str]:
    """Write the repaired posts; return why some could not be written."""
    failed = []
    for each in repairs:
        try:
            repair(each, shared.output)
        except OSError as error:
            failed.append(f"{each.file}: {trouble_of(error)}")
    for line in failed:
        logger.warning(line)
    return failed


def summary(found: Adoption, folder: Path) -> Iterator[str]:
    """Yield the lines of the summary: posts by site, then what was not taken over, by reason."""
    yield f"{folder}: {counted(found.posts, 'post')}"
    for name, number in sorted(found.here.items()):
        yield f"  {name}: {number} taken over"
    for name, number in sorted(found.elsewhere.items()):
        yield f"  {name}: {number} in other folders, which will not be published again"
    if found.doubles:
        yield f"  {len(found.doubles)} of articles that another file has: {_names(found.doubles)}"
    for reason, files in sorted(found.faults.items()):
        yield f"  {len(files)} not taken over, {reason}: {files[0][0]}: {files[0][1]}"
        if more := [file for file, _ in files[1:]]:
            yield f"    also {_names(more)}"


def _names(files: list[Path]) -> str:
    names = ", ".join(file.name for file in files[:_SAMPLES])
    more = len(files) - _SAMPLES
    return f"{names} and {more} more" if more > 0 else names


def differences(repairs: list[Repair], folder: Path) -> Iterator[str]:
    """Yield what the repairs change, as unified diffs."""
    for each in repairs:
        old, new = each.file.relative_to(folder), each.file.with_name(each.name)
        lines = difflib.unified_diff(
            each.before.splitlines(),
            each.after.splitlines(),
            str(old),
            str(new.relative_to(folder)),
            n=1,
            lineterm="",
        )
        yield "\n".join(lines)
