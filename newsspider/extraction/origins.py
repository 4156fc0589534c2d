"""Where each field of an article is from: the page that gave it, and how it was read there.

In: an article, the parts of its draft in order of rank, and where generic extraction found what.
Out: an Origin for each field. Pure. Called by `assemble`; `explain` shows them to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsspider.extraction.page import Fields
from newsspider.model import FIELDS, Article, Origin

LISTING = "listing"
WORKED_OUT = "worked out"  # from other fields, or from the address


def origins_of(
    article: Article,
    parts: Sequence[tuple[str, Fields]],
    origins: Mapping[str, Mapping[str, str]],
    *,
    of_listing: tuple[str, ...] = (),
) -> tuple[Origin, ...]:
    """Return the origin of each field that the article has and a source states. `of_listing` names
    fields that the listing settles for all its articles."""
    return tuple(
        Origin(name, LISTING if name in of_listing else _origin(info.rule, generic, parts, origins))
        for name, info in FIELDS.items()
        if info.rule and getattr(article, name)
        for generic in [info.origin or info.rule]
    )


def _origin(
    rule: str,
    generic: str,
    parts: Sequence[tuple[str, Fields]],
    origins: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the page that gave a field, and how: the site's rule, or the place on the page where
    generic extraction, which calls the field `generic`, found it."""
    for part, fields in parts:
        if fields.get(rule):
            how = origins.get(part, {}).get(generic, "")
            return f"{part}: {how}" if how else f"{part}: rule" if part != LISTING else part
    return WORKED_OUT
