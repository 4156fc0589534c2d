"""New values in the text of a YAML file; all else in it stays as it is, comments too.

In: the text of a site file that can be loaded, and values by their place: the keys that lead there.
Out: the new text. Called by `authoring.mend`; `authoring.further` adds a category by its marks.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from newsspider.authoring.yaml_text import dumped
from newsspider.errors import SiteError

# Where a value is in a file: `("categories", "latest", "listing", "items")`.
Place = tuple[str | int, ...]


class _Alias(yaml.ScalarNode):
    """An alias such as `*list`, with its own place in the text, and the node that it stands for."""

    target: yaml.Node | None


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if not self.check_event(yaml.AliasEvent):
            return super().compose_node(parent, index)
        event = self.peek_event()  # type: ignore[no-untyped-call]
        alias = _Alias("alias", event.anchor, event.start_mark, event.end_mark)
        alias.target = super().compose_node(parent, index)
        return alias


def with_values(text: str, values: Mapping[Place, Any]) -> str:
    """Return the text with these values in place of those that it has. A value that an anchor
    shares with other places changes there, too.

    Raises SiteError where the text has a form in which a value cannot be replaced."""
    for place, value in values.items():
        before = yaml.safe_load(text)
        try:
            new = _with_value(text, place, value)
            after = yaml.safe_load(new)
            done = _at(after, place) == value and _differ(before, after, _at(before, place), value)
        except (yaml.YAMLError, LookupError, ValueError):
            done = False
        if not done:
            where = ".".join(map(str, place))
            raise SiteError(
                f"{where} cannot be changed in a file of this form; write there:\n"
                f"{dumped({str(place[-1]): value})}"
            )
        text = new
    return text


def _at(whole: Any, place: Place) -> Any:
    for part in place:
        whole = whole[part]
    return whole


def _differ(before: Any, after: Any, old: Any, new: Any) -> bool:
    """Return whether two values differ only in that one has `old` where the other has `new`."""
    if before == after or (before == old and after == new):
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        same = before.keys() == after.keys()
        return same and all(_differ(before[key], after[key], old, new) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(_differ(a, b, old, new) for a, b in pairs)
    return False


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
        anchor = re.match(r"&\S+ ", text[node.start_mark.index :])
        new = (anchor[0] if anchor else "") + flow.strip()[1:-1]
        new = new if key is None else f" {new}"
    new = new if key is None else f":{new}"
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    return text[:start] + new + text[_end(text, key, node) :]


def _find(text: str, place: Place) -> tuple[yaml.Node | None, yaml.Node, bool]:
    """Return the key of a place (None in a list), its value, and whether that is a flow such as
    `{a: b}` or in one. Raises LookupError or ValueError where the file has it in another form."""
    loader = _Loader(text)
    try:
        node: Any = loader.get_single_node()
    finally:
        loader.dispose()
    key, in_flow = None, False
    for part in place:
        node = getattr(node, "target", node)
        in_flow = in_flow or bool(getattr(node, "flow_style", False))
        if isinstance(part, int):
            key, node = None, node.value[part]
        else:
            key, node = _pair(node, part)
    return key, node, in_flow or bool(getattr(node, "flow_style", False))


def _pair(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node]:
    for key, value in _pairs(node):
        if key.value == name:
            return key, value
    raise LookupError(name)


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Yield the keys and values of a mapping, its own before those that it merges (`<<`)."""
    node = getattr(node, "target", node)
    if isinstance(node, yaml.SequenceNode):  # mappings to merge
        for each in node.value:
            yield from _pairs(each)
    elif isinstance(node, yaml.MappingNode):
        yield from node.value
        for key, value in node.value:
            if key.value == "<<":
                yield from _pairs(value)


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
