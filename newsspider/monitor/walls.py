"""Texts that stand in the place of an article: walls, requests for consent, error pages.

In: a plain text. Out: whether most of it speaks as such pages do. Pure. `extraction.generic`
judges a whole page and is sure; this judges what was read as the text of an article, by looser
words, where the history of its source says that it is rare. Of 896 articles none has more than 28 %
such sentences. Called by `tally`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from newsspider.languages import alternation

_SHARE = 0.5  # of the characters that are judged
_MOST = 12  # sentences
_LONGEST = 700  # characters of a sentence
_END = re.compile(r"\n|[.!?](?=\s)|[。！？]")


class _Patterns(NamedTuple):
    whole: re.Pattern[str]
    part: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Return how a sentence of such a page reads, as a whole or in part, in lower case: without
    `re.I` a text is read three times as fast."""
    return _Patterns(
        re.compile(alternation("wall", "error", "challenge")),
        re.compile(
            rf"{alternation('cookie', 'personal_data')}|\b(?:{alternation('login')})\b"
            rf"|\b(?:{alternation('page')})\b.{{0,60}}(?:{alternation('not_found')})"
        ),
    )


def is_mostly_wall(text: str) -> bool:
    """Return whether at least half of the beginning of a text asks to pay, to log in or to consent,
    or says that there is no page."""
    sentences = sorted(islice(_sentences(text), _MOST), key=len, reverse=True)
    length = sum(map(len, sentences))
    walls, others = 0, 0
    for sentence in sentences:  # the longest decide first
        if _is_wall(sentence):
            walls += len(sentence)
        else:
            others += len(sentence)
        if walls >= _SHARE * length or others > (1 - _SHARE) * length:
            break
    return walls > 0 and walls >= _SHARE * length


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of the beginning of a text, in lower case."""
    text, start = text[: _MOST * _LONGEST], 0
    for end in chain((mark.end() for mark in _END.finditer(text)), [len(text)]):
        if sentence := text[start:end].strip():
            yield sentence[:_LONGEST].lower().replace("i\u0307", "i")  # of İ
        start = end


def _is_wall(sentence: str) -> bool:
    patterns = _patterns()
    whole = patterns.whole.fullmatch(sentence.rstrip(".!。！"))
    return bool(whole or patterns.part.search(sentence))
