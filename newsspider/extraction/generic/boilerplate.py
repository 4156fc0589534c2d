"""Lines that are in many texts and part of none: promotion, hints, consent.

In: a line that was taken for the article's. Out: whether it is one of these. Each pattern must
match a whole short line, so that a sentence which only mentions such a thing stays.
"""

from __future__ import annotations

import re

from newsspider.extraction.generic.line import Line
from newsspider.languages import alternation, compiled

_LONGEST = 220
_RESIDUE = re.compile(
    rf"\W*(?:{alternation('advert', 'promotion')}"
    rf"|(?:{alternation('read_also')})\b\W?.{{0,160}})\W*",
    re.I,
)
# What stands where the text would go on, for those who pay or consent.
_NOTICE = compiled("wall")
_CONSENT = re.compile(
    rf".{{0,200}}(?:{alternation('cookie')}).{{0,200}}"
    rf"(?:{alternation('consent', 'consent_to_cookies')}).{{0,300}}"
    rf"|.{{0,200}}(?:{alternation('consent')}).{{0,200}}(?:{alternation('personal_data')}).{{0,300}}",
    re.I | re.S,
)
_LONGEST_NOTICE, _LONGEST_CONSENT = 250, 700


def is_notice(line: Line) -> bool:
    """Whether a line asks to pay, to log in or to consent before the text can be read."""
    text = line.text
    if line.kind in ("img", "cell", "caption") or not text:
        return False
    if len(text) <= _LONGEST_NOTICE and _NOTICE.fullmatch(text):
        return True
    return len(text) <= _LONGEST_CONSENT and bool(_CONSENT.fullmatch(text))


# A pager, which stands below the text: `1 2 3 Next`.
_PAGER = re.compile(rf"(?:[\W\d]|(?:{alternation('pager')})\b)*", re.I)


def is_residue(line: Line) -> bool:
    """Whether a line is none of the article's."""
    if line.kind == "cell":
        return False
    if line.linked and len(line.text) <= 60 and _PAGER.fullmatch(line.text):
        return True
    if len(line.text) <= _LONGEST and _RESIDUE.fullmatch(line.text):
        return True
    return is_notice(line)
