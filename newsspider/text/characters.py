"""What a reader sees of a text, and the characters that no post may hold.

In: any text (hostile). Out: the same text without them, on one line, or its width. Pure; the
sanitiser, the cleaning stage, the readers of listings and every message that quotes a page call it.
"""

from __future__ import annotations

import re
from typing import Final

# Characters no post may hold: C0 but TAB and LF, DEL, C1, line and paragraph separator, byte order
# mark, surrogates, noncharacters, and U+FFFD, which parsers of HTML put for NUL and decoders for
# what is no text. The 32 noncharacters beyond U+FFFF stand apart: in one class with
# the rest they make `re` try range after range (142 µs for a 3,245-character post, so 29).
UNWANTED_BMP: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
)
ASTRAL: Final = r"\U00010000-\U0010ffff"
UNWANTED_ASTRAL: Final = "".join(rf"\U{n:04x}fffe\U{n:04x}ffff" for n in range(1, 17))
UNWANTED: Final = re.compile(f"[{UNWANTED_BMP}{ASTRAL}](?<![^{UNWANTED_BMP}{UNWANTED_ASTRAL}])")


def clean_characters(text: str) -> str:
    """`text` with LF line ends and without the characters no post may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", text)


_LONGEST_LINE = 300


def one_line(text: str) -> str:
    """`text` on one line of at most 300 characters, without control characters, else as it came."""
    line = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ").replace("\t", " ")
    line = UNWANTED.sub("", line)
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


# White space, and what Unicode calls default ignorable: characters of no width, those that turn the
# direction of writing, fillers; and the blank of Braille.
_SEEN = re.compile(
    r"[^\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def shows(text: str) -> bool:
    """Whether a reader sees anything of `text`. A title of U+200B is none."""
    seen = _SEEN.search(text)
    return bool(seen and (not UNWANTED.match(seen[0]) or _SEEN.search(UNWANTED.sub("", text))))


# One hanzi, kana or hangul syllable says what two or three letters say.
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]")


def width(text: str) -> float:
    """The length of a text in letters of an alphabet."""
    return len(text) + 1.5 * len(_WIDE.findall(text))
