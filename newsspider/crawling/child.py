"""The child process of `newsspider.crawl`: a run in a process of its own.

In: on standard input, targets and settings as a line of JSON; its end ends the run. Out: on
standard output, a sequence of pickles: each Article as soon as it has a post, then a Summary or a
Problem. Started by `crawling.program`: Scrapy's reactor runs only once in a process, so each crawl
of a program needs a child of its own.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from rich.console import Console

from newsspider.crawling.jobs import jobs_of_targets
from newsspider.crawling.program import Problem, Summary
from newsspider.crawling.progress import Progress
from newsspider.crawling.run import Around, run
from newsspider.errors import NewsspiderError
from newsspider.model import Article


def main() -> None:
    """Run the crawl that standard input describes."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not get between the pickles
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    order = json.loads(sys.stdin.buffer.readline())
    ended = threading.Event()
    threading.Thread(target=end_with_parent, args=(ended,), daemon=True).start()
    try:
        end: object = carry_out(order["targets"], order["settings"], frames)
    except NewsspiderError as error:
        end = Problem(type(error).__name__, str(error))
    ended.set()
    with contextlib.suppress(BrokenPipeError):  # the parent has gone
        send(frames, end)


def end_with_parent(ended: threading.Event) -> None:
    """End the run at the end of standard input: the parent has left its loop, or has died."""
    while os.read(0, 1024):
        pass
    if not ended.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


def carry_out(targets: list[str], settings: Mapping[str, Any], frames: IO[bytes]) -> Summary:
    """Crawl the targets, send each article, and return the Summary."""
    sites = Path(settings["NEWS_SITES"])
    jobs = jobs_of_targets(targets, sites)
    progress = Progress(Console(stderr=True), quiet=True)

    def published(article: Article) -> None:
        with contextlib.suppress(BrokenPipeError):  # the parent has gone: the run ends
            send(frames, article)

    report = run(jobs, settings, progress, Around(on_article=published))
    return Summary(dict(report.total()), tuple(report.notes), int(report.exit_code()))


def send(frames: IO[bytes], value: object) -> None:
    """Write a value as a pickle. Raises BrokenPipeError when the parent has gone."""
    pickle.dump(value, frames)
    frames.flush()


if __name__ == "__main__":
    main()
