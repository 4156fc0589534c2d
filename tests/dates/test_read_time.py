"""Times as sites write them, times that are none, and what no text may do."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.dates import (
    Moment,
    Precision,
    best,
    day_of_id,
    from_id,
    plausible,
    post_date,
    read_since,
    read_time,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 14, 15, 30, 45, tzinfo=SHANGHAI)
DAY, HOUR, MINUTE, SECOND = Precision

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
MOMENTS = st.datetimes(datetime(1992, 1, 2), datetime(2026, 6, 14)).map(
    lambda at: at.replace(microsecond=0)
)
CHARACTERS = tuple("0123456789:-/. +TZ年月日时分秒前天周：\ud800")
WORDS = (
    *("2022", "04", "26", "99", "20:16", "2022-04-26", "GMT+8", "今天", "昨天", "小时前"),
    *("Apr", "ago", "PM", "下午", "半", "刚刚"),
)
SCRAPS = st.lists(st.sampled_from([*CHARACTERS, *WORDS]), max_size=12).map("".join)


def read(text: object, zone: ZoneInfo = SHANGHAI, hint: date | None = None) -> str | None:
    """The time read, as `2022-04-26 20:16:23 +0800 SECOND`."""
    moment = read_time(text, now=NOW, zone=zone, hint=hint)
    return f"{post_date(moment.at)} {moment.precision.name}" if moment else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-04-26 20:16:23", "20:16:23 SECOND"),
        ("2022/04/26 20:16:23", "20:16:23 SECOND"),
        ("2022.4.26 8:5:3", "08:05:03 SECOND"),
        ("2022-04-26T20:16:23.123456+08:00", "20:16:23 SECOND"),
        ("2022-04-26T12:16:23Z", "20:16:23 SECOND"),
        ("2022-04-26 20:16:23 +0800", "20:16:23 SECOND"),
        ("20220426T121623Z", "20:16:23 SECOND"),
        ("20220426201623", "20:16:23 SECOND"),
        (20220426201623, "20:16:23 SECOND"),
        ("202204262016", "20:16:00 MINUTE"),
        ("20220426", "00:00:00 DAY"),
        ("2022-04-26", "00:00:00 DAY"),
        ("2022年04月26日 20:16", "20:16:00 MINUTE"),
        ("2022年4月26日", "00:00:00 DAY"),
        ("2022年4月26日20时16分23秒", "20:16:23 SECOND"),
        ("2022年4月26日20点16", "20:16:00 MINUTE"),
        ("2022年4月26日20时", "20:00:00 HOUR"),
        ("2022年4月26日 下午8:16", "20:16:00 MINUTE"),
        ("2022年4月26日 上午8:16", "08:16:00 MINUTE"),
        ("2022-04-26 12:16 AM", "00:16:00 MINUTE"),
        ("2022-04-25 24:00:00", "00:00:00 SECOND"),
        ("2022-04-25T24:00+08:00", "00:00:00 MINUTE"),
        ("2022年4月25日24时", "00:00:00 HOUR"),
        ("Mon, 25 Apr 2022 24:00:00 +0800", "00:00:00 SECOND"),
        ("2022年4月26日 中午12:16", "12:16:00 MINUTE"),
        ("2022年4月26日 中午11:16", "11:16:00 MINUTE"),
        ("2022年4月26日 中午1:16", "13:16:00 MINUTE"),
        ("2022年4月26日 深夜0:16", "00:16:00 MINUTE"),
        ("2022年4月26日 深夜11:16", "23:16:00 MINUTE"),
        ("2022-04-26（星期二）20:16", "20:16:00 MINUTE"),
        ("2022-04-26 来源:新华社 20:16", "20:16:00 MINUTE"),
        ("发布时间：2022-04-26 20:16", "20:16:00 MINUTE"),
        ("(GMT+8, Asia/Shanghai, CST) 2022-04-26 20:16:23", "20:16:23 SECOND"),
        ("\n   2022年04月26日\xa020:16\n  ", "20:16:00 MINUTE"),
        ("２０２２－０４－２６　２０：１６", "20:16:00 MINUTE"),
        ("20:16 2022-04-26", "20:16:00 MINUTE"),
        ("Tue, 26 Apr 2022 20:16:23 +0800", "20:16:23 SECOND"),
        ("Tue Apr 26 20:16:23 +0800 2022", "20:16:23 SECOND"),
        ("Tue Apr 26 20:16:23 CST 2022", "20:16:23 SECOND"),
        ("Apr 26, 2022 8:16 PM", "20:16:00 MINUTE"),
        ("8:16 p.m., 26 April 2022", "20:16:00 MINUTE"),
        ("April 26th, 2022, 8:16 a.m. EDT", "20:16:00 MINUTE"),
        ("April 26, 2022 at 8:16 a.m. ET", "20:16:00 MINUTE"),
        ("Tue 26 Apr 2022 13.16 BST", "20:16:00 MINUTE"),
        ("26. April 2022, 20.16 Uhr", "20:16:00 MINUTE"),
        ("26.4.2022 klo 20.16", "20:16:00 MINUTE"),
        ("26. april 2022 kl. 20.16", "20:16:00 MINUTE"),
        ("26.04.2022, godz. 20.16", "20:16:00 MINUTE"),
        ("26.04.2022 o 20.16", "20:16:00 MINUTE"),
        ("26. 4. 2022 v 20.16", "20:16:00 MINUTE"),
        ("26 aprile 2022 alle 20.16", "20:16:00 MINUTE"),
        ("26 de abril de 2022 a las 20.16", "20:16:00 MINUTE"),
        ("26 april 2022 om 20.16 uur", "20:16:00 MINUTE"),
        ("26 April 2022 pukul 20.16", "20:16:00 MINUTE"),
        ("26.04.2022 - 20.16", "20:16:00 MINUTE"),
        ("26/04/2022 20.16", "20:16:00 MINUTE"),
        ("26 April 2022, 20.160 people", "00:00:00 DAY"),
        ("26 April 2022, 1.5 million", "00:00:00 DAY"),
        ("26 April 2022", "00:00:00 DAY"),
        ("26. April 2022, 20:16 Uhr", "20:16:00 MINUTE"),
        ("26 avril 2022 à 20h16", "20:16:00 MINUTE"),
        ("26 de abril de 2022, 20:16", "20:16:00 MINUTE"),
        ("26 апреля 2022, 20:16", "20:16:00 MINUTE"),
        ("26.04.2022 20:16", "20:16:00 MINUTE"),
        ("26/04/2022", "00:00:00 DAY"),
        ("04/26/2022", "00:00:00 DAY"),
        (1650975383, "20:16:23 SECOND"),
        (1650975383.9, "20:16:23 SECOND"),
        (1650975383000, "20:16:23 SECOND"),
        ("1650975383", "20:16:23 SECOND"),
        ("1650975383000", "20:16:23 SECOND"),
        ("2022-04-26 20:16:23\npublished: false", "20:16:23 SECOND"),
        ("2022-04-26 中国队 3:2 日本队", "00:00:00 DAY"),
    ],
)
def test_full_times(text: object, expected: str) -> None:
    clock, precision = expected.split()
    assert read(text) == f"2022-04-26 {clock} +0800 {precision}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06月14日 17:56", "2026-06-14 17:56:00 +0800 MINUTE"),  # today, by a clock that is ahead
        ("06月15日 17:56", "2025-06-15 17:56:00 +0800 MINUTE"),
        ("06-13 17:56", "2026-06-13 17:56:00 +0800 MINUTE"),
        ("12-31", "2025-12-31 00:00:00 +0800 DAY"),
        ("发布时间：01-14", "2026-01-14 00:00:00 +0800 DAY"),
        ("[22:13] 06-04", "2026-06-04 22:13:00 +0800 MINUTE"),
        ("10:01-14", None),
        ("02月29日", "2024-02-29 00:00:00 +0800 DAY"),
        ("02月30日", None),
        ("13-01 10:00", None),
    ],
)
def test_without_a_year_it_is_the_latest_that_has_been(text: str, expected: str | None) -> None:
    assert read(text) == expected


def test_without_a_year_the_id_decides() -> None:
    assert read("06月14日 17:56", hint=date(2022, 6, 14)) == "2022-06-14 17:56:00 +0800 MINUTE"
    assert read("12月31日 23:58", hint=date(2022, 1, 1)) == "2021-12-31 23:58:00 +0800 MINUTE"
    assert read("01-01 00:05", hint=date(2022, 12, 31)) == "2023-01-01 00:05:00 +0800 MINUTE"


def test_relative_days_are_days_of_the_site_not_of_the_crawler() -> None:
    late = datetime(2026, 6, 13, 17, 0, tzinfo=UTC)  # 01:00 of the 14th in Shanghai
    moment = read_time("今天 00:30", now=late, zone=SHANGHAI)
    assert moment
    assert post_date(moment.at) == "2026-06-14 00:30:00 +0800"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026년 6월 12일 16:25", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("2026년06월12일 16시25분", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("2026년 6월 12일 오후 4시 25분", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("입력 2026.06.12. 오후 4:25", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("승인 2026.06.12 오전 04:25", "2026-06-12 04:25:00 +0800 MINUTE"),
        ("어제 오후 4:25", "2026-06-13 16:25:00 +0800 MINUTE"),
        ("6월 12일", "2026-06-12 00:00:00 +0800 DAY"),
        ("3시간 전", "2026-06-14 12:00:00 +0800 HOUR"),
        ("2개월 전", "2026-04-14 00:00:00 +0800 DAY"),
        ("방금 전", "2026-06-14 15:30:00 +0800 MINUTE"),
        ("2026年6月12日 午後4時25分", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("6月12日 午前10時05分", "2026-06-12 10:05:00 +0800 MINUTE"),
        ("发布时间：06-12 16:25", "2026-06-12 16:25:00 +0800 MINUTE"),
        ("Do 25.04.24 | 14:07 Uhr", "2024-04-25 14:07:00 +0800 MINUTE"),
        ("25.04.24 14.07", "2024-04-25 14:07:00 +0800 MINUTE"),
        ("12 jun 2026 04:30 p. m.", "2026-06-12 16:30:00 +0800 MINUTE"),
        ("12 jun 2026 04:30 p. m. GMT-5", "2026-06-13 05:30:00 +0800 MINUTE"),
        ("12 jun 2026 4:30 p.m. (UTC-05:00)", "2026-06-13 05:30:00 +0800 MINUTE"),
    ],
)
def test_times_as_korean_japanese_german_and_spanish_pages_write_them(
    text: str, expected: str
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2022-02-30", "2022-02-30 10:00:00", "2022-13-01", "2022年13月01日 10:00", "20220230"),
        *(
            "2022-04-26 24:00:01",
            "2022-04-26 25:61",
            "2022-04-26 20:16:60",
            "2022-04-26 20:16:23:45",
        ),
        *("2022-04-26 13:00 AM", "2022-04-26T20:16:23+25:00", "31 April 2022", "29.02.2022"),
        *("今天 24:01", "05/04/2022", "2022-04", "2022年4月", "2022", "10:00", "1e10", "", " \n "),
        *(
            "marketing 26, 2022",
            "26 aprıl 2022",
            "刚刚，央行宣布降准",
            "昨天，A股三大指数集体收涨，创业板指涨2%，沪指涨1%",
        ),
        *("25.04.24", "Version 1.2.25", "31.02.24 14:07"),
        *("99999天前", "NW202204262359811335", "202204262359811335", "v1.2.3", "+0800", "-"),
    ],
)
def test_what_is_no_time_or_an_impossible_one_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, [], ["2022-04-26"], {}, b"2022-04-26"),
        *(float("nan"), float("inf"), -1, 0, 10**4000, 1e300, 2022),
        *("1900-01-01", "1986-06-15 12:00", "2099-01-01", "2026-06-16"),
    ],
)
def test_other_values_and_implausible_times_are_none(value: object) -> None:
    assert read(value) is None


def test_a_time_without_offset_is_the_sites() -> None:
    assert read("2022-04-26 20:16", BERLIN) == "2022-04-26 20:16:00 +0200 MINUTE"
    assert read("2022-04-26T20:16:23+08:00", BERLIN) == "2022-04-26 14:16:23 +0200 SECOND"
    assert read("2022-04-26 20:16 (北京时间)", BERLIN) == "2022-04-26 14:16:00 +0200 MINUTE"


def test_cst_is_chinas_in_asia_and_americas_elsewhere() -> None:
    assert read("2022-04-26 20:16 CST") == "2022-04-26 20:16:00 +0800 MINUTE"
    assert read("2022-04-26 20:16 CST", BERLIN) == "2022-04-27 04:16:00 +0200 MINUTE"


def test_an_hour_that_summer_time_skips_becomes_a_real_one() -> None:
    assert read("2022-03-27 02:30", BERLIN) == "2022-03-27 03:30:00 +0200 MINUTE"


@given(JSON | SCRAPS)
def test_attack_no_value_raises_and_every_moment_is_plausible(value: object) -> None:
    moment = read_time(value, now=NOW, zone=SHANGHAI, hint=date(2022, 2, 28))
    if moment:
        assert plausible(moment.at, NOW)
        assert moment.at.tzinfo is SHANGHAI
        assert moment.at.microsecond == 0
        units = (moment.at.hour, moment.at.minute, moment.at.second)
        assert not any(units[moment.precision - 1 :])


@given(
    MOMENTS,
    st.sampled_from(
        [
            *("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
            *("%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y%m%dT%H%M%S"),
            *("%a %b %d %H:%M:%S %Y", "%b %d, %Y %I:%M:%S %p", "%d %B %Y %H:%M:%S"),
            *("%d.%m.%Y %H:%M:%S", "%H:%M:%S %Y-%m-%d", "%Y-%m-%d %H:%M:%S +0800"),
            "来源：新华网 %Y-%m-%d %H:%M:%S",
        ]
    ),
)
def test_what_is_written_is_read(at: datetime, form: str) -> None:
    expected = Moment(at.replace(tzinfo=SHANGHAI), SECOND)
    assert read_time(at.strftime(form), now=NOW, zone=SHANGHAI) == expected


@given(
    st.integers(1_000_000_000, int(NOW.timestamp())),
    st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("UTC"), ZoneInfo("America/New_York")]),
)
def test_offsets_and_epochs_name_the_same_instant(stamp: int, zone: ZoneInfo) -> None:
    aware = datetime.fromtimestamp(stamp, zone)
    texts = (aware.isoformat(), format_datetime(aware), stamp, stamp * 1000, str(stamp))
    for text in texts:
        moment = read_time(text, now=NOW, zone=SHANGHAI)
        assert moment == Moment(aware.astimezone(SHANGHAI), SECOND)


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "2022-",
        " ",
        "jan ",
        "1 ",
        "半 ",
        "0:",
        "a",
        "下午 ",
        "2022年1月",
        "1.",
        "1/",
        "Apr 1 ",
        "(",
    ],
)
def test_attack_two_megabytes_are_looked_at_briefly(unit: str) -> None:
    start = time.process_time()
    read(unit * (2_000_000 // len(unit)))
    assert time.process_time() - start < 2


def test_plausible_is_from_1992_to_a_day_ahead() -> None:
    assert plausible(datetime(1992, 1, 1, tzinfo=SHANGHAI), NOW)
    assert not plausible(datetime(1991, 12, 31, 23, 59, tzinfo=SHANGHAI), NOW)
    assert plausible(NOW + timedelta(days=1), NOW)
    assert not plausible(NOW + timedelta(days=1, seconds=1), NOW)


def test_an_east_money_id_begins_with_its_day() -> None:
    assert day_of_id("NW202204262359811335") == date(2022, 4, 26)
    assert day_of_id("202204262359811335") == date(2022, 4, 26)


@pytest.mark.parametrize(
    "id",
    [
        *("", "NW", "20220426", "2022042623598113351", "x202204262359811335"),
        *("NW202202302359811335", "202213012359811335", "110004262359811335"),
        *("NW202204262359811335\n", "２０２２0426235981133５"),
    ],
)
def test_other_ids_have_no_day(id: str) -> None:
    assert day_of_id(id) is None


def test_the_day_of_an_id_is_midnight_and_not_in_the_future() -> None:
    moment = from_id("NW202204262359811335", now=NOW, zone=SHANGHAI)
    assert moment == Moment(datetime(2022, 4, 26, tzinfo=SHANGHAI), DAY)
    assert from_id("NW209904262359811335", now=NOW, zone=SHANGHAI) is None
    assert from_id("x", now=NOW, zone=SHANGHAI) is None


def test_the_best_is_the_most_precise_and_of_equals_the_first() -> None:
    day, first, second = (
        Moment(NOW, DAY),
        Moment(NOW, MINUTE),
        Moment(NOW - timedelta(hours=1), MINUTE),
    )
    assert best([None, day, first, second]) is first
    assert best([None, day]) is day
    assert best([None]) is None
    assert best([]) is None


def test_a_posts_date_needs_an_offset() -> None:
    at = datetime(2022, 4, 26, 20, 16, 23)
    assert post_date(at.replace(tzinfo=SHANGHAI)) == "2022-04-26 20:16:23 +0800"
    with pytest.raises(ValueError, match="offset"):
        post_date(at)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-04-26", "2022-04-26 00:00:00 +0800"),
        (" 2022-04-26 10:00 ", "2022-04-26 10:00:00 +0800"),
        ("2022-04-26T10:00Z", "2022-04-26 18:00:00 +0800"),
        ("7d", "2026-06-07 15:30:45 +0800"),
        ("36h", "2026-06-13 03:30:45 +0800"),
        ("2w", "2026-05-31 15:30:45 +0800"),
    ],
)
def test_since(text: str, expected: str) -> None:
    assert post_date(read_since(text, now=NOW, zone=SHANGHAI)) == expected


@pytest.mark.parametrize("text", ["", "soon", "7", "7 days", "-7d", "2022-02-30", "99999d"])
def test_since_says_what_it_wants(text: str) -> None:
    with pytest.raises(ValueError, match="write a day"):
        read_since(text, now=NOW, zone=SHANGHAI)


def test_since_the_future_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="future"):
        read_since("2026-06-15", now=NOW, zone=SHANGHAI)


@given(st.text())
def test_since_raises_nothing_but_value_error(text: str) -> None:
    try:
        assert read_since(text, now=NOW, zone=SHANGHAI) <= NOW
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2026年6月12日25時10分", "ja", "2026-06-13 01:10"),
        ("2026.06.12 29:59", "ja", "2026-06-13 05:59"),
        ("2026.06.12 30:00", "ja", ""),
        ("2026.06.12 25:10", "", ""),
        ("2026.06.12 24:01", "", ""),
        ("2026.06.12 24:00", "", "2026-06-13 00:00"),
    ],
)
def test_japanese_counts_the_hours_of_a_night_on(text: str, language: str, expected: str) -> None:
    moment = read_time(text, now=NOW, zone=SHANGHAI, language=language)
    assert (f"{moment.at:%Y-%m-%d %H:%M}" if moment else "") == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2026ko ekainaren 4a", "eu"),
        ("2026ko ekainaren 4a", ""),
        ("2026(e)ko ekainak 4", "eu"),
        ("4 de juny del 2026", "ca"),
        ("2026 жылғы 4 маусым", "kk"),
        ("2026-yil 4-iyun", "uz"),
        ("2026 оны 6-р сарын 4", "mn"),
        ("၂၀၂၆ ခုနှစ် ဇွန် ၄ ရက်", "my"),
    ],
)
def test_a_declined_month_and_the_word_for_a_year(text: str, language: str) -> None:
    moment = read_time(text, now=datetime(2026, 11, 22, tzinfo=UTC), zone=UTC, language=language)
    assert moment is not None and f"{moment.at:%Y-%m-%d}" == "2026-06-04"
