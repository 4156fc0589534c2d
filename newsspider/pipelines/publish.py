"""The stages that write: Publish writes the post, Remember what became of the article.

In: an article that gets a post, or the reason why it gets none. Out: its file; its state in the
ledger.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from newsspider.errors import Dropped, NewsspiderError, Unwritable
from newsspider.exporters.publisher import Outcome, Publisher, complete_lists
from newsspider.extraction.rights import reserved
from newsspider.fetch.failures import CalledBack
from newsspider.model import Article
from newsspider.pipelines.reasons import (
    Doubtful,
    Edited,
    FutureDate,
    NoDate,
    SameStory,
    Settled,
    Unwanted,
)
from newsspider.pipelines.stage import Stage
from newsspider.spiders.desk import DeskKeeper
from newsspider.spiders.retries import is_given_up
from newsspider.store.held import let_go

_EVENTS = {Outcome.WRITTEN: "new", Outcome.UPDATED: "updated", Outcome.UNCHANGED: "unchanged"}


def fetched_now(article: Article) -> Article:
    """Return an article with the present as the time of its fetch, unless a worker noted one."""
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(article, fetched_at=article.fetched_at or now)


class Publish(Stage):
    """Leaves as much of the text as may be published; writes the intended hash into the ledger,
    then the post, then the state."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._publisher: Publisher | None = None

    def process(self, article: Article) -> Article:
        with self.desk.output.alone():
            return self._publish(article)

    def _publish(self, article: Article) -> Article:
        desk = self.desk
        if desk.output.turn is not None and self._is_new(article):
            article = self.check_story(article)  # another process may have published it just now
        if self._publisher is None:
            site = desk.site or desk.sites[article.site]
            self._publisher = Publisher(
                desk.output,
                desk.shared.format,
                site,
                note_change=lambda word: desk.count(f"changed/{word}"),
                before_promise=desk.archive,
                keep_versions=self.crawler.settings.getint("NEWS_VERSIONS"),
                corrections=self.crawler.settings.getdict("NEWS_CORRECTIONS") or None,
                force=desk.options.force,
            )
        article = desk.shared.stories.as_published(article, self.text_of(article))
        article = fetched_now(article)
        outcome = self._publisher.publish(article)
        if outcome is Outcome.EDITED:
            desk.note(f"{article.link}: its post was edited by hand and stays ({article.id})")
            raise Edited(f"its post was edited by hand and stays as it is: {article.id}")
        desk.count(outcome.value)
        if article.same_story and outcome is Outcome.WRITTEN:
            desk.count("same_story")
        for use in reserved(article.rights):
            desk.count(f"reserved/{use}")
        desk.shared.stories.note(article)
        return replace(article, event=_EVENTS[outcome])

    def _is_new(self, article: Article) -> bool:
        row = self.desk.output.ledger.article(article.key)
        return row is None or row.state == "promised"

    def close_spider(self) -> None:
        keeper = self.crawler.get_item_pipeline(DeskKeeper) or self.crawler.spider
        if hasattr(keeper, "desk"):  # else the crawl ended before it began
            self.complete()

    def complete(self) -> None:
        """Write the pages that the lists of posts lack."""
        output = self.desk.output
        wrote = self._publisher is not None and self._publisher.posts_written
        if wrote or (output.unclean and not output.dry):
            # The next crawl writes the pages that are missing; a full disk is reported at the end.
            with suppress(OSError, Unwritable):
                complete_lists(output, self.desk.shared.format)


class Remember(Stage):
    """Saves the result of each article in the ledger: published, dropped or failed."""

    unless = ""  # the state of a link that is left in it

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stage = super().from_crawler(crawler)
        crawler.signals.connect(stage.dropped, signals.item_dropped)
        crawler.signals.connect(stage.failed, signals.item_error)
        return stage

    def process(self, article: Article) -> Article:
        self._settle(article, "published")
        if not self.desk.output.dry:
            let_go(self.desk.output.path, article)
        return article

    def _settle(self, article: Article, state: str, reason: str = "") -> None:
        self.desk.output.ledger.settle(article, state, reason, unless=self.unless)
        self.desk.shared.recipes.forget(article.site, article.listing, article.key)

    def dropped(self, item: Any, exception: BaseException) -> None:
        item = vars(exception).get("item", item)
        reason = type(exception).__name__
        if isinstance(exception, Doubtful):
            self.desk.count("held")
        elif isinstance(item, Article) or isinstance(exception, Dropped):
            self.desk.count(f"dropped/{reason}")
        if not isinstance(item, Article):  # not an article yet, so it has no link
            return
        states = {Unwanted: "pending", Edited: "published", FutureDate: "failed"}
        states |= {Doubtful: "failed"}
        if isinstance(exception, NoDate) and item.published is None:
            states[NoDate] = "failed"
        row = self.desk.output.ledger.article(item.key)
        if row and row.state == "published" and (row.site, row.id) == (item.site, item.id):
            # Its post stays.
            states |= dict.fromkeys((Settled, NoDate, Doubtful), "published")
        kinds = (state for kind, state in states.items() if isinstance(exception, kind))
        state = next(kinds, "dropped")
        first = f" {exception.first}" if isinstance(exception, SameStory) else ""
        self._settle(item, state, reason + first)
        if state == "dropped" and not self.desk.output.dry:
            let_go(self.desk.output.path, item)

    def failed(self, item: Any, failure: Any) -> None:
        """Settle an article whose stage raised, for a file that the disk rejects or a fault of
        ours: it is requested again. It is still pending after Unwritable, and where the run ends
        first; the end of the run reports why."""
        item = vars(failure.value).get("item", item)
        is_left = isinstance(failure.value, Unwritable | CalledBack)
        if is_left or not isinstance(item, Article):
            return
        is_known = isinstance(failure.value, NewsspiderError | OSError)
        reason = type(failure.value).__name__ if is_known else "Fault"
        self.desk.count(f"failed/{reason}")
        ledger = self.desk.output.ledger
        row = ledger.article(item.key)
        if row is not None and row.state == "promised":
            ledger.forget(item.key)
        known = ledger.known(item.site, item.listing, item.key)
        failures = known.failures(reason) + 1 if known else 1
        self._settle(item, "dropped" if is_given_up(reason, failures) else "failed", reason)
