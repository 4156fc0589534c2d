"""Times in the words of many languages, with and without knowing which."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.dates_by_language import FORMS, LANGUAGES, unreadable, written

from newsspider.dates import counts_from_now, read_time
from newsspider.dates.locales import find_name, plain, read_words
from newsspider.dates.words import words_of_press

ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 22, 16, 30, 40, tzinfo=UTC)


def read(text: str, language: str = "") -> str | None:
    moment = read_time(text, now=NOW, zone=ZONE, language=language)
    return f"{moment.at:%Y-%m-%d %H:%M} {moment.precision.name}" if moment else None


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_of_every_language(language: str, form: str, known: bool) -> None:
    left_out = unreadable(language, form, known=known)
    for day, text in written(language, form):
        expected = None if day.month in left_out else f"{day} 00:00 DAY"
        assert read(text, language if known else "") == expected, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_of_another_does_not_hide_a_clear_date(language: str) -> None:
    """A site that says nothing is `en`, and many a page says so that is not."""
    for day, text in written(language, "long"):
        if day.month not in unreadable(language, "long", known=False):
            assert read(text, "en") == f"{day} 00:00 DAY", text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("8. listopadu 2022", "cs", "2022-11-08 00:00 DAY"),
        ("8 listopada 2022", "pl", "2022-11-08 00:00 DAY"),
        ("8. listopada 2022.", "hr", "2022-10-08 00:00 DAY"),
        ("8 listopada 2022", "", None),
        ("8 KASIM 2022", "tr", "2022-11-08 00:00 DAY"),
        ("22. marts 2022", "da", "2022-03-22 00:00 DAY"),
        ("22. marts 2022", "", "2022-03-22 00:00 DAY"),
        ("8 Agustus 2022", "id", "2022-08-08 00:00 DAY"),
        ("Ngày 8 tháng 3 năm 2022", "vi", "2022-03-08 00:00 DAY"),
        ("8 كانون الثاني 2022", "ar", "2022-01-08 00:00 DAY"),
        ("8 March 2022", "xx-nobody", "2022-03-08 00:00 DAY"),
        ("8 March 2022", "../../etc/passwd", "2022-03-08 00:00 DAY"),
        # of the Levant and the Maghreb, alone or beside the name of another country
        ("8 شباط 2022", "ar", "2022-02-08 00:00 DAY"),
        ("8 أيلول/سبتمبر 2022", "ar", "2022-09-08 00:00 DAY"),
        ("8 أيلول/أكتوبر 2022", "ar", None),
        ("8 جويلية 2022", "ar", "2022-07-08 00:00 DAY"),
        ("8 غشت 2022", "ar", "2022-08-08 00:00 DAY"),
        ("8 دجنبر 2022", "", "2022-12-08 00:00 DAY"),
        # of feeds
        ("вт, 8 мар 2022", "ru", "2022-03-08 00:00 DAY"),
        ("wt., 8 lis 2022", "pl", "2022-11-08 00:00 DAY"),
        ("Sal, 8 Mar 2022", "tr", "2022-03-08 00:00 DAY"),
        # day or month first?
        ("5/9/2022", "fr", "2022-09-05 00:00 DAY"),
        ("5/9/2022", "pt_BR", "2022-09-05 00:00 DAY"),
        ("5/9/2022", "en-GB", "2022-09-05 00:00 DAY"),
        ("9/25/2022", "fr", "2022-09-25 00:00 DAY"),
        ("5/9/2022", "en-US", None),
        ("5/9/2022", "en", None),
        ("5/9/2022", "", None),
        # of no language of the press: where the page says it is that language
        ("8 ngb 2022", "sg", "2022-10-08 00:00 DAY"),
        ("8 ngb 2022", "", None),
        # a word of two letters is a month only in its language
        ("8 Su 2022", "tr", "2022-02-08 00:00 DAY"),
        ("8 Su 2022", "", None),
    ],
)
def test_a_month_means_what_its_language_says(
    text: str, language: str, expected: str | None
) -> None:
    assert read(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("٢٢ نوفمبر ٢٠٢٦ ١٦:٢٥", "ar"),
        ("۲۲ نوامبر ۲۰۲۶ ۱۶:۲۵", "fa"),
        ("२२ नवंबर २०२६ १६:२५", "hi"),
        ("২২ নভেম্বর, ২০২৬ ১৬:২৫", "bn"),
        ("๒๒ พ.ย. ๒๐๒๖ ๑๖:๒๕ น.", "th"),
        ("٢٠٢٦-١١-٢٢ ١٦:٢٥", ""),
    ],
)
def test_digits_of_any_script(text: str, language: str) -> None:
    assert read(text, language) == "2026-11-22 16:25 MINUTE"
    assert read(text) == "2026-11-22 16:25 MINUTE"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("22 نوفمبر 2026 4:25 م", "ar", "16:25"),
        ("22 نوفمبر 2026 4:25 ص", "ar", "04:25"),
        ("22 Νοεμβρίου 2026, 4:25 μ.μ.", "el", "16:25"),
        ("22 Νοεμβρίου 2026, 4:25 π.μ.", "", "04:25"),
        ("22 नवंबर 2026, अपराह्न 4:25", "hi", "16:25"),
        ("22 नवंबर 2026, शाम 4:25 बजे", "hi", "16:25"),
        ("22 नवंबर 2026, शाम 4:25 बजे", "", "16:25"),
        ("22 नवंबर 2026, शाम 4 बजकर 25 मिनट", "hi", "16:25"),
        ("22 नवंबर 2026 सुबह 8:25 बजे", "hi", "08:25"),
        ("22 नवंबर 2026 दोपहर 12:25", "hi", "12:25"),
        ("22 नवंबर 2026 दोपहर 1:25", "hi", "13:25"),
        ("22 नवंबर 2026 रात 12:25", "hi", "00:25"),
        ("২২ নভেম্বর ২০২৬, বিকাল ৪:২৫", "bn", "16:25"),
        ("২২ নভেম্বর ২০২৬, বিকেল ৪টা ২৫ মিনিট", "bn", "16:25"),
        ("২২ নভেম্বর ২০২৬, সকাল ৮:২৫", "bn", "08:25"),
        ("২২ নভেম্বর ২০২৬, সন্ধ্যা ৬:২৫", "", "18:25"),
        ("২২ নভেম্বর ২০২৬, ০৪:২৫ পিএম", "bn", "16:25"),
        ("22 نوفمبر 2026 الساعة 4:25 مساءً", "ar", "16:25"),
        ("22 نوفمبر 2026م 10:25", "ar", "10:25"),  # م of the year
        ("22/11/2026 4:25 chiều", "vi", "16:25"),
        ("22/11/2026 8:25 sáng", "vi", "08:25"),
        ("2026. november 22. du. 4:25", "hu", "16:25"),
        ("22/11/2026 4:25 CH", "vi", "16:25"),
        ("22/11/2026 4:25 CH", "", "04:25"),  # Switzerland?
        ("22 november 2026 4:25 em", "sv", "16:25"),
        ("22 novembre 2026 16:25 du soir", "fr", "16:25"),
    ],
)
def test_halves_of_a_day(text: str, language: str, expected: str) -> None:
    assert read(text, language) == f"2026-11-22 {expected} MINUTE"


AGO = {
    "ar": "قبل 3 ساعات",
    "bg": "преди 3 часа",
    "bn": "৩ ঘন্টা আগে",
    "cs": "před 3 hodinami",
    "da": "for 3 timer siden",
    "de": "vor 3 Stunden",
    "el": "πριν από 3 ώρες",
    "en": "3 hours ago",
    "es": "hace 3 horas",
    "fa": "۳ ساعت پیش",
    "fi": "3 tuntia sitten",
    "fr": "il y a 3 heures",
    "he": "לפני 3 שעות",
    "hi": "3 घंटे पहले",
    "hu": "3 órája",
    "id": "3 jam yang lalu",
    "it": "3 ore fa",
    "ja": "3時間前",
    "ko": "3시간 전",
    "nb": "for 3 timer siden",
    "nl": "3 uur geleden",
    "pl": "3 godziny temu",
    "pt": "há 3 horas",
    "ro": "acum 3 ore",
    "ru": "3 часа назад",
    "sv": "för 3 timmar sedan",
    "th": "3 ชั่วโมงที่ผ่านมา",
    "tr": "3 saat önce",
    "uk": "3 години тому",
    "vi": "3 giờ trước",
    "zh": "3小时前",
}


@pytest.mark.parametrize("language", AGO)
def test_ago_in_every_language(language: str) -> None:
    assert read(AGO[language], language) == "2026-11-22 13:00 HOUR"
    assert counts_from_now(AGO[language], language)
    assert counts_from_now(AGO[language])


YESTERDAY = {
    "ar": "أمس 16:25",
    "cs": "včera 16:25",
    "da": "i går 16:25",
    "de": "gestern, 16.25 Uhr",
    "el": "χθες 16:25",
    "fi": "eilen 16:25",
    "hu": "tegnap 16:25",
    "id": "kemarin 16:25",
    "ro": "ieri 16:25",
    "tr": "dün 16:25",
    "uk": "вчора 16:25",
    "vi": "hôm qua 16:25",
    "he": "אתמול 16:25",
    "bn": "গতকাল ১৬:২৫",
    "fa": "دیروز ۱۶:۲۵",
    "th": "เมื่อวาน 16:25",
}


@pytest.mark.parametrize("language", YESTERDAY)
def test_yesterday_in_every_language(language: str) -> None:
    assert read(YESTERDAY[language], language) == "2026-11-21 16:25 MINUTE"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("कल 16:25", "hi"),  # yesterday, and tomorrow
        ("ma 16:25", "fi"),  # Monday; today in Hungarian
        ("ma 16:25", ""),
        ("huomenna 16:25", "fi"),
        ("for 3 timer", "da"),  # so long it takes
        ("för 3 timmar", "sv"),
        ("-3 h", "en"),
        *(("Jetzt", "de"), ("Agora", "pt"), ("Now", "en")),  # newspapers and programmes
    ],
)
def test_words_that_tell_no_time(text: str, language: str) -> None:
    assert read(text, language) is None


def test_today_in_the_language_that_says_so() -> None:
    assert read("ma 16:25", "hu") == "2026-11-22 16:25 MINUTE"
    assert counts_from_now("ma 16:25")  # in one of them
    assert not counts_from_now("ma 16:25", "fi")


def test_words_of_the_press_mean_one_thing() -> None:
    months = words_of_press().months
    assert months["march"] == months["mars"] == months["maaliskuuta"] == 3
    for language, month in (("pl", 11), ("hr", 10)):
        assert read_words(language).months["listopada"] == month
    assert "listopada" not in months
    # `ow` is September and October in Yoruba itself.
    assert "ow" not in read_words("yo").months
    assert read_words("yo").months["osu owewe"] == 9


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        *(("pt-BR", "pt"), ("zh-Hant", "zh-Hant"), ("zh-TW", "zh"), ("sr_Latn_RS", "sr-Latn")),
        *(("no", "nb"), ("iw", "he"), ("DE", "de"), ("", ""), ("-", ""), ("__init__", "")),
        *(("../de", ""), ("de\0", ""), ("x" * 9999, ""), ("de-" + "x" * 9999, "de")),
    ],
)
def test_a_tag_names_the_data_of_its_language(tag: str, name: str) -> None:
    assert find_name(tag) == name


@given(st.text(max_size=60))
def test_plain_is_plain_already_the_second_time(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=60), st.text(max_size=12) | st.sampled_from(LANGUAGES))
def test_attack_any_text_in_any_language_reads_or_does_not(text: str, language: str) -> None:
    read(text, language)


SCRAPS = ("3 ", "8 ", "ore ", "fa ", "ma ", "tháng ", "2022 ", "m. ", "gada ", "កាល ", "16:25 ")


@pytest.mark.parametrize("language", ["", "hu", "lt", "th", "vi"])
@pytest.mark.parametrize("scrap", SCRAPS)
def test_attack_words_without_end_are_looked_at_briefly(scrap: str, language: str) -> None:
    read("8 xyz 2022", language)  # loads what there is
    start = time.process_time()
    read(scrap * (200_000 // len(scrap)), language)
    assert time.process_time() - start < 1  # the square of its length would be minutes


def test_a_plain_time_reads_no_words() -> None:
    """The data of languages costs 0.1 s: a run whose times are numbers does not pay it."""
    code = (
        "from datetime import UTC, datetime; from zoneinfo import ZoneInfo;"
        "from newsspider.dates import read_time, locales;"
        "now = datetime(2026, 11, 22, tzinfo=UTC);"
        "texts = ['2022-04-26 20:16:23', '2022年4月26日 20:16', '26.04.2022 20:16', '1650975383'];"
        "assert all(read_time(t, now=now, zone=ZoneInfo('UTC')) for t in texts);"
        "import sys; assert locales.read_words.cache_info().misses == 0;"
        "read_time('26 April 2022', now=now, zone=ZoneInfo('UTC'));"
        "assert locales.read_words.cache_info().misses == 1; assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
