"""A CSS selector or an XPath, compiled once, and what it matches in a tree.

In: the selector as a site file has it; an lxml tree. Out: elements and texts in the order of the
page; ValueError for what is no selector. `text.selectors` reads fields with it, `sites.types` and
`discover` check selectors with it.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import cssselect
from cssselect import SelectorError
from lxml import etree, html
from parsel.csstranslator import HTMLTranslator

_TRANSLATOR = HTMLTranslator()
_XPATH = re.compile(r"\.?/|\.\.|\.$|\(|@|[a-z-]+\(")
_XPATH_CALL = re.compile(r"([\w-]+(?::[\w-]+)?)\s*\(")
_XPATH_STRING = re.compile("'[^']*'|\"[^\"]*\"")
# lxml reports an unknown function only on a page where it is evaluated, so it is looked for here.
_XPATH_FUNCTION = re.compile(
    "and|or|div|mod|text|node|comment|processing-instruction|last|position|count|id|local-name"
    "|namespace-uri|name|string|concat|starts-with|contains|substring-before|substring-after"
    "|substring|string-length|normalize-space|translate|boolean|not|true|false|lang|number|sum"
    "|floor|ceiling|round"
)
# `#id`, `.class`, `tag.class.other`.
_BY_ATTRIBUTE = re.compile(
    r"([a-z][\w-]*)?(?:#([a-z_][\w-]*)|((?:\.[a-z_][\w-]*)+))", re.ASCII | re.IGNORECASE
)


@lru_cache(maxsize=1024)
def compiled_selector(select: str) -> etree.XPath:
    """Return a CSS selector (with `::text` and `::attr(x)`) or an XPath, ready to run on an lxml
    tree.

    Raises ValueError with the reason when it is neither.
    """
    try:
        if _is_xpath(select):
            called = _XPATH_CALL.findall(_XPATH_STRING.sub("''", select))
            if unknown := [name for name in called if not _XPATH_FUNCTION.fullmatch(name)]:
                raise ValueError(f"there is no function {unknown[0]}")
            compiled = etree.XPath(select)
        else:
            compiled = etree.XPath(_TRANSLATOR.css_to_xpath(select))
        compiled(etree.Element("x"))
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise ValueError(f"{select!r} is not a CSS selector or XPath ({error})") from error
    return compiled


def _is_xpath(select: str) -> bool:
    # A slash outside of quotes is not CSS.
    return bool(_XPATH.match(select)) or "/" in _XPATH_STRING.sub("", select)


def evaluated(node: html.HtmlElement, select: str) -> Any:
    """Return what a selector gives on a node: a list, or a text, a number or a truth value. Raises
    XPathError.

    libxml2 sorts what `li, p` matches in the square of its number, and nothing interrupts it,
    so each of the two is looked for by itself."""
    if by_attribute := _by_attribute(select):
        values: Any = by_attribute(node)
        return [value.getparent() for value in values]
    if len(group := _group(select)) < 2:
        return compiled_selector(select)(node)
    results: list[Any] = [result for member in group if (result := member(node))]
    if len(results) < 2:
        return results[0] if results else []
    if not all(isinstance(result[0], etree._Element) for result in results):
        return compiled_selector(select)(node)
    matched = set(chain.from_iterable(results))
    return [element for element in node.iter() if element in matched]


@lru_cache(maxsize=1024)
def _group(select: str) -> tuple[etree.XPath, ...]:
    """Return the members of a group of CSS selectors; () for a selector without a comma."""
    if "," not in select or _is_xpath(select):
        return ()
    compiled_selector(select)  # raises ValueError
    members = cssselect.parse(select)
    xpath = partial(_TRANSLATOR.selector_to_xpath, translate_pseudo_elements=True)
    return tuple(etree.XPath(xpath(member)) for member in members)


@lru_cache(maxsize=1024)
def _by_attribute(select: str) -> etree.XPath | None:
    """Return what matches the attributes of the elements that a selector of an id or of classes
    matches; None for any other selector.

    libxml2 looks at an attribute in a third of the time that a condition on its element takes. The
    elements are left to the caller: `/..` takes the square of their number.
    """
    if (match := _BY_ATTRIBUTE.fullmatch(select)) is None:
        return None
    tag, id_, classes = match.groups("")
    conditions = [f". = '{id_}'"] if id_ else []
    for name in classes.split(".")[1:]:  # `contains` twice: most classes are settled by the first
        spaced = f"contains(concat(' ', normalize-space(.), ' '), ' {name} ')"
        conditions += [f"contains(., '{name}')", spaced]
    attribute = "id" if id_ else "class"
    path = f"descendant-or-self::{tag.lower() or '*'}/@{attribute}[{' and '.join(conditions)}]"
    return etree.XPath(path)
