"""`newsspider demo`: crawl a small news site on this machine.

In: an output folder. Out: a Jekyll site in it, a report on the console, and the exit code. Called
by `commands`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from newsspider.commands.console import print_report, start_logging
from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.run import run
from newsspider.demo import Newsroom, stories
from newsspider.errors import Exit
from newsspider.sites import load
from newsspider.text.characters import counted

SHARED = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335"


def demo(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-O", metavar="FOLDER", help="Folder to write the Jekyll site to."
        ),
    ] = Path("output/demo"),
) -> int:
    """Crawl a small news site on this machine and write a complete Jekyll site.

    Starts the news site itself and needs no network: the site answers for the hosts of the site
    file `finews`, under their real addresses.
    """
    console = Console(stderr=True)
    start_logging(console, 0, None, quiet=True)
    with Newsroom() as newsroom:
        settings = {"NEWS_OUTPUT": str(output), "NEWS_CONNECT_TO": newsroom.address}
        report = run(_jobs(), settings, Progress(console))
    out = Console()
    code = print_report(out, report, output, dry=False)
    posts = sorted((output / "_posts").glob("*.md"))
    out.print(
        "Dropped and failed articles are part of the demo: its news site has faults on purpose.",
        f"{counted(len(posts), 'post')} in {output / '_posts'}. To view the site"
        + (":" if shutil.which("jekyll") else " (Jekyll: https://jekyllrb.com):"),
        f"  jekyll serve --source {output} --destination {output / '_site'}",
        sep="\n",
        highlight=False,
        soft_wrap=True,
    )
    return Exit.DONE if code is Exit.SOME_FAILED else code


def _jobs() -> list[Job]:
    site = load("finews")
    slugs = sorted({story.slug for story in stories() if story.post and site.takes(story.slug)})
    named = [name for name, category in site.categories.items() if category.only_named]
    crawls = [
        Job("category", {"site": "finews", "category": name}, f"finews/{name}")
        for name in (*slugs, *named)
    ]
    return [Job("share", {"urls": SHARED}, "share"), *crawls]
