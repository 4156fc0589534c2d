"""What differs between two texts, word by word; character by character in scripts without spaces.

In: the lines of two texts. Out: the places that differ, each with some words around it, also as a
line: `…the price [-rose-]{+fell+} on Monday…`; and which words one text has more than the other.
Pure. `newsspider show` prints them, `exporters/corrections.py` publishes them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, pairwise

from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import HAN, KANA

# Thai, Lao, Burmese and Khmer are written without spaces, too.
_UNSPACED = HAN + KANA + r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORDS = lazy_pattern(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|.", re.DOTALL)
_AROUND = 8  # words shown before and after a difference
_NEAR = 1  # words between two differences that are shown as one
# The comparison of words takes time by their square: a longer passage is shown as replaced whole.
_MOST_WORDS, _MOST_LINES = 2_000, 2_000
_MOST_PASSAGES = 50

_WORD = lazy_pattern(rf"\d+(?:[.,]\d+)*|[{_UNSPACED}]|[^\W_{_UNSPACED}]+")

_Change = Sequence[int]  # the words from, to of the old text; from, to of the new one


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that differs: the words before it, those removed and added, the words after it."""

    before: str
    removed: str
    added: str
    after: str

    def __str__(self) -> str:
        removed = f"[-{self.removed}-]" if self.removed else ""
        added = f"{{+{self.added}+}}" if self.added else ""
        return " ".join(f"{self.before}{removed}{added}{self.after}".split())


def changed_words(old: str, new: str) -> tuple[Counter[str], Counter[str]]:
    """Return the words that were removed from a text and those that were added, whatever their case
    and width; marks are no words, and a figure is one. Where words only changed places inside a
    line, return those. The order of lines does not count. Takes time by the length of the texts."""
    before, after = (list(map(_normal_words, text.split("\n"))) for text in (old, new))
    words, others = (Counter(chain.from_iterable(lines)) for lines in (before, after))
    if words == others:
        pairs, other_pairs = (
            Counter(chain.from_iterable(map(pairwise, lines))) for lines in (before, after)
        )
        words = Counter(chain.from_iterable(pairs - other_pairs))
        others = Counter(chain.from_iterable(other_pairs - pairs))
        return words, others
    return words - others, others - words


def _normal_words(line: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", line).casefold())


def differences(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the places that differ as lines; see `places`."""
    yield from map(str, places(old, new))


def places(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    """Yield the places that differ. Longer texts are compared up to 2,000 lines, and the first 50
    passages that differ are compared word by word."""
    old, new = old[:_MOST_LINES], new[:_MOST_LINES]
    passages = 0
    for kind, old_from, old_to, new_from, new_to in _opcodes(old, new):
        if kind == "equal":
            continue
        passages += 1
        if passages > _MOST_PASSAGES:
            yield Difference("…and more", "", "", "")
            return
        yield from _in_passage(
            _WORDS.findall("\n".join(old[old_from:old_to])),
            _WORDS.findall("\n".join(new[new_from:new_to])),
        )


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _in_passage(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    changes: Sequence[_Change] = [(0, len(old), 0, len(new))]
    if max(len(old), len(new)) <= _MOST_WORDS:
        changes = [change for kind, *change in _opcodes(old, new) if kind != "equal"]
    for old_from, old_to, new_from, new_to in _joined(changes):
        start, end = max(0, new_from - _AROUND), new_to + _AROUND
        yield Difference(
            "".join(("…" if start else "", *new[start:new_from])),
            "".join(old[old_from:old_to]),
            "".join(new[new_from:new_to]),
            "".join((*new[new_to:end], "…" if end < len(new) else "")),
        )


def _joined(changes: Sequence[_Change]) -> list[_Change]:
    """Return the changes, those with hardly a word between them as one."""
    joined: list[_Change] = []
    for change in changes:
        if joined and change[0] - joined[-1][1] <= _NEAR:
            last = joined.pop()
            change = (last[0], change[1], last[2], change[3])
        joined.append(change)
    return joined
