"""The ledger as a worker of a fleet uses it: held to the lease of its hosts, without a folder.

In: a lease, and what the crawl notes. Out: rows of the ledger, and entries of the outbox. Several
workers write at once, each the links of its own hosts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from newsspider.model import Article
from newsspider.sites.schema import Recipe
from newsspider.store.ledger import utc_now
from newsspider.store.postgresql import fleet, outbox
from newsspider.store.postgresql.leases import Lease, LeasedDatabase
from newsspider.store.postgresql.numbered import NumberedLedger
from newsspider.store.sql.runs import WORKER
from newsspider.store.whole import values_of


class WorkerLedger(NumberedLedger):
    """The ledger at an address, for the holder of a lease. Raises OutputError; every method raises
    LostLease once another worker has taken the hosts."""

    def __init__(self, address: str, lease: Lease, clock: Callable[[], datetime] = utc_now) -> None:
        self._leased = LeasedDatabase(address, lease.group, lease.epoch)
        self._hosts = lease.hosts
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
        article: Article,
        recipe: Recipe,
        source: str,
        *,
        judged: bool,
        settings: Mapping[str, Any],
    ) -> None:
        """Leave an article to the publisher, and settle its link, in one transaction."""
        entry = outbox.Entry(
            key=article.key,
            run=self.run,
            source=source,
            judged=judged,
            article=values_of(article),
            recipe=recipe.model_dump(mode="json", exclude_defaults=True),
            settings=settings,
        )
        with self.transaction():
            outbox.add(self._leased, entry, *self._leased.lease)
            self._leased.do(
                "UPDATE links SET state = 'sent' WHERE site = ? AND listing = ? AND key = ?",
                (article.site, article.listing, article.key),
            )

    def known_hosts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the last worker knew of the hosts; empty when asked again."""
        hosts, self._hosts = self._hosts, {}
        return hosts

    def note_hosts(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Save what is known of the hosts, for the next worker that crawls them."""
        self._leased.note_hosts(hosts)
