"""Cleaning: named rules, and the profiles that select them.

In: the body of an article as its site sent it. Out: a Cleaned. There are two kinds of rules. Token
rules edit the source text, so untouched bytes stay as they are; tree rules change one lxml tree,
which is parsed once and serialised once. A new rule is a function, its entry in RULES, its name in
a profile and a golden folder `tests/goldens/clean/<profile>/<rule>`. `clean.article` calls `clean`
for the pipeline stage Clean; site files switch rules on and off by name. The result is not yet safe
to publish: that is the task of `sanitize`.
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
# In running order. Images come first: a hidden element or a noscript may be the picture itself.
# Marks are read before `attributes` removes the classes, and empty elements go last.
_TREE_RULES: Mapping[str, TreeRule] = {
    "lazy-images": pictures.lazy_images,
    "embeds": pictures.embeds,
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

# Every rule by name, in running order: token rules, then tree rules.
RULES: Mapping[str, TokenRule | TreeRule] = MappingProxyType({**_TOKEN_RULES, **_TREE_RULES})

# The rules of each profile, in running order.
PROFILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Byte-compatible with the first user's published posts.
        "seed": ("line-ends", "indents", "keywords"),
        # For every other site: the text that a reader wants.
        "reader": ("line-ends", *_TREE_RULES),
    }
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned body, and the values of its credit lines; "" and () without such a line."""

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
    """Clean a body by the rules of `profile`, without those in `off` and with those in `on`.

    `base` is the base address of the body's relative links. Without tree rules the body keeps every
    byte that no rule removes. Raises KeyError for an unknown profile or rule.
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
