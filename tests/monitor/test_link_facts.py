"""What is known of an article, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.model import Link
from newsspider.monitor.link_facts import all_facts, facts_of_link, facts_of_post, state_of_file
from newsspider.store.records import KnownLink, PublishedPost, Record, UnpublishedLink

URL = "https://x.example/{a}"  # braces of an address are no placeholders


def _post(state: str = "published", hash_: str = "h1") -> PublishedPost:
    texts = dict.fromkeys(("site", "category", "tag", "date", "intended"), "")
    return PublishedPost(
        **texts, key="x:1", id="1", path="2026-11-28-1.md", link=URL, state=state, hash=hash_, run=1
    )


def _link(state: str, reason: str = "", tries: int = 0, tried: str = "") -> UnpublishedLink:
    known = KnownLink(state, "", reason, "", "", None, tries, tried)
    return UnpublishedLink(
        "x", "news", "x:1", Link(url=URL), known, tries, "2026-11-28T03:00+00:00"
    )


def test_the_facts_of_a_post() -> None:
    record = Record(_post(), {"title": "T [b]", "source": "X"}, {}, ("x:2",))
    facts = dict(facts_of_post(record, "as newsspider wrote it"))
    assert facts["post"] == "2026-11-28-1.md: as newsspider wrote it"
    assert (facts["title"], facts["also known as"]) == ("T [b]", "x:2")
    assert "to change that" not in facts


@pytest.mark.parametrize(("number", "lines"), [(0, 0), (20, 20), (21, 21), (22, 21)])
def test_the_facts_of_a_post_name_its_twins(number: int, lines: int) -> None:
    twins = [f"y:{at}" for at in range(number)]
    facts = [
        value
        for name, value in facts_of_post(Record(_post(), {}, {}), "", "", twins)
        if name == "its story also in"
    ]
    assert (len(facts), facts[:1]) == (lines, twins[:1])
    assert facts[20:] == ([f"{number - 20} more"] if number > 20 else [])


def test_the_facts_of_a_removed_post_say_how_it_comes_back() -> None:
    facts = dict(facts_of_post(Record(_post("gone"), {}, {}), ""))
    assert "never written again" in facts["post"]
    assert "_newsspider/removed.txt" in facts["to change that"]
    assert "fleet move" not in facts["to change that"]
    facts = dict(facts_of_post(Record(_post("gone"), {}, {}), "", in_database=True))
    assert facts["to change that"].startswith("move the ledger to a file (newsspider fleet move")


@pytest.mark.parametrize(
    ("post", "hash_", "words"),
    [
        (_post(), "h1", "as newsspider wrote it"),
        (_post(), "h2", "edited"),
        (_post(hash_=""), "h2", "edited"),
        (_post(), None, "missing"),
        (_post("promised"), None, "killed"),
    ],
)
def test_the_state_of_a_file(post: PublishedPost, hash_: str | None, words: str) -> None:
    assert words in state_of_file(post, hash_)


@pytest.mark.parametrize(
    ("link", "state", "change"),
    [
        (_link("pending"), "pending", ""),
        (_link("pending", "TooOld"), "pending (TooOld)", "a run without --since"),
        (_link("failed", "NoDate"), "failed (NoDate)", "--undated first-seen"),
        (_link("failed", "Http503"), "failed (Http503)", ""),
        (_link("dropped", "NoTitle"), "dropped (NoTitle)", "a selector for `title`"),
        (_link("dropped", "Http404"), "dropped (Http404)", f"newsspider share {URL} asks"),
        (_link("published"), "published", ""),
        (_link("published", "Edited"), "published (Edited)", "your edited post stays"),
    ],
)
def test_the_facts_of_a_link(link: UnpublishedLink, state: str, change: str) -> None:
    facts = dict(facts_of_link(link, None))
    assert facts["state"] == state
    assert change in facts.get("to change that", "")
    assert bool(change) == ("to change that" in facts)
    assert ("next try" in facts) == (link.known.state in ("pending", "failed"))
    assert facts["of the listing"].startswith("x/news, first seen 2026-11-2")


def test_a_link_that_waits_says_until_when() -> None:
    link = _link("failed", "NoDate", 2, "2026-11-28T03:00:00+00:00")
    facts = dict(facts_of_link(link, datetime(2026, 11, 30, 3, tzinfo=UTC)))
    assert facts["asked for"].endswith("failed 2 times in a row")
    assert facts["next try"].startswith("not before 2026-1")


def test_what_two_listings_have_in_common_is_printed_once() -> None:
    link = _link("published")
    facts = [facts_of_link(link, None), facts_of_link(link, None)]
    assert len(all_facts(facts)) == 3
