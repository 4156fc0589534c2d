"""Tokens of a text for full-text search in every script.

In: a text. Out: its words, separated by spaces, for SQLite's tokenizer unicode61. Pure. Scripts
without spaces become n-grams: unicode61 takes a whole sentence for one word, and SQLite's trigram
finds no word of two signs, which most Chinese words are.
"""

from __future__ import annotations

import re

from newsspider.text.scripts import CJK

LONGEST = 4  # signs of a gram: a longer word is found by its grams, one after the other
_RUN = re.compile(f"[{CJK}]+")


def words(text: str) -> str:
    """Return the text with each run of signs as its pairs: `中国移动 5G` is `中国 国移 移动 5G`."""
    return _RUN.sub(lambda run: f" {' '.join(_grams(run[0], 2))} ", text)


def longer(text: str) -> str:
    """Return the grams of three and four signs of a text, so that such a word is one token."""
    runs = _RUN.findall(text)
    return " ".join(" ".join(_grams(run, n)) for run in runs for n in (3, LONGEST) if len(run) >= n)


def phrase(word: str) -> str:
    """Return a word, or words, as a phrase of FTS5 over `words`; a single sign is a prefix."""
    tokens = words(word.replace('"', " ")).split()
    star = "*" if len(tokens) == 1 and _RUN.fullmatch(tokens[0]) and len(tokens[0]) == 1 else ""
    return f'"{" ".join(tokens)}"{star}' if tokens else ""


def _grams(run: str, n: int) -> list[str]:
    return [run[at : at + n] for at in range(max(1, len(run) - n + 1))]
