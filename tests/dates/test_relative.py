"""Times told from the moment of reading, as a page writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.dates import counts_from_now, post_date, read_time
from newsspider.dates.clock import Precision
from newsspider.dates.relative import find_near_day, read_ago

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 14, 15, 30, 40, tzinfo=SHANGHAI)


def read(text: str) -> str | None:
    moment = read_time(text, now=NOW, zone=SHANGHAI)
    return moment and f"{post_date(moment.at)} {moment.precision.name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天 16:25", "2026-06-14 16:25:00 +0800 MINUTE"),
        ("昨天16:25", "2026-06-13 16:25:00 +0800 MINUTE"),
        ("前天 08:00:01", "2026-06-12 08:00:01 +0800 SECOND"),
        ("今天", "2026-06-14 00:00:00 +0800 DAY"),
        ("Yesterday 10:00", "2026-06-13 10:00:00 +0800 MINUTE"),
        ("刚刚", "2026-06-14 15:30:00 +0800 MINUTE"),
        ("just now", "2026-06-14 15:30:00 +0800 MINUTE"),
        ("30秒前", "2026-06-14 15:30:00 +0800 MINUTE"),
        ("3分钟前", "2026-06-14 15:27:00 +0800 MINUTE"),
        ("半小时前", "2026-06-14 15:00:00 +0800 MINUTE"),
        ("3小时前", "2026-06-14 12:00:00 +0800 HOUR"),
        ("3 小時前", "2026-06-14 12:00:00 +0800 HOUR"),
        ("3時間前", "2026-06-14 12:00:00 +0800 HOUR"),
        ("发布于 3 小时前", "2026-06-14 12:00:00 +0800 HOUR"),
        ("2天前", "2026-06-12 00:00:00 +0800 DAY"),
        ("1周前", "2026-06-07 00:00:00 +0800 DAY"),
        ("5 mins ago", "2026-06-14 15:25:00 +0800 MINUTE"),
        ("an hour ago", "2026-06-14 14:00:00 +0800 HOUR"),
        ("3 hours ago", "2026-06-14 12:00:00 +0800 HOUR"),
        ("2 days ago", "2026-06-12 00:00:00 +0800 DAY"),
        ("3个月前", "2026-03-14 00:00:00 +0800 DAY"),
        ("2 months ago", "2026-04-14 00:00:00 +0800 DAY"),
        ("1年前", "2025-06-14 00:00:00 +0800 DAY"),
        ("a year ago", "2025-06-14 00:00:00 +0800 DAY"),
        ("1小时5分钟前", "2026-06-14 14:25:00 +0800 MINUTE"),
        ("1 hour and 5 minutes ago", "2026-06-14 14:25:00 +0800 MINUTE"),
        ("2 days, 3 hours ago", "2026-06-12 12:00:00 +0800 HOUR"),
        ("one year ago", "2025-06-14 00:00:00 +0800 DAY"),
        ("vor 3 Stunden", "2026-06-14 12:00:00 +0800 HOUR"),
        ("Stand: vor einer Stunde", "2026-06-14 14:00:00 +0800 HOUR"),
        ("vor 5 Min. | Berlin", "2026-06-14 15:25:00 +0800 MINUTE"),
        ("Publié il y a 3 heures", "2026-06-14 12:00:00 +0800 HOUR"),
        ("hace 10 minutos", "2026-06-14 15:20:00 +0800 MINUTE"),
        ("há 2 dias", "2026-06-12 00:00:00 +0800 DAY"),
        ("un'ora fa", "2026-06-14 14:00:00 +0800 HOUR"),
        ("3 uur geleden", "2026-06-14 12:00:00 +0800 HOUR"),
        ("för 3 timmar sedan", "2026-06-14 12:00:00 +0800 HOUR"),
        ("for 2 timer siden", "2026-06-14 13:00:00 +0800 HOUR"),
        ("3 godziny temu", "2026-06-14 12:00:00 +0800 HOUR"),
        ("5 минут назад", "2026-06-14 15:25:00 +0800 MINUTE"),
        ("Heute, 13.25 Uhr", "2026-06-14 13:25:00 +0800 MINUTE"),
        ("gestern um 18:03", "2026-06-13 18:03:00 +0800 MINUTE"),
        ("hier à 10h30", "2026-06-13 10:30:00 +0800 MINUTE"),
        ("ayer a las 10:30", "2026-06-13 10:30:00 +0800 MINUTE"),
        ("ieri alle 10:30", "2026-06-13 10:30:00 +0800 MINUTE"),
        ("hoje às 10h30", "2026-06-14 10:30:00 +0800 MINUTE"),
        ("i går 14:20", "2026-06-13 14:20:00 +0800 MINUTE"),
        ("сегодня, 10:15", "2026-06-14 10:15:00 +0800 MINUTE"),
    ],
)
def test_relative_times(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("Vor 3 Tagen verschwand sie", "Closed for 3 days", "半年前", "99999 days ago", "vor Ort"),
        *("Heute", "Hoy", "Oggi", "Hier lesen", "hier", "todayish", "fa 3 ore", "ago", "an ago"),
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert read(text) is None


def test_the_word_alone_tells_a_day_in_chinese_and_english() -> None:
    assert read("yesterday") == "2026-06-13 00:00:00 +0800 DAY"
    near = find_near_day("昨天")
    assert near and near.alone and near.back == 1


COUNTING = ["3小时前", "今天 16:25", "vor 3 Stunden", "gestern, 18:03", "yesterday", "3시간 전"]
FIXED = ["", "2026-06-14 15:00", "06月14日 17:56", "2026-06-14 (3小时前)", "30.02.2026", "16:25"]


@pytest.mark.parametrize("text", [*COUNTING, *FIXED, "12 June 2026", "nothing"])
def test_whether_a_time_counts_from_now(text: str) -> None:
    assert counts_from_now(text) is (text in COUNTING)


@given(st.integers(1, 999), st.sampled_from(["vor {} Minuten", "{}分钟前", "{} min ago"]))
def test_the_same_in_any_language(count: int, form: str) -> None:
    told = read_ago(form.format(count), NOW)
    assert told == (read_ago(f"{count} minutes ago", NOW))
    assert told and told[1] is Precision.MINUTE


WORDS = [
    "vor ",
    "il y a ",
    "3 ",
    "1",
    "h",
    " ago",
    "前",
    "天",
    "半",
    "eine ",
    "Stunde",
    "'",
    ",",
    " y ",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_attack_any_words_in_any_order_tell_a_time_before_now_or_none(text: str) -> None:
    told = read_ago(text, NOW)
    assert told is None or told[0] <= NOW


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*WORDS, "26 aprıl 2022", "30.02.26"])).map("".join)
)
def test_attack_what_counts_from_now_is_another_time_a_day_later(text: str) -> None:
    told = read_time(text, now=NOW, zone=SHANGHAI)
    later = read_time(text, now=NOW + timedelta(days=1), zone=SHANGHAI)
    if counts_from_now(text):
        assert told is None or told != later
