"""Times told from the moment of reading: 刚刚, 3小时前, 2 days ago, vor 3 Stunden; 今天, yesterday.

In: a short text of a page, as `dates` has made it plain (no accents, single spaces), and the moment
of the crawl. Out: a time and how exactly it was told, or the day that a word names; None for a text
that tells neither. `dates` calls it where a text names no day of the calendar.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from newsspider.dates.clock import Precision

_LONGEST = 40  # 刚刚 and 昨天 open many a headline: only a short text is a time
_HALF = "半"

# What stands before and behind a count and its unit. These lists are for texts as they are, too.
BEFORE = "vor|il y a|hace|h[aá]"
COUNT = r"(?:\d{1,4}|\b(?:one|an?|eine[rm]?|une?|una|uno|uma?|een|en|ett?)\b)"
AFTER = "ago|fa|geleden|atr[aá]s|sedan|siden|temu|назад"
# The days, by how far back they are: the words that tell one alone, then those that need a time of
# day beside them.
_DAYS = (
    (
        r"今天|今日|\btoday\b",
        "heute|hoy|oggi|hoje|aujourd.hui|vandaag|i ?dag|dzisiaj|dzi[sś]|сегодня",
    ),
    (r"昨天|昨日|\byesterday\b", "gestern|ayer|ieri|ontem|hier|gisteren|i ?g[aå]r|wczoraj|вчера"),
    ("前天|前日", "vorgestern|anteayer|avant-hier|eergisteren|przedwczoraj|позавчера"),
)
NEAR_DAYS = "|".join(rf"{alone}|\b(?:{others})\b" for alone, others in _DAYS)
# A unit in hanzi, and its words in the languages whose months `days` knows, accents folded.
_UNIT_WORDS = (
    (
        "seconds",
        "秒 s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos"
        " secondo secondi seconden sekund sekundy sekunder секунд секунды секунду",
    ),
    (
        "minutes",
        "分 m min mins mn minute minutes minuten minuto minutos minuti minuut minut minuty"
        " minuter minutter мин минут минуты минуту",
    ),
    (
        "hours",
        "小 时 時 h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur"
        " uren godz godzin godziny godzine timme timmar time timer час часа часов",
    ),
    (
        "days",
        "天 日 d day days tag tagen jour jours dia dias giorno giorni dag dagen dagar dage"
        " dager dni день дня днеи",
    ),
    (
        "weeks",
        "周 週 星 w wk wks week weeks woche wochen semaine semaines semana semanas settimana"
        " settimane weken tygodni tygodnie vecka veckor uge uger uke uker неделю недели недель",
    ),
    (
        "months",
        "月 mo mos month months monat monaten mois mes meses mese mesi maand maanden miesiac"
        " miesiace miesiecy manad manader maned maneder месяц месяца месяцев",
    ),
    (
        "years",
        "年 y yr yrs year years jahr jahren an ans ano anos anno anni jaar lata lat rok ar"
        " год года лет",
    ),
)
_UNITS = {word: unit for unit, words in _UNIT_WORDS for word in words.split()}
_FINEST = {"seconds": Precision.MINUTE, "minutes": Precision.MINUTE, "hours": Precision.HOUR}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PART = rf"(?<![\d:.]){COUNT}[ ']?(?:{_UNIT})\b\.?"
_PARTS = rf"({_PART}(?:,? (?:and |und |et |y |e )?{_PART})?)"
_AGO = (
    re.compile(
        r"((?<!\d)(?:\d{1,4}|半) ?个?"
        r"(?:[秒分](?:钟|鐘)?|小?[时時]間?|天|日|周|週|星期|月|年)"
        r"(?:\d{1,2} ?[分秒](?:钟|鐘)?)?) ?以?前"
    ),
    re.compile(rf"{_PARTS} ?(?:{AFTER})\b", re.IGNORECASE),
    # `Vor 3 Tagen verschwand sie` is no time: here the unit ends what is told.
    re.compile(
        rf"\b(?:{BEFORE}) (?:etwa |rund |ca\. ?|environ |unos |unas |cerca de )?{_PARTS}"
        r"(?=\W*$| ?[|·•–(-])",
        re.IGNORECASE,
    ),
)
_COUNTED = re.compile(rf"({COUNT}|半)[ '个]{{0,3}}({_UNIT})", re.IGNORECASE)
_JUST_NOW = re.compile(
    r"\W{0,3}(?:刚刚|刚才|just now|(?:a )?moments? ago|gerade eben|a l'instant|ahora mismo"
    r"|только что)\W{0,3}",
    re.IGNORECASE,
)
_NEAR_DAY = re.compile(
    "|".join(rf"({alone})|\b({others})\b" for alone, others in _DAYS), re.IGNORECASE
)


class NearDay(NamedTuple):
    """A day told from today: how many days back, where in the text, and whether the word alone
    tells it."""

    back: int
    start: int
    end: int
    alone: bool


def find_near_day(text: str) -> NearDay | None:
    """The day that 今天, yesterday or gestern names. `Heute`, `Hoy` and `Oggi` are newspapers and
    `hier` is German, too: those words tell a day only beside a time of day."""
    m = _NEAR_DAY.search(text) if len(text) <= _LONGEST else None
    if not m or m.lastindex is None:
        return None
    back, in_others = divmod(m.lastindex - 1, 2)
    alone = not in_others and len(text) <= len(m[0]) + 6
    return NearDay(back, m.start(), m.end(), alone)


def read_ago(text: str, now: datetime) -> tuple[datetime, Precision] | None:
    """The time that 刚刚, 3小时前 or vor 2 Tagen tells at `now` (aware), cut to the finest unit it
    tells; None for a text that tells none."""
    if len(text) > _LONGEST:
        return None
    if _JUST_NOW.fullmatch(text):
        return now.replace(second=0, microsecond=0), Precision.MINUTE
    told = next((m for pattern in _AGO if (m := pattern.search(text))), None)
    if told is None:
        return None
    back, precision = _counted(told[1])
    if back is None:
        return None
    try:
        at = (now.astimezone(UTC) - back).astimezone(now.tzinfo).replace(second=0, microsecond=0)
    except (ValueError, OverflowError):
        return None
    if precision is Precision.DAY:
        at = at.replace(hour=0, minute=0)
    elif precision is Precision.HOUR:
        at = at.replace(minute=0)
    return at, precision


def _counted(told: str) -> tuple[timedelta | relativedelta | None, Precision]:
    """How far back `1 hour 5 minutes` lies, and its finest unit; None for what nobody counted."""
    back: relativedelta = relativedelta()
    finest = Precision.DAY
    for count, word in _COUNTED.findall(told.lower()):
        unit = _UNITS[word]
        precision = _FINEST.get(unit, Precision.DAY)
        parts: Any = {unit: int(count) if count.isdecimal() else 1}
        if count == _HALF:
            if unit in ("months", "years"):
                return None, finest
            return timedelta(**parts) / 2, Precision.MINUTE if unit == "hours" else precision
        back += relativedelta(**parts)
        finest = max(finest, precision)
    return back, finest
