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
    given_by: Mapping[str, str],
) -> tuple[Origin, ...]:
    """Return the origin of each field that the article has and a source states. `given_by` names
    the part that gives a field where that is not the first that has it; "" if none does."""
    return tuple(
        Origin(name, _origin(part, origins.get(part, {}).get(info.origin or info.rule, "")))
        for name, info in FIELDS.items()
        if info.rule and getattr(article, name)
        for part in [given_by[name] if name in given_by else _first(parts, info.rule)]
    )


def _first(parts: Sequence[tuple[str, Fields]], rule: str) -> str:
    return next((part for part, fields in parts if fields.get(rule)), "")


def _origin(part: str, how: str) -> str:
    """Return the page that gave a field, and how: the site's rule, or the place on the page where
    generic extraction found it."""
    if not part:
        return WORKED_OUT
    return f"{part}: {how}" if how else f"{part}: rule" if part != LISTING else part
