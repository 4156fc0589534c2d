"""Short selectors that match the given elements and nothing else, now and next month.

In: elements of a tree. Out: a selector by lasting names and tags, without positions; of the
selectors that work, the one with the surest names. Each is run on the page, not assumed to work.
Called by `lists` and `entries`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree, html

from newsspider.discover.markup import common_names
from newsspider.text.selectors import elements
from newsspider.text.xpath import compiled_selector

_TRIED = 18  # selectors run on the whole page for a list: each takes 11 ms on a page of 800 kB
_LEVELS = 6
_ENOUGH = 0.9  # share of a list's entries in which a field's selector must work
_LINK_PART = re.compile(
    r"/[A-Za-z][A-Za-z_-]{1,30}/|[A-Za-z_-]{1,30}\.[a-z]{2,5}\?[A-Za-z_]{1,20}="
)
_TABLE = ("table", "tbody", "tr", "td", "th")


def items_selector(
    tree: html.HtmlElement,
    wanted: Mapping[etree._Element, etree._Element],
    linked: Container[etree._Element],
) -> str:
    """Return the selector of the wanted elements; "" when none matches most of them without many
    others.

    `wanted` maps each element to its link. `linked` are all elements of the page that contain
    links: matching others of them by mistake is worst.
    """
    aim = set(wanted)
    best, best_cost = "", 0.6
    for tried, (price, selector) in enumerate(
        sorted(_items_options(list(wanted), list(wanted.values())))
    ):
        if tried >= _TRIED:
            break
        matched = set(elements(tree, selector))
        hit = len(matched & aim)
        if not hit:
            continue
        missed, more = len(aim) - hit, matched - aim
        strange = sum(element in linked for element in more)
        cost = 3 * missed / len(aim) + (1.5 * strange + 0.1 * (len(more) - strange)) / len(matched)
        cost += price / 100
        if cost < best_cost:
            best, best_cost = selector, cost
        if best_cost < 0.1:
            break  # selectors come in order of price
    return best


def _items_options(
    wanted: Sequence[etree._Element], links: Sequence[etree._Element]
) -> Iterator[tuple[float, str]]:
    tag = wanted[0].tag
    item_names = {n: p for n, p in list(common_names(wanted).items())[:4] if n[0] != "#"}
    for name, price in item_names.items():
        yield 0.5 + price, tag + name
    if part := _shared_part(links):
        # Old layouts have no names at all; only the targets of the links distinguish the rows.
        by_link = f'//{tag}[.//a[contains(@href, "{part}")]][not(.//{tag})]'
        yield 6.0, f'a[href*="{part}"]' if tag == "a" else by_link
    level: list[etree._Element] = list(dict.fromkeys(wanted))
    chain = tag
    for depth in range(1, _LEVELS + 1):
        level = list(dict.fromkeys(p for e in level if (p := e.getparent()) is not None))
        if not level or level[0].tag in ("html", None):
            return
        outer = level[0].tag if len({e.tag for e in level}) == 1 else "*"
        close = depth == 1 and tag not in _TABLE
        for name, price in list(common_names(level).items())[:3]:
            step = name if name[0] == "#" or outer == "*" else outer + name
            cost = 1.0 + price + 0.3 * depth
            yield cost, f"{step} > {tag}" if close else f"{step} {tag}"
            if depth > 1 and chain != tag:
                yield cost + 0.8, f"{step} {chain}"
            for inner, more in item_names.items():
                yield cost + more, f"{step} {tag}{inner}"
        if outer != "*" and depth <= 4 and outer != "body":
            # `div div div a` visits a div once for each div around it: 250 ms on a big page.
            chain = f"{outer} {chain}" if outer in _TABLE else f"{outer} > {chain}"
            yield 2.5 + depth, chain


def _shared_part(anchors: Sequence[etree._Element]) -> str:
    """Return a folder that all the addresses contain, such as `/news/`, or a program and its
    parameter, such as `show.asp?id=`; not a year or a number. "" without one."""
    parts_of_links = []
    for anchor in anchors[:200]:
        path, _, query = (anchor.get("href") or "").partition("?")
        *folders, last = path.split("/")
        program = [f"{last}?{query.partition('=')[0]}="] if query else []
        parts_of_links.append({f"/{folder}/" for folder in folders} | set(program))
    shared = [part for part in set.intersection(*parts_of_links) if _LINK_PART.fullmatch(part)]
    return max(shared, key=len, default="")


def field_selector(targets: Mapping[etree._Element, etree._Element]) -> str:
    """Return the selector whose first match in each entry is its target; "" without one.

    `targets` maps an entry to the wanted element in it.
    """
    if not targets:
        return ""
    options = dict.fromkeys(_field_options(targets))
    for selector in options:
        select: Any = compiled_selector(selector)
        hit = 0
        for item, target in targets.items():
            matched = select(item)
            hit += bool(matched) and matched[0] is target
        if hit >= _ENOUGH * len(targets):
            return selector
    return ""


def _field_options(targets: Mapping[etree._Element, etree._Element]) -> Iterator[str]:
    aims = list(targets.values())
    tags: dict[str, int] = {}
    for aim in aims:
        tags[aim.tag] = tags.get(aim.tag, 0) + 1
    tag = max(tags, key=lambda name: tags[name])
    aims = [aim for aim in aims if aim.tag == tag]
    if all(item is target for item, target in targets.items()):
        yield "."
    yield tag
    parents = [p for aim in aims if (p := aim.getparent()) is not None]
    over = [p for p in parents if p not in targets]
    outer = {p.tag for p in over}
    above = [n for n in common_names(over, _ENOUGH) if n[0] != "#"][:3] if over else []
    own = [n for n in common_names(aims, _ENOUGH) if n[0] != "#"][:3]
    if len(outer) == 1 and (heading := next(iter(outer))) in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield f"{heading} {tag}"
    yield from (f"{tag}{name}" for name in own)
    yield from own
    yield from (f"{name} {tag}" for name in above)
    if len(outer) == 1:
        yield f"{next(iter(outer))} > {tag}"
    yield from (f"{name} > {tag}{own_name}" for name in above for own_name in own)
    far = [g for p in over if (g := p.getparent()) is not None and g not in targets]
    if far:
        yield from (f"{n} {tag}" for n in common_names(far, _ENOUGH) if n[0] != "#")
