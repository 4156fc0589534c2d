"""What is to become of the links of a listing: ledger, site file and wishes together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsspider.model import Link
from newsspider.sites import load
from newsspider.spiders.triage import Decision, Triage, Wanted
from newsspider.store.sqlite.ledger import SqliteLedger

FINEWS = load("finews")
CATEGORY = "renminyoudianbao"
NOW = datetime(2022, 6, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def link(day: int, number: int = 1, **more: str) -> Link:
    id = f"NW202204{day}{2359811330 + number}"
    url = f"https://finews.withounder.com/{CATEGORY}/2022/04/{day}/{id}.html"
    return Link(url=url, id=id, **more)


def judge(wanted: Wanted | None = None) -> Triage:
    recipe = FINEWS.recipe(FINEWS.category(CATEGORY))
    return Triage(FINEWS, CATEGORY, recipe, SqliteLedger(None), wanted or Wanted(), lambda: NOW)


def test_a_link_is_fetched_when_it_is_new_or_has_changed() -> None:
    one = judge()
    found = one.of(link(26, title="t"))
    assert (found.decision, found.known) == (Decision.FETCH, None)
    one.ledger.note_link("finews", CATEGORY, found.key, found.link, "dropped", "NoTitle")
    assert one.of(link(26, title="t")).decision is Decision.KNOWN
    assert one.of(link(26, title="another")).decision is Decision.FETCH


def test_what_the_run_does_not_ask_for_is_left_for_another() -> None:
    since = Wanted(since=NOW - timedelta(days=37))  # the 25th of April, noon
    old, new = link(24, time="2022-04-24 10:00"), link(26, time="2022-04-26 10:00")
    assert judge(since).of(old).decision is Decision.UNWANTED
    assert judge(since).of(new).decision is Decision.FETCH
    media = Wanted(media="人民邮电报")
    assert judge(media).of(link(26, source="新华网")).decision is Decision.UNWANTED
    assert judge(media).of(link(26)).decision is Decision.FETCH  # the page may tell


@pytest.mark.parametrize(
    ("times", "days"),
    [
        # A link without a time has that of its id.
        (("", "2022-04-23 10:00", ""), (25, 24, 26)),
        (("2022-04-26", "2022-04-25 10:00", "04-25 11:00"), (24, 25, 26)),
    ],
)
def test_the_newest_are_asked_first(times: tuple[str, ...], days: tuple[int, ...]) -> None:
    links = {day: link(day, time=time) for day, time in zip((24, 26, 25), times, strict=True)}
    assert judge().newest_first(links.values()) == [links[day] for day in days]


def test_a_time_that_counted_from_an_earlier_run_is_as_old_as_it_is() -> None:
    since = judge(Wanted(since=NOW - timedelta(hours=12)))
    waited = (NOW - timedelta(days=1)).isoformat()
    assert since.wants(link(26, time="3小时前"), None)
    assert not since.wants(replace(link(26, time="3小时前"), listed_at=waited), None)


def test_without_any_time_they_stay_as_listed() -> None:
    links = [link(24), link(26), link(25)]
    assert judge().newest_first(links) == links
