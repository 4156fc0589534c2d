"""What to do with a link that a listing shows, and whether to read on: tables of all cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from newsspider.model import Link
from newsspider.pipelines.reasons import UNWANTED
from newsspider.spiders.pages import Leaf, Paging, page_on
from newsspider.spiders.triage import Decision, Wanted, decide
from newsspider.store.records import KnownLink, PublishedPost, seen

LINK = Link(url="https://x.example/a", title="t", time="2022-04-26")
RETITLED = replace(LINK, title="another")
POST = PublishedPost(
    key="x:1",
    site="finews",
    id="NW1",
    path="2022-04-26-NW1.md",
    category="c",
    tag="t",
    date="2022-04-26 00:00:00 +0800",
    link="https://x.example/a",
    state="published",
    hash="h",
    intended="",
    run=1,
)


def known(state: str, of: Link = LINK) -> KnownLink:
    return KnownLink(state=state, seen=seen(of), reason="", source="", published="")


FETCH, KNOWN = Decision.FETCH, Decision.KNOWN
DUPLICATE, REMOVED = Decision.DUPLICATE, Decision.REMOVED
# what the ledger knows of the link: never seen, as it was, seen with another title
BEFORE = {
    "never": None,
    **{state: known(state) for state in ("pending", "failed", "dropped", "published")},
    **{f"{state}, changed": known(state, RETITLED) for state in ("dropped", "published")},
}
OPEN = ("pending", "failed")
UNSETTLED = ("never", *OPEN)
TABLE: dict[str, tuple[PublishedPost | None, dict[str, Decision]]] = {
    "no post": (
        None,
        dict.fromkeys(BEFORE, FETCH) | {"dropped": KNOWN},
    ),
    "a post promised and not kept": (
        replace(POST, state="promised"),
        dict.fromkeys(BEFORE, FETCH) | {"dropped": KNOWN},
    ),
    "a post of this way": (
        POST,
        {
            "never": KNOWN,
            "pending": FETCH,
            "failed": FETCH,
            "dropped": KNOWN,
            "published": KNOWN,
            "dropped, changed": FETCH,
            "published, changed": FETCH,
        },
    ),
    "a post removed by a person": (
        replace(POST, state="gone"),
        dict.fromkeys(BEFORE, KNOWN) | dict.fromkeys(OPEN, REMOVED),
    ),
    "a post of another site": (
        replace(POST, site="eastmoney"),
        dict.fromkeys(BEFORE, KNOWN) | dict.fromkeys(UNSETTLED, DUPLICATE),
    ),
    "a post under another name": (
        replace(POST, id="1"),
        dict.fromkeys(BEFORE, KNOWN) | dict.fromkeys(UNSETTLED, DUPLICATE),
    ),
    "a removed post of another site": (
        replace(POST, site="eastmoney", state="gone"),
        dict.fromkeys(BEFORE, KNOWN) | dict.fromkeys(OPEN, REMOVED),
    ),
}


@pytest.mark.parametrize(("post", "before"), [*product(TABLE, BEFORE)])
def test_what_to_do_with_a_link(post: str, before: str) -> None:
    row, decisions = TABLE[post]
    assert decide(LINK, "NW1", "finews", BEFORE[before], row) is decisions[before]


@pytest.mark.parametrize("change", [{"title": "x"}, {"time": "x"}])
def test_a_change_is_another_title_or_time(change: dict[str, str]) -> None:
    assert decide(replace(LINK, **change), "NW1", "finews", known("published"), POST) is FETCH


@pytest.mark.parametrize("change", [{"summary": "x"}, {"source": "x"}, {"url": "https://y"}])
def test_anything_else_is_no_change(change: dict[str, str]) -> None:
    assert decide(replace(LINK, **change), "NW1", "finews", known("published"), POST) is KNOWN


# -- reading on -------------------------------------------------------------------------------

FULL = Leaf(number=2, following=True, unseen=20, new=20, wanted=20)
GO_ON, DONE, CUT = Paging.GO_ON, Paging.DONE, Paging.CUT


@pytest.mark.parametrize(
    ("change", "how", "paging"),
    [
        ({}, {}, GO_ON),
        ({"following": False}, {}, DONE),  # the last page
        ({"unseen": 0, "new": 0}, {}, DONE),  # the same page again
        ({"new": 0}, {}, GO_ON),  # what an unfinished run had seen; more may lie behind
        ({"new": 0}, {"finished": True}, DONE),  # from here on an earlier run has seen all
        ({"new": 1}, {"finished": True}, GO_ON),
        ({"wanted": 0}, {}, CUT),  # all older than --since
        ({"wanted": 0, "following": False}, {}, DONE),
        ({}, {"room": False}, CUT),  # --limit
        ({}, {"room": False, "finished": True}, CUT),
        ({"new": 0}, {"room": False, "finished": True}, DONE),
        ({}, {"max_pages": 3}, DONE),  # the site file's limit is the end
        ({}, {"max_pages": 3, "asked": True}, CUT),  # --max-pages is this run's only
        ({}, {"max_pages": 4, "asked": True}, GO_ON),
        ({"number": 0}, {"max_pages": 1}, DONE),
        ({"number": 0, "following": False}, {"max_pages": 1, "asked": True}, DONE),
    ],
)
def test_whether_to_read_the_next_page(
    change: dict[str, int], how: dict[str, int], paging: Paging
) -> None:
    given = {"finished": False, "room": True, "max_pages": 50, "asked": False} | how
    assert page_on(replace(FULL, **change), **given) is paging  # type: ignore[arg-type]


# -- what a run asks for ----------------------------------------------------------------------

THEN = datetime(2022, 4, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "source", "published", "takes"),
    [
        (Wanted(), "", None, True),
        (Wanted(media="人民邮电报"), "人民邮电报", None, True),
        (Wanted(media="人民邮电报"), "财联社", None, False),
        (Wanted(media="人民邮电报"), "", None, True),  # not known yet
        (Wanted(since=THEN), "", None, True),  # not known yet
        (Wanted(since=THEN), "", THEN, True),
        (Wanted(since=THEN), "", THEN - timedelta(seconds=1), False),
        (Wanted("a", since=THEN), "a", THEN - timedelta(days=1), False),
        (Wanted("a", since=THEN), "b", THEN + timedelta(days=1), False),
    ],
)
def test_what_a_run_takes(
    wanted: Wanted, source: str, published: datetime | None, takes: bool
) -> None:
    assert wanted.takes(source, published) is takes


def test_why_a_run_does_not_ask_for_an_article() -> None:
    wanted = Wanted("a", "1.600941", THEN)
    early = THEN - timedelta(seconds=1)
    assert wanted.refusal("a", THEN, ["1.600941"]) is None
    assert wanted.refusal(None, None, None) is None  # nothing is known yet
    refusals = [
        wanted.refusal("b", THEN, ["1.600941"]),
        wanted.refusal("", THEN, ["1.600941"]),  # known to have none
        wanted.refusal("a", THEN, []),
        wanted.refusal("a", early, ["1.600941"]),
    ]
    assert refusals == [
        ("media", "is from b"),
        ("media", "names no source"),
        ("stock", "does not mention 1.600941"),
        ("since", f"was published {early:%Y-%m-%d %H:%M}"),
    ]
    assert UNWANTED.keys() == {refusal.option for refusal in refusals if refusal}


@pytest.mark.parametrize(
    ("stock", "mentioned", "takes"),
    [
        ("", (), True),
        ("600941", None, True),  # not known yet
        ("600941", ("0.000002", "1.600941"), True),
        ("1.600941", ("1.600941",), True),
        ("0.600941", ("1.600941",), False),
        ("60094", ("1.600941",), False),
        ("600941", (), False),
    ],
)
def test_which_shares_a_run_takes(
    stock: str, mentioned: tuple[str, ...] | None, takes: bool
) -> None:
    assert Wanted(stock=stock).takes("", None, mentioned) is takes
