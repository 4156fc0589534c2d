"""The stage that decides whether an article gets a post.

In: a complete article, and what its folder and its source have. Out: the article, with the values
that an update keeps; or the reason why it gets no post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newsspider.dates import plausible, read_post_date
from newsspider.exporters.format import read_post
from newsspider.exporters.texts import plain_text
from newsspider.model import Article
from newsspider.monitor.doubt import BRIEF
from newsspider.monitor.replaced import why_replaced
from newsspider.pipelines.reasons import (
    REJECTED,
    UNWANTED,
    Doubtful,
    Duplicate,
    EmptyBody,
    FutureDate,
    NoDate,
    NoTitle,
    OutOfContract,
    Removed,
)
from newsspider.pipelines.stage import Stage
from newsspider.spiders.option_values import FIRST_SEEN
from newsspider.spiders.retries import is_given_up
from newsspider.store.held import hold
from newsspider.store.records import PublishedPost


class Validate(Stage):
    """Drops what is not an article, not new, or excluded by the options of the run."""

    def process(self, article: Article) -> Article:
        where = f"{article.link} ({article.key})"
        if article.rejection:
            raise REJECTED[article.rejection.verdict](f"{article.rejection.reason}: {where}")
        article = self.desk.filed(article)
        marks = list(article.marks)
        for name, number in self.desk.tally.counts(article):
            self.desk.count(name, number)
            marks.append(name)
        marks = list(self.desk.pattern.marks(article, marks))
        for mark in BRIEF.intersection(marks):
            self.desk.count(mark)
        if not article.title:
            raise NoTitle(f"no title: {where}")
        article = self._dated(article)
        self._check_time(article, where)
        if not (article.body or article.digest):
            raise EmptyBody(f"nothing to publish: {where}")
        stocks = [str(stock) for stock in article.stocks]
        wanted = self.desk.wanted(self.desk.sites[article.site])
        if refusal := wanted.refusal(article.source, article.published, stocks):
            raise UNWANTED[refusal.option](f"{refusal.why}: {where}")
        row = self.desk.output.ledger.article(article.key)
        if row is None or row.state == "promised":
            self._check_doubt(article, marks)
            return self.check_story(article)
        article = update_of(article, row)
        self._check_replaced(article, row)
        self._check_rereading(article)
        first = self.desk.output.ledger.fields(article.key).get("same_story", "")
        if first and self._same_story(article) != "all":
            article = replace(article, same_story=first)
        return article

    def _check_doubt(self, article: Article, marks: Sequence[str]) -> None:
        """Hold back an article that breaks the contract or the pattern of its source."""
        desk = self.desk
        known = desk.output.ledger.known(article.site, article.listing, article.key)
        tries = known.failures(Doubtful.__name__) if known else 0
        broken = desk.contract.broken_by(article, marks)
        why = [*broken, *desk.pattern.doubts(marks, tries)]
        if broken:
            desk.count("drift/contract")
        if not why:
            return
        words = f"{article.link}: {', '.join(why)}"
        if desk.contract.on_break == "publish":
            desk.note(f"{words}; published, as its contract says")
        elif desk.contract.on_break == "drop":
            desk.note(f"{words}; dropped, as its contract says")
            raise OutOfContract(words)
        else:
            desk.note(f"{words}; held back (newsspider show {article.id} --release publishes it)")
            if not desk.output.dry:
                desk.archive(article)
                hold(desk.output.path, article, why)
            raise Doubtful(words)

    def _check_replaced(self, article: Article, row: PublishedPost) -> None:
        """Leave a post as it is where a wall, a teaser or an error page has taken the place of its
        text."""
        desk = self.desk
        if desk.options.force or not desk.output.is_ours(row):  # what a person wrote is no measure
            return
        if (post := read_post(desk.shared.format, desk.output.posts / row.path)) is None:
            return
        why = why_replaced(plain_text(post.body), article.title, plain_text(article.body))
        if desk.replaced.are_many(has_changed=bool(why)) and desk.source:
            desk.count("drift/texts")
            desk.note(f"{desk.source}: other pages have taken the place of many of its articles")
        if why:
            words = f"{article.link}: {why}"
            force = f"newsspider share {article.id} --force updates it"
            desk.note(f"{words}; its post stays as it is ({force})")
            raise Doubtful(words)

    def _check_rereading(self, article: Article) -> None:
        """Leave a post as it is where the titles of many posts change in one crawl."""
        desk = self.desk
        before = desk.output.ledger.fields(article.key)
        if not (desk.source and before):
            return
        if desk.retitled.are_many(has_changed=before.get("title") != article.title):
            desk.count("drift/titles")
            desk.note(
                f"{desk.source}: the titles of many articles have changed at once; from the fourth"
                " on their posts stay as they are"
            )
            raise Doubtful(f"the titles of many articles have changed at once: {article.link}")

    def _dated(self, article: Article) -> Article:
        """Return an article that gives no day with the one on which it was first seen, if --undated
        asks for that."""
        if article.published is not None or self.desk.options.undated != FIRST_SEEN:
            return article
        place = (article.site, article.listing, article.key)
        seen = self.desk.output.ledger.first_noted(*place) or datetime.now(UTC)
        day = seen.astimezone(self.desk.sites[article.site].zone)
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return replace(article, published=day, dated_by=FIRST_SEEN)

    def _check_time(self, article: Article, where: str) -> None:
        """Raise NoDate for an article without a credible time, FutureDate for one that the clock of
        this machine has not reached."""
        published, now = article.published, datetime.now(UTC)
        if published is not None and plausible(published, max(published, now)):
            if plausible(published, now):
                return
            known = self.desk.output.ledger.known(article.site, article.listing, article.key)
            if not is_given_up("FutureDate", known.failures("FutureDate") if known else 0):
                raise FutureDate(f"published {published}, which is later than now: {where}")
        raise NoDate(f"no publication time: {where}")


def update_of(article: Article, row: PublishedPost) -> Article:
    """Return an update of the article that has this post; raise for any other."""
    where = f"{article.link} ({article.key})"
    if row.state == "gone":
        raise Removed(f"its post was removed: {where}")
    if (row.site, row.id) != (article.site, article.id):
        raise Duplicate(f"already published as {row.path}: {where}")
    return _as_first_published(article, row)


def _as_first_published(article: Article, row: PublishedPost) -> Article:
    """Return an update with the values that Jekyll builds the address from, date and category (and
    so the tag), as first published."""
    published = read_post_date(row.date)
    modified = article.modified
    assert article.published is not None
    if modified is None and not article.dated_by and article.published > published:
        modified = article.published
    return replace(
        article,
        published=published,
        modified=modified,
        category=row.category,
        tag=row.tag,
        id=row.id,
    )
