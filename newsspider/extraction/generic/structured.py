"""The structured data of a page: JSON-LD, OpenGraph and other meta tags, microdata.

In: the tree of a page (hostile). Out: a `Structured`: the JSON-LD node of the article, the meta
tags by name, microdata by property. The other modules of this package read their fields from it.
Sources: schema.org/Article, ogp.me, and the names that `times`, `authors`, `people` and `pictures`
list.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any

from lxml import html

from newsspider.text.document import Document

_LONGEST_JSON = 1_000_000  # characters; a whole live blog in one node has 400,000
_MOST_NODES = 2000
_ARTICLE = re.compile(r"(?:\w*Article|\w*Blog(?:Posting)?|\w*Report|\w*Review)$")
# Some publishers still wrap the JSON as XHTML required.
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)+", re.S)
_WRAPPING_END = re.compile(r"(?:-->|(?://\s*)?\]\]>|;)\s*$")
_FIELD = re.compile(
    r"\"(@type|headline|datePublished|dateModified)\"\s{0,9}:\s{0,9}\"([^\"\\\n]{1,300})\"(?=\s{0,99}[,}])"
)
_TRAILING_COMMA = re.compile(r",(?=\s{0,100}[\]}])")
_TAG = re.compile(r"<[^<>]{0,300}>")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Structured:
    """The structured data of a page.

    `article` is the JSON-LD node of the article, `nodes` are all JSON-LD nodes, `ids` those with an
    `@id`, keyed by it. `meta` (meta tags) and `items` (microdata) are keyed by name in lower case.
    """

    article: Node = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    ids: Mapping[str, Node] = field(default_factory=dict)
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """Return the first non-empty meta tag with one of these names, or ""."""
        return next((text for name in names for text in self.meta.get(name, ()) if text), "")

    def item(self, *names: str) -> str:
        """Return the first non-empty microdata property with one of these names, or ""."""
        return next((text for name in names for text in self.items.get(name, ()) if text), "")

    def resolved(self, value: Any) -> Any:
        """Return a JSON-LD value, or the node it refers to by `@id`."""
        if isinstance(value, Mapping) and len(value) <= 2 and "@id" in value:
            return self.ids.get(str(value["@id"]), value)
        return value

    def costs(self) -> bool:
        """Return whether the page marks its article as not free."""
        free = [node.get("isAccessibleForFree") for node in (self.article, *self.nodes)]
        if any(str(value).lower() == "false" for value in free):
            return True
        return self.first("article:content_tier").lower() in ("locked", "metered")

    def types(self) -> set[str]:
        """Return the types of all JSON-LD nodes of the page."""
        return {kind for node in self.nodes for kind in node_types(node)}


def structured_of(document: Document) -> Structured:
    """Return the structured data of a document, for `Document.once`."""
    return read_structured(document.tree)


def read_structured(tree: html.HtmlElement) -> Structured:
    """Return the structured data of a page. What cannot be read is skipped."""
    nodes = tuple(_nodes(tree))
    ids: dict[str, Node] = {}
    for node in nodes:
        if (name := node.get("@id")) and len(node) > 2:
            ids.setdefault(str(name), node)
    meta, items = _meta(tree), _items(tree)
    return Structured(_article(nodes), nodes, ids, meta, items)


def node_types(node: Node) -> list[str]:
    """Return the types of a JSON-LD node without their vocabulary: `NewsArticle`."""
    kinds = node.get("@type", ())
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [re.split("[/#:]", kind)[-1] for kind in kinds if isinstance(kind, str)]


def plain(value: Any) -> str:
    """Return a value as one line of text without tags and entities, or "" if it holds no text."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str) and item.strip()), "")
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "ignore").decode("utf-8")  # `"\ud800"` is JSON
    if "&" in value:
        value = unescape(value)
    value = value.replace("\u00ad", "")  # a soft hyphen is for the layout alone
    return " ".join(_TAG.sub(" ", value).split()) if "<" in value else " ".join(value.split())


def _nodes(tree: html.HtmlElement) -> Iterator[Node]:
    """Yield the JSON-LD nodes of a page, outer ones first."""
    nodes_left = _MOST_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        queue: list[tuple[Any, int]] = [(_json(script.text or ""), 0)]
        while queue and nodes_left:
            value, depth = queue.pop(0)
            if isinstance(value, list):
                queue += [(item, depth) for item in value[:200]]
            elif isinstance(value, Mapping):
                nodes_left -= 1
                yield value
                if depth < 3:
                    for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                        if isinstance(inner := value.get(key), list | Mapping):
                            queue.append((inner, depth + 1))


def _json(text: str) -> Any:
    if len(text) > _LONGEST_JSON:
        return None
    text = _WRAPPING_END.sub("", _WRAPPING.sub("", text)).strip()
    for attempt in (text, _TRAILING_COMMA.sub("", text).replace("\t", " ")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return list(_in_turn(text))


def _in_turn(text: str) -> Iterator[Any]:
    """Yield the values that a text has one after the other, as in `{…}{…}` and `{…},{…}`, and the
    plain fields of what is broken."""
    at = 0
    with contextlib.suppress(ValueError, RecursionError):
        for _ in range(_MOST_VALUES):
            value, at = json.JSONDecoder(strict=False).raw_decode(text, at)
            at += len(text[at : at + 100]) - len(text[at : at + 100].lstrip(" \r\n\t,;"))
            yield value
    yield _salvaged(text[at:])


def _salvaged(text: str) -> Node | None:
    """Return the plain fields of an article in JSON that is broken, as by a quotation mark in its
    description; None for another node."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        fields.setdefault(match[1], match[2])
    return fields if _ARTICLE.match(fields.get("@type", "")) else None


def _article(nodes: tuple[Node, ...]) -> Node:
    """Return the article's node: of those of an article's type the one with the most fields."""
    best: Node = {}
    most = 0
    for node in nodes:
        kinds = node_types(node)
        if not any(_ARTICLE.match(kind) for kind in kinds):
            continue
        fields = sum(bool(node.get(key)) for key in ("headline", "datePublished", "author"))
        fields += bool(node.get("articleBody")) + 1
        if fields > most:
            best, most = node, fields
    return best


def _meta(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    tags: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        # Some pages write the content of OpenGraph into `value`.
        content = tag.get("content") or tag.get("value") or ""
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := tag.get(attribute):
                values = tags.setdefault(name.strip().lower(), [])
                if len(values) < _MOST_VALUES:
                    values.append(plain(content[:5000]))
    return {name: tuple(values) for name, values in tags.items()}


_DEEPEST = 60  # blocks around an element
_COMMENT = re.compile(r"\bcomment\b|/(?:User)?Comments?\b|/Review\b", re.I)
_MOST_VALUES = 200  # of a name; `article:tag` comes once for each tag
_ITEMS = ("headline", "datepublished", "datemodified", "datecreated", "author", "name")


def _items(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    properties: dict[str, list[str]] = {}
    for element in tree.xpath("//*[@itemprop]")[:500]:
        if element.tag == "meta":
            continue
        value = element.get("content") or element.get("datetime") or ""
        if element.tag == "abbr":  # Blogger: <abbr itemprop="datePublished" title="2016-03-31T…">
            value = value or element.get("title") or ""
        for name in element.get("itemprop").lower().split():
            if (
                name in _ITEMS
                and name != "name"
                and not (name == "author" and _in_comment(element))
            ):
                text = value or "".join(element.itertext())[:500]
                properties.setdefault(name, []).append(plain(text))
    return {name: tuple(values) for name, values in properties.items()}


def _in_comment(element: html.HtmlElement) -> bool:
    """Return whether a microdata property belongs to a reader's comment or to a review."""
    scopes = islice(element.iterancestors(), _DEEPEST)
    return any(_COMMENT.search(f"{e.get('itemprop')} {e.get('itemtype')}") for e in scopes)
