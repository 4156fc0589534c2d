"""Dates of other calendars, with and without the country that uses them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.dates import read_time
from newsspider.dates.calendars import in_gregorian

NOW = datetime(2026, 11, 22, 16, 30, 40, tzinfo=UTC)


def read(text: str, language: str = "", zone: str = "UTC") -> str | None:
    moment = read_time(text, now=NOW, zone=ZoneInfo(zone), language=language)
    return f"{moment.at:%Y-%m-%d %H:%M}" if moment else None


DAY, TIME = "2026-09-29 00:00", "2026-09-29 16:45"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # years of the Buddha
        ("29 กันยายน 2569", "th", DAY),
        ("29 กันยายน 2569", "", DAY),
        ("๒๙ กันยายน ๒๕๖๙", "en", DAY),
        ("29 ก.ย. 2569 16:45 น.", "th", TIME),
        ("29 กันยายน พ.ศ. 2569 เวลา 16.45 น.", "th", TIME),
        ("29 ก.ย. 69 16:45 น.", "th", TIME),
        ("29/09/2569 16:45", "th", TIME),
        ("29/9/69 16:45", "th", TIME),
        ("2569-09-29 16:45", "th", TIME),
        ("29 ก.ย. 2026 16:45", "th", TIME),
        ("29/09/2569 16:45", "", None),
        # of an emperor, of the Republic
        ("令和8年9月29日", "ja", DAY),
        ("令和８年９月２９日（火）16時45分", "", TIME),
        ("令和8.9.29", "ja", DAY),
        ("R8.9.29", "ja", DAY),
        ("H30/9/29 16:45", "ja", "2018-09-29 16:45"),
        ("R8.9.29", "en", None),
        ("VR8.9.29", "ja", None),
        ("令和元年9月29日", "ja", "2019-09-29 00:00"),
        ("平成30年9月29日", "ja", "2018-09-29 00:00"),
        ("民國115年9月29日", "zh-TW", DAY),
        ("中華民國 115 年 9 月 29 日 16:45", "", TIME),
        ("115年9月29日", "zh-Hant", DAY),
        ("115-09-29", "zh-TW", DAY),
        ("發布日期：115/09/29 16:45", "zh-TW", TIME),
        ("88.09.29", "zh-TW", "1999-09-29 00:00"),
        ("115-09-29", "", None),
        ("115-09-29", "zh-CN", None),
        ("比數 115-98-3", "zh-TW", None),
        ("二〇二六年九月二十九日", "zh", DAY),
        ("二〇二六年十月十日", "zh", "2026-10-10 00:00"),
        # of the calendar of Iran
        ("سه‌شنبه ۷ مهر ۱۴۰۵ - ۱۶:۴۵", "fa", TIME),
        ("۱۴۰۵ مهر ۷, سه‌شنبه - ۱۶:۴۵", "fa", TIME),
        ("۱۴۰۵ مهر ۳۱", "fa", None),
        ("۷ مهر ماه ۱۴۰۵ ساعت ۱۶:۴۵", "", TIME),
        ("۱۴۰۵/۰۷/۰۷ ۱۶:۴۵", "fa", TIME),
        ("۱۴۰۵/۰۷/۰۷ ۱۶:۴۵", "", None),
        ("۷ میزان ۱۴۰۵", "fa-AF", DAY),
        ("۲ دي ۱۴۰۴", "fa", "2025-12-23 00:00"),  # an Arabic letter
        ("۳۰ اسفند ۱۴۰۳", "fa", "2025-03-20 00:00"),  # a leap year
        ("۳۰ اسفند ۱۴۰۴", "fa", None),
        ("۳۱ مهر ۱۴۰۵", "fa", None),
        ("۲۹ سپتامبر ۲۰۲۶ ۱۶:۴۵", "fa", TIME),
        # of the Hijra, with the Gregorian day and without
        ("الثلاثاء 17 ربيع الآخر 1448 هـ الموافق 29 سبتمبر 2026 م", "ar", DAY),
        ("17 ربيع الآخر 1448هـ - 29 سبتمبر 2026م 04:45 م", "ar", TIME),
        ("17/4/1448هـ 29/9/2026م", "ar", DAY),
        ("2 جمادى الآخرة 1448 16:25", "ar", None),
        # without a year
        ("9/29(火)", "ja", DAY),
        ("9/29（火）16:45配信", "ja", TIME),
        ("9/29(화) 16:45", "ko", TIME),
        ("9/29", "ja", None),
    ],
)
def test_a_date_of_another_calendar(text: str, language: str, expected: str | None) -> None:
    assert read(text, language) == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("29/09/2569", "Asia/Bangkok", DAY),
        ("115-09-29", "Asia/Taipei", DAY),
        ("1405-07-07", "Asia/Tehran", DAY),
    ],
)
def test_the_zone_names_the_country(text: str, zone: str, expected: str) -> None:
    assert read(text, "", zone) == expected


# The first day of the Persian year, as the almanac of the University of Tehran has it.
NEW_YEARS = {1371: 21, 1375: 20, 1379: 20, 1387: 20, 1391: 20, 1399: 20, 1400: 21, 1404: 21}


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_first_day_of_a_persian_year(year: int, day: int) -> None:
    assert in_gregorian(f"{year}/1/1", "fa", "") == f"{year + 621}-03-{day}"


@given(st.integers(1371, 1470), st.integers(1, 12), st.integers(1, 29))
def test_persian_days_follow_each_other(year: int, month: int, day: int) -> None:
    def gregorian(y: int, m: int, d: int) -> date:
        return date.fromisoformat(in_gregorian(f"{y}/{m}/{d}", "fa", ""))

    following = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    last = 31 if month < 7 else 30
    if month == 12:
        last = (gregorian(*following) - gregorian(year, 12, 1)).days
        assert last in (29, 30)
    assert gregorian(*following) - gregorian(year, month, day) == timedelta(days=last - day + 1)


@pytest.mark.parametrize("text", ["2569 " * 400, "1405/07/07 " * 180, "民國1" * 600, "29 ก" * 500])
def test_hostile_dates_take_no_time(text: str) -> None:
    began = time.process_time()
    for _ in range(50):
        read(text, "fa")
        read(text, "th")
    assert time.process_time() - began < 5
