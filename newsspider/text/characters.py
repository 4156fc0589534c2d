"""What a reader sees of a text, and the characters that no post may contain.

In: any text (hostile). Out: the text without these characters, on one line, or its width. Pure;
called by the sanitiser, the cleaning stage, the readers of listings and every message that quotes a
page.
"""

from __future__ import annotations

import re
from typing import Final

from newsspider.text.lazy import lazy_pattern

# Characters that no post may contain: C0 except TAB and LF, DEL, C1, line and paragraph separator,
# byte order mark, surrogates, noncharacters, and U+FFFD, with which HTML parsers replace NUL and
# decoders replace invalid bytes. The 32 noncharacters beyond U+FFFF have a class of their own: in
# one class with the rest, `re` tries range after range (142 µs for a post of 3,245 characters; 29
# this way).
UNWANTED_BMP: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
)
ASTRAL: Final = r"\U00010000-\U0010ffff"
UNWANTED_ASTRAL: Final = "".join(rf"\U{n:04x}fffe\U{n:04x}ffff" for n in range(1, 17))
UNWANTED: Final = re.compile(f"[{UNWANTED_BMP}{ASTRAL}](?<![^{UNWANTED_BMP}{UNWANTED_ASTRAL}])")


def counted(number: int, noun: str) -> str:
    """Return `1 post`, `2 posts`; `noun` is an English word with a regular plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clean_characters(text: str) -> str:
    """Return `text` with LF line ends and without the characters that no post may contain."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", text)


_LONGEST_LINE = 300


def one_line(text: str) -> str:
    """Return `text` on one line of at most 300 characters, without control characters, otherwise
    unchanged."""
    line = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ").replace("\t", " ")
    line = UNWANTED.sub("", line)
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


# All characters but white space, the blank of Braille, and what Unicode calls default ignorable:
# characters without width, marks of the direction of writing, fillers.
_SEEN = re.compile(
    r"[^\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def shows(text: str) -> bool:
    """Return whether a reader sees anything of `text`. A title of U+200B shows nothing."""
    seen = _SEEN.search(text)
    return bool(seen and (not UNWANTED.match(seen[0]) or _SEEN.search(UNWANTED.sub("", text))))


# A hanzi, kana or hangul syllable carries as much as two or three letters. The range is wider than
# `scripts.CJK`: it is about width on paper, so it has radicals, bopomofo and full-width marks too.
_WIDE = lazy_pattern(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]")


def width(text: str) -> float:
    """Return the length of a text, measured in letters of an alphabet."""
    return len(text) + 1.5 * len(_WIDE.findall(text))
