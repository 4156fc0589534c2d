"""A post about a film or a broadcast: its title, its description, its picture and a link to it.

In: the structured data, the names and the address of a page (hostile). Out: a node like the
article's in JSON-LD, or an empty one. Called by `extract` for a page that shows next to no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from newsspider.extraction.generic.structured import Node, Structured, node_types, plain
from newsspider.extraction.generic.texts import size, squeeze

_KINDS = re.compile(r"(?:Video|Audio)Object|(?:Podcast|Radio|TV)?Episode|Clip")
_LEAST = 20  # letters of a description, as of the notes of a broadcast in a feed
_SHORTEST_NAME = 6  # letters of a name that another may contain


def read_media_post(structured: Structured, names: Sequence[str], url: str) -> Node:
    """Return the post about the film or the broadcast that one of the `names` of the page names."""
    keys = [key for name in names if (key := squeeze(name))]
    nodes = (node for node in structured.nodes if any(map(_KINDS.fullmatch, node_types(node))))
    node = next((node for node in nodes if _is_named(_name(node), keys)), None) or _shared(
        structured
    )
    text = plain(node.get("description"))
    if size(text) < _LEAST or squeeze(text) == squeeze(_name(node)):
        return {}
    media = node.get("contentUrl") or structured.resolved(node.get("associatedMedia"))
    address = _address(media) or _address(node.get("embedUrl")) or url
    image = _address(node.get("thumbnailUrl")) or _address(node.get("image"))
    kind = "video" if image else "audio"
    player = (
        f'<figure><{kind} src="{escape(address)}" poster="{escape(image)}"'
        f' title="{escape(_name(node))}"></{kind}></figure>'
    )
    post = {
        "@type": "NewsArticle",
        "headline": _name(node),
        "datePublished": node.get("uploadDate") or node.get("datePublished"),
        "author": node.get("author"),
        "publisher": node.get("publisher"),
        "articleBody": f"<p>{escape(text, quote=False)}</p>{player}",
    }
    return {key: value for key, value in post.items() if value}


def _shared(structured: Structured) -> Node:
    """Return what OpenGraph has of a page that is a film or a broadcast; an empty node for another
    page."""
    media = structured.first("og:video", "og:video:url", "og:audio", "og:audio:url")
    if not media and not structured.first("og:type").lower().startswith("video"):
        return {}
    return {
        "name": structured.first("og:title", "title"),
        "description": structured.first("og:description", "description"),
        "contentUrl": media,
        "image": structured.first("og:image"),
        "datePublished": structured.first("video:release_date", "music:release_date"),
    }


def _is_named(name: str, keys: Sequence[str]) -> bool:
    key = squeeze(name)
    return key in keys or (size(key) >= _SHORTEST_NAME and any(key in other for other in keys))


def _name(node: Node) -> str:
    return plain(node.get("name")) or plain(node.get("headline"))


def _address(value: Any) -> str:
    """Return the address that a value of JSON-LD is or has; "" for none."""
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, Mapping):
        value = value.get("contentUrl") or value.get("url") or ""
    is_address = isinstance(value, str) and value.startswith(("https://", "http://", "//", "/"))
    return value if is_address else ""
