"""Crawls papers before and after a change, by newsspider's own spider, stages and detector.

In: papers and changes. Out: a Result for each. A paper is crawled thirty times as it is; each
change is then tried on a copy of its output folder. All crawls run in this process, one after the
other, from a server on loopback.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from drift_changes import Change
from drift_more_changes import CASES
from drift_paper import KINDS, Answer, Paper, Story, page

from newsspider.crawling.report import Report
from newsspider.crawling.run import project_settings
from newsspider.errors import Exit
from newsspider.model import Article

RUNS = 30  # ordinary ones before a change
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Crawled:
    """What a crawl came to: its report, and the articles that have a post."""

    report: Report
    articles: Sequence[Article]

    @property
    def broken(self) -> bool:
        return self.report.exit_code() is Exit.BROKEN_SOURCE

    @property
    def words(self) -> str:
        """The report as a person reads it."""
        rows = (f"{name} {value}" for name, value in self.report.rows())
        return "\n".join([*self.report.problems(), *self.report.notes, *rows])


@dataclass(frozen=True)
class Result:
    """How a change was taken: `reported` (and named), `read right`, or a fault."""

    change: str
    kind: str
    verdict: str
    words: str = field(repr=False, default="")

    @property
    def good(self) -> bool:
        return self.verdict in ("reported", "read right")


def judged(change: Change, kind: str, new: Iterable[Story], crawled: Crawled) -> Result:
    """Return how a change was taken, by the stories that the crawl should have read."""
    right = all(_is_right(story, crawled.articles) for story in new)
    alarm = crawled.report.exit_code() is not Exit.DONE
    named = any(name in crawled.words for name in change.names)
    if change.fits:
        verdict = "false alarm" if alarm else "read right" if right else "missed"
    elif alarm:
        verdict = "reported" if named else "not named"
    else:
        verdict = "read right" if right else "missed"
    return Result(change.name, kind, verdict, crawled.words)


def _is_right(story: Story, articles: Iterable[Article]) -> bool:
    """Return whether an article has the title, the time and the whole text of a story, and hardly
    more."""
    for article in articles:
        text = re.sub(r"\s", "", _TAG.sub("", article.body).replace("&amp;", "&"))
        whole = re.sub(r"\s", "", "".join(story.paragraphs))
        if article.title == story.title and article.published == story.time:
            parts = (re.sub(r"\s", "", part) for part in story.paragraphs)
            return all(part in text for part in parts) and len(text) < 1.2 * len(whole)
    return False


# -- crawls -----------------------------------------------------------------------------------


class _Server:
    """Answers for the paper of today."""

    def __init__(self) -> None:
        self.paper: Paper | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                assert outer.paper is not None
                is_robots = self.path == "/robots.txt"
                answer = page("", 404) if is_robots else outer.paper.answer(self.path)
                _send(self, answer)

            def log_message(self, format: str, *values: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if answer.cut:
        handler.close_connection = True
        return
    handler.send_response(answer.status)
    for name, value in answer.headers:
        handler.send_header(name, value)
    handler.send_header("Content-Type", answer.type)
    handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    handler.wfile.write(answer.body)


@contextmanager
def _serving() -> Iterator[_Server]:
    server = _Server()
    try:
        yield server
    finally:
        server.close()


class _Crawler:
    """Crawls the paper of a server into a folder."""

    def __init__(self, process: Any, server: _Server) -> None:
        self._process, self._server = process, server

    async def __call__(self, folder: Path) -> Crawled:
        from scrapy import signals
        from scrapy.crawler import Crawler

        from newsspider.spiders.category import CategorySpider
        from newsspider.spiders.desk import Shared
        from newsspider.spiders.options import RunOptions

        settings = self._process.settings.copy()
        options = RunOptions(
            output=folder / "site", sites=folder / "sites", connect_to=self._server.address
        )
        settings.update(options.settings(), priority=41)
        shared, report, articles = Shared.opened(options), Report(), list[Article]()
        crawler = Crawler(CategorySpider, settings)

        def note(item: Article) -> None:
            articles.append(item)

        crawler.signals.connect(note, signals.item_scraped)
        try:
            await self._process.crawl(crawler, shared=shared, site="paper", category="news")
            spider: Any = crawler.spider
            report.add(spider.source, crawler.stats.get_stats(), spider.notes)
        finally:
            shared.output.close()
        return Crawled(report, articles)


def results_of(seed: int, folder: Path, only: str = "") -> list[Result]:
    """Return the results of all changes (those whose name contains `only`) for one seed, and a
    `false alarm` for each ordinary run that raised one."""
    from scrapy.crawler import AsyncCrawlerProcess

    quiet = {"LOG_ENABLED": False, "RETRY_TIMES": 1}
    results: list[Result] = []

    async def all_kinds(process: Any) -> None:
        from twisted.internet import reactor  # the one that Scrapy has installed

        try:
            with _serving() as server:
                for kind in KINDS:
                    cases = [each for of, each in CASES if of == kind and only in each.name]
                    if cases:
                        crawl = _Crawler(process, server)
                        results.extend(await _kind(kind, seed, cases, folder / kind, crawl, server))
        finally:
            reactor.stop()  # type: ignore[attr-defined]

    logging.disable(logging.CRITICAL)
    process = AsyncCrawlerProcess(project_settings(quiet))
    task = asyncio.get_event_loop().create_task(all_kinds(process))
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    task.result()
    return results


async def _kind(
    kind: str,
    seed: int,
    changes: Sequence[Change],
    folder: Path,
    crawl: _Crawler,
    server: _Server,
) -> list[Result]:
    paper = server.paper = Paper(kind, seed)
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "paper.yml").write_text(paper.site_file(), "utf-8")
    results = []
    for number in range(RUNS):
        new = paper.publish()
        crawled = await crawl(folder)
        if crawled.broken or not all(_is_right(story, crawled.articles) for story in new):
            words = crawled.words
            results.append(Result(f"ordinary run {number}", kind, "false alarm", words))
    for change in changes:
        copied = folder.with_name(f"{kind}-changed")
        shutil.copytree(folder, copied)
        changed = server.paper = paper.copy()
        new = changed.publish(5)
        change.apply(changed)
        crawled = await crawl(copied)
        listed = [story for story in new if story in changed.stories]
        results.append(judged(change, kind, listed, crawled))
        shutil.rmtree(copied)
    return results
