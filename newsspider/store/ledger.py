"""The ledger: what was promised and what was kept. The interface; `store/sqlite` implements it.

In: links of listings, articles published, dropped and failed. Out: what is to be fetched, and what
the post of an article is. The spiders note links before they ask for them; Publish and Remember
note what became of each. A link is pending before its listing's validators are saved, so a run that
is killed, limited or out of disk only leaves work for the next one.

Order of a publication: the intended hash, then the file, then the state. Whatever moment a process
dies at, the next run finds either no promise, or a promise and maybe the file it promised. So the
state need not be on the disk before the next promise is: both may go in one commit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from newsspider.model import Article, Link
from newsspider.store.counts import Counts
from newsspider.store.records import KnownLink, PublishedPost, Validators

RUNS_KEPT = 500  # runs of a source whose counts are kept: three weeks of an hourly one
SHELLS_LAST = timedelta(days=30)  # a site that comes with words again costs no browser for ever


def utc_now() -> datetime:
    return datetime.now(UTC)


class Ledger(ABC):
    """What one output folder remembers from run to run.

    A link is `pending` (found, not yet kept), `published`, `dropped` (with its reason, not asked
    for again) or `failed` (asked for again). It belongs to a listing of a site, and so do the
    arguments `site` and `listing`; `key` is the identity of its article. An article is `promised`,
    `published` or `gone` (a person removed its post).

    Notes are kept in the order in which they are made. A process that dies loses none of them but
    those since a `keep` that nothing has committed yet: `promise`, `transaction`, `start_run`,
    `end_run`, `close` and the settling of a link in another state than "published" commit.

    Every method raises Unwritable when the ledger can no longer be read or written; `trouble` says
    why from then on.

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
        """Let the ledger go. Raises Unwritable when the last of what was noted is not kept."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what is noted inside."""

    # -- runs ---------------------------------------------------------------------------------

    @abstractmethod
    def start_run(self) -> AbstractContextManager[int | None]:
        """Begin a run and set `run`. Gives the number of the last run if it never ended, else None.

        The start and all that is noted inside are kept together or not at all, and outlive a power
        cut: the next run must know that this one began.
        """

    @abstractmethod
    def end_run(self) -> None:
        """Note that the run ended well: the next one need not look at its posts."""

    # -- sources ------------------------------------------------------------------------------

    @abstractmethod
    def note_counts(self, source: str, counts: Mapping[str, int]) -> None:
        """Note what a crawl of a source counted, when it closes. A second crawl of the source in
        the same run adds to the first; the counts of runs before the last RUNS_KEPT go."""

    @abstractmethod
    def counts(self, source: str, runs: int) -> list[Counts]:
        """What the last runs of a source counted, at most so many of them, the newest first."""

    # -- links --------------------------------------------------------------------------------

    @abstractmethod
    def known(self, site: str, listing: str, key: str) -> KnownLink | None:
        """What an earlier look at the listing left of the link."""

    @abstractmethod
    def note_link(
        self, site: str, listing: str, key: str, link: Link, state: str, reason: str = ""
    ) -> None:
        """Note a link as the listing now has it, in this state."""

    @abstractmethod
    def open_links(self, site: str, listing: str) -> list[tuple[str, Link, KnownLink]]:
        """Links to ask for, pending and failed, with their keys. The newest come first, and those
        of one second in the descending order of their keys."""

    @abstractmethod
    def settled_links(self, site: str, listing: str) -> int:
        """How many links of a listing need nothing."""

    @abstractmethod
    def settle(self, article: Article, state: str, reason: str = "") -> None:
        """Note what became of an article's link, with what the article says: source, time, stocks.
        Only the state "published" may wait for the next commit."""

    @abstractmethod
    def settle_link(self, site: str, listing: str, key: str, state: str, reason: str = "") -> None:
        """Note what became of a link that led to no article."""

    @abstractmethod
    def settle_all(self, site: str, key: str) -> None:
        """Note that an article has a post, for its open links of every listing of the site."""

    # -- listings -----------------------------------------------------------------------------

    @abstractmethod
    def validators(self, site: str, listing: str, definition: str) -> Validators:
        """What to ask the listing with; empty when its definition in the site file changed."""

    @abstractmethod
    def note_listing(
        self, site: str, listing: str, definition: str, validators: Validators
    ) -> None:
        """Note what to ask the listing with next time. It replaces what was noted before."""

    # -- shells -------------------------------------------------------------------------------

    @abstractmethod
    def is_shell(self, site: str, page: str) -> bool:
        """Whether this page of the site came as an empty shell in the last 30 days. `page` is a
        category (`/36ke`) or the name of a page of its articles (`article`)."""

    @abstractmethod
    def note_shell(self, site: str, page: str) -> None:
        """Note that this page of the site came as an empty shell just now."""

    # -- articles -----------------------------------------------------------------------------

    @abstractmethod
    def article(self, key: str) -> PublishedPost | None:
        """The article of this identity, if it has, had or was promised a post."""

    @abstractmethod
    def holder(self, path: str) -> PublishedPost | None:
        """The article whose post has this file name."""

    @abstractmethod
    def articles_in_doubt(self, run: int | None) -> list[PublishedPost]:
        """The articles that this run published or promised, and promises left over from any."""

    @abstractmethod
    def published(self) -> list[PublishedPost]:
        """The articles whose post should be there."""

    @abstractmethod
    def promise(self, article: Article, path: str, date: str, intended: str) -> None:
        """Note the hash that the post is about to have, before its file is touched. An article that
        has a post keeps path, date, category and the rest that its address is built from.

        Raises NameTaken when the post of another article has this file name.
        """

    @abstractmethod
    def keep(self, key: str, hash_: str) -> None:
        """Note that the post is there, with this content ("" when it is not ours to know). This and
        the state of its link that is noted next may wait for the next commit."""

    @abstractmethod
    def adopt(self, post: PublishedPost) -> None:
        """Note a post that was there before the ledger was. An article that is known stays."""

    @abstractmethod
    def forget(self, key: str) -> None:
        """Take back a promise whose file never came to be, so that the links are fetched again."""

    @abstractmethod
    def mark_removed(self, key: str) -> None:
        """Note that a person removed the post: it is never written again."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether no article is known."""

    # -- categories ---------------------------------------------------------------------------

    @abstractmethod
    def first_seen(self, category: str) -> bool:
        """Whether a category never had a page. It has or had one from `note_categories` on."""

    @abstractmethod
    def note_categories(self, categories: Iterable[str]) -> None:
        """Note that these categories have their pages."""
