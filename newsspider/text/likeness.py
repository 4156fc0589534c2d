"""Whether a headline and another text speak of the same.

In: a headline, and the text of its article or another headline of it. Out: whether they share a
word. Pure. Of 1,125 articles in ten languages, seven share none; a wall or an error page in place
of the text usually does.
"""

from __future__ import annotations

import re

from newsspider.text.grams import words
from newsspider.text.scripts import CJK

_LEAST = 3  # words of a headline, below which it says too little
_MOST = 20_000  # characters of a text that are looked at
_LETTERS, _BEGINNING = 4, 5  # of a word: shorter ones are in every text, longer ones are inflected
_WORD = re.compile(r"\w+")
_PAIR = re.compile(f"[{CJK}]{{2}}")


def is_unlike(headline: str, text: str) -> bool:
    """Return whether a text has no word of a headline; False for a headline of a few words."""
    wanted = {
        word[:_BEGINNING]
        for word in _WORD.findall(words(headline.casefold()))
        if len(word) >= _LETTERS or _PAIR.fullmatch(word)
    }
    text = text[:_MOST].casefold()
    return len(wanted) >= _LEAST and not any(word in text for word in wanted)
