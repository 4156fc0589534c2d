"""The outbox: each change of a post is delivered once it is noted, and until it is delivered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newsspider.store.outbox import Delivery, Outbox, open_outbox
from newsspider.store.records import PublishedPost

POST = PublishedPost(
    key="k1", site="s", id="1", path="2026-01-01-1.md", category="c", tag="C",
    date="2026-01-01 00:00:00 +0000", link="https://s.example/1", state="published",
    hash="h1", intended="", run=1,
)  # fmt: skip
OTHER = replace(POST, key="k2", id="2", path="2026-01-01-2.md")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    (tmp_path / ".newsspider").mkdir()
    with closing(open_outbox(tmp_path)) as opened:
        yield opened


def changes(outbox: Outbox, *posts: PublishedPost) -> list[tuple[str, str]]:
    by_key = {post.key: post for post in posts}
    published = [post for post in posts if post.state == "published"]
    return [(each.event, each.post.key) for each in outbox.changes(published, by_key.get)]


def add(outbox: Outbox, event: str, post: PublishedPost) -> None:
    delivery = Delivery("on_article", post.key, f"{post.hash}-{event}", event, "{}", "2026-01-01")
    outbox.add(delivery, post)


def deliver_all(outbox: Outbox) -> list[str]:
    sent = []
    for number in outbox.due():
        delivery = outbox.delivery(number)
        assert delivery
        sent.append(delivery.id)
        outbox.remove(number)
    return sent


def test_posts_of_before_the_first_run_are_not_delivered(outbox: Outbox) -> None:
    outbox.begin([POST])
    outbox.begin([POST, OTHER])  # a later run, whose posts a killed one wrote
    assert changes(outbox, POST, OTHER) == [("new", "k2")]


def test_new_updated_deleted_and_new_again(outbox: Outbox) -> None:
    assert changes(outbox, POST) == [("new", "k1")]
    add(outbox, "new", POST)
    assert changes(outbox, POST) == []
    assert deliver_all(outbox) == ["h1-new"]
    updated = replace(POST, hash="h2", run=2)
    assert changes(outbox, updated) == [("updated", "k1")]
    add(outbox, "updated", updated)
    gone = replace(updated, state="gone")
    assert changes(outbox, gone) == [("deleted", "k1")]
    add(outbox, "deleted", gone)
    assert changes(outbox, gone) == []
    assert deliver_all(outbox) == ["h2-deleted"]  # in place of the update
    assert changes(outbox, updated) == [("new", "k1")]


def test_an_update_of_an_undelivered_article_is_new_to_the_hook(outbox: Outbox) -> None:
    add(outbox, "new", POST)
    assert changes(outbox, replace(POST, hash="h2")) == [("new", "k1")]


def test_an_edited_post_and_a_lost_ledger_are_no_change(outbox: Outbox) -> None:
    add(outbox, "new", POST)
    assert changes(outbox, replace(POST, hash="")) == []
    assert changes(outbox) == []


def test_deliveries_keep_their_order_and_survive_closing(tmp_path: Path) -> None:
    (tmp_path / ".newsspider").mkdir()
    with closing(open_outbox(tmp_path)) as first:
        add(first, "new", replace(OTHER, hash="h3"))
        add(first, "new", POST)
    with closing(open_outbox(tmp_path)) as again:
        assert deliver_all(again) == ["h3-new", "h1-new"]
        assert again.due() == []
        assert again.delivery(1) is None


def test_a_broken_outbox_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / ".newsspider").mkdir()
    (tmp_path / ".newsspider/outbox.sqlite").write_bytes(b"not a database" * 100)
    with closing(open_outbox(tmp_path)) as outbox:
        assert changes(outbox, POST) == [("new", "k1")]
    assert "replaced by a new one" in caplog.text
