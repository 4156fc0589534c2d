"""An item of another project's spider → an Article, as if a page had the item's values.

In: an item of any kind that itemadapter takes, with `url`, `title`, `body` and `published`, and the
site of its address. Out: a draft whose only page is the item, and the Article. Pure; the first
stage of the add-on calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from itemadapter import ItemAdapter, is_item

from newsspider.clean.article import clean_line
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import add_part, new_draft
from newsspider.model import FIELDS, Article, Kind
from newsspider.sites import Claimed
from newsspider.sites.schema import Recipe
from newsspider.text.characters import shows
from newsspider.text.slugs import slug

LISTING = "@items"  # where the ledger keeps the links of items
REQUIRED = ("url", "title", "body", "published")
_ITEM = "item"  # the name of the item among the pages of a draft

# The rule that each name of a field stands for: `authors`, as Article has it, and `author`, as a
# site file does, are one field.
RULES: Mapping[str, str] = {
    name: info.rule
    for field, info in FIELDS.items()
    if info.rule
    for name in (field, info.rule, info.origin)
    if name
}
_KINDS: Mapping[str, Kind] = {info.rule: info.kind for info in FIELDS.values() if info.rule}
# The name of the category for a reader; of an Article, whose category is a slug, it is the tag.
_CATEGORY = ("tag", "category", "section")


@dataclass(frozen=True, slots=True)
class Item:
    """What an item says: its fields by the names of rules, the name of its category, and the names
    that belong to no field. `missing` are the required ones that are empty."""

    url: str
    fields: Mapping[str, Any]
    category: str
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def read_item(item: object) -> Item:
    """The fields of an item. Values that no field can have are passed over."""
    values = {str(name): value for name, value in ItemAdapter(item).items()}
    url = _text(values.get("url") or (isinstance(item, Article) and item.link))
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if rule := RULES.get(name):
            fields[rule] = fields.get(rule) or _value(rule, value)
    category = next(filter(None, (clean_line(_text(values.get(name))) for name in _CATEGORY)), "")
    unknown = {*values} - {"url", *RULES, *_CATEGORY, *FIELDS}
    present = {"url": url, **{name: fields.get(RULES[name]) for name in REQUIRED[1:]}}
    missing = tuple(name for name, value in present.items() if not _shows(value))
    return Item(url, fields, category, tuple(sorted(unknown)), missing)


def article_of(item: Item, claim: Claimed, recipe: Recipe, now: datetime) -> Article:
    """The article of an item, with the identity of one that is crawled by its address. `recipe` is
    a whole one, as for `new_draft`."""
    site = claim.site
    fields = {
        rule: _in_zone(value, site.zone) if _KINDS[rule] is Kind.TIME else value
        for rule, value in item.fields.items()
    }
    recipe = recipe.model_copy(update={"rank": (_ITEM, "listing")})
    draft = add_part(new_draft(site, claim.link, recipe, LISTING), _ITEM, fields)
    article = assemble(draft, now)
    if not item.category:
        return article
    spelled = slug(item.category, speller=site.slugs.speller, exceptions=site.slugs.names)
    return replace(article, category=spelled, tag=item.category)


def _shows(value: Any) -> bool:
    return shows(value) if isinstance(value, str) else bool(value)


def _value(rule: str, value: Any) -> Any:
    """A value as a page would state it. An ItemLoader gives a list for every field."""
    if rule == "image":
        return next(filter(None, map(_address, _several(value))), "")
    stated: Callable[[Any], Any] = _AS_STATED.get(_KINDS[rule], _text)
    return stated(value)


def _several(value: Any) -> list[Any]:
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return list(value) if isinstance(value, list | tuple) else [value]


def _texts(value: Any) -> list[str]:
    """The texts in a value; a number is one."""
    return [
        str(part)
        for part in _several(value)
        if isinstance(part, str | int | float) and not isinstance(part, bool)
    ]


def _text(value: Any) -> str:
    return next((text for text in _texts(value) if shows(text)), "")


def _html(value: Any) -> str:
    return "\n".join(_texts(value))


def _lines(value: Any) -> list[str] | str:
    """A text alone may be a list of keywords, in a text."""
    texts = _texts(value)
    return texts if isinstance(value, list | tuple | set | frozenset) else "".join(texts)


def _time(value: Any) -> Any:
    first = next(iter(_several(value)), None)
    return first if isinstance(first, date | int | float) else _text(first)


def _address(value: Any) -> str:
    """Of a picture: its address, or a mapping or an item with one, as Scrapy's ImagesPipeline has
    it."""
    if is_item(value):
        value = dict(ItemAdapter(value)).get("url")
    return _text(value)


_AS_STATED: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.HTML: _html,
    Kind.LINES: _lines,
    Kind.TAGS: _lines,
    Kind.TIME: _time,
}


def _in_zone(value: Any, zone: ZoneInfo) -> Any:
    """A datetime as a text that `dates` reads; a naive one is in the site's zone."""
    try:
        if isinstance(value, datetime):
            at = value if value.utcoffset() is not None else value.replace(tzinfo=zone)
            return at.astimezone(UTC).isoformat(timespec="seconds")
        return value.isoformat() if isinstance(value, date) else value
    except (ValueError, OverflowError):  # of a year that no zone reaches
        return ""
