"""The ledger as a worker of a fleet uses it: held to the lease of its hosts, without a folder.

In: a lease, and what the crawl notes. Out: rows of the ledger, and entries of the outbox. Several
workers write at once, each the links of its own hosts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from newsspider.model import Article
from newsspider.store.ledger import utc_now
from newsspider.store.postgresql import fleet, outbox, pictures
from newsspider.store.postgresql.leases import Lease, LeasedDatabase
from newsspider.store.postgresql.numbered import NumberedLedger
from newsspider.store.sql.runs import WORKER


class WorkerLedger(NumberedLedger):
    """The ledger at an address, for the holder of a lease. Raises OutputError; every method raises
    LostLease once another worker has taken the hosts."""

    def __init__(self, address: str, lease: Lease, clock: Callable[[], datetime] = utc_now) -> None:
        self._leased = LeasedDatabase(address, lease.group, lease.epoch)
        self._hosts, self._robots = lease.hosts, lease.robots
        super().__init__(self._leased, clock)
        try:
            fleet.check(self._leased)
        except BaseException:
            self._leased.close()
            raise

    @contextmanager
    def start_run(self) -> Iterator[None]:
        """Begin a run, which writes no post: there is nothing to check after its end."""
        with self.transaction():
            self._begin_run(WORKER)
            yield

    def end_run(self) -> None:
        self._leased.flush()

    def send(
        self,
        kind: outbox.Kind,
        key: str,
        source: str,
        values: Mapping[str, Any],
        files: Sequence[bytes] = (),
    ) -> None:
        """Leave an entry to the publisher (see `outbox.Entry`)."""
        entry = outbox.Entry(kind, key, self.run, source, values, files)
        outbox.add(self._leased, entry, *self._leased.lease)

    def send_article(
        self, article: Article, source: str, values: Mapping[str, Any], files: Sequence[bytes]
    ) -> None:
        """Leave an article to the publisher, and settle its link, in one transaction."""
        with self.transaction():
            self.send("article", article.key, source, values, files)
            self._leased.do(
                "UPDATE links SET state = 'sent' WHERE site = ? AND listing = ? AND key = ?",
                (article.site, article.listing, article.key),
            )

    def has_settled(self, url: str) -> bool:
        """Return whether the picture of an address need not be asked for now."""
        return pictures.is_settled(self._leased, url)

    def due_pictures(self, site: str) -> Mapping[str, Sequence[str]]:
        """Return the pictures to ask for again, by the key of the article of a site."""
        return pictures.due(self._leased, site)

    def known_hosts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the last worker knew of the hosts; empty when asked again."""
        hosts, self._hosts = self._hosts, {}
        return hosts

    def known_robots(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the robots.txt that the last worker has read."""
        return self._robots

    def note_robots(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Save the robots.txt that were read, for the next worker that crawls the hosts."""
        self._leased.note_robots(known)

    def note_hosts(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Save what is known of the hosts, for the next worker that crawls them."""
        self._leased.note_hosts(hosts)
