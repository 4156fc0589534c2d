"""An address, and the language of its page → the time zone of times that tell none.

In: an address (hostile) and a language tag or "". Out: a zone. Pure; generic extraction asks for a
page, `makeshift` and `newsspider add` for a site.
"""

from __future__ import annotations

from newsspider.urls import host

# Countries with one time zone that matters to their press; and languages at home in one zone.
_ZONES = {
    **dict.fromkeys(("cn", "zh", "gov.cn"), "Asia/Shanghai"),
    "hk": "Asia/Hong_Kong",
    "tw": "Asia/Taipei",
    "jp": "Asia/Tokyo",
    "ja": "Asia/Tokyo",
    "kr": "Asia/Seoul",
    "ko": "Asia/Seoul",
    "sg": "Asia/Singapore",
    "in": "Asia/Kolkata",
    "de": "Europe/Berlin",
    "at": "Europe/Vienna",
    "ch": "Europe/Zurich",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
    "es": "Europe/Madrid",
    "nl": "Europe/Amsterdam",
    "be": "Europe/Brussels",
    "pl": "Europe/Warsaw",
    "cz": "Europe/Prague",
    "gr": "Europe/Athens",
    "el": "Europe/Athens",
    "ru": "Europe/Moscow",
    "ua": "Europe/Kyiv",
    "uk": "Europe/London",
    "ie": "Europe/Dublin",
    "se": "Europe/Stockholm",
    "sv": "Europe/Stockholm",
    "no": "Europe/Oslo",
    "dk": "Europe/Copenhagen",
    "da": "Europe/Copenhagen",
    "fi": "Europe/Helsinki",
    "tr": "Europe/Istanbul",
    "il": "Asia/Jerusalem",
    "he": "Asia/Jerusalem",
    "lt": "Europe/Vilnius",
    "lv": "Europe/Riga",
    "ee": "Europe/Tallinn",
    "hu": "Europe/Budapest",
    "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia",
    "lu": "Europe/Luxembourg",
    "nz": "Pacific/Auckland",
    "za": "Africa/Johannesburg",
    "ar": "America/Argentina/Buenos_Aires",
    "is": "Atlantic/Reykjavik",
}
# Languages whose press is at home in one zone.
_LANGUAGES = ("zh", "ja", "ko", "de", "el", "pl", "ru")


def find_zone(url: str, language: str = "") -> str:
    """The name of that zone: by the country in the address, else by the language; "" where neither
    says."""
    country = host(url).partition(":")[0].rpartition(".")[2]
    language = language[:2] if language[:2] in _LANGUAGES else ""
    return _ZONES.get(country) or _ZONES.get(language, "")
