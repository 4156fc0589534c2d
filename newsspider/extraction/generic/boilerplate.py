"""Boilerplate among the lines of a text: promotion, links to other articles, notices, pagers.

In: a line. Out: whether it is boilerplate. Called by `body` and `classify`. Each pattern must match
a whole short line, so that a sentence which only mentions a subscription stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from newsspider.extraction.generic.line import Line
from newsspider.languages import alternation, compiled

_LONGEST = 220
_RESIDUE = re.compile(
    rf"\W*(?:{alternation('advert', 'promotion')}"
    rf"|(?:{alternation('read_also')})\b\W?.{{0,160}})\W*",
    re.I,
)
_DISCLAIMER = compiled("disclaimer")
_LONGEST_DISCLAIMER = 300
# Lines in place of the text, for readers who have not paid or consented.
_NOTICE = compiled("wall")
_COOKIES = re.compile(
    rf".{{0,200}}(?:{alternation('cookie')}).{{0,200}}"
    rf"(?:{alternation('consent', 'consent_to_cookies')}).{{0,300}}",
    re.I | re.S,
)
_CONSENT = re.compile(
    rf".{{0,200}}(?:{alternation('consent')}).{{0,200}}(?:{alternation('personal_data')}).{{0,300}}",
    re.I | re.S,
)
# `We and our 842 partners store and access personal data`: the words that IAB gives its members.
_PARTNERS = re.compile(
    rf"\d[\d.,]{{1,5}}\W{{0,3}}(?:\w{{1,12}} )?\w{{0,3}}(?:{alternation('partners')})"
    rf"|(?:{alternation('partners')}).{{0,30}}\D\d{{2,4}}\b",
    re.I,
)
# Every notice but a wall has one of these words. Without `re.I` a text is read four times as fast.
_DATA = re.compile(alternation("cookie", "personal_data"))
_LONGEST_NOTICE, _LONGEST_CONSENT = 250, 700
_MOST_JUDGED = 2000  # lines at either end of a text; to judge one takes 0.1 ms


def at_ends(numbers: Sequence[int]) -> Sequence[int]:
    """Return the numbers of the lines to look for notices in: they stand at the ends of a text."""
    if len(numbers) <= 2 * _MOST_JUDGED:
        return numbers
    return [*numbers[:_MOST_JUDGED], *numbers[-_MOST_JUDGED:]]


def is_notice(line: Line) -> bool:
    """Return whether a line asks to pay, to log in or to consent before the text can be read."""
    return is_wall(line) or may_ask_consent(line)


def is_wall(line: Line) -> bool:
    """Return whether a line asks to pay or to log in, for consent to cookies, or in the words that
    partners share."""
    text = _judged(line)
    if len(text) <= _LONGEST_NOTICE and _NOTICE.fullmatch(text):
        return True
    return _names_data(text) and bool(_COOKIES.fullmatch(text) or _PARTNERS.search(text))


def may_ask_consent(line: Line) -> bool:
    """Return whether a line speaks of consent and of personal data. A paragraph of news about data
    protection does, too."""
    text = _judged(line)
    return _names_data(text) and bool(_CONSENT.fullmatch(text))


@lru_cache(maxsize=8)  # each line is asked for twice
def _names_data(text: str) -> bool:
    return bool(_DATA.search(text.lower().replace("i\u0307", "i")))  # of İ


def _judged(line: Line) -> str:
    """Return the text of a line that may be a notice, else "": a notice is short."""
    is_text = line.kind not in ("img", "cell", "caption") and len(line.text) <= _LONGEST_CONSENT
    return line.text if is_text else ""


# A pager below the text: `1 2 3 Next`, `第 1 页`. Possessive: the words of all languages overlap.
_COUNT = r"\d{1,3} [^\W\d]{1,5} \d{1,3}"  # `1 of 3`, `1 von 3`
_PAGER = re.compile(rf"(?:{_COUNT}|[\W\d]|{alternation('pager', 'next')})*+", re.I)
_PAGE_OF = re.compile(
    rf"\W*(?:{alternation('pager')}) (?:{_COUNT}|\d{{1,3}} ?[/／] ?\d{{1,3}})\W*", re.I
)
_LEADS_ON = re.compile(rf"\d.*(?:{alternation('next')})\W*$", re.I)  # `1 2 3 Next`
_LONGEST_PAGER = 60


def is_pager(line: Line) -> bool:
    """Return whether a line has only numbers and the words of a pager."""
    return line.kind not in ("img", "caption") and is_pager_text(line.text)


def is_pager_text(text: str) -> bool:
    """Return whether a text has only numbers and the words of a pager."""
    return 0 < len(text) <= _LONGEST_PAGER and bool(_PAGER.fullmatch(text))


def is_residue(line: Line) -> bool:
    """Return whether a line is promotion, a link to more articles or a pager."""
    if line.kind == "cell":
        return False
    text = line.text
    if is_pager(line) and (line.linked or _PAGE_OF.fullmatch(text) or _LEADS_ON.search(text)):
        return True
    return len(text) <= _LONGEST and bool(_RESIDUE.fullmatch(text))


def is_disclaimer(line: Line) -> bool:
    """Return whether a line at an end of a text reserves its rights, or says who does not answer
    for it. Within a text such words are news."""
    if line.kind in ("img", "caption", "quote", "pre") or len(line.text) > _LONGEST_DISCLAIMER:
        return False
    return bool(_DISCLAIMER.search(line.text))
