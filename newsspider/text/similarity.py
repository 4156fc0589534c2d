"""How alike two texts are, word for word: whether two sources publish the same story.

In: a text. Out: its Signature, and of two signatures the part of their shingles that both have.
Pure. `exporters/stories.py` compares articles with it.

A shingle is a run of characters. A signature is a MinHash of all shingles of a text (`rensa`); of
two signatures the part that is equal estimates the Jaccard similarity of the texts to ±0.04.
docs/scheduled-runs.md says how well that tells the same story from another one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import HAN, KANA

SAME = 0.5  # from this similarity on, two texts are the same story
LEAST = 100  # letters and digits: flashes of a line are alike without being the same news
_HASHES = 128
_BANDS = 64  # of two hashes each: of two texts with a similarity of 0.5 none is overlooked
_SEED = 1
_LONG, _SHORT = (
    7,
    5,
)  # characters of a shingle; a sign of Chinese or Japanese says more than a letter
_MOST = 20_000  # characters of a text that are compared
_APART = re.compile(r"[\W_]+")
_SIGN, _LETTER = lazy_pattern(f"[{HAN}{KANA}]"), re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_MOST_FIGURES = 100
# Reports of one form (of a share, a match, a day's weather) have most words in common, and other
# figures; a reprint has those of its original.
_FEW_FIGURES, _SAME_FIGURES = 4, 0.5


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared of a text: the MinHash of its shingles, and its figures."""

    minhash: Any
    figures: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Return the signature of a text; None if it is too short to be compared."""
        text = unicodedata.normalize("NFKC", text[:_MOST])[:_MOST]
        shingles = _shingles(text)
        if not shingles:
            return None
        minhash = _minhash()
        minhash.update(shingles)
        numbers = (figure.replace(",", "") for figure in _FIGURE.findall(text))
        return cls(minhash, frozenset(list(dict.fromkeys(numbers))[:_MOST_FIGURES]))

    @classmethod
    def from_bytes(cls, data: bytes, figures: str) -> Self:
        """Return a signature that was saved. Raises ValueError for what no signature of this
        version of the library is."""
        minhash = _minhash()
        minhash.__setstate__(data)
        return cls(minhash, frozenset(figures.split()))

    def to_bytes(self) -> tuple[bytes, str]:
        """Return the signature as `from_bytes` reads it."""
        return self.minhash.__getstate__(), " ".join(sorted(self.figures))

    def similarity(self, other: Signature) -> float:
        """Return the part of the shingles of two texts that both have, 0 to 1; 0 for two reports of
        one form with other figures."""
        fewer = min(len(self.figures), len(other.figures))
        if fewer >= _FEW_FIGURES and len(self.figures & other.figures) < fewer * _SAME_FIGURES:
            return 0.0
        return float(self.minhash.jaccard(other.minhash))


class Index:
    """Signatures by number, of which those that are like one are found without a look at all."""

    def __init__(self) -> None:
        from rensa import RMinHashLSH

        self._tables = RMinHashLSH(threshold=SAME, num_perm=_HASHES, num_bands=_BANDS)
        self._signatures: dict[int, Signature] = {}

    def add(self, number: int, signature: Signature) -> None:
        self._tables.insert(number, signature.minhash)
        self._signatures[number] = signature

    def like(self, signature: Signature) -> list[tuple[float, int]]:
        """Return the numbers of the same story, each after its similarity."""
        numbers = self._tables.query(signature.minhash)
        likes = ((signature.similarity(self._signatures[number]), number) for number in numbers)
        return [(similarity, number) for similarity, number in likes if similarity >= SAME]


def _shingles(text: str) -> list[str]:
    """Return the shingles of a text; none if it is too short."""
    words = _APART.sub(" ", text.casefold()).strip()
    if len(words) - words.count(" ") < LEAST:
        return []
    length = _LONG
    if 3 * len(_SIGN.findall(words)) > len(_LETTER.findall(words)):
        words, length = words.replace(" ", ""), _SHORT
    return [words[at : at + length] for at in range(len(words) - length + 1)]


def _minhash() -> Any:
    from rensa import RMinHash

    return RMinHash(num_perm=_HASHES, seed=_SEED)
