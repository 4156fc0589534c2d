"""The text of a body: plain, for words and models.

In: a body as posts have it, sanitised HTML. Out: its text, a line for each block. Pure, and one
pass: to build a tree of each of 100,000 bodies would take minutes.
"""

from __future__ import annotations

import re
from html import unescape

from newsspider.text.elements import BLOCKS, TOKEN

_BREAKS = frozenset((*BLOCKS, "br"))
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_EMPHASIS = re.compile("</?(?:strong|em)>")


def plain_text(body: str) -> str:
    """Return the text of a body, a paragraph, heading, cell or item of a list per line."""
    text = body.replace("\n", " ")
    if body.count("<") == body.count(">") and "<!" not in body:
        # So in nearly all bodies, and four times as fast: each `>` ends a tag.
        parts = _TAG.split(text)  # text, name of a tag, text, name …
        parts[1::2] = ["\n" if name.lower() in _BREAKS else "" for name in parts[1::2]]
        text = "".join(parts)
    else:
        text = TOKEN.sub(_break, text)
    lines = (" ".join(line.split()) for line in unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _break(tag: re.Match[str]) -> str:
    return "\n" if (tag["name"] or "").lower() in _BREAKS else ""


def markdown(digest: str, body: str) -> str:
    """Return digest and body as CommonMark. A mark of emphasis that CommonMark would not read as
    one, as often in Chinese (`他说**“中文。”**然后`), becomes the tag of HTML."""
    from newsspider.exporters.markdown import convert

    quote = "\n".join(f"> {line}" for line in digest.split("\n")) if digest else ""
    return "\n\n".join(filter(None, (quote, convert(body))))


def without_tags(text: str) -> str:
    """Return the Markdown of `markdown` without its tags, for programs that refuse HTML in it."""
    return _EMPHASIS.sub("", text)
