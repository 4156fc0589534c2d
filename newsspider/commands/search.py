"""`newsspider search WORDS…`: full-text search over what was published.

In: words, an output folder, filters. Out: the articles that have all of the words, on standard
output, the newest first. Only the index in `.newsspider` is written. Called by `commands`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from newsspider.commands.filters import Filters
from newsspider.commands.options import takes_options
from newsspider.commands.scheduled import with_own_project
from newsspider.exporters.search import Hit
from newsspider.exporters.search import search as search_folder
from newsspider.spiders.options import RunOptions
from newsspider.text.characters import counted

_SHOWN = ("key", "id", "site", "link", "title", "source", "category", "language")


@takes_options
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORD", help="Words that title or text must have, all of them."),
    ],
    most: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help="Show at most N articles.")
    ] = 20,
    format: Annotated[
        Literal["text", "json"], typer.Option("--format", help="`json`: for other programs.")
    ] = "text",
    *,
    filters: Filters,
    options: RunOptions,
) -> None:
    """Search what was published for words, in any script. Nothing is fetched.

    The first search makes an index, which takes a while; each further one keeps it up.
    """
    options, _ = with_own_project(options, ledger=False)
    wanted = filters.selection(options)
    try:
        tell = partial(typer.echo, err=True)
        hits = search_folder(options.output, words, wanted, most=most, tell=tell)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if format == "json":
        values = {"articles": [_values(hit) for hit in hits]}
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        _print(hits, words, most)


def _values(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON has it."""
    article = hit.article
    return {
        **{name: getattr(article, name) for name in _SHOWN},
        "published": article.published and article.published.isoformat(),
        "stocks": [asdict(stock) for stock in article.stocks],
        "post": hit.post,
        "snippet": hit.snippet,
    }


def _print(hits: Sequence[Hit], words: Sequence[str], most: int) -> None:
    console = Console()
    for hit in hits:
        article = hit.article
        day = f"{article.published:%Y-%m-%d}" if article.published else "-"
        console.print(Text(f"{day}  {article.title}", "bold"), soft_wrap=True)
        place = "  ".join(filter(None, (article.source or article.site, article.link)))
        console.print(Text(f"            {place}", "dim"), soft_wrap=True)
        text = Text(f"            {hit.snippet}")
        text.highlight_words(words, "bold", case_sensitive=False)
        console.print(text, soft_wrap=True)
    if not hits:
        typer.echo("No article has these words.")
    elif len(hits) == most:
        typer.echo(f"{counted(most, 'article')} at most; --limit shows more.")
