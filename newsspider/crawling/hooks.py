"""The hooks of newsspider.yml: `on_article` gets each new, updated and deleted article, `on_run`
each run.

In: the ledger of a run that ends, and its record. Out: deliveries in the outbox, which are then
sent. `crawling.run` notes them, `commands.running` sends them once the folder is free.

The changes of articles are what differs between the ledger and the outbox: so a run that is killed
leaves them to the next one. What a hook does not take stays in the outbox, too.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsspider.crawling.delivery import Hook, deliver
from newsspider.errors import NewsspiderError
from newsspider.exporters.contract import Row, row_of
from newsspider.exporters.jekyll.address import addresses
from newsspider.exporters.published import Published, read_published
from newsspider.model import Article
from newsspider.monitor.record import RunRecord
from newsspider.monitor.webhook import Refused, Unreachable
from newsspider.spiders.desk import Shared
from newsspider.store import lock
from newsspider.store.files import FOLDER
from newsspider.store.outbox import Delivery, Outbox, PostChange, open_outbox
from newsspider.store.records import PublishedPost, Record, article_of
from newsspider.text.characters import counted

logger = logging.getLogger(__name__)

AddressOf = Callable[[Article, str], str | None]

ON_ARTICLE, ON_RUN = "on_article", "on_run"
_PAUSES = (0.5, 2.0)  # seconds before the second and the third try
_SECONDS = 10.0  # of a try
_MOST_SECONDS = 300.0  # of a run: the rest is left to the next one
_MOST_REFUSED = 3  # deliveries in a row, after which a hook is asked again by the next run
_KEPT = timedelta(days=30)  # then a delivery is given up


class Hooks:
    """The hooks of an output folder, by their key in newsspider.yml. What fails is logged, and
    never fails the run."""

    def __init__(self, hooks: Mapping[str, Hook], output: Path) -> None:
        self._hooks = hooks
        self._path = output

    def begin(self, shared: Shared) -> None:
        """Note what is published when a run starts: a new hook does not get that."""
        if ON_ARTICLE in self._hooks:
            self._with_outbox(lambda outbox: outbox.begin(shared.output.ledger.published()))

    def fill(self, shared: Shared, record: RunRecord) -> None:
        """Add what changed, and the run, at its end."""
        self._with_outbox(lambda outbox: self._fill(outbox, shared, record))

    def send(self, sleep: Callable[[float], object] = time.sleep) -> None:
        """Deliver what the outbox has."""
        if not self._hooks or not (self._path / FOLDER).is_dir():
            return
        try:
            handle = lock.take(self._path / FOLDER / "outbox.lock")
        except (lock.Held, OSError) as error:
            logger.info("%s: the outbox is not sent: %s", self._path, error)
            return
        try:
            self._with_outbox(lambda outbox: _Sending(self._hooks, outbox, sleep)())
        finally:
            os.close(handle)

    def _with_outbox(self, use: Callable[[Outbox], object]) -> None:
        if not self._hooks:
            return
        try:
            with closing(open_outbox(self._path)) as outbox:
                use(outbox)
        except (NewsspiderError, OSError) as error:
            logger.warning("hooks: %s; the next run delivers", error)

    def _fill(self, outbox: Outbox, shared: Shared, record: RunRecord) -> None:
        ledger = shared.output.ledger
        if ON_ARTICLE in self._hooks:
            address_of = addresses(shared.output.path)
            for change in outbox.changes(ledger.published(), ledger.article):
                article, post = _article(shared, change, address_of), change.post
                delivery = _delivery(ON_ARTICLE, post.key, _id_of(post), change.event, article)
                outbox.add(delivery, post)
        if ON_RUN in self._hooks:
            values = record.model_dump(mode="json")
            outbox.add(_delivery(ON_RUN, record.id, record.id, "run", values))


def _delivery(hook: str, key: str, id_: str, event: str, values: Mapping[str, Any]) -> Delivery:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"id": id_, "event": event, "time": now, hook.removeprefix("on_"): values}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Delivery(hook, key, id_, event, body, now)


def _id_of(post: PublishedPost) -> str:
    """Return the id of a change: another for each version of the post."""
    parts = (post.key, post.state, post.hash, str(post.run))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _article(shared: Shared, change: PostChange, address_of: AddressOf) -> Row:
    """Return the article of a post as every export has it; of a deleted one without its text."""
    output, row = shared.output, change.post
    record = output.ledger.record(row.key) or Record(row, {}, {})
    item = read_published(output.posts / row.path, record) if change.event != "deleted" else None
    if item is None:  # or a person removed it just now: the next run notices
        path = f"{shared.format.folder}/{row.path}"
        item = Published(article_of(record), path, recorded=bool(record.fields))
    article = replace(item.article, event=change.event)
    return row_of(replace(item, article=article), address_of)


class _Sending:
    """One pass over the outbox."""

    def __init__(
        self, hooks: Mapping[str, Hook], outbox: Outbox, sleep: Callable[[float], object]
    ) -> None:
        self._hooks = hooks
        self._outbox = outbox
        self._sleep = sleep
        self._until = time.monotonic() + _MOST_SECONDS
        self._refused = Counter[str]()  # in a row, by hook
        self._stopped: set[str] = set()
        self._kept = Counter[str]()
        self._why: dict[str, str] = {}

    def __call__(self) -> None:
        for number in self._outbox.due():
            delivery = self._outbox.delivery(number)
            if delivery is None:
                continue
            if self._is_delivered(delivery):
                self._outbox.remove(number)
            elif datetime.now(UTC) - datetime.fromisoformat(delivery.queued) > _KEPT:
                logger.error("%s: given up after 30 days: %s", delivery.hook, delivery.key)
                self._outbox.remove(number)
            else:
                self._kept[delivery.hook] += 1
        for name, number in self._kept.items():
            why = self._why.get(name, "there was no time for them")
            what = counted(number, "article" if name == ON_ARTICLE else "run")
            logger.warning("%s: %s left to the next run: %s", name, what, why)

    def _is_delivered(self, delivery: Delivery) -> bool:
        """Try a delivery a few times; return whether the hook took it."""
        name = delivery.hook
        hook = self._hooks.get(name)
        if hook is None:
            self._why[name] = "newsspider.yml has no such hook any more"
            return False
        if name in self._stopped:
            return False
        data = delivery.body.encode()
        for pause in (0.0, *_PAUSES):
            self._sleep(pause)
            if time.monotonic() > self._until:
                self._stopped.add(name)
                return False
            try:
                deliver(hook, delivery.id, data, os.environ, _SECONDS)
            except Refused as error:
                self._why[name] = str(error)
            except Unreachable as error:
                self._why[name] = str(error)
                self._stopped.add(name)
                return False
            else:
                self._refused[name] = 0
                return True
        self._refused[name] += 1
        if self._refused[name] == _MOST_REFUSED:
            self._stopped.add(name)
        return False
