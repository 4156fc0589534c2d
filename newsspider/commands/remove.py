"""`newsspider remove URL|ID… --why TEXT`: take posts down for good.

In: addresses, ids, keys of the ledger or file names of posts. Out: their files are deleted, and
`_newsspider/removed.txt` has their keys with the reason; no run writes them again. Called by
`commands`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import own_sites, takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.commands.show import keys_of_name
from newsspider.errors import OutputError
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.jekyll.gone import remove_gone_page
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.output import Output
from newsspider.store.records import PublishedPost
from newsspider.text.characters import clean_characters


@takes_options
def remove(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|ID",
            help="Addresses of articles, share links, ids, or file names of posts.",
        ),
    ],
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the key.")
    ],
    *,
    options: RunOptions,
) -> None:
    """Take posts down: delete their files, and never write them again.

    If a name has no post, or a post was edited, nothing is removed.
    """
    options, _ = with_own_project(options)
    reason = " ".join(clean_characters(why).split())
    if not reason:
        raise typer.BadParameter("--why is empty: write the reason, which is kept with the key")
    if not (options.output / Jekyll.folder).is_dir():
        raise OutputError(f"{options.output}: there are no posts")
    output = Shared.opened(options, tell=typer.echo).output
    try:
        posts = list(_posts(output, names, own_sites(options)))
        if not options.force:
            _refuse_edited(output, posts)
        for post in posts:
            typer.echo(f"{post.path}: {_take_down(output, post, reason)}")
    finally:
        output.close()


def _posts(output: Output, names: Sequence[str], sites: Path) -> Iterator[PublishedPost]:
    """Yield the posts that the names mean, each once. Raises OutputError for a name without one."""
    seen = set()
    for name in names:
        keys = keys_of_name(output.ledger, name, sites)
        posts = [post for key in keys if (post := output.ledger.article(key)) is not None]
        if not posts:
            raise OutputError(f"{output.path}: {name[:200]!r} has no post; nothing was removed")
        for post in posts:
            if post.key not in seen:
                seen.add(post.key)
                yield post


def _refuse_edited(output: Output, posts: Sequence[PublishedPost]) -> None:
    edited = [post.path for post in posts if post.state != "gone" and not output.is_ours(post)]
    if edited:
        more = f" and {len(edited) - 1} more" if edited[1:] else ""
        raise OutputError(
            f"{output.posts / edited[0]}{more}: edited since newsspider wrote it, or not written by"
            " it; --force removes it all the same. Nothing was removed"
        )


def _take_down(output: Output, post: PublishedPost, why: str) -> str:
    """Remove a post; return what became of it. Raises OutputError if its file stays."""
    try:
        if post.state == "gone":
            remove_gone_page(output.path, post)
            output.mark_removed([post], why)
            return "was removed before; the reason is kept"
        output.take_down(post, why)
    except OSError as error:
        raise OutputError(f"{output.posts / post.path}: {trouble_of(error)}") from None
    return "removed; it is never written again"
