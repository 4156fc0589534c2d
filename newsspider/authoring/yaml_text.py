"""Values as a site file has them: short, in the usual order of the keys.

In: values, or a listing. Out: YAML in lines, or the values of the listing. Called by the other
modules of `authoring` and by the probe spider. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from newsspider.sites.listings import Listing

_FIRST = ("kind", "url", "next_url", "first_page", "script", "items", "fields", "next")


def listing_values(listing: Listing) -> dict[str, Any]:
    """Return a listing as a site file has it, as short as possible."""
    values = listing.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    values["kind"] = listing.kind
    for key in ("script", "next"):
        if key in values:
            values[key] = short_picks(values[key])
    if "fields" in values:
        values["fields"] = {name: short_picks(picks) for name, picks in values["fields"].items()}
    return {key: values[key] for key in (*_FIRST, *values) if key in values}


def short_picks(picks: list[dict[str, str]]) -> Any:
    """Return the picks of a field as a site file has them, as short as possible."""
    short = [pick["select"] if list(pick) == ["select"] else pick for pick in picks]
    return short[0] if len(short) == 1 else short


class _Dumper(yaml.SafeDumper):
    """A dumper that writes lists of words on one line and all else on lines of their own."""


def _short_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    flow = all(isinstance(value, str) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=flow)


_Dumper.add_representer(list, _short_list)


def dumped(values: Mapping[str, Any]) -> str:
    """Return values as YAML in lines, as a site file has them."""
    text: str = yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    return text
