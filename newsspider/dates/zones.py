"""The time zone for times without one, by the address and language of their page.

In: an address (hostile) and a language tag or "". Out: the name of a zone, or "". Pure; generic
extraction calls it for a page, `adhoc_site` and `newsspider add` for a site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from newsspider.text.urls import host


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    return zip(words[::2], words[1::2], strict=True)


# The zone of a country's national press, also for a country with several zones. Without .co, .tv,
# .io, .me, .ai, .us and .fm, which are sold to anyone or span an ocean.
_COUNTRIES = {
    country: f"{continent}/{city}"
    for continent, cities in (
        (
            "Africa",
            "dz Algiers eg Cairo ma Casablanca za Johannesburg ng Lagos ke Nairobi tn Tunis",
        ),
        ("Africa", "gh Accra et Addis_Ababa sn Dakar ci Abidjan ug Kampala tz Dar_es_Salaam"),
        ("America/Argentina", "ar Buenos_Aires"),
        ("America", "br Sao_Paulo ca Toronto cl Santiago pe Lima mx Mexico_City uy Montevideo"),
        ("America", "py Asuncion bo La_Paz ec Guayaquil ve Caracas cr Costa_Rica gt Guatemala"),
        (
            "America",
            "sv El_Salvador hn Tegucigalpa ni Managua pa Panama do Santo_Domingo cu Havana",
        ),
        ("Asia", "cn Shanghai hk Hong_Kong mo Macau tw Taipei jp Tokyo kr Seoul sg Singapore"),
        ("Asia", "in Kolkata id Jakarta vn Ho_Chi_Minh th Bangkok my Kuala_Lumpur ph Manila"),
        (
            "Asia",
            "pk Karachi bd Dhaka lk Colombo np Kathmandu sa Riyadh ae Dubai qa Qatar kw Kuwait",
        ),
        ("Asia", "iq Baghdad ir Tehran lb Beirut jo Amman il Jerusalem cy Nicosia ge Tbilisi"),
        ("Asia", "am Yerevan az Baku kz Almaty uz Tashkent"),
        ("Atlantic", "is Reykjavik"),
        ("Australia", "au Sydney"),
        (
            "Europe",
            "de Berlin at Vienna ch Zurich fr Paris it Rome es Madrid pt Lisbon nl Amsterdam",
        ),
        (
            "Europe",
            "be Brussels lu Luxembourg uk London ie Dublin se Stockholm no Oslo fi Helsinki",
        ),
        ("Europe", "dk Copenhagen pl Warsaw cz Prague sk Bratislava hu Budapest si Ljubljana"),
        ("Europe", "hr Zagreb rs Belgrade ba Sarajevo mk Skopje al Tirane gr Athens bg Sofia"),
        ("Europe", "ro Bucharest md Chisinau ua Kyiv by Minsk ru Moscow tr Istanbul lt Vilnius"),
        ("Europe", "lv Riga ee Tallinn mt Malta"),
        ("Pacific", "nz Auckland"),
    )
    for country, city in _pairs(cities)
}
# Languages whose press is mainly in one country.
_LANGUAGES = {
    language: _COUNTRIES[country]
    for language, country in _pairs(
        "zh cn ja jp ko kr de de el gr pl pl ru ru uk ua be by cs cz sk sk hu hu sl si hr hr mk mk"
        " bg bg ro ro it it sv se nb no nn no no no da dk fi fi is is lt lt lv lv et ee tr tr he il"
        " ka ge hy am az az vi vn th th id id hi in ne np si lk fa ir bn bd ta in te in mr in"
        " eu es ca es gl es sr rs bs ba sq al mt mt ms my fil ph tl ph kk kz uz uz ur pk"
        " gu in kn in ml in pa in"
    )
}
# A zone for each offset from UTC, with its summer time, by the readers of its press.
_BY_OFFSET = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "America/Bogota", "America/Mexico_City", "America/Caracas"),
    *("Europe/London", "Europe/Paris", "Africa/Lagos", "Europe/Athens", "Africa/Johannesburg"),
    *("Europe/Istanbul", "Asia/Tehran", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata"),
    *("Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo"),
    *("Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland"),
)
_DEFAULT = "en-us"  # what many programs write on pages of any country


def country_of_zone(name: str) -> str:
    """Return the country of a zone (`DE`, ISO 3166), "" if it is not known."""
    if name in _BY_OFFSET[:4]:
        return "US"
    country = next((country for country, zone in _COUNTRIES.items() if zone == name), "")
    return "GB" if country == "uk" else country.upper()


def find_zone(url: str, language: str = "") -> str:
    """Return the name of the zone: by the country in the address, else by the language; "" if
    neither gives one."""
    return _of_address(url) or _of_language(language)


def zone_of_address(url: str) -> ZoneInfo | None:
    """Return the zone of the country in an address; None if it has none."""
    name = _of_address(url)
    return ZoneInfo(name) if name else None


def zone_of_language(language: str) -> ZoneInfo | None:
    """Return the zone of the country that a language tag names (`pt-BR`), or where most of the
    language's press is; None if there is none."""
    name = _of_language(language)
    return ZoneInfo(name) if name else None


def zone_of_offsets(moments: Iterable[datetime], language: str = "") -> str:
    """Return the name of a zone that has the offsets of these moments, the language's first; "" if
    there is none, or if they only state `Z` or `+00:00`, which programs write anywhere."""
    aware = [moment for moment in moments if moment.utcoffset()]
    for name in filter(None, (_of_language(language), *_BY_OFFSET)):
        zone = ZoneInfo(name)
        if aware and all(at.astimezone(zone).utcoffset() == at.utcoffset() for at in aware):
            return name
    return ""


def _of_address(url: str) -> str:
    country = host(url).partition(":")[0].rpartition(".")[2]
    return _COUNTRIES.get(country, "")


def _of_language(language: str) -> str:
    tag = language.lower().replace("_", "-")
    first, *more = tag.split("-")
    region = next((part for part in more if len(part) == 2), "") if tag != _DEFAULT else ""
    return _COUNTRIES.get("uk" if region == "gb" else region) or _LANGUAGES.get(first, "")
