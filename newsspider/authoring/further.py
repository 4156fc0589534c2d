"""A further category in the text of a site file; all else in it stays as it is, comments too.

In: the text of a site file that can be loaded, the name and the values of a category. Out: the new
text. Called by `newsspider add` for a site that has a file. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from newsspider.authoring.edit import last_lines
from newsspider.authoring.yaml_text import dumped
from newsspider.errors import SiteError


def with_category(text: str, name: str, values: Mapping[str, Any]) -> str:
    """Return the text with a further category at the end of its `categories`.

    Raises SiteError where the text has a form that a category cannot be added to, such as
    `categories` that are an alias."""
    new = _with_category(text, name, values)
    before = yaml.safe_load(text)
    wanted = {**before, "categories": {**(before.get("categories") or {}), name: dict(values)}}
    try:
        added = yaml.safe_load(new) == wanted
    except yaml.YAMLError:
        added = False
    if not added:
        raise SiteError(
            f"the category cannot be added to a file of this form; add under `categories`:\n"
            f"{dumped({name: dict(values)})}"
        )
    return new


def _with_category(text: str, name: str, values: Mapping[str, Any]) -> str:
    root = yaml.compose(text, yaml.SafeLoader)
    assert root is not None  # it has been loaded as a site
    for key, value in root.value:
        if key.value != "categories":
            continue
        if isinstance(value, yaml.MappingNode) and value.flow_style:
            return _in_flow(text, value, name, values)
        keys = value.value if isinstance(value, yaml.MappingNode) else ()
        indent = keys[0][0].start_mark.column if keys else 2
        last = max(last_lines(key, value))
        return _inserted(text, last + 1, dumped({name: dict(values)}), indent)
    block = dumped({"categories": {name: dict(values)}})
    return _inserted(text if text.endswith("\n") else f"{text}\n", None, f"\n{block}", 0)


def _in_flow(text: str, node: yaml.MappingNode, name: str, values: Mapping[str, Any]) -> str:
    """Return the text with a category before the brace that closes `categories`."""
    flow = yaml.safe_dump(
        {name: dict(values)},
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=10**6,
    )
    at = node.end_mark.index - 1
    comma = ", " if node.value else ""
    return f"{text[:at].rstrip(' ')}{comma}{flow.strip()[1:-1]}{text[at:]}"


def _inserted(text: str, at: int | None, block: str, indent: int) -> str:
    """Return the text with the lines of a block before line `at`, or at the end."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if at is not None and at >= len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    rows = [f"{' ' * indent if row else ''}{row}{end}" for row in block.rstrip("\n").split("\n")]
    at = len(lines) if at is None else at
    return "".join([*lines[:at], *rows, *lines[at:]])
