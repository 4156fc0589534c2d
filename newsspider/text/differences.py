"""What differs between two texts, word by word; character by character in scripts without spaces.

In: the lines of two texts. Out: a line for each place that differs, with some words around it:
`…the price [-rose-]{+fell+} on Monday…`. Pure. `newsspider show` prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from newsspider.text.scripts import HAN, KANA

# Thai, Lao, Burmese and Khmer are written without spaces, too.
_UNSPACED = HAN + KANA + r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|.", re.DOTALL)
_AROUND = 8  # words shown before and after a difference
_NEAR = 1  # words between two differences that are shown as one
# The comparison of words takes time by their square: a longer passage is shown as replaced whole.
_MOST_WORDS, _MOST_LINES = 2_000, 2_000
_MOST_PASSAGES = 50

_Change = Sequence[int]  # the words from, to of the old text; from, to of the new one


def differences(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the places that differ. Longer texts are compared up to 2,000 lines, and the first 50
    passages that differ are compared word by word."""
    old, new = old[:_MOST_LINES], new[:_MOST_LINES]
    passages = 0
    for kind, old_from, old_to, new_from, new_to in _opcodes(old, new):
        if kind == "equal":
            continue
        passages += 1
        if passages > _MOST_PASSAGES:
            yield "…and more"
            return
        yield from _in_passage(
            _WORDS.findall("\n".join(old[old_from:old_to])),
            _WORDS.findall("\n".join(new[new_from:new_to])),
        )


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _in_passage(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    changes: Sequence[_Change] = [(0, len(old), 0, len(new))]
    if max(len(old), len(new)) <= _MOST_WORDS:
        changes = [change for kind, *change in _opcodes(old, new) if kind != "equal"]
    for old_from, old_to, new_from, new_to in _joined(changes):
        start, end = max(0, new_from - _AROUND), new_to + _AROUND
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        shown = (
            *("…" if start else "", *new[start:new_from]),
            f"[-{removed}-]" if removed else "",
            f"{{+{added}+}}" if added else "",
            *(*new[new_to:end], "…" if end < len(new) else ""),
        )
        yield " ".join("".join(shown).split())


def _joined(changes: Sequence[_Change]) -> list[_Change]:
    """Return the changes, those with hardly a word between them as one."""
    joined: list[_Change] = []
    for change in changes:
        if joined and change[0] - joined[-1][1] <= _NEAR:
            last = joined.pop()
            change = (last[0], change[1], last[2], change[3])
        joined.append(change)
    return joined
