"""What a page says of itself for machines: JSON-LD, OpenGraph and other meta tags, microdata.

In: the tree of a page (hostile). Out: a `Structured`: the JSON-LD node of the article, the meta
tags by name, microdata by property. The other modules of this package ask it for their field.
Sources: schema.org/Article, ogp.me, and the names that `times`, `people` and `pictures` list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import html

from newsspider.text.document import Document

_LONGEST_JSON = 1_000_000  # characters; a whole live blog in one node has 400,000
_MOST_NODES = 2000
_ARTICLE = re.compile(r"(?:\w*Article|\w*Blog(?:Posting)?|\w*Report|\w*Review)$")
# Kept by some publishers around the JSON, from the days of XHTML.
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)+", re.S)
_WRAPPING_END = re.compile(r"(?:-->|(?://\s*)?\]\]>|;)\s*$")
_TRAILING_COMMA = re.compile(r",(?=\s{0,100}[\]}])")
_TAG = re.compile(r"<[^<>]{0,300}>")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Structured:
    """What a page says for machines. `meta` and `items` (microdata) are keyed in lower case."""

    article: Node = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    ids: Mapping[str, Node] = field(default_factory=dict)
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """The first non-empty meta tag of these names."""
        return next((text for name in names for text in self.meta.get(name, ()) if text), "")

    def item(self, *names: str) -> str:
        """The first non-empty microdata property of these names."""
        return next((text for name in names for text in self.items.get(name, ()) if text), "")

    def resolved(self, value: Any) -> Any:
        """A JSON-LD value, or the node it points to by `@id`."""
        if isinstance(value, Mapping) and len(value) <= 2 and "@id" in value:
            return self.ids.get(str(value["@id"]), value)
        return value

    def costs(self) -> bool:
        """Whether the page says that its article is not free."""
        free = [node.get("isAccessibleForFree") for node in (self.article, *self.nodes)]
        if any(str(value).lower() == "false" for value in free):
            return True
        return self.first("article:content_tier").lower() in ("locked", "metered")

    def types(self) -> set[str]:
        """All types that the JSON-LD of the page names."""
        return {kind for node in self.nodes for kind in node_types(node)}


def structured_of(document: Document) -> Structured:
    """What a page says for machines; see Document.once."""
    return read_structured(document.tree)


def read_structured(tree: html.HtmlElement) -> Structured:
    """All that the page says for machines; what cannot be read is passed over."""
    nodes = tuple(_nodes(tree))
    ids: dict[str, Node] = {}
    for node in nodes:
        if (name := node.get("@id")) and len(node) > 2:
            ids.setdefault(str(name), node)
    meta, items = _meta(tree), _items(tree)
    return Structured(_article(nodes), nodes, ids, meta, items)


def node_types(node: Node) -> list[str]:
    """The types of a JSON-LD node, without their vocabulary."""
    kinds = node.get("@type", ())
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [re.split("[/#:]", kind)[-1] for kind in kinds if isinstance(kind, str)]


def plain(value: Any) -> str:
    """A value as one line of text without tags and entities; "" for what is no text."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str) and item.strip()), "")
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "ignore").decode("utf-8")  # `"\ud800"` is JSON
    if "&" in value:
        value = unescape(value)
    return " ".join(_TAG.sub(" ", value).split()) if "<" in value else " ".join(value.split())


def _nodes(tree: html.HtmlElement) -> Iterator[Node]:
    """The JSON-LD nodes of a page, outer ones first."""
    left = _MOST_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting: list[tuple[Any, int]] = [(_json(script.text or ""), 0)]
        while waiting and left:
            value, depth = waiting.pop(0)
            if isinstance(value, list):
                waiting += [(item, depth) for item in value[:200]]
            elif isinstance(value, Mapping):
                left -= 1
                yield value
                if depth < 3:
                    for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                        if isinstance(inner := value.get(key), list | Mapping):
                            waiting.append((inner, depth + 1))


def _json(text: str) -> Any:
    if len(text) > _LONGEST_JSON:
        return None
    text = _WRAPPING_END.sub("", _WRAPPING.sub("", text)).strip()
    for attempt in (text, _TRAILING_COMMA.sub("", text).replace("\t", " ")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _article(nodes: tuple[Node, ...]) -> Node:
    """The node of the article: of the right type, and the one that says most."""
    best: Node = {}
    most = 0
    for node in nodes:
        kinds = node_types(node)
        if not any(_ARTICLE.match(kind) for kind in kinds):
            continue
        told = sum(bool(node.get(key)) for key in ("headline", "datePublished", "author"))
        told += bool(node.get("articleBody")) + 1
        if told > most:
            best, most = node, told
    return best


def _meta(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        # Some write the content of OpenGraph into `value`.
        content = tag.get("content") or tag.get("value") or ""
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := tag.get(attribute):
                found.setdefault(name.strip().lower(), []).append(plain(content[:5000]))
    return {name: tuple(values) for name, values in found.items()}


_ITEMS = ("headline", "datepublished", "datemodified", "datecreated", "author", "name")


def _items(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.xpath("//*[@itemprop]")[:500]:
        if element.tag == "meta":
            continue
        value = element.get("content") or element.get("datetime") or ""
        for name in element.get("itemprop").lower().split():
            if name in _ITEMS and name != "name":
                text = value or "".join(element.itertext())[:500]
                found.setdefault(name, []).append(plain(text))
    return {name: tuple(values) for name, values in found.items()}
