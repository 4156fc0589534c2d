"""Cleaning: named rules, and the profiles that say which of them run.

In: the body of an article as its site sent it. Out: a Cleaned. Two kinds of rules: token rules edit
the source text, so that untouched bytes stay as they are; tree rules work on one lxml tree, parsed
once and written once. A new rule is a function, its entry in RULES, its name in a profile and a
golden folder `tests/goldens/clean/<profile>/<rule>`. The pipeline stage Clean calls `clean`; site
files switch rules on and off by name. What comes out is not yet safe to publish: `sanitize` does
that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from newsspider.clean import noise, pictures, tidy, tokens
from newsspider.clean.credits import credit_lines
from newsspider.clean.tree import Notes, parse, serialise

TokenRule = Callable[[str], str]
TreeRule = Callable[[etree._Element, Notes], None]

_TOKEN_RULES: Mapping[str, TokenRule] = {
    "line-ends": tokens.line_ends,
    "indents": tokens.indents,
    "keywords": tokens.keywords,
}
# In running order. Images first: what is hidden or in a noscript may be the picture itself. Marks
# are read before `attributes` takes the classes, and empty elements go when all else is gone.
_TREE_RULES: Mapping[str, TreeRule] = {
    "lazy-images": pictures.lazy_images,
    "hidden": noise.hidden,
    "charts": noise.charts,
    "scripts": noise.scripts,
    "trackers": noise.trackers,
    "comments": noise.comments,
    "keyword-links": noise.keyword_links,
    "adverts": noise.adverts,
    "share-hints": noise.share_hints,
    "disclaimers": noise.disclaimers,
    "credits": credit_lines,
    "captions": pictures.captions,
    "attributes": tidy.attributes,
    "spans": tidy.spans,
    "links": tidy.links,
    "empties": tidy.empties,
    "paragraphs": tidy.paragraphs,
    "paragraph-indents": tidy.paragraph_indents,
    "joints": tidy.joints,
}

# Every rule by its name, in running order: token rules, then tree rules.
RULES: Mapping[str, TokenRule | TreeRule] = MappingProxyType({**_TOKEN_RULES, **_TREE_RULES})

# The rules of each profile, in running order.
PROFILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Byte-compatible with the first user's published posts.
        "seed": ("line-ends", "indents", "keywords"),
        # What a reader wants, for every other site.
        "reader": ("line-ends", *_TREE_RULES),
    }
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned body, and what its credit lines said; "" and () where there were none."""

    body: str
    editor: str = ""
    original_title: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()


def clean(
    body: str,
    profile: str,
    *,
    off: Collection[str] = (),
    on: Collection[str] = (),
    base: str = "",
) -> Cleaned:
    """Clean a body by the rules of `profile`, less those of `off`, with those of `on`.

    `base` is the address that relative links of the body are relative to. Without tree rules the
    body keeps every byte that no rule names. Raises KeyError for an unknown profile or rule.
    """
    for name in (*off, *on):
        RULES[name]
    wanted = ({*PROFILES[profile]} | {*on}) - {*off}
    for name, token_rule in _TOKEN_RULES.items():
        if name in wanted:
            body = token_rule(body)
    tree_rules = [rule for name, rule in _TREE_RULES.items() if name in wanted]
    if not tree_rules:
        return Cleaned(body)
    root, notes = parse(body), Notes(base=base)
    for rule in tree_rules:
        rule(root, notes)
    return Cleaned(
        serialise(root), notes.editor, notes.original_title, notes.source, tuple(notes.authors)
    )
