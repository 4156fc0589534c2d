r"""Ranges of East Asian scripts, as texts for the character classes of patterns.

In: nothing. Out: texts such as `\u3400-\u9fff`, for use between brackets: `rf"[{HAN}]{{2,4}}"`. The
modules that read names, datelines, titles and times build their patterns from them.

The ranges cover the names and words of news. They are not Unicode's script properties: rare
characters beyond U+FFFF, half-width kana and single jamo are not in them. A pattern that needs
other characters, or must not change when one of these ranges grows, has a range of its own and a
comment that says why.
"""

from __future__ import annotations

from typing import Final

HAN: Final = r"\u3400-\u9fff"  # hanzi, hanja, kanji; and the 64 hexagrams of the I Ching
KANA: Final = r"\u3040-\u30ff"  # hiragana and katakana, with their marks: ー, ・
HANGUL: Final = r"\uac00-\ud7a3"  # syllables; the code points up to U+D7AF are unassigned
CJK: Final = KANA + HAN + HANGUL
