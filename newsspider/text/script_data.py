"""The values that the scripts of a page hold as data, from which a browser builds the page.

In: the tree of a page (hostile). Out: JSON values: those of data scripts (`__NEXT_DATA__`,
`RENDER_DATA`), those assigned to a name (`window.__INITIAL_STATE__ = …`, `__NUXT__`), the rows that
Next.js pushes, and those in attributes of the block that is filled (Inertia, Rails). Called by
`extraction.generic.state`. No script is executed.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from lxml import html

from newsspider.errors import NotReadable
from newsspider.text.parse import script_value

_MOST_SCRIPTS, _MOST_NAMES = 60, 12
_LONGEST = 4_000_000  # characters of a script that are read
_SHORTEST = 300  # characters: a shorter script holds no article
_MOST_BLOCKS = 200
_ATTRIBUTES = ("data-page", "data-props", "data-react-props", "data-state")
_MOST_LINKED = 100_000  # values whose references are followed
_ASSIGNED = re.compile(
    r"(?:\b(?:var|let|const)\s{1,9}|\b(?:window|self|globalThis)\s?[.\[]\s?[\"']?"
    r"|(?<![\w$.])(?=__|[A-Z]\w{0,30}\.))"  # `Fusion.globalContent=`, of Arc
    r"[\w$.]{1,60}[\"']?\]?\s?=\s{0,9}"
)
# What decodes a value that is written as a string.
_DECODING = re.compile(r"\(?\s?(?:JSON\.parse|decodeURIComponent|decodeURI|unescape)\s?\(\s{0,9}")
_SINGLE_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*+)'", re.S)
# Nuxt 2: `(function(a,b){return {title:a,…}}("The lock",1))`.
_FUNCTION = re.compile(r"\(?\s?function\s?\(([\w$,\s]{0,9000})\)\s?\{\s?return\s?(?=[\[{])")
_PUSHED = re.compile(r"__next_f\.push\(\s?(?=\[)")
_ROW = re.compile(rb"([0-9a-f]{1,8}):")
_TEXT_ROW = re.compile(rb"T([0-9a-f]{1,8}),")
# How Nuxt 3 marks what a value is, before the place of the value itself.
_MARKS = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "Island", "Date"})


def script_values(tree: html.HtmlElement) -> Iterator[Any]:
    """Yield the lists and mappings in the scripts of a page; JSON-LD is not among them."""
    rows: list[str] = []
    for script in islice(tree.iter("script"), _MOST_SCRIPTS):
        kind, text = (script.get("type") or "").lower(), (script.text or "")[:_LONGEST]
        if "ld+json" in kind:
            continue
        if pushed := _PUSHED.search(text[:200]):
            rows += _pushed(text[pushed.end() :])
        elif len(text) < _SHORTEST:
            continue
        elif "json" in kind:
            yield from _values(text.strip().removeprefix("<!--").lstrip())  # Hypernova
        else:
            for match in islice(_ASSIGNED.finditer(text), _MOST_NAMES):
                yield from _values(text[match.end() :])
    yield from _values_of_rows("".join(rows)[:_LONGEST])
    for block in islice(tree.iter("div"), _MOST_BLOCKS):
        for text in (block.get(name) or "" for name in _ATTRIBUTES):
            if len(text) >= _SHORTEST:
                yield from _values(text[:_LONGEST].strip())


def _values(text: str) -> Iterator[Any]:
    """Yield the value that a text starts with, if it is a list or a mapping."""
    try:
        value = _value(text)
        if isinstance(value, list) and _is_flat(value):
            value = _unflattened(value)
    except (NotReadable, ValueError, RecursionError):
        return
    if isinstance(value, dict | list):
        if '"__ref"' in text:
            _link(value)
        yield value


def _value(text: str) -> Any:
    while decoding := _DECODING.match(text):
        text = text[decoding.end() :]
    if quoted := _SINGLE_QUOTED.match(text):
        inside = quoted[1].replace("\\'", "'").replace('\\"', '"').replace('"', '\\"')
        text = f'"{inside}"'
    if text.startswith(('"%', "%")):
        text = unquote(text.strip("\"'").partition('"')[0])
    if function := _FUNCTION.match(text):
        return _returned(text[function.end() :], function[1])
    return script_value(text) if text.startswith(("{", "[", '"')) else None


def _returned(text: str, parameters: str) -> Any:
    """Return the value that a function returns, with the arguments of its call in their places."""
    value = script_value(text)
    call = text.rfind("}(")
    arguments = script_value(f"[{text[call + 2 :].rpartition('))')[0]}]") if call > 0 else []
    names = [name.strip() for name in parameters.split(",")]
    return _replaced(value, dict(zip(names, arguments, strict=False)))


def _replaced(value: Any, values: dict[str, Any]) -> Any:
    """Return a value in which the strings that are keys of `values` are replaced."""
    if isinstance(value, dict):
        return {key: _replaced(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, values) for inner in value]
    return values.get(value, value) if isinstance(value, str) else value


def _is_flat(value: list[Any]) -> bool:
    """Return whether a list is a value as Nuxt 3 writes it: each part once, and in lists and
    mappings the places of their parts."""
    first = value[0] if value else None
    if isinstance(first, list) and len(first) == 2 and first[0] in ("Reactive", "ShallowReactive"):
        return True
    return isinstance(first, dict) and bool(first) and all(type(v) is int for v in first.values())


def _unflattened(flat: list[Any]) -> Any:
    whole: dict[int, Any] = {}

    def at(place: Any) -> Any:
        if type(place) is not int or not 0 <= place < len(flat):
            return None
        if place not in whole:
            item = flat[place]
            if isinstance(item, dict):
                whole[place] = inside = {}
                inside.update({key: at(inner) for key, inner in item.items()})
            elif isinstance(item, list) and item and item[0] in _MARKS and len(item) > 1:
                whole[place] = item[1] if item[0] == "Date" else at(item[1])
            elif isinstance(item, list):
                whole[place] = parts = []
                parts += [at(inner) for inner in item]
            else:
                whole[place] = item
        return whole[place]

    return at(0)


def _link(value: Any) -> None:
    """Put the record itself in the place of each `{"__ref": "Author:1"}` (Apollo, Relay)."""
    records: dict[str, Any] = {}
    holders: list[dict[str, Any]] = []
    waiting = [value]
    for _ in range(_MOST_LINKED):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, dict):
            holders.append(node)
            records |= {key: inner for key, inner in node.items() if isinstance(inner, dict)}
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    for holder in holders:
        for key, inner in holder.items():
            reference = inner.get("__ref") if isinstance(inner, dict) else None
            if isinstance(reference, str) and reference in records:
                holder[key] = records[reference]


def _pushed(text: str) -> Iterator[str]:
    """Yield the text that a call pushes: of `[1,"0:…"]` the string."""
    try:
        value = json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return
    yield from (part for part in value if isinstance(part, str))


def _values_of_rows(text: str) -> Iterator[Any]:
    """Yield the values of the rows of Next.js: `1:{"body":"$2"}`, and `2:T1f,` before a text of 31
    bytes, which `$2` stands for."""
    rows, at = text.encode("utf-8", "replace"), 0
    texts: dict[str, str] = {}
    values: list[Any] = []
    while name := _ROW.match(rows, at):
        at = name.end()
        if long := _TEXT_ROW.match(rows, at):
            at = long.end() + int(long[1], 16)
            texts[f"${name[1].decode()}"] = rows[long.end() : at].decode("utf-8", "replace")
            continue
        end = rows.find(b"\n", at)
        end = len(rows) if end < 0 else end
        if rows[at : at + 1] in (b"[", b"{"):
            with contextlib.suppress(ValueError, RecursionError):
                values.append(json.loads(rows[at:end]))
        at = end + 1
    try:
        yield from [_replaced(value, texts) for value in values]
    except RecursionError:
        return
