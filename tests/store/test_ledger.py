"""What the ledger promises, whatever keeps it: each test runs over every implementation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsspider.errors import NameTaken
from newsspider.model import Article, Link
from newsspider.store.counts import Counts
from newsspider.store.ledger import RUNS_KEPT, Ledger, utc_now
from newsspider.store.postgresql.ledger import PostgresqlLedger
from newsspider.store.records import PageAnswer, PublishedPost, Validators, seen
from newsspider.store.sqlite.ledger import SqliteLedger
from newsspider.text.urls import LONGEST

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


Clock = Callable[[], datetime]
MakeLedger = Callable[..., Ledger]
Open = Callable[[Clock], Ledger]


def in_file(request: pytest.FixtureRequest) -> Open:
    file = request.getfixturevalue("tmp_path") / "ledger.sqlite"
    return lambda clock: SqliteLedger(file, clock=clock)


def in_memory(_: pytest.FixtureRequest) -> Open:
    return lambda clock: SqliteLedger(None, clock=clock)


def in_postgresql(request: pytest.FixtureRequest) -> Open:
    address = request.getfixturevalue("postgresql").ledger()
    return lambda clock: PostgresqlLedger(address, clock=clock)


IMPLEMENTATIONS = {"sqlite": in_file, "memory": in_memory, "postgresql": in_postgresql}
# Beyond a process.
lasting = pytest.mark.parametrize("make_ledger", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(params=IMPLEMENTATIONS)
def make_ledger(request: pytest.FixtureRequest) -> Iterator[MakeLedger]:
    """Opens the ledger of one folder, as each run does anew."""
    open_ledger = IMPLEMENTATIONS[request.param](request)
    with ExitStack() as opened:

        def make(clock: Clock = utc_now) -> Ledger:
            ledger = open_ledger(clock)
            opened.callback(ledger.close)
            return ledger

        yield make


@pytest.fixture
def ledger(make_ledger: MakeLedger) -> Ledger:
    return make_ledger()


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2022, 4, 26, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def state(ledger: Ledger, key: str = ARTICLE.key) -> str:
    known = ledger.known(*PLACE, key)
    return known.state if known else "unknown"


def row(ledger: Ledger, key: str = ARTICLE.key) -> PublishedPost:
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


def test_failures_for_one_reason_are_counted_until_another_result(make_ledger: MakeLedger) -> None:
    clock = Hands()
    ledger = make_ledger(clock)
    counted = []
    for state, reason in [
        *[("failed", "Http404")] * 3,
        ("failed", "Timeout"),
        ("published", ""),
        ("failed", "Http404"),
    ]:
        ledger.note_link(*PLACE, "k", LINK, "pending")
        ledger.settle_link(*PLACE, "k", state, reason)
        known = ledger.known(*PLACE, "k")
        assert known is not None
        counted.append((known.failures("Http404"), known.failures("Timeout")))
        assert known.tried == (clock.now.isoformat() if state == "failed" else "")
    assert counted == [(1, 0), (2, 0), (3, 0), (0, 1), (0, 0), (1, 0)]


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


def test_the_newest_finds_are_asked_first(make_ledger: MakeLedger) -> None:
    clock = Hands()
    ledger = make_ledger(clock)
    for key in ("b", "c"):
        ledger.note_link(*PLACE, key, LINK, "pending")
    clock.now += timedelta(days=1)
    for key in ("a", "b"):  # b was found before: it is only noted again
        ledger.note_link(*PLACE, key, LINK, "pending")
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


NUMBERS = itertools.count()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each has its own listing
@given(TEXT, TEXT, st.dictionaries(TEXT, TEXT | st.integers() | st.none() | st.booleans()))
def test_any_link_comes_back_as_it_went(
    ledger: Ledger, title: str, key: str, fields: dict[str, object]
) -> None:
    place = ("finews", str(next(NUMBERS)))
    link = Link(url="https://x.example/", title=title, fields=fields)
    ledger.note_link(*place, key, link, "pending")
    assert [(k, found) for k, found, _ in ledger.open_links(*place)] == [(key, link)]


def test_a_long_address_is_an_identity_like_any_other(ledger: Ledger) -> None:
    digits = "".join(map(str, range(1000)))  # compresses badly, as a hostile address may
    place, key = (
        ("finews", digits[:200]),
        f"finews:https://x.example/{digits[:LONGEST]}#{'g' * 300}",
    )
    ledger.note_link(*place, key, LINK, "pending")
    assert [found for found, _, _ in ledger.open_links(*place)] == [key]


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


def test_the_posts_of_a_day(ledger: Ledger) -> None:
    for at, stated in enumerate(("2022-04-25 23:59:59 +0800", DATE, "2022-04-27 00:00:00 +0000")):
        ledger.promise(replace(ARTICLE, key=str(at)), f"{at}.md", stated, "new")
        ledger.keep(str(at), "new")
    days = ("2022-04-24", "2022-04-25", "2022-04-26", "2022-04-27", "2022-04-28")
    assert ["".join(post.key for post in ledger.published(day)) for day in days] == [
        *("", "0", "1", "2", "")
    ]


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
    with pytest.raises(NameTaken, match=NAME):
        ledger.promise(replace(ARTICLE, key="other:1"), NAME, DATE, "x")


def test_a_taken_name_costs_none_of_the_notes_that_wait(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.keep(ARTICLE.key, "x")
    with pytest.raises(NameTaken):
        ledger.promise(replace(ARTICLE, key="other"), NAME, DATE, "y")
    ledger.promise(replace(ARTICLE, key="k"), "k.md", DATE, "z")
    assert (row(ledger).state, row(ledger, "k").state) == ("published", "promised")


def test_a_promise_taken_back_opens_its_links(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "published")
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.forget(ARTICLE.key)
    assert ledger.article(ARTICLE.key) is None
    assert state(ledger) == "pending"


def test_an_article_whose_post_is_removed_stays_known(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.keep(ARTICLE.key, "x")
    ledger.mark_removed(ARTICLE.key)
    assert row(ledger).state == "gone"
    assert ledger.published() == []
    assert not ledger.is_empty()


def test_an_adopted_post_gives_way_to_what_is_known(ledger: Ledger) -> None:
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.adopt(replace(row(ledger), link="https://else.example/", state="published"))
    assert row(ledger).state == "promised"


def test_an_alias_leads_to_its_article_and_to_no_other(ledger: Ledger) -> None:
    assert ledger.resolve("finews:new") == "finews:new"
    ledger.note_alias("finews:new", ARTICLE.key)
    ledger.note_alias("finews:new", "eastmoney:2")
    ledger.note_alias("finews:newer", "finews:new")
    assert ledger.resolve("finews:new") == ledger.resolve("finews:newer") == ARTICLE.key
    assert ledger.resolve(ARTICLE.key) == ARTICLE.key


def test_an_article_is_known_by_each_of_its_names(ledger: Ledger) -> None:
    started(ledger)
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "pending")
    assert (ledger.record(ARTICLE.key), ledger.keys_of("nothing")) == (None, [])
    ledger.settle(ARTICLE, "failed", "NoDate")
    ledger.promise(ARTICLE, NAME, DATE, "h1")
    ledger.keep(ARTICLE.key, "h1")
    ledger.note_alias("eastmoney:2", ARTICLE.key)
    for name in (ARTICLE.key, "NW1", NAME, LINK.url, "eastmoney:2"):
        assert ledger.keys_of(name) == [ARTICLE.key], name
    record = ledger.record(ARTICLE.key)
    assert record is not None
    assert (record.post.path, record.aliases) == (NAME, ("eastmoney:2",))
    (link,) = ledger.links_of(ARTICLE.key)
    assert (link.site, link.listing, link.link, link.tries) == (*PLACE, LINK, 1)
    assert (link.known.reason, bool(link.known.tried), bool(link.added)) == ("NoDate", True, True)


def test_the_twins_of_an_article(ledger: Ledger) -> None:
    started(ledger)
    ledger.note_link(*PLACE, "news:dropped", LINK, "dropped", f"SameStory {ARTICLE.key}")
    ledger.note_link(*PLACE, "news:other", LINK, "dropped", f"SameStory {ARTICLE.key}0")
    for key, story in (("news:pointer", ARTICLE.key), ("news:alone", ""), ("news:third", "news:4")):
        twin = replace(ARTICLE, key=key, same_story=story, title='{"same_story":"x"}')
        ledger.promise(twin, key, DATE, "h")
        ledger.keep(key, "h")
    assert ledger.twins(ARTICLE.key) == ["news:dropped", "news:pointer"]
    assert ledger.twins("news:5") == []


def test_an_article_with_a_post_is_no_alias_of_another(ledger: Ledger) -> None:
    ledger.note_alias("eastmoney:3", "eastmoney:2")
    for key in (ARTICLE.key, "eastmoney:3"):
        ledger.promise(replace(ARTICLE, key=key), key, DATE, "h")
        ledger.note_alias(key, "eastmoney:2")
        assert ledger.resolve(key) == key


def test_the_open_links_of_an_alias_are_settled(ledger: Ledger) -> None:
    for key, before in (("new", "pending"), ("other", "failed"), ("done", "published")):
        ledger.note_link(*PLACE, key, LINK, before)
        ledger.note_alias(key, ARTICLE.key)
    assert [state(ledger, key) for key in ("new", "other", "done")] == [
        "dropped",
        "dropped",
        "published",
    ]


def test_articles_appear_since_the_first_crawl_of_their_listing(ledger: Ledger) -> None:
    now = utc_now()
    for hours in (-48, 1, 2):
        article = replace(ARTICLE, key=f"eastmoney:{hours}", published=now + timedelta(hours=hours))
        ledger.note_link(*PLACE, article.key, LINK, "pending")
        ledger.settle(article, "published")
    appeared = ledger.appeared_since(*PLACE, now - timedelta(days=30))
    assert sorted(moment - now for moment in appeared) == [timedelta(hours=1), timedelta(hours=2)]
    assert ledger.appeared_since(*PLACE, now + timedelta(hours=3)) == []
    assert ledger.appeared_since("finews", "other", now) == []


def test_the_newest_links_are_those_of_the_newest_articles(ledger: Ledger) -> None:
    for day in (2, 4, 3):
        key = f"eastmoney:{day}"
        ledger.note_link(*PLACE, key, LINK, "pending")
        published = datetime(2022, 4, day, tzinfo=UTC)
        ledger.settle(replace(ARTICLE, key=key, published=published), "published")
    ledger.note_link(*PLACE, "eastmoney:9", LINK, "pending")
    assert ledger.newest_links(*PLACE, 2) == [("eastmoney:4", LINK), ("eastmoney:3", LINK)]


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


@lasting
def test_what_is_noted_is_there_for_the_next_process(make_ledger: MakeLedger) -> None:
    ledger, other = make_ledger(), make_ledger()
    ledger.note_link(*PLACE, "k", LINK, "pending")
    assert state(other, "k") == "pending"


@lasting
def test_a_kept_post_is_there_for_others_with_the_next_promise(make_ledger: MakeLedger) -> None:
    ledger, other = make_ledger(), make_ledger()
    ledger.promise(ARTICLE, NAME, DATE, "x")
    ledger.keep(ARTICLE.key, "x")
    assert row(ledger).state == "published"
    ledger.promise(replace(ARTICLE, key="k"), "k.md", DATE, "y")
    assert (row(other).state, row(other, "k").state) == ("published", "promised")


def test_a_shell_is_remembered_for_a_month(make_ledger: MakeLedger) -> None:
    clock = Hands()
    ledger = make_ledger(clock)
    ledger.note_shell("finews", "/36ke")
    clock.now += timedelta(days=1)
    ledger.note_shell("finews", "article")
    assert ledger.is_shell("finews", "article")
    assert not ledger.is_shell("finews", "digest")
    clock.now += timedelta(days=28, hours=23)
    assert ledger.is_shell("finews", "/36ke")
    clock.now += timedelta(hours=2)
    assert ledger.is_shell("finews", "article")
    assert not ledger.is_shell("finews", "/36ke")


def test_the_counts_of_a_source_are_kept_run_by_run(ledger: Ledger) -> None:
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
    assert ledger.counts("a/b", 1) == [
        {"found": 7, "dropped/NoDate": 1, "known": 0, "failed/Timeout": 1}
    ]


def test_the_runs_of_a_day_become_one_in_another_ledger(make_ledger: MakeLedger) -> None:
    clock = Hands()
    ledger = make_ledger(clock)
    for links in (30, 28):
        started(ledger)
        ledger.note_counts("a/b", {"found": links, "first_page/links": links})
        ledger.end_run()
    assert list(ledger.counts_by_day()) == []  # the day is not over
    clock.now += timedelta(days=1)
    day = {"runs": 2, "found": 58, "first_page/links": 28}
    assert list(ledger.counts_by_day()) == [("a/b", "2022-04-26", day)]
    earlier = date(2022, 4, 25)
    ledger.restore_counts("a/b", earlier, Counts({"runs": 9, "found": 7}))
    assert list(ledger.counts_by_day()) == [("a/b", "2022-04-26", day)]  # runs of this ledger only
    assert [run.runs for run in ledger.counts("a/b", 9)] == [1, 1, 9]
    started(ledger)
    assert ledger.run == 3


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


def test_the_last_run_with_an_article_is_kept(ledger: Ledger) -> None:
    started(ledger)
    ledger.note_counts("a/b", {"found": 1, "written": 1})
    ledger.note_counts("c/d", {"found": 1})
    wrote = ledger.last_crawls()["a/b"]
    for ledger.run in range(2, RUNS_KEPT + 3):
        ledger.note_counts("a/b", {"found": 1})
    assert ledger.last_crawls("written") == {"a/b": wrote}
    assert set(ledger.last_crawls()) == {"a/b", "c/d"}


def test_a_killed_publication_costs_no_second_fetch(ledger: Ledger) -> None:
    ledger.note_link(*PLACE, ARTICLE.key, LINK, "pending")
    ledger.note_link("finews", "other", ARTICLE.key, LINK, "dropped", "Duplicate")
    ledger.settle_all("finews", ARTICLE.key)
    assert state(ledger) == "published"
    other = ledger.known("finews", "other", ARTICLE.key)
    assert other is not None
    assert other.state == "dropped"


# -- checks -------------------------------------------------------------------------------------

PAGES = (
    PageAnswer("page", "https://x.example/a", '"1"'),
    PageAnswer("text", "https://x.example/b"),
)
SINCE = datetime(2022, 4, 25, tzinfo=UTC)


def publish(ledger: Ledger, key: str = ARTICLE.key, path: str = NAME, date: str = DATE) -> None:
    article = replace(ARTICLE, key=key)
    ledger.note_link(*PLACE, key, LINK, "pending")
    ledger.promise(article, path, date, "h")
    ledger.keep(key, "h")
    ledger.settle(article, "published")


def test_a_published_article_is_checked_with_the_answers_of_its_pages(ledger: Ledger) -> None:
    publish(ledger)
    (check,) = ledger.checks(*PLACE, SINCE)
    assert (check.link.url, check.post.path, check.checked) == (LINK.url, NAME, "")
    ledger.note_read(ARTICLE.key, PAGES)
    (check,) = ledger.checks(*PLACE, SINCE)
    assert check.pages == PAGES
    ledger.note_checked(ARTICLE.key)
    assert ledger.checks(*PLACE, SINCE)[0].pages == PAGES
    assert ledger.checks(PLACE[0], "another", SINCE) == []
    assert ledger.checks(*PLACE, SINCE + timedelta(days=5)) == []


def test_the_oldest_check_comes_first(make_ledger: MakeLedger) -> None:
    hands = Hands()
    ledger = make_ledger(hands)
    for at in range(3):
        publish(ledger, f"k{at}", f"2022-04-26-{at}.md")
    for at in (1, 0):
        hands.now += timedelta(minutes=1)
        ledger.note_read(f"k{at}", ())
    assert [check.post.key for check in ledger.checks(*PLACE, SINCE)] == ["k2", "k1", "k0"]


def test_an_article_stays_missing_since_the_first_time_until_it_is_back(
    make_ledger: MakeLedger,
) -> None:
    hands = Hands()
    ledger = make_ledger(hands)
    publish(ledger, date="2020-01-01 00:00:00 +0000")
    assert ledger.checks(*PLACE, SINCE) == []
    first = ledger.note_missing(ARTICLE.key)
    hands.now += timedelta(days=1)
    assert ledger.note_missing(ARTICLE.key) == first == hands.now - timedelta(days=1)
    (check,) = ledger.checks(*PLACE, SINCE)
    assert datetime.fromisoformat(check.missing) == first
    ledger.note_checked(ARTICLE.key)
    assert ledger.checks(*PLACE, SINCE) == []
    ledger.note_missing(ARTICLE.key)
    ledger.note_taken_down(ARTICLE.key)
    assert ledger.checks(*PLACE, SINCE) == []


def test_the_fields_of_an_article_are_those_of_its_last_publication(ledger: Ledger) -> None:
    assert ledger.fields(ARTICLE.key) == {}
    publish(ledger)
    assert ledger.fields(ARTICLE.key)["source"] == "财联社"


def test_each_promise_is_kept_by_every_database(request: pytest.FixtureRequest) -> None:
    """A test that runs on SQLite runs on PostgreSQL, too."""
    if request.config.option.keyword:
        pytest.skip("-k leaves tests out")
    here = [item for item in request.session.items if item.path == request.path]
    names = {
        kind: {item.name.split("[")[0] for item in here if f"[{kind}]" in item.name}
        for kind in ("sqlite", "postgresql")
    }
    assert names["sqlite"]
    assert names["postgresql"] == names["sqlite"]
