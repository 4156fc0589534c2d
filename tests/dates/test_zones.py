"""The time zone of a page by its address and its language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

import pytest

from newsspider.dates import zones
from newsspider.dates.zones import find_zone, zone_of_offsets


@pytest.mark.parametrize(
    ("url", "language", "zone"),
    [
        ("https://www.haigang.com.cn/a/1.html", "", "Asia/Shanghai"),
        ("https://www.hafenblatt.de:8443/a", "", "Europe/Berlin"),
        ("https://news.example.co.uk/a", "zh", "Europe/London"),
        ("https://haigang.com/a", "zh-CN", "Asia/Shanghai"),
        ("https://haigang.com/a", "en", ""),  # English is at home in many zones
        ("https://haigang.com/a", "", ""),
        ("https://news.example.com.au/a", "", "Australia/Sydney"),
        ("https://noticias.example.sv/a", "es", "America/El_Salvador"),
        ("https://nyheter.example.com/a", "sv-SE", "Europe/Stockholm"),
        ("https://news.example.tv/a", "", ""),  # sold to anyone
        ("http://[::1]/a", "", ""),
        ("http://[/a", "", ""),
        ("no address", "de", "Europe/Berlin"),
        ("https://haigang.com/a", "zh-TW", "Asia/Taipei"),
        ("https://albisteak.example.eus/a", "eu", "Europe/Madrid"),
        ("https://noticies.example.cat/a", "ca", "Europe/Madrid"),
        ("https://vesti.example.com/a", "sr-Latn", "Europe/Belgrade"),
        ("https://haigang.com/a", "zh-Hant-HK", "Asia/Hong_Kong"),
        ("https://noticias.example.com/a", "es_MX", "America/Mexico_City"),
        ("https://news.example.com/a", "en-GB", "Europe/London"),
        ("https://news.example.com/a", "en-US", ""),  # what programs write anywhere
        ("https://news.example.io/a", "", ""),
        ("https://news.example.ai/a", "", ""),
        ("https://news.example.co/a", "", ""),
        ("https://news.example.me/a", "", ""),
    ],
)
def test_the_zone_of_an_address(url: str, language: str, zone: str) -> None:
    assert find_zone(url, language) == zone


@pytest.mark.parametrize(
    ("times", "language", "zone"),
    [
        (["2026-09-29T06:30:00+08:00"], "zh", "Asia/Shanghai"),
        (["2026-09-29T06:30:00+08:00"], "en", "Asia/Singapore"),
        (["2026-09-29T06:30:00-04:00"], "en", "America/New_York"),
        (["2026-09-29T06:30:00-05:00", "2026-12-29T06:30:00-06:00"], "en", "America/Chicago"),
        (["2026-09-29T06:30:00+05:30"], "en", "Asia/Kolkata"),
        (["2026-09-29T06:30:00+00:00"], "en", ""),
        (["2026-09-29T06:30:00-04:00", "2026-09-29T06:30:00+08:00"], "en", ""),
        ([], "de", ""),
    ],
)
def test_the_zone_of_offsets(times: list[str], language: str, zone: str) -> None:
    assert zone_of_offsets(map(datetime.fromisoformat, times), language) == zone


def test_all_zones_are_known() -> None:
    known = {*zones._COUNTRIES.values(), *zones._LANGUAGES.values(), *zones._BY_OFFSET}
    assert known <= available_timezones()
