"""What a site file may hold, checked before it is read: YAML has values that no reader survives.

In: the bytes of a file, then its YAML events. Out: nothing, or SiteError with the line. Called by
`loader`. An anchor may contain itself, anchors of anchors multiply, and libyaml takes the square of
the depth of brackets (PyYAML 6.0.3: 100,000 of them take 53 s, then a segmentation fault).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from newsspider.errors import SiteError

BYTES = 1_000_000  # the largest built-in file has 8,000
DEPTH = 40  # lists and mappings in one another; a request body in `json` needs most
VALUES = 100_000  # with those that anchors repeat
CHARACTERS = 10_000  # of one value: `1:00:00:…` is a number to YAML, read in quadratic time


def read_bounded(path: Path) -> bytes:
    """Return the bytes of a file. Raises SiteError for too many, OSError if it cannot be read."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise SiteError(f"{path}: cannot be read (not a file)")  # a pipe may never end
    with path.open("rb") as file:
        data = file.read(BYTES + 1)
    if len(data) > BYTES:
        raise SiteError(f"{path}:1: is larger than {BYTES:,} bytes; a site file is a short text")
    return data


def check_events(path: Path, events: Iterable[Any]) -> None:
    """Raise SiteError for a file that nests too deep, or holds too many or too long values."""
    sizes: dict[str, int] = {}  # values under each anchor that is complete
    open_: list[tuple[str | None, int]] = []  # the anchors of the nodes around, and `total` there
    total = 0

    def fault(event: Any, why: str) -> SiteError:
        return SiteError(f"{path}:{event.start_mark.line + 1}: {why}")

    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor is not None:
                sizes[anchor] = total - before
            continue
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_):
                raise fault(event, f"the anchor &{event.anchor} contains itself")
            total += sizes.get(event.anchor or "", 0)
        elif isinstance(event, yaml.NodeEvent):
            total += 1
            if isinstance(event, yaml.CollectionStartEvent):
                open_.append((event.anchor, total))
            elif event.anchor is not None:
                sizes[event.anchor] = 1
        if len(open_) > DEPTH:
            raise fault(event, f"nests more than {DEPTH} lists and mappings in one another")
        if total > VALUES:
            raise fault(event, f"holds more than {VALUES:,} values, counting repeated anchors")
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > CHARACTERS:
            raise fault(event, f"a value has more than {CHARACTERS:,} characters")
