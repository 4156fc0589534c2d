"""The text of a feed's entry: whether it is the article, and what it is worth where it is not.

In: an entry's fields, as `listing.feed` reads them. Out: the fields of its link: `body` if its text
is the whole article; `excerpt` if it is enough to stand in for a page that gives no text. Called by
`listing.feed`. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from newsspider.clean.reading import read as read_body
from newsspider.text.characters import width
from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import CJK

_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.I)
# How an excerpt ends, after its last word.
_CUT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\])\W*$"
    r"|(?:read (?:more|on|the (?:full|rest))|continue reading|full (?:story|article)|weiterlesen"
    r"|mehr lesen|lire la suite|en savoir plus|leer más|seguir leyendo|leggi tutto|lees verder"
    r"|läs mer|czytaj (?:dalej|więcej)|читать (?:далее|полностью)|阅读(?:全文|原文)"
    r"|查看(?:全文|更多)|点击(?:阅读|查看)|続きを読む|더 보기)\W{0,12}[^.。!?！？]{0,60}$",
    re.I,
)
_LEAST_PARAGRAPHS, _LEAST_TEXT, _LEAST_CJK = 3, 800, 300
_CJK = lazy_pattern(rf"[{CJK}]")
# The width of a text that can stand in for the article: a brief has as much. That of a film or a
# broadcast only describes it.
_LEAST_EXCERPT, _LEAST_NOTES = 150, 20


def with_text(record: Mapping[str, Any], whole: str) -> Mapping[str, Any]:
    """Return an entry's fields with its text as the `body` if that is the whole article, else as
    the `excerpt` if it is long enough. `whole` is that of the site file.

    An entry that leads to a `media` file, or is a `part` of a page, has no page of its own, so its
    text is the body; without a text it is no part."""
    shown = {name: value for name, value in record.items() if name not in _OWN}
    content, summary = record.get("content", ""), record.get("summary", "")
    text = content or summary
    if line := plain(str(summary)):
        shown["summary"] = line
    media = str(record.get("media", ""))
    if whole == "always" or (whole == "auto" and is_whole(text, summary)):
        return {**shown, "body": text}
    least = _LEAST_NOTES if media or record.get("part") else _LEAST_EXCERPT
    if width("".join(read_body(text).lines)) < least:
        return {name: value for name, value in shown.items() if name != "part"}
    excerpt = _paragraphs(text) + _player(media, str(record.get("title", "")))
    has_page = record.get("url") != media and not record.get("part")
    return {**shown, "excerpt" if has_page else "body": excerpt}


_OWN = ("content", "summary", "media")


def _paragraphs(text: str) -> str:
    """Return a text as HTML; a text without tags is plain, each of its lines a paragraph."""
    if _TAG.search(text):
        return text
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())


def _player(media: str, title: str) -> str:
    """Return a link to the film or the sound of an entry; "" for none."""
    if not media:
        return ""
    return f'<p><a href="{html.escape(media)}">{html.escape(title or media, quote=False)}</a></p>'


def is_whole(content: str, summary: str) -> bool:
    """Return whether an entry's content (HTML) is the article, not an excerpt: it has several
    paragraphs, enough text, much more than the summary, and does not end as an excerpt does."""
    lines = read_body(content).lines
    text = "".join(lines)
    if _CUT.search(text[-200:]):
        return False
    least = _LEAST_CJK if len(_CJK.findall(text[:2000])) * 3 > len(text[:2000]) else _LEAST_TEXT
    if len(text) < least or len(lines) < _LEAST_PARAGRAPHS:
        return False
    short = "".join(read_body(summary).lines)
    return short == text or len(text) > 2 * len(short)


def plain(text: str) -> str:
    """Return a title or a summary without markup; feeds escape it once, twice or not at all."""
    if "<" in text:
        text = _TAG.sub(" " if re.search(r"<(?:p|div|br|li)\b", text, re.I) else "", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())
