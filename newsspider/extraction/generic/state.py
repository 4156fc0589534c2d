"""An article that stands only in the data of a page's scripts, from which a browser builds it.

In: the values of the scripts (hostile), the names and the address of the page. Out: a node like the
article's in JSON-LD, or an empty one. Called by `extract` for a page that shows next to no text. An
article is known by what it looks like: a long text beside a title that is the page's.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from newsspider.extraction.generic.blocks import is_block, write_blocks
from newsspider.extraction.generic.state_fields import fields_of, identities, title_of
from newsspider.extraction.generic.structured import Node
from newsspider.extraction.generic.texts import size, squeeze

_MOST_PARTS, _DEEPEST, _MOST_TEXTS = 200_000, 24, 5_000
_SHORTEST, _LONGEST = 300, 500_000  # of a text: letters, characters
_MOST_LEVELS = 4  # from the text up to the record that has the title
_SHORTEST_NAME = 8  # letters of a title that the name of the page has
_NOT_THE_ARTICLE = re.compile(
    r"\w*(?:comment|related|recommend|popular|trending|sidebar|footer|menu|navigation|i18n"
    r"|translation|messages|locale|config|legal|consent|cookie|privacy|disclaimer|advert|css)\w*"
    r"|styles?|scripts?",
    re.I,
)
_BODY_KEY = re.compile(
    r"content|body|text|block|paragraph|article|element|story|html|children|component|document"
    r"|nodes|raw|section|detail|value|ops$",
    re.I,
)
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_END = re.compile(r"[.!?](?=\s|$|[\"”’»<])|[。！？।؟۔…]")
_NOT_PROSE = re.compile(r"[{}=;|\\^~#$]")
_THAI = re.compile(r"[\u0e00-\u0e7f]{20}")  # writes no full stop
_LOCKED = re.compile(
    r"(?:is_?|has_?)?(?:premium\w*|paywall\w*|locked|paid|pay_?only|(?:subscriber|member)s?_?only)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, and the records around it, the innermost first."""

    html: str
    records: Sequence[Mapping[str, Any]]


def read_state(values: Iterable[Any], names: Sequence[str], url: str, alone: bool) -> Node:
    """Return the article among these values, as a node of JSON-LD; an empty one without it.

    Its title is one of the `names` of the page, or its number or its address is in `url`. With
    `alone` the only article that has a title and a time counts too."""
    articles = [node for value in values for text in _texts(value) for node in _nodes(text)]
    wanted = [squeeze(name) for name in names if name]
    named = [node for node in articles if _is_named(squeeze(node["headline"]), wanted)]
    best = named or [node for node in articles if _is_addressed(node["id"], url)]
    if not best and alone and len({node["articleBody"] for node in articles}) == 1:
        best = [node for node in articles if node.get("datePublished")][:1]
    chosen = max(best, key=lambda node: size(node["articleBody"]), default={})
    return {key: value for key, value in chosen.items() if key != "id"}


def _is_named(title: str, names: Iterable[str]) -> bool:
    long = size(title) >= _SHORTEST_NAME
    return any(
        title == name or (long and (title in name or _starts(title, name))) for name in names
    )


def _starts(title: str, name: str) -> bool:
    """Return whether a name of the page is the start of a title: a page cuts a long one."""
    return size(name) >= 3 * _SHORTEST_NAME and title.startswith(name)


def _is_addressed(identities: Sequence[str], url: str) -> bool:
    """Return whether one of these numbers or slugs is a part of an address."""
    parts = set(re.split(r"[/?&=.#]", unquote(url)))
    return any(identity in parts for identity in identities)


def _texts(value: Any) -> Iterator[_Text]:
    """Yield the long texts of a value. Its parts may be shared, and even hold each other: each is
    looked at once in each place."""
    waiting: list[tuple[Any, tuple[Mapping[str, Any], ...], int]] = [(value, (), 0)]
    seen: set[tuple[int, int]] = set()
    left = _MOST_PARTS
    texts: dict[int, str] = {}
    while waiting and left > 0:
        node, records, depth = waiting.pop()
        around = (node, *records)[:_MOST_LEVELS] if isinstance(node, Mapping) else records
        for key, part in _parts(node):
            left -= 1
            if id(part) not in texts and len(texts) < _MOST_TEXTS:
                texts[id(part)] = _text(key, part)
            if text := texts.get(id(part)):
                yield _Text(text, around)
            elif not isinstance(part, str) and (id(node), id(part)) not in seen:
                seen.add((id(node), id(part)))
                if depth < _DEEPEST:
                    waiting.append((part, around, depth + 1))


def _parts(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a list or a mapping that may hold the text, with their names."""
    members = node.items() if isinstance(node, Mapping) else (("", part) for part in node)
    for key, part in members:
        short = isinstance(part, str) and len(part) < _SHORTEST / 3
        holds = isinstance(part, str | list | Mapping) and not short
        if holds and not _NOT_THE_ARTICLE.fullmatch(str(key)):
            yield str(key), part


def _text(key: str, value: Any) -> str:
    """Return the text of an article that a value is, as HTML or as lines; "" for another value."""
    if isinstance(value, str):
        if len(value) > _LONGEST:
            return ""
        if value.startswith(("{", "[")):
            try:
                return _text("blocks", json.loads(value))
            except (ValueError, RecursionError):
                return ""
        return value if _is_prose(value) else ""
    if not _BODY_KEY.search(key):
        return ""
    if isinstance(value, Mapping) and title_of([value]):
        return ""  # an article, whose text is one of its parts: `{"story": {"headline": …}}`
    if isinstance(value, Mapping):  # a document as text: `{"blocks": […]}`, `{"content": […]}`
        value = next((value[k] for k in ("blocks", "content", "children", "ops") if k in value), "")
    if not isinstance(value, list) or not _has_blocks(value):
        return ""
    text = write_blocks(value[:2000])[:_LONGEST]
    return text if _is_prose(text) else ""


def _has_blocks(value: list[Any]) -> bool:
    """Return whether the parts of a list are texts or blocks, not articles with a text each."""
    parts = value[:20]
    titled = sum(
        isinstance(part, Mapping) and ("title" in part or "headline" in part) for part in parts
    )
    return bool(parts) and 2 * titled <= len(parts)


def _is_prose(text: str) -> bool:
    """Return whether a text consists of sentences, at least 300 letters."""
    bare = " ".join(_TAGS.sub(" ", text).split())
    if size(bare) < _SHORTEST:
        return False
    bare = bare[:2000]
    ends = len(_END.findall(bare)) + len(_THAI.findall(bare))
    signs = len(_NOT_PROSE.findall(bare))
    # Half of the vowels of Hindi are marks, which `\w` does not match.
    others = sum(unicodedata.category(sign)[0] not in "LMZ" for sign in bare)
    return ends >= 2 and others <= 0.3 * len(bare) and signs <= 0.02 * len(bare)


def _nodes(text: _Text) -> Iterator[dict[str, Any]]:
    """Yield a node for each record around a text that has a title, the innermost first; none for a
    text that is not free."""
    values = ((str(key), value) for record in text.records for key, value in record.items())
    if any(value is True and _LOCKED.fullmatch(key) for key, value in values):
        return
    for number, record in enumerate(text.records):
        if not (title := title_of([record])):
            continue
        records = text.records[: number + 2]
        node: dict[str, Any] = {
            "@type": "NewsArticle",
            "headline": title,
            **fields_of(records),
            "articleBody": text.html if is_block(text.html) else _as_lines(text.html),
            "id": identities(record),
        }
        yield {key: value for key, value in node.items() if value or key == "id"}


def _as_lines(text: str) -> str:
    """Return a text without blocks as one with a paragraph a line."""
    return re.sub(r"<br\s*/?>", "\n", text, flags=re.I)
