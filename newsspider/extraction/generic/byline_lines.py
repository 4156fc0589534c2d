"""Lines near the headline that name who wrote an article: `An analysis by Ada Brook`.

In: a line, and the line behind it. Out: the part that names authors, which `bylines` takes apart.
Called by `author_candidates`.
"""

from __future__ import annotations

import re

from newsspider.languages import alternation
from newsspider.text.scripts import CJK, HAN, KANA

_LONGEST, _LONGEST_DATED = 80, 120  # characters of a line that names authors
BY = re.compile(
    r"^(?:(?:written|reported|words|text|story|authored|view all posts"
    rf"|(?:{alternation('published')})\w*)\s+)?"
    rf"(?:(?:{alternation('by', 'by_label')})[\s:：]+|by(?=(?-i:[A-Z]))"  # `ByAda Brook`
    rf"|(?:{alternation('author_label')})(?:\s?[:：՝／/＝=｜|・]\s?|\s[–—-]\s))",
    re.I,
)
# Two to four words with capitals, or a Chinese or Japanese name.
PERSON = re.compile(
    r"(?!(?i:about|author|the|view|more|all|see|contact)\b)[^\W\d_a-z][\w.'’-]*"
    r"(?: (?:(?:de|da|di|van|von|der|den|la|le|bin|al) )*[^\W\d_a-z][\w.'’-]*){1,3}"
    rf"|[{KANA}{HAN}]{{2,6}}"
)
PARTS_OF_LINE = re.compile(r"\s*[|·•]\s*|\s+[/–—-]\s+")
_OTHER_LABEL = re.compile(r"(?:photo|foto|text (?:link|size|only))", re.I)
# What needs a person behind it: `Analysis by`, `Propos recueillis par`, `Redacción:`.
_BEFORE_PERSON = re.compile(
    rf"(?:{alternation('before_person')})(?P<mark>\s*[:：՝]\s*|\s+[–—-]\s+|\s+|(?<=['’]))(?P<names>\S.*)",
    re.I,
)
# `Ayşe Demir tarafından`, `राम कुमार द्वारा`, `山田太郎記者`
_BEHIND_PERSON = re.compile(
    rf"(?P<names>[^\d:：|]{{2,40}}?)\s?(?:{alternation('behind_person')})(?:\s.*)?", re.I
)
# `2023-12-19 23:30 EST by Rafael Pineda`, `Publié le 3 mai 2026 à 10h15 par Marie Dubois`
_BEHIND_TIME = re.compile(
    rf"\d\W{{1,3}}(?:\w{{1,4}}\W{{1,3}})?(?P<by>(?:{alternation('by')})\s+)(?P<names>[^,|]{{3,60}})",
    re.I,
)
# What may follow a person in a byline: further names, a place, a time.
_AFTER_PERSON = re.compile(
    r"\s*(?:$|[,;|/&·•(<–—-]|\d|\S+@"
    rf"|(?:{alternation('and', 'and_alone', 'around_time')}|am|em|op|on)\b)",
    re.I,
)
_LABEL = re.compile(rf"(?:{alternation('author_label')})\s?[:：՝]\s*(?P<names>\S.*)", re.I)
_BETWEEN = re.compile(rf"\s*[,;&]\s*|\s+(?:{alternation('and', 'and_alone')})\s+", re.I)
# `Jan Novák, ČTK`, `Text: Eva Lind/TT`
_WITH_AGENCY = re.compile(
    rf"(?P<names>.{{3,60}}?)\s*[,/(|–-]\s*(?:{alternation('agency')})\)?", re.I
)
_STAFF = re.compile(rf"\b(?:{alternation('newsroom', 'role')})\b", re.I)
_PARTICLE = re.compile(r"(?:de|da|di|do|dos|du|van|von|der|den|la|le|bin|al|el|y|e)")
_CJK_NAME = re.compile(rf"[{KANA}{HAN}々]{{2,6}}")
_CJK = re.compile(rf"[{CJK}]")


def authors_in(line: str, following: str = "") -> str:
    """Return what a line, or the line below it, names as authors, or "": the names with `By`, or
    without what is before them, and with the place or time behind them."""
    # `The Tower Gazette | By Ada Brook`
    parts = [line, *PARTS_OF_LINE.split(line)] if len(line) <= _LONGEST else []
    for part in parts:
        if names := _person_in(part):
            return names
        if (by := BY.match(part)) and _may_name(part[by.end() :], by[0]):
            return "" if _OTHER_LABEL.match(part) else part
    if len(line) <= _LONGEST and (match := _WITH_AGENCY.fullmatch(line)):
        names = match["names"]
        if all(map(is_person_name, _BETWEEN.split(names))):
            return names
    if BY.fullmatch(f"{line} ") and PERSON.fullmatch(following):
        return following
    if len(line) <= _LONGEST_DATED and (dated := _BEHIND_TIME.search(line)):
        # `by` is no word of a date in English: `3 di Maggio 2026`
        sure = dated["by"].casefold().strip() == "by" or _begins_with_person(dated["names"])
        return dated["by"] + dated["names"] if sure else ""
    return ""


def is_byline(line: str) -> bool:
    """Return whether a line is no more than a label and persons: `Text: Aino Laine`, `Deur Jan
    Botha en Elna Smit`."""
    match = _LABEL.fullmatch(line) or _BEFORE_PERSON.fullmatch(line)
    return match is not None and all(map(is_person_name, _BETWEEN.split(match["names"])))


def _person_in(part: str) -> str:
    """Return the names of persons behind a word that needs them, or before one."""
    if before := _BEFORE_PERSON.fullmatch(part):
        names = before["names"]
        # Without capitals, only a mark shows where a name begins.
        begins = names[0].isupper() or before["mark"].strip()
        return names if begins and _begins_with_person(names) else ""
    if (match := _BEHIND_PERSON.fullmatch(part)) and is_person_name(match["names"]):
        return match["names"]
    return ""


def _may_name(text: str, by: str) -> bool:
    """Return whether what is behind `By` may name somebody. `by the numbers`, `di più` have no
    capitals, and no colon or newsroom."""
    capitals = any(not word[0].islower() for word in text.split()[:4])
    return capitals or by.rstrip()[-1:] in ":：" or bool(_STAFF.search(text))


def _begins_with_person(text: str) -> bool:
    """Return whether a text is a person, or has one before a mark, a time or further names."""
    words = text.split()[:6]
    return any(
        is_person_name(" ".join(words[:count]).rstrip(",;")) and _AFTER_PERSON.match(rest)
        for count in range(len(words), 0, -1)
        for rest in [(" ," if words[count - 1][-1] in ",;" else " ") + " ".join(words[count:])]
    )


def is_person_name(text: str) -> bool:
    """Return whether a text has the form of a person's name in any script: two to four words that
    do not begin with small letters, or a few characters."""
    if _CJK.search(text):
        return bool(_CJK_NAME.fullmatch(text.replace(" ", "")))
    words = [word for word in text.split() if not _PARTICLE.fullmatch(word)]
    return 2 <= len(words) <= 4 and all(
        word[0].isalpha()
        and not word[0].islower()
        and not any(c.isdigit() or c in ":@" for c in word)
        for word in words
    )
