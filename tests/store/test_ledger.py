"""The ledger: what was promised and what was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.model import Article, Link
from newsspider.store.ledger import RUNS_KEPT, Ledger
from newsspider.store.records import Published, Validators, seen

PLACE = ("finews", "cailianshe")
LINK = Link(url="https://x.example/a", id="NW1", title="t", time="2022-04-26", fields={"body": "b"})
ARTICLE = Article(
    site="finews",
    key="eastmoney:1",
    id="NW1",
    link="https://x.example/a",
    source="财联社",
    published=datetime(2022, 4, 26, 20, 16, 23, tzinfo=UTC),
    category="cailianshe",
    tag="财联社新闻",
    listing="cailianshe",
)
NAME, DATE = "2022-04-26-NW1.md", "2022-04-26 20:16:23 +0800"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def state(ledger: Ledger, key: str = ARTICLE.key) -> str:
    known = ledger.known(*PLACE, key)
    return known.state if known else "unknown"


def row(ledger: Ledger, key: str = ARTICLE.key) -> Published:
    found = ledger.article(key)
    assert found is not None
    return found


def started(ledger: Ledger) -> int | None:
    """Begin a run; the last one, if it never ended."""
    with ledger.start_run() as last:
        return last


# -- links ------------------------------------------------------------------------------------


def test_a_link_goes_from_pending_to_published(ledger: Ledger) -> None:
    assert state(ledger) == "unknown"
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "pending")
    assert state(ledger) == "pending"
    ledger.settle(ARTICLE, "published")
    known = ledger.known(*PLACE, ARTICLE.key)
    assert known is not None
    assert (known.state, known.source) == ("published", "财联社")
    assert known.published == "2022-04-26T20:16:23+00:00"
    assert known.seen == seen(LINK) == "t\n2022-04-26"


@pytest.mark.parametrize(
    ("to", "opened"),
    [("pending", True), ("failed", True), ("dropped", False), ("published", False)],
)
def test_open_links_are_those_not_kept_yet(ledger: Ledger, to: str, opened: bool) -> None:
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "pending")
    ledger.settle(ARTICLE, to, "why")
    assert bool(ledger.open_links(*PLACE)) is opened
    assert ledger.settled_links(*PLACE) == (not opened)


def test_a_link_comes_back_as_it_went(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, "k", LINK, "pending")
    ((key, link, known),) = ledger.open_links(*PLACE)
    assert (key, link, known.state) == ("k", LINK, "pending")


def test_a_time_that_counts_from_now_comes_back_with_its_moment(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, "k", replace(LINK, time="3小时前"), "pending")
    ((_, link, _),) = ledger.open_links(*PLACE)
    assert link == replace(LINK, time="3小时前", listed_at=link.listed_at)
    a_day_later = datetime.now(UTC) + timedelta(days=1)
    assert timedelta(hours=23) < a_day_later - link.time_listed(a_day_later) < timedelta(hours=25)


def test_the_newest_finds_are_asked_first(ledger: Ledger, tmp_path: Path) -> None:
    for key in ("a", "c", "b"):
        ledger.note_link(*PLACE, key, LINK, "pending")
    other = sqlite3.connect(tmp_path / "ledger.sqlite")
    other.execute("UPDATE links SET found = '2022-04-26T00:00:00' WHERE key != 'a'")
    other.commit()
    other.close()
    assert [key for key, _, _ in ledger.open_links(*PLACE)] == ["a", "c", "b"]


def test_listings_keep_their_links_apart(ledger: Ledger) -> None:
    ledger.note_link("finews", "a", "k", LINK, "pending")
    ledger.note_link("finews", "b", "k", LINK, "dropped", "Duplicate")
    assert len(ledger.open_links("finews", "a")) == 1
    assert ledger.open_links("finews", "b") == []
    assert ledger.open_links("other", "a") == []


def test_a_changed_link_is_noted_as_the_listing_now_has_it(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, "k", LINK, "dropped", "NoDate")
    ledger.note_link(*PLACE, "k", replace(LINK, title="new"), "pending")
    ((_, link, known),) = ledger.open_links(*PLACE)
    assert (link.title, known.seen, known.reason) == ("new", "new\n2022-04-26", "")


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT, st.dictionaries(TEXT, TEXT | st.integers() | st.none() | st.booleans()))
def test_any_link_comes_back_as_it_went(title: str, key: str, fields: dict[str, object]) -> None:
    ledger = Ledger(None)
    link = Link(url="https://x.example/", title=title, fields=fields)
    ledger.note_link(*PLACE, key, link, "pending")
    assert [(k, found) for k, found, _ in ledger.open_links(*PLACE)] == [(key, link)]
    ledger.close()


@pytest.mark.parametrize("said", ["{broken", "[]", '{"colour": 1}'])
def test_a_link_that_cannot_be_read_holds_up_no_other(ledger: Ledger, said: str) -> None:
    for key in ("a", "b"):
        ledger.note_link(*PLACE, key, replace(LINK, url=f"https://x.example/{key}"), "pending")
    ledger._do("UPDATE links SET link = ? WHERE key = 'a'", (said,))
    found = {key: link for key, link, _ in ledger.open_links(*PLACE)}
    assert found["a"] == Link(url="https://x.example/a")
    assert found["b"].title == LINK.title


# -- listings and transactions ----------------------------------------------------------------


def test_validators_count_for_the_definition_they_were_noted_with(ledger: Ledger) -> None:
    given = Validators(etag='"x"', modified="Tue", finished=True)
    assert ledger.validators(*PLACE, "d1") == Validators()
    ledger.note_listing(*PLACE, "d1", given)
    assert ledger.validators(*PLACE, "d1") == given
    assert ledger.validators(*PLACE, "d2") == Validators()
    ledger.note_listing(*PLACE, "d2", Validators(etag="y"))
    assert ledger.validators(*PLACE, "d1") == Validators()


def test_a_transaction_is_all_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(KeyboardInterrupt), ledger.transaction():
        ledger.note_link(*PLACE, "a", LINK, "pending")
        ledger.note_listing(*PLACE, "d", Validators(finished=True))
        raise KeyboardInterrupt
    assert state(ledger, "a") == "unknown"
    assert ledger.validators(*PLACE, "d") == Validators()
    with ledger.transaction():
        ledger.note_link(*PLACE, "a", LINK, "pending")
    assert state(ledger, "a") == "pending"


# -- articles ---------------------------------------------------------------------------------


def test_a_post_is_promised_and_then_kept(ledger: Ledger) -> None:
    started(ledger)
    ledger.promise(ARTICLE, NAME, DATE, "new")
    assert (row(ledger).state, row(ledger).hash, row(ledger).intended) == ("promised", "", "new")
    assert ledger.published() == []
    ledger.keep(ARTICLE.key, "new")
    assert (row(ledger).state, row(ledger).hash, row(ledger).intended) == ("published", "new", "")
    assert ledger.published() == [row(ledger)]
    assert ledger.holder(NAME) == row(ledger)
    assert ledger.holder("other.md") is None


def test_an_update_changes_nothing_that_an_address_is_built_from(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "one")
    ledger.keep(ARTICLE.key, "one")
    other = replace(ARTICLE, category="other", tag="other", id="other", link="https://y.example/")
    ledger.promise(other, "other.md", "2023-01-01 00:00:00 +0800", "two")
    found = row(ledger)
    assert (found.path, found.date, found.category, found.id) == (NAME, DATE, "cailianshe", "NW1")
    assert (found.state, found.hash, found.intended) == ("published", "one", "two")
    assert found.link == "https://y.example/"


def test_two_articles_never_have_one_file(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.promise(replace(ARTICLE, key="other:1"), NAME, DATE, "x")


def test_a_promise_taken_back_opens_its_links(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "published")
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.forget(ARTICLE.key)
    assert ledger.article(ARTICLE.key) is None
    assert state(ledger) == "pending"


def test_a_buried_article_stays_known(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.keep(ARTICLE.key, "x")
    ledger.bury(ARTICLE.key)
    assert row(ledger).state == "gone"
    assert ledger.published() == []
    assert not ledger.is_empty()


def test_an_adopted_post_gives_way_to_what_is_known(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.adopt(replace(row(ledger), link="https://else.example/", state="published"))
    assert row(ledger).state == "promised"


def test_categories_are_first_seen_once(ledger: Ledger) -> None:
    assert ledger.first_seen("a")
    ledger.note_categories(["a", "a", "b"])
    assert not ledger.first_seen("a")
    assert ledger.first_seen("c")


# -- runs and files ---------------------------------------------------------------------------


def test_a_run_that_never_ended_is_told_to_the_next(ledger: Ledger) -> None:
    assert started(ledger) is None
    first = ledger.run
    assert started(ledger) == first
    ledger.end_run()
    assert started(ledger) is None


def test_a_run_begins_with_all_that_it_puts_right_or_not_at_all(ledger: Ledger) -> None:
    started(ledger)
    with pytest.raises(RuntimeError), ledger.start_run() as last:
        ledger.note_categories(["a"])
        raise RuntimeError
    assert ledger.first_seen("a")
    assert started(ledger) == last


def test_promises_left_over_from_any_run_are_looked_at(ledger: Ledger) -> None:
    started(ledger)
    ledger.promise(ARTICLE, NAME, DATE, "x")
    started(ledger)
    kept = replace(ARTICLE, key="k", id="k")
    ledger.promise(kept, "k.md", DATE, "x")
    ledger.keep("k", "x")
    started(ledger)
    assert [one.key for one in ledger.articles_in_doubt(ledger.run)] == [ARTICLE.key]
    assert {one.key for one in ledger.articles_in_doubt(ledger.run - 1)} == {ARTICLE.key, "k"}


def test_what_is_noted_is_there_for_the_next_process(tmp_path: Path) -> None:
    one = Ledger(tmp_path / "l")
    one.note_link(*PLACE, "k", LINK, "pending")
    other = Ledger(tmp_path / "l")
    assert state(other, "k") == "pending"
    one.close()
    other.close()


def test_a_copy_holds_the_same_and_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "a b#?.sqlite"
    one = Ledger(file)
    one.note_link(*PLACE, "k", LINK, "pending")
    one.close()
    before = file.read_bytes()
    copy = Ledger(None)
    copy.copy_of(file)
    assert state(copy, "k") == "pending"
    copy.note_link(*PLACE, "k2", LINK, "pending")
    copy.close()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_bytes() == before


def test_a_copy_has_what_a_killed_run_left_in_the_log(tmp_path: Path) -> None:
    one = Ledger(tmp_path / "l")
    one.note_link(*PLACE, "k", LINK, "pending")
    copy = Ledger(None)
    copy.copy_of(tmp_path / "l")  # `one` has not written its log back
    assert state(copy, "k") == "pending"
    copy.close()
    one.close()


def test_a_broken_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "l"
    one = Ledger(file)
    for n in range(500):
        one.note_link(*PLACE, f"k{n}", LINK, "pending")
    one.close()
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    for broken in (bytes(data), data[: len(data) // 2], b"no database at all" * 100):
        file.write_bytes(broken)
        with pytest.raises(sqlite3.DatabaseError):
            Ledger(file)
        copy = Ledger(None)
        with pytest.raises(sqlite3.DatabaseError):
            copy.copy_of(file)
        copy.close()


def test_a_shell_is_remembered_for_a_month(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.note_shell("finews", "article")
    ledger.note_shell("finews", "/36ke")
    assert ledger.is_shell("finews", "article")
    assert not ledger.is_shell("finews", "digest")
    ledger.close()
    with sqlite3.connect(tmp_path / "l") as file:
        file.execute("UPDATE shells SET seen = '2022-04-26T00:00:00+00:00' WHERE page = '/36ke'")
    file.close()
    ledger = Ledger(tmp_path / "l")
    assert ledger.is_shell("finews", "article")
    assert not ledger.is_shell("finews", "/36ke")
    ledger.close()


def test_a_ledger_from_before_versions_were_counted(tmp_path: Path) -> None:
    from newsspider.store.ledger import _STEPS

    old = sqlite3.connect(tmp_path / "l")
    old.executescript(_STEPS[0])
    old.execute(
        "INSERT INTO links (site, listing, key, url, link, seen, state, found)"
        " VALUES ('finews', 'cailianshe', 'k', 'u', '{\"url\": \"u\"}', '', 'pending', '2022')"
    )
    old.commit()
    old.close()
    ledger = Ledger(tmp_path / "l")
    known = ledger.known(*PLACE, "k")
    assert known is not None
    assert (known.state, known.stocks) == ("pending", None)
    assert ledger.counts("finews/cailianshe", 10) == []
    started(ledger)
    ledger.note_counts("finews/cailianshe", {"found": 1})
    assert ledger.counts("finews/cailianshe", 10) == [{"found": 1}]
    ledger.close()


def test_the_counts_of_a_source_are_kept_run_by_run(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.counts("a/b", 5) == []
    for number in (1, 2, 3):
        started(ledger)
        ledger.note_counts("a/b", {"found": number, "dropped/NoDate": 1, "known": 0})
        ledger.note_counts("c/d", {"found": 10 * number})
        ledger.end_run()
    assert [counts["found"] for counts in ledger.counts("a/b", 5)] == [3, 2, 1]
    assert ledger.counts("c/d", 2) == [{"found": 30}, {"found": 20}]
    assert ledger.counts("a/b", 1)[0].dropped == {"NoDate": 1}
    assert ledger.counts("a/b", 0) == []
    ledger.note_counts("a/b", {"found": 4, "failed/Timeout": 1})  # the same source in the same run
    again = Ledger(tmp_path / "ledger.sqlite")
    assert again.counts("a/b", 1) == [
        {"found": 7, "dropped/NoDate": 1, "known": 0, "failed/Timeout": 1}
    ]
    again.close()


def test_the_counts_of_a_source_do_not_grow_without_end(ledger: Ledger) -> None:
    started(ledger)
    ledger.note_counts("c/d", {"found": 1})
    for ledger.run in range(2, RUNS_KEPT + 2):
        ledger.note_counts("a/b", {"found": ledger.run})
    assert len(ledger.counts("a/b", 2 * RUNS_KEPT)) == RUNS_KEPT
    assert ledger.counts("a/b", 2 * RUNS_KEPT)[-1] == {"found": 2}
    started(ledger)
    ledger.run = RUNS_KEPT + 2
    ledger.note_counts("a/b", {"found": 0})
    kept = ledger.counts("a/b", 2 * RUNS_KEPT)
    assert (len(kept), kept[0], kept[-1]) == (RUNS_KEPT, {"found": 0}, {"found": 3})
    assert ledger.counts("c/d", 1) == [{"found": 1}]


def test_a_killed_publication_costs_no_second_fetch(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "pending")
    ledger.note_link("finews", "other", ARTICLE.key, LINK, "dropped", "Duplicate")
    ledger.settle_all("finews", ARTICLE.key)
    assert state(ledger) == "published"
    other = ledger.known("finews", "other", ARTICLE.key)
    assert other is not None
    assert other.state == "dropped"
