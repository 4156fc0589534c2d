"""The time zone of a page by its address and its language."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from newsspider.dates import zones
from newsspider.dates.zones import find_zone


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
    ],
)
def test_the_zone_of_an_address(url: str, language: str, zone: str) -> None:
    assert find_zone(url, language) == zone


def test_all_zones_are_known() -> None:
    known = {*zones._COUNTRIES.values(), *zones._LANGUAGES.values()}
    assert known <= available_timezones()
