"""Lists of articles in the JSON of a page's script elements.

In: a View. Out: States, best first: `<script type="application/json">` and `__NEXT_DATA__`, JSON-LD
ItemLists, `window.X = {…}`. Scripts are read as a listing of kind json reads them, so a list in a
State is a list for such a listing too. No script is executed. Called by `discover`, and by
`interfaces` for a JSON answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from lxml import etree

from newsspider.discover.model import FieldRule, State, View
from newsspider.discover.scoring import DATE, title_worth, url_worth
from newsspider.errors import NotReadable
from newsspider.model import Link
from newsspider.text.parse import script_value
from newsspider.text.selectors import elements
from newsspider.text.urls import absolute, same_site

_MOST_SCRIPTS, _MOST_NODES, _DEEPEST = 60, 100_000, 14
_LONGEST = 4_000_000  # characters of a script read
_LEAST = 0.5  # menus have addresses and names too: on article pages they scored 0.2-0.5
_WITHIN, _MOST_NAMES = 50_000, 8  # characters: a site file's pattern searches no more either
_ASSIGNED = re.compile(
    r"(?:(?:window|self|globalThis)\s*[.\[]\s*)?[\"']?(?<![\w$])([A-Za-z_$][\w$.]{0,60})[\"']?\]?\s*=\s*(?=[\[{])"
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
TIME_KEY = re.compile(r"date|time|publish|created|updated|posted|^ts$|^at$|pub", re.IGNORECASE)
_TITLE_KEY = re.compile(r"title|headline|^name$|heading|subject", re.IGNORECASE)
_SUMMARY_KEY = re.compile(r"summary|descr|excerpt|intro|abstract|digest|dek|teaser", re.IGNORECASE)
_ID_KEY = re.compile(r"(?:^|_)(?:id|uuid|guid|key|hash)$|Id$")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
_ADDRESS = re.compile(r"(?:https?:)?/{1,2}[^\s/]|\.{0,2}/[^\s/]|[\w/-]+\.s?html?$")
Leaves = dict[str, Any]


def states(view: View) -> tuple[State, ...]:
    """Return the lists of articles in the page's scripts, best first, at most 5."""
    lists = []
    for script in islice(view.tree.iter("script"), _MOST_SCRIPTS):
        for rule, text in _texts(view, script):
            try:
                value = script_value(text)
            except NotReadable:
                continue
            for path, records in _lists(value):
                if state := _state(view, rule, path, records):
                    lists.append(state)
    return tuple(sorted(lists, key=lambda state: -state.score)[:5])


def json_states(view: View, value: Any) -> tuple[State, ...]:
    """Return the lists of articles in a JSON answer, best first, at most 5; their `script` is
    ""."""
    lists = (_state(view, "", path, records) for path, records in _lists(value))
    return tuple(sorted(filter(None, lists), key=lambda state: -state.score)[:5])


def _texts(view: View, script: etree._Element) -> Iterator[tuple[FieldRule, str]]:
    """Yield the texts in a script that may be JSON, each with its rule for a site file: the whole
    of a data script; in others what follows the name that is assigned to."""
    text = (script.text or "")[:_LONGEST]
    if "json" in (script.get("type") or "").lower():
        if rule := _data_rule(view, script):
            yield rule, text.strip()
        return
    for match in islice(_ASSIGNED.finditer(text[:_WITHIN]), _MOST_NAMES):
        pattern = re.escape(match[1]).replace("/", r"\/") + r"[\"'\]]*\s*=\s*"
        yield {"select": "script", "pattern": pattern}, text[match.end() :]


def _data_rule(view: View, script: etree._Element) -> FieldRule:
    """Return the selector of a data script; "" without one."""
    name, kind = script.get("id") or "", script.get("type") or ""
    options = [f"script#{name}"] if re.fullmatch(r"[A-Za-z_][\w-]{0,60}", name, re.ASCII) else []
    if re.fullmatch(r"[\w/+.-]+", kind, re.ASCII):
        options.append(f'script[type="{kind}"]')
    for selector in options:
        if next(iter(elements(view.tree, selector)), None) is script:
            return selector
    if "ld+json" in kind and "ItemList" in (script.text or ""):
        return '//script[contains(., "ItemList")]'
    return ""


def _lists(value: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list of records in a value, with its path; a mapping from ids to records counts
    as a list."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        path, node, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(node, list):
            records = [entry for entry in node if isinstance(entry, dict)]
            if len(records) >= 3:
                yield path or "@", records
            waiting += [(f"{path}[{at}]", entry, depth + 1) for at, entry in enumerate(node[:30])]
        elif isinstance(node, dict):
            records = [entry for entry in node.values() if isinstance(entry, dict)]
            if len(records) >= 3 and len(records) == len(node) and _are_alike(records):
                yield f"{path}.*" if path else "*", records
            waiting += [(_join(path, key), v, depth + 1) for key, v in list(node.items())[:300]]


def _are_alike(records: Sequence[Mapping[str, Any]]) -> bool:
    return len(set.intersection(*(set(record) for record in records[:20]))) >= 2


def _join(path: str, key: str) -> str:
    key = key if _PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{key}" if path else key


def leaves(record: Mapping[str, Any], path: str = "", depth: int = 0) -> Leaves:
    """Return the texts and numbers of a record by their paths, three levels down, without
    lists."""
    values: Leaves = {}
    for key, value in list(record.items())[:60]:
        full_path = _join(path, key)
        if isinstance(value, dict) and depth < 3:
            values.update(leaves(value, full_path, depth + 1))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            values[full_path] = value
    return values


def _state(
    view: View, script: FieldRule, items: str, records: Sequence[Mapping[str, Any]]
) -> State | None:
    rows = [leaves(record) for record in records[:200]]
    shared = list(dict.fromkeys(key for row in rows[:20] for key in row))
    columns = {key: [row.get(key, "") for row in rows] for key in shared[:120]}
    url = _best_column(columns, lambda key, values: _url_score(view, values))
    title = _best_column({k: v for k, v in columns.items() if k != url}, _title_score)
    if not url or not title:
        return None
    fields = {"url": url, "title": title}
    time = _best_column(columns, _time_score)
    summary = _best_column({k: v for k, v in columns.items() if k != title}, _summary_score)
    fields |= {name: path for name, path in (("time", time), ("summary", summary)) if path}
    links = tuple(_links(view, fields, columns))
    worths = [title_worth(link.title) * url_worth(link.url, view.url) for link in links]
    good = sum(worth > 0.25 for worth in worths)
    if good < 3 or good < len(links) / 2:
        return None
    score = sum(worths) / len(worths) * min(1.0, 0.4 + good / 20) * (1.2 if time else 1.0)
    if score < _LEAST:
        return None
    return State(script=script, items=items, fields=fields, links=links, score=round(score, 3))


def _best_column(columns: Mapping[str, list[Any]], score: Any) -> str:
    """Return the column with the best score, the first of equals; "" when all scores are 0."""
    ranked = sorted(((-score(key, values), at) for at, (key, values) in enumerate(columns.items())))
    return list(columns)[ranked[0][1]] if ranked and ranked[0][0] < 0 else ""


def _share(values: Sequence[Any], test: Any) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _url_score(view: View, values: list[Any]) -> float:
    texts = [value for value in values if isinstance(value, str) and _ADDRESS.match(value)]
    urls = [absolute(text, view.base) for text in texts]
    own = {url for url in urls if url and same_site(url, view.url)}
    if len(own) < 0.8 * len(values):
        return 0.0
    return sum(url_worth(url, view.url) for url in own) / len(values)


def _title_score(key: str, values: list[Any]) -> float:
    texts = [v for v in values if isinstance(v, str) and not v.startswith(("http", "/", "<"))]
    if len(texts) < 0.8 * len(values) or len(set(texts)) < 0.7 * len(texts):
        return 0.0
    worth = sum(title_worth(text) for text in texts if len(text) < 300) / len(values)
    if _ID_KEY.search(key.rpartition(".")[2]):
        return 0.0
    named = 2.0 if _TITLE_KEY.search(key.rpartition(".")[2]) else 1.0
    return worth * named if worth > 0.3 and _share(texts, lambda t: not DATE.match(t)) else 0.0


def _time_score(key: str, values: list[Any]) -> float:
    dated = _share(values, lambda v: DATE.search(str(v)[:60]) or _EPOCH.fullmatch(str(v)))
    last = key.rpartition(".")[2]
    too_long = _share(values, lambda v: len(str(v)) > 60)
    if dated < 0.7 or not TIME_KEY.search(last) or too_long > 0.2:
        return 0.0
    return dated + (0.5 if re.search(r"pub|post|create", last, re.IGNORECASE) else 0.0)


def _summary_score(key: str, values: list[Any]) -> float:
    if not _SUMMARY_KEY.search(key.rpartition(".")[2]):
        return 0.0
    return _share(values, lambda v: isinstance(v, str) and len(v) > 20)


def _links(
    view: View, fields: Mapping[str, str], columns: Mapping[str, list[Any]]
) -> Iterator[Link]:
    seen = set()
    for at, href in enumerate(columns[fields["url"]]):
        url = absolute(str(href), view.base)
        if url and url not in seen:
            seen.add(url)
            values: dict[str, Any] = {
                name: str(columns[path][at])[:2000]
                for name, path in fields.items()
                if name != "url"
            }
            yield Link(url=url, **values)
