"""The ledger: the links and posts of an output folder. The interface; `store/sql` implements it.

In: links of listings, articles published, dropped and failed. Out: the links to fetch, and the post
of an article. The spiders note links before they request them; the stages Publish and Remember note
the result of each. A link is pending before its listing's validators are saved, so a run that is
killed, limited or out of disk only leaves work for the next one.

Order of a publication: the intended hash (the promise), then the file, then the state. Whenever a
process dies, the next run finds either no promise, or a promise and perhaps its file. So the state
may reach the disk together with the next promise: both may go in one commit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newsspider.model import Article, Link, Section
from newsspider.store.counts import Counts
from newsspider.store.records import (
    Check,
    KnownLink,
    PageAnswer,
    PublishedPost,
    Record,
    UnpublishedLink,
    Validators,
)

RUNS_KEPT = 500  # runs of a source whose counts are kept: three weeks of an hourly one
SHELLS_LAST = timedelta(days=30)  # then a page is tried without a browser again


def utc_now() -> datetime:
    return datetime.now(UTC)


class Ledger(ABC):
    """The memory of one output folder from run to run.

    A link is `pending` (listed, not yet settled), `published`, `dropped` (with its reason, not
    requested again), `failed` (requested again; its failures are counted) or `sent` (a worker of a
    fleet has read its article, which is not published yet). It belongs to a
    listing of a site, which the arguments `site` and `listing` name; `key` is the identity of its
    article. An article is `promised`, `published` or `gone` (a person removed its post).

    Notes are saved in the order of the calls. A process that dies loses only the notes since an
    uncommitted `keep`: `promise`, `transaction`, `start_run`, `end_run`, `close`, and settling a
    link in another state than "published" commit.

    Every method raises Unwritable if the ledger can no longer be read or written; `trouble` gives
    the reason from then on.

    Opening a ledger raises NewerLedger, BrokenLedger or another OutputError.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self.run = 0  # the number of the run under way

    @property
    @abstractmethod
    def trouble(self) -> str:
        """Why the ledger can no longer be used; "" while it can."""

    @abstractmethod
    def close(self) -> None:
        """Close the ledger. Raises Unwritable if the last notes cannot be saved."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Save all notes made inside, or none."""

    # -- runs ---------------------------------------------------------------------------------

    @abstractmethod
    def start_run(self) -> AbstractContextManager[int | None]:
        """Begin a run and set `run`. Yields the number of the last run if it never ended, else
        None.

        The start and all notes made inside are saved together or not at all, and survive a power
        cut: the next run must know that this one began.
        """

    @abstractmethod
    def end_run(self) -> None:
        """Note that the run ended well: the next one need not check its posts."""

    @abstractmethod
    def last_run(self) -> datetime | None:
        """Return the latest moment that an earlier run noted, by the clock of its machine."""

    # -- sources ------------------------------------------------------------------------------

    @abstractmethod
    def note_counts(self, source: str, counts: Mapping[str, int]) -> None:
        """Save the counts of a crawl of a source, when it closes. A second crawl of the source in
        the same run adds to the first; of a source are kept its last RUNS_KEPT runs, and the last
        that wrote an article."""

    @abstractmethod
    def last_crawls(self, name: str = "") -> dict[str, datetime]:
        """Return when each source was last crawled: the start of the run that counted it. With a
        name: the last run that has a count of this name, such as `written`."""

    @abstractmethod
    def counts(self, source: str, runs: int, before: int | None = None) -> list[Counts]:
        """Return the counts of the last `runs` runs of a source at most, the newest first; with
        `before` those before the run of this number. A day that was restored counts as one."""

    @abstractmethod
    def counts_by_day(self) -> Iterable[tuple[str, str, Counts]]:
        """Return each source, each day (in UTC) that is over and on which it was crawled, and the
        sum of its kept runs of that day; of the `first_page`, the least."""

    @abstractmethod
    def restore_counts(self, source: str, day: date, counts: Counts) -> None:
        """Add the runs of a day of a source, as `counts_by_day` had them in another ledger."""

    # -- links --------------------------------------------------------------------------------

    @abstractmethod
    def known(self, site: str, listing: str, key: str) -> KnownLink | None:
        """Return the link as an earlier run left it; None if it is new."""

    @abstractmethod
    def first_noted(self, site: str, listing: str, key: str) -> datetime | None:
        """Return when a run first noted the link; None if it is not noted."""

    @abstractmethod
    def note_link(
        self, site: str, listing: str, key: str, link: Link, state: str, reason: str = ""
    ) -> None:
        """Save a link as its listing now has it, in this state."""

    @abstractmethod
    def open_links(self, site: str, listing: str) -> list[tuple[str, Link, KnownLink]]:
        """Return the pending and failed links with their keys, the newest first; those of the same
        second are in the descending order of their keys."""

    @abstractmethod
    def newest_links(self, site: str, listing: str, most: int) -> list[tuple[str, Link]]:
        """Return links whose articles are published, with their keys, `most` at most: those of the
        newest articles first."""

    @abstractmethod
    def appeared_since(self, site: str, listing: str, since: datetime) -> list[datetime]:
        """Return when the articles of a listing were published that appeared since this time, and
        since the listing was first crawled: of what it had before then, nobody saw how often it
        appeared."""

    @abstractmethod
    def settled_links(self, site: str, listing: str) -> int:
        """Return how many links of a listing are settled."""

    @abstractmethod
    def settle(self, article: Article, state: str, reason: str = "", *, unless: str = "") -> None:
        """Save the state of an article's link, with the article's source, time and stocks; a link
        in the state `unless` stays in it. Only "published" may wait for the next commit."""

    @abstractmethod
    def settle_link(self, site: str, listing: str, key: str, state: str, reason: str = "") -> None:
        """Save the state of a link whose article could not be read."""

    @abstractmethod
    def settle_all(self, site: str, key: str) -> None:
        """Mark the open links of an article as published, in every listing of the site."""

    # -- listings -----------------------------------------------------------------------------

    @abstractmethod
    def validators(self, site: str, listing: str, definition: str) -> Validators:
        """Return the validators of a listing; empty if its definition in the site file changed."""

    @abstractmethod
    def note_listing(
        self, site: str, listing: str, definition: str, validators: Validators
    ) -> None:
        """Save the validators of a listing for the next run, in place of its former ones."""

    @abstractmethod
    def section(self, site: str, listing: str) -> Section | None:
        """Return the section of a listing as its first crawl settled it, under which all its
        articles are filed; None if it is not settled."""

    @abstractmethod
    def note_section(self, site: str, listing: str, section: Section) -> None:
        """Settle the section of a listing."""

    @abstractmethod
    def has_posts(self, site: str, listing: str) -> bool:
        """Return whether a link of a listing leads to an article that has or had a post."""

    # -- shells -------------------------------------------------------------------------------

    @abstractmethod
    def is_shell(self, site: str, page: str) -> bool:
        """Return whether this page of the site arrived as an empty shell in the last 30 days.
        `page` is a category (`/36ke`) or the name of a page of its articles (`article`)."""

    @abstractmethod
    def note_shell(self, site: str, page: str) -> None:
        """Note that this page of the site has just arrived as an empty shell."""

    # -- articles -----------------------------------------------------------------------------

    @abstractmethod
    def article(self, key: str) -> PublishedPost | None:
        """Return the article of this identity, if it has, had or was promised a post."""

    @abstractmethod
    def resolve(self, key: str) -> str:
        """Return the key of the article that this identity is an alias of; else the identity."""

    @abstractmethod
    def note_alias(self, alias: str, key: str) -> None:
        """Note that this identity leads to the article `key`, as the address does that the
        article's own redirects to. Its open links are settled as duplicates. An identity that has a
        post, or is an alias already, stays as it is."""

    @abstractmethod
    def holder(self, path: str) -> PublishedPost | None:
        """Return the article whose post has this file name."""

    @abstractmethod
    def articles_in_doubt(self, run: int | None) -> list[PublishedPost]:
        """Return the articles that this run published or promised, and the open promises of all
        runs."""

    @abstractmethod
    def published(self, day: str = "", run: int | None = None) -> list[PublishedPost]:
        """Return the articles that should have a post: of a day (`2026-11-28`) in the time zone of
        their posts, in a time that does not grow with the ledger; of those that a run promised."""

    @abstractmethod
    def promise(self, article: Article, path: str, date: str, intended: str) -> None:
        """Save the hash that the post is about to have, before its file is touched. An article that
        has a post keeps its path, date, category and tag, from which its address is built.

        Raises NameTaken if the post of another article has this file name.
        """

    @abstractmethod
    def keep(self, key: str, hash_: str) -> None:
        """Note that the post exists, with the content of this hash ("" if the content is not ours).
        This note and the following state of its link may wait for the next commit."""

    @abstractmethod
    def adopt(self, post: PublishedPost) -> None:
        """Add a post that is older than the ledger. An article already in the ledger stays as it
        is."""

    @abstractmethod
    def forget(self, key: str) -> None:
        """Take back a promise whose file was never written, so that its links are fetched again;
        but for those whose article waits to be published."""

    @abstractmethod
    def mark_removed(self, key: str) -> None:
        """Note that a person removed the post: it is never written again."""

    @abstractmethod
    def promise_removal(self, keys: Iterable[str]) -> None:
        """Save that the posts of these articles are about to be removed (REMOVAL), before their
        files are."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Return whether the ledger has no article."""

    @abstractmethod
    def fields(self, key: str) -> Mapping[str, Any]:
        """Return the fields of an article as it was last published, but its text (see
        `records.fields_of`); empty if an earlier version published it."""

    # -- checks: published articles that are asked for again --------------------------------------

    @abstractmethod
    def checks(self, site: str, listing: str, since: datetime) -> list[Check]:
        """Return the published articles of a listing to look at again, the one whose last look is
        the longest ago first: those published since this time, give or take a day, and those that
        are missing. Not those that were taken down, nor those whose link was restored and is not
        complete yet."""

    @abstractmethod
    def complete_link(self, site: str, listing: str, key: str, link: Link) -> None:
        """Save what a listing states about an article whose link was restored without it."""

    @abstractmethod
    def note_read(self, key: str, pages: Sequence[PageAnswer]) -> None:
        """Note that an article has just been read from these answers."""

    @abstractmethod
    def note_checked(self, key: str) -> None:
        """Note that an article has just been asked for, and is as it was."""

    @abstractmethod
    def note_missing(self, key: str) -> datetime:
        """Note that an article is missing at its site; return since when it has been."""

    @abstractmethod
    def note_taken_down(self, key: str) -> None:
        """Note that an article was taken down: it is not looked at again."""

    # -- all that is known of an article ---------------------------------------------------------

    @abstractmethod
    def keys_of(self, name: str) -> list[str]:
        """Return the identities that this name means: an identity, or the id, the file name or the
        address of a post, or the address of a link."""

    @abstractmethod
    def record(self, key: str) -> Record | None:
        """Return the record of an article that has, had or was promised a post."""

    @abstractmethod
    def sources(self) -> dict[str, list[str]]:
        """Return the sources that list each article that should have a post, by its key: the
        address of a page, or `site/listing`."""

    @abstractmethod
    def links_of(self, key: str) -> list[UnpublishedLink]:
        """Return the links to an article, published ones too, the first one first."""

    @abstractmethod
    def twins(self, key: str) -> list[str]:
        """Return the keys of the articles that have the story of this one: those that were dropped
        for it, and those whose posts point to it."""

    # -- records: what must outlive the ledger --------------------------------------------------

    @abstractmethod
    def unsaved(self) -> list[Record]:
        """Return the articles whose records lack something, published or removed by a person."""

    @abstractmethod
    def note_saved(self, keys: Iterable[str]) -> None:
        """Note that the records have all that is known of these articles."""

    @abstractmethod
    def unpublished_links(self) -> Iterable[UnpublishedLink]:
        """Return the pending, failed and dropped links of all listings."""

    @abstractmethod
    def listings(self) -> list[tuple[str, str, str, Validators]]:
        """Return the site, name, definition and validators of each listing that was read."""

    @abstractmethod
    def sections(self) -> list[tuple[str, str, Section]]:
        """Return the site, the listing and the section of each listing that has settled one."""

    @abstractmethod
    def restore_record(self, record: Record) -> None:
        """Add an article from its record. An article in the ledger stays as it is."""

    @abstractmethod
    def restore_link(self, link: UnpublishedLink) -> None:
        """Add a link. A link in the ledger stays as it is."""

    # -- categories ---------------------------------------------------------------------------

    @abstractmethod
    def first_seen(self, category: str) -> bool:
        """Return whether a category never had a page: `note_categories` has not named it."""

    @abstractmethod
    def note_categories(self, categories: Iterable[str]) -> None:
        """Note that these categories have pages."""
