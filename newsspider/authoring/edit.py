"""New values in the text of a YAML file; all else in it stays as it is, comments too.

In: the text of a site file that can be loaded, and values by their place: the keys that lead there.
Out: the new text. Called by `authoring.mend`; `authoring.further` adds a category by its marks.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from newsspider.authoring.write_definition import dumped
from newsspider.errors import SiteError

# Where a value is in a file: `("categories", "latest", "listing", "items")`.
Place = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Composes an alias as a node of its own, with its own place in the text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if not self.check_event(yaml.AliasEvent):
            return super().compose_node(parent, index)
        alias = self.get_event()  # type: ignore[no-untyped-call]
        return yaml.ScalarNode("alias", alias.anchor, alias.start_mark, alias.end_mark)


def with_values(text: str, values: Mapping[Place, Any]) -> str:
    """Return the text with these values in place of those that it has.

    Raises SiteError where the text has a form in which a value cannot be replaced, such as one that
    other keys share by an anchor."""
    new, wanted = text, yaml.safe_load(text)
    for place, value in values.items():
        wanted = _set(wanted, place, value)
        try:
            new = _with_value(new, place, value)
            done = yaml.safe_load(new) == wanted
        except (yaml.YAMLError, LookupError, ValueError):
            done = False
        if not done:
            where = ".".join(map(str, place))
            raise SiteError(
                f"{where} cannot be changed in a file of this form; write there:\n"
                f"{dumped({str(place[-1]): value})}"
            )
    return new


def _set(whole: Any, place: Place, value: Any) -> Any:
    """Return a value with another one at a place; what an anchor shares stays as it is elsewhere.
    Raises SiteError if there is no such place."""
    if not place:
        return value
    first, rest = place[0], place[1:]
    if isinstance(whole, list) and isinstance(first, int) and first < len(whole):
        return [_set(each, rest, value) if at == first else each for at, each in enumerate(whole)]
    if isinstance(whole, dict) and first in whole:
        return {**whole, first: _set(whole[first], rest, value)}
    raise SiteError(f"the file has no key {first!r}")


def _with_value(text: str, place: Place, value: Any) -> str:
    key, node, in_flow = _find(text, place)
    start = node.start_mark.index if key is None else key.end_mark.index
    column = node.start_mark.column if key is None else key.start_mark.column + 2
    if isinstance(value, dict) and value and not in_flow:
        lines = dumped(value).rstrip("\n").split("\n")
        new = f"\n{' ' * column}".join(lines if key is None else ["", *lines])
    else:
        flow = yaml.safe_dump(
            [value], default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
        )
        new = flow.strip()[1:-1] if key is None else f" {flow.strip()[1:-1]}"
    new = new if key is None else f":{new}"
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    return text[:start] + new + text[_end(text, key, node) :]


def _find(text: str, place: Place) -> tuple[yaml.Node | None, yaml.Node, bool]:
    """Return the key of a place (None in a list), its value, and whether it is in a flow such as
    `{a: b}`. Raises LookupError or ValueError."""
    loader = _Loader(text)
    try:
        node: Any = loader.get_single_node()
    finally:
        loader.dispose()
    key, in_flow = None, False
    for part in place:
        if not isinstance(node, yaml.CollectionNode):
            raise LookupError(part)
        in_flow = in_flow or bool(node.flow_style)
        pairs = (
            node.value if isinstance(node, yaml.MappingNode) else [(None, e) for e in node.value]
        )
        at = part if isinstance(part, int) else [each.value for each, _ in pairs].index(part)
        key, node = pairs[at]
    return key, node, in_flow


def _end(text: str, key: yaml.Node | None, node: yaml.Node) -> int:
    """Return where a value ends in the text: that of a block is the end of its last line."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = max(last_lines(key or node, node))
        lines = text.splitlines(keepends=True)[: last + 1]
        return len("".join(lines).rstrip("\r\n"))
    return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())


def last_lines(key: yaml.Node, value: yaml.Node) -> Iterator[int]:
    """Yield the lines on which the parts of a value end, from 0. An alias has the place of its
    anchor, before its key; the key's own line counts then."""
    yield key.end_mark.line if key is not value else key.start_mark.line
    if value.start_mark.index < key.start_mark.index:
        return
    if isinstance(value, yaml.MappingNode) and not value.flow_style:
        for inner_key, inner in value.value:
            yield from last_lines(inner_key, inner)
    elif isinstance(value, yaml.SequenceNode) and not value.flow_style:
        for inner in value.value:
            yield from last_lines(key, inner)
    else:
        end = value.end_mark
        ends_before = end.column == 0 and end.line > value.start_mark.line  # a text in lines
        yield end.line - ends_before
