"""The words of times in one language, from dateparser's data and our own.

In: the name of a language's data. Out: `Words`. dateparser has a data module for each language:
CLDR's words and additions by its users. `dates:` in a file of `newsspider.languages` adds the few
that it lacks. `dates.words` calls this for the languages that a text needs, once for each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, TypeVar

from newsspider import languages

# Language tags of pages whose data has another name in dateparser.
_RENAMED = {"no": "nb", "iw": "he", "in": "id", "tl": "fil", "sh": "sr-Latn", "mo": "ro"}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_BACK = {"today": 0, "yesterday": 1, "before yesterday": 2}
HALVES = ("am", "noon", "pm", "night")
NOT_A_DAY = -1  # a weekday, tomorrow, and a word for both yesterday and tomorrow (Hindi कल)

_LONGEST_TAG = 35  # characters of a tag that are read: the lowest limit that BCP 47 allows
_Meaning = TypeVar("_Meaning")
_MARKS = re.compile(r"[.'’`´׳״॰ʼ]")
_NUMBER = re.compile(r"\(\\d[^)]*\)")  # as dateparser writes it: `vor (\d++[.,]?\d*+) tagen`


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words of a language, or of several. Names have the form of `key`, the rest that of `small`.

    Names: `months` are 1 to 12, `days` how far back a day is (or NOT_A_DAY), `halves` of HALVES,
    `now` words for this moment. The rest surrounds a counted unit in the past: `units` (second …
    year), `before` (vor 3 Stunden), `after` (3 hours ago), `whole` (unit and ago in one word: 3
    órája), `one` in place of a count, `about` before it, `joint` between two units.
    """

    months: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[str, str] = field(default_factory=dict)
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    one: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()


TABLES = ("months", "days", "halves", "units", "whole")
SETS = ("before", "after", "one", "about", "joint", "now")


def plain(text: str) -> str:
    """Return a text half-width, without accents and invisible characters, with digits of any script
    as 0-9."""
    if text.isascii():
        return text
    kept = "".join(map(_kept, unicodedata.normalize("NFKD", text)))
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=8192)  # a page has many characters, but few different ones
def _kept(c: str) -> str:
    if unicodedata.combining(c) or unicodedata.category(c) == "Cf":
        return ""
    return str(unicodedata.decimal(c)) if c.isdecimal() else c


def small(text: str) -> str:
    """Return a word in the form of patterns: plain, in lower case."""
    return " ".join(plain(text.casefold()).split())


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return a name in the form of tables: lower case, without points and apostrophes."""
    return " ".join(_MARKS.sub("", plain(text.casefold())).split())


@lru_cache(maxsize=256)
def find_name(language: str) -> str:
    """Return the name of a language's data, by its script if there is such data: `zh-Hant`, `pt`
    for pt-BR; "" for a language without data."""
    parts = language[:_LONGEST_TAG].replace("_", "-").split("-")[:2]
    first = parts[0].lower()
    with_script = f"{first}-{parts[1].title()}" if len(parts) == 2 else first
    for name in (with_script, _RENAMED.get(first, first)):
        if name in _files()[1]:
            return name
    return ""


@lru_cache(maxsize=256)
def read_words(name: str) -> Words:
    """Return the words of one language."""
    data, ours = _data(name), languages.read(name.split("-")[0]).get("dates", {})
    # Austria's January is in the data of `de-AT`, Australia's `hrs ago` in that of `en-AU`.
    variants = [data, *data.get("locale_specific", {}).values(), ours]
    months = _table(
        (written, number)
        for number, month in enumerate(_MONTHS, 1)
        for word in {word for variant in variants for word in variant.get(month, ())}
        # KASIM is `kasim` in lower case, and Kasım is not.
        for written in ((word,) if word.isascii() else (word, word.upper()))
    )
    halves = _table((word, half) for half in HALVES for v in variants for word in v.get(half, ()))
    now = [*data.get("relative-type", {}).get("0 second ago", ()), *ours.get("now", ())]
    # A word alone is as often a name: Jetzt and Agora are newspapers, Now a programme.
    now = [word for word in now if " " in word]
    around = {name: frozenset(map(small, ours.get(name, ()))) for name in ("one", "about", "joint")}
    tables: dict[str, Any] = {**_counted(data, variants, ours), **around}
    days, moment = _days(data, ours), frozenset(map(key, now))
    return Words(months=months, halves=halves, days=days, now=moment, **tables)


def _table(pairs: Iterable[tuple[str, _Meaning]]) -> dict[str, _Meaning]:
    """Return names with their meanings, without ambiguous ones (Yoruba ẹr is two months)."""
    meanings: dict[str, set[_Meaning]] = {}
    for word, meaning in pairs:
        meanings.setdefault(key(word), set()).add(meaning)
    return {name: values.pop() for name, values in meanings.items() if len(values) == 1}


def _days(data: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, int]:
    """Return the words for today, yesterday and the days before, and those that look like one."""
    near = data.get("relative-type", {})
    pairs = [(word, back) for back in range(4) for word in near.get(f"{back} day ago", ())]
    pairs += [(word, back) for name, back in _BACK.items() for word in ours.get(name, ())]
    pairs += [(word, NOT_A_DAY) for ahead in (1, 2) for word in near.get(f"in {ahead} day", ())]
    pairs += [(word, NOT_A_DAY) for day in _WEEKDAYS for word in data.get(day, ())]
    days: dict[str, int] = {}
    for word, back in pairs:
        name = key(word)
        days[name] = back if days.get(name, back) == back else NOT_A_DAY
    return days


def _counted(
    data: Mapping[str, Any], variants: Iterable[Mapping[str, Any]], ours: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the words around a count of units in the past, from forms such as `vor (…) tagen`."""
    bare = {small(word): unit for unit in _UNITS for v in variants for word in v.get(unit, ())}
    ends = frozenset(map(small, data.get("ago", ())))
    units: dict[str, str] = {}
    whole: dict[str, str] = {}
    before = {small(word) for word in ours.get("before", ())}
    after = {small(word) for word in ours.get("after", ())}
    around = {""}  # `for 3 timer siden`: without `siden`, `for` is how long something takes
    for unit in _UNITS:
        for form in _forms(variants, unit):
            number = _NUMBER.search(form)
            head, tail = (form[: number.start()], form[number.end() :]) if number else ("", "")
            head, tail = small(head), small(tail.replace("\\s*", " "))
            word, rest = _split(tail, bare, ends)
            if not word or _is_untranslated(head, bare):
                continue
            if rest:
                after.add(rest)
                around.add(head)
            elif head:
                before.add(head)
            else:
                whole[word] = unit
                continue
            units[word] = unit
    bare = {word: unit for word, unit in bare.items() if word not in units}
    known = {"units": bare | units, "whole": whole}
    return {**known, "before": frozenset(before - around), "after": frozenset(after)}


def _is_untranslated(head: str, units: Mapping[str, str]) -> bool:
    """Return whether the text before a count is not a word for ago: the `-` of CLDR's `-3 h`, which
    nobody has translated, or the unit itself (`saa 3 zilizopita`)."""
    return bool(head) and (not any(map(str.isalpha, head)) or head in units)


def _forms(variants: Iterable[Mapping[str, Any]], unit: str) -> Iterator[str]:
    for variant in variants:
        yield from variant.get("relative-type-regex", {}).get(f"\\1 {unit} ago", ())


def _split(tail: str, units: Mapping[str, str], ends: frozenset[str]) -> tuple[str, str]:
    """Split the text after a count into the unit and the words for ago."""
    matching = (word for word in units if tail.startswith(word))
    for word in sorted(matching, key=len, reverse=True):
        rest = tail[len(word) :].lstrip(".")
        if not rest or rest[0] == " " or rest.strip() in ends:
            return word, rest.strip()
    words = tail.split()
    for number, word in enumerate(words, 1):
        if word in units:  # `acum 3 de ore`
            return " ".join(words[:number]), " ".join(words[number:])
    return " ".join(words[:1]), " ".join(words[1:])


@cache
def _files() -> tuple[str, frozenset[str]]:
    """Return dateparser's data folder and the names in it, without importing dateparser (0.1 s)."""
    spec = find_spec("dateparser")
    places = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(places or ()), ".")) / "data" / "date_translation_data"
    return str(folder), frozenset(path.stem for path in folder.glob("*.py")) - {"__init__"}


def _data(name: str) -> Mapping[str, Any]:
    """Return dateparser's words of a language. The module is executed without being imported: only
    the `Words` made of it, a tenth of its size, stay in memory."""
    spec = PathFinder.find_spec(name, [_files()[0]])
    if spec is None or spec.loader is None:
        return {}
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    data: Mapping[str, Any] = module.info
    return data
