"""A body as CommonMark, by markdownify.

In: a body as posts have it. Out: CommonMark that reads as the body does: headings, lists, tables,
links, pictures, emphasis. Pure. Of its own the module is because markdownify takes long to import.
"""

from __future__ import annotations

import re
from typing import Any

from markdownify import ATX, MarkdownConverter

# A mark of emphasis opens or closes only by the signs on both of its sides (CommonMark 6.2).
_SPACE = re.compile(r"\s|\Z")
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_MANY = re.compile(r"\n{3,}")


class _Converter(MarkdownConverter):
    """markdownify, but for emphasis that CommonMark would not read."""

    def convert_b(self, element: Any, text: str, parent_tags: Any) -> str:
        return _emphasis(element, text, "**", "strong", parent_tags)

    convert_strong = convert_b

    def convert_em(self, element: Any, text: str, parent_tags: Any) -> str:
        return _emphasis(element, text, "*", "em", parent_tags)

    convert_i = convert_em


def convert(body: str) -> str:
    """Return a body as CommonMark."""
    converter = _Converter(heading_style=ATX, bullets="-", escape_misc=True)
    return _MANY.sub("\n\n", str(converter.convert(body))).strip()


def _emphasis(element: Any, text: str, mark: str, tag: str, parent_tags: Any) -> str:
    inner = text.strip()
    if not inner or "_noformat" in parent_tags:
        return text
    before, after = _neighbour(element.previous_sibling, -1), _neighbour(element.next_sibling, 0)
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if _opens(start[-1:] or before, inner[0]) and _opens(end[:1] or after, inner[-1]):
        return f"{start}{mark}{inner}{mark}{end}"
    return f"{start}<{tag}>{inner}</{tag}>{end}"


def _neighbour(sibling: Any, at: int) -> str:
    """Return the sign of a neighbour that is next to the element; "" at the end of a block."""
    text = sibling.get_text() if hasattr(sibling, "get_text") else str(sibling or "")
    return text[at] if text else ""


def _opens(outside: str, inside: str) -> bool:
    """Return whether a mark between the two signs belongs to the one inside."""
    if not _PUNCTUATION.match(inside):
        return True
    return bool(_SPACE.match(outside) or _PUNCTUATION.match(outside))
