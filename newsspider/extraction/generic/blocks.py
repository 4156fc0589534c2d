"""The text of an article that is written as blocks → HTML.

In: a value of a page's data: a list of blocks as editors write them, each with its kind and its
text, at any depth. Out: HTML of paragraphs, headings, list items, quotations and figures. Called by
`state`. Known by what they look like: ProseMirror, Editor.js, Draft.js, Portable Text, Contentful,
Gutenberg, and what newspapers' own systems make of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

_DEEPEST = 12
_KINDS = ("type", "_type", "nodeType", "__typename", "kind", "blockName", "blockType", "name")
_PARTS = (
    *("html", "text", "content", "value", "rendered", "body", "data", "model", "attributes"),
    *(
        "attrs",
        "children",
        "paragraphs",
        "blocks",
        "items",
        "nodes",
        "elements",
        "fields",
        "insert",
    ),
)
_PICTURE = re.compile(r"image|img|photo|picture|figure", re.I)
_NOT_TEXT = re.compile(
    r"advert|\bads?\b|promo|related|recommend|newsletter|script|embed|iframe|html_?code|video|audio"
    r"|podcast|gallery|poll|quiz|divider|link_?list|raw_?html|comment",
    re.I,
)
_HEADING = re.compile(
    r"head(?:ing|er|line)|sub_?(?:title|head)|^h[1-6]$|zwischentitel|crosshead", re.I
)
_QUOTE = re.compile(r"quote", re.I)
_ITEM = re.compile(r"list[-_ ]?item", re.I)
_PARAGRAPH = re.compile(r"paragraph|^p$|^block$|unstyled|text[-_ ]?block|richtext", re.I)
_MARKUP = re.compile(r"</?[a-z][a-z0-9]*[\s>/]|&#?\w{2,10};", re.I)
_BLOCK_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|table|section)\b", re.I)
_ADDRESS = (
    "url",
    "src",
    "href",
    "imageUrl",
    "originUrl",
    "uri",
    "file",
    "image",
    "asset",
    "source",
)
_CAPTION = ("caption", "description", "alt", "altText", "title")


def write_blocks(value: Any) -> str:
    """Return a list of blocks as HTML; a text in the list is a paragraph."""
    parts = value if isinstance(value, list) else [value]
    written = (_written(part, 0) for part in parts)
    return "\n".join(text if is_block(text) else f"<p>{text}</p>" for text in written if text)


def is_block(markup: str) -> bool:
    """Return whether HTML holds a paragraph or another block."""
    return bool(_BLOCK_TAG.search(markup))


def _written(value: Any, depth: int) -> str:
    """Return a part of a text as HTML: a block in its element, a run of text without one."""
    if depth > _DEEPEST:
        return ""
    if isinstance(value, str):
        return value if _MARKUP.search(value) else escape(value, quote=False)
    if isinstance(value, list):
        parts = [text for part in value if (text := _written(part, depth + 1))]
        if any(map(is_block, parts)):
            parts = [text if is_block(text) else f"<p>{text}</p>" for text in parts]
        return "".join(parts)
    return _block(value, depth) if isinstance(value, Mapping) else ""


def _block(block: Mapping[str, Any], depth: int) -> str:
    kind = next((text for key in _KINDS if isinstance(text := block.get(key), str)), "")
    style = block.get("style")
    if _PICTURE.search(kind):
        return _figure(block)
    if _NOT_TEXT.search(kind):
        return ""
    text = next((text for key in _PARTS if (text := _written(block.get(key), depth + 1))), "")
    names = [kind, style if isinstance(style, str) else ""]
    if not text or is_block(text):
        return text
    if any(map(_HEADING.search, names)):
        return f"<h2>{text}</h2>"
    if any(map(_QUOTE.search, names)):
        return f"<blockquote><p>{text}</p></blockquote>"
    if _ITEM.search(kind) or "listItem" in block:
        return f"<ul><li>{text}</li></ul>"
    return f"<p>{text}</p>" if _PARAGRAPH.search(kind) else text


def _figure(block: Mapping[str, Any]) -> str:
    address = _value_of(block, _ADDRESS, 0)
    if not address.startswith(("http://", "https://", "/")):
        return ""
    caption = _value_of(block, _CAPTION, 0)
    label = f"<figcaption>{_written(caption, 0)}</figcaption>"
    return f'<figure><img src="{escape(address)}">{label if caption else ""}</figure>'


def _value_of(block: Mapping[str, Any], names: tuple[str, ...], depth: int) -> str:
    """Return the first text under one of these names, in the block or in a part of it."""
    for name in names:
        value = block.get(name)
        if isinstance(value, str) and value:
            return value
        if (
            isinstance(value, Mapping)
            and depth < 3
            and (text := _value_of(value, names, depth + 1))
        ):
            return text
    for name in ("data", "model", "attributes", "attrs", "fields", "value", "content"):
        part = block.get(name)
        if isinstance(part, Mapping) and depth < 3 and (text := _value_of(part, names, depth + 1)):
            return text
    return ""
