"""The language of a text, by its most frequent words.

In: a plain text. Out: an ISO 639 code, or "" where no language is clear. Pure. The words are the
stop words of jusText, for languages that put spaces between words. Of 960 articles in ten languages
none is read as another one. Of close relatives, such as Croatian and Bosnian, none is clear.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import chain, islice

LEAST = 40  # words, below which a text says too little
_MOST = 400  # words that are looked at
_MOST_CHARACTERS = 4000
# Words of a list, which is sorted by frequency. Behind them come the words of an encyclopedia, and
# of other languages.
_LISTED = 100
_SHARE = 0.2  # of the words of a text that must be of the language
# Of the words that are frequent in one of two languages only: times as many as the other has, and
# share of the words of the text.
_AHEAD = 3
_OWN = 0.05
_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f\u0900-\u0dff'’]*")  # with the vowel signs of India
_LATIN = "\u0370"  # the first letter behind Latin ones
# The lists by language. Relatives of a language are here too, so that they are not taken for it.
_LISTS = (
    "af=Afrikaans ar=Arabic az=Azerbaijani be=Belarusian bg=Bulgarian bn=Bengali bs=Bosnian"
    " ca=Catalan cs=Czech cy=Welsh da=Danish de=German el=Greek en=English es=Spanish"
    " et=Estonian eu=Basque fa=Persian fi=Finnish fr=French fy=West_Frisian ga=Irish"
    " gl=Galician gu=Gujarati he=Hebrew hi=Hindi hr=Croatian hu=Hungarian hy=Armenian"
    " id=Indonesian is=Icelandic it=Italian ka=Georgian kk=Kazakh kn=Kannada ky=Kyrgyz"
    " lb=Luxembourgish lt=Lithuanian lv=Latvian mk=Macedonian ml=Malayalam mr=Marathi ms=Malay"
    " nb=Norwegian_Bokmal ne=Nepali nl=Dutch nn=Norwegian_Nynorsk pl=Polish pt=Portuguese"
    " ro=Romanian ru=Russian sk=Slovak sl=Slovenian sq=Albanian sr=Serbian sv=Swedish"
    " sw=Swahili ta=Tamil te=Telugu tl=Tagalog tr=Turkish uk=Ukrainian ur=Urdu uz=Uzbek"
    " vi=Vietnamese"
)


def language_by_words(text: str) -> str:
    """Return the language most of whose frequent words a text has; "" for a text of fewer than
    LEAST words, and where another language comes close."""
    words = _WORD.findall(text[:_MOST_CHARACTERS].lower())[:_MOST]
    if len(words) < LEAST:
        return ""
    languages = [_languages().get(word, ()) for word in words]
    hits = Counter(chain.from_iterable(languages))
    first, most = next(iter(hits.most_common(1)), ("", 0))
    shared = Counter(chain.from_iterable(each for each in languages if first in each))
    is_ahead = all(
        most - shared[other] >= max(_AHEAD * (number - shared[other]), _OWN * len(words))
        for other, number in hits.items()
        if other != first
    )
    return first if is_ahead and most >= _SHARE * len(words) else ""


@cache
def _languages() -> Mapping[str, tuple[str, ...]]:
    """Return the languages that each word is frequent in."""
    languages: dict[str, list[str]] = defaultdict(list)
    for language, name in re.findall(r"(\w+)=(\w+)", _LISTS):
        with files("justext").joinpath("stoplists", f"{name}.txt").open(encoding="utf-8") as file:
            listed = "".join(islice(file, _LISTED)).lower()
        for word in set(_WORD.findall(listed)):
            if (word < _LATIN) == (listed < _LATIN):  # English words are in the lists of India
                languages[word].append(language)
    return {word: tuple(codes) for word, codes in languages.items()}
