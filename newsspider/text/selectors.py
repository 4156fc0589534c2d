"""Selectors of a site file, compiled once, and the reading of one answer by them.

In: what `parse` made of a page, and the picks of a site file (a CSS selector, an XPath or a
JMESPath each, with an optional pattern). Out: text values. `site.py` compiles every selector when
it loads a file, so that a typo is told with its line; `listing.py` and `extract/rules.py` read
pages with them.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from itertools import chain, islice
from typing import Any, Protocol, cast

import jmespath
import jmespath.exceptions
from cssselect import SelectorError
from lxml import etree, html
from parsel.csstranslator import HTMLTranslator

from newsspider.errors import NotReadable
from newsspider.text.parse import script_value

_TRANSLATOR = HTMLTranslator()
# A path of one plain word finds its key in any case: the same field is infoCode in one East Money
# list and infocode in the next, showtime here and showTime there (see docs/site-definitions.md).
_WORD = re.compile(r"[A-Za-z_]\w*")
_XPATH = re.compile(r"\.?/|\.\.|\.$|\(|@|[a-z-]+\(")
_XPATH_CALL = re.compile(r"([\w-]+(?::[\w-]+)?)\s*\(")
_XPATH_STRING = re.compile("'[^']*'|\"[^\"]*\"")
# An unknown function shows only where a page has what it is asked of, so it is looked for here.
_XPATH_FUNCTION = re.compile(
    "and|or|div|mod|text|node|comment|processing-instruction|last|position|count|id|local-name"
    "|namespace-uri|name|string|concat|starts-with|contains|substring-before|substring-after"
    "|substring|string-length|normalize-space|translate|boolean|not|true|false|lang|number|sum"
    "|floor|ceiling|round"
)
# Of a text that a pattern is held against: a pattern may take the square of its length.
_LONGEST = 50_000
_MOST_VALUES = 100  # of a field that may have several


class Pick(Protocol):
    """One way to find a field: where to look, and which part of what is there."""

    @property
    def select(self) -> str: ...
    @property
    def pattern(self) -> str: ...


@lru_cache(maxsize=1024)
def compiled_selector(select: str) -> etree.XPath:
    """A CSS selector (with `::text` and `::attr(x)`) or an XPath, ready to run on an lxml tree.

    Raises ValueError with the reason when it is neither.
    """
    try:
        # A slash outside of quotes is no CSS.
        if _XPATH.match(select) or "/" in _XPATH_STRING.sub("", select):
            called = _XPATH_CALL.findall(_XPATH_STRING.sub("''", select))
            if unknown := [name for name in called if not _XPATH_FUNCTION.fullmatch(name)]:
                raise ValueError(f"there is no function {unknown[0]}")
            compiled = etree.XPath(select)
        else:
            compiled = etree.XPath(_TRANSLATOR.css_to_xpath(select))
        compiled(etree.Element("x"))
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise ValueError(f"{select!r} is no CSS selector or XPath ({error})") from error
    return compiled


@lru_cache(maxsize=1024)
def compiled_path(path: str) -> Any:
    """A JMESPath, ready to run on a JSON value. Raises ValueError with the reason."""
    try:
        compiled = jmespath.compile(path)
        with contextlib.suppress(jmespath.exceptions.JMESPathTypeError, ArithmeticError):
            compiled.search({})  # an unknown function shows only now
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path!r} is no JMESPath ({reason})") from error
    return compiled


@lru_cache(maxsize=1024)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression; its first group, or else all it matches, is the value.

    Raises ValueError, also where a later Python would read it otherwise (`[[`)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile(pattern, re.S)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from error


def take_out(tree: html.HtmlElement, selects: Iterable[str]) -> None:
    """Remove what these selectors find, and keep the text behind it."""
    for select in selects:
        for element in elements(tree, select):
            if element.getparent() is not None:
                element.drop_tree()


def parse_script(tree: html.HtmlElement, picks: Iterable[Pick]) -> Any:
    """The value that a script of an HTML page holds: the data of a script element, or what one
    assigns, as in `window.__STATE__ = {…};`. A pick's pattern says where in the script it starts.

    Of several scripts the first with a value in it counts. Raises NotReadable when there is none.
    """
    picks = tuple(picks)
    why: NotReadable | None = None
    for pick in picks:
        for item in _found(tree, pick.select):
            text = _raw_text(item)
            if pick.pattern:
                start = compiled_pattern(pick.pattern).search(text[:_LONGEST])
                text = text[start.end() :] if start else ""
            if not text.strip():
                continue
            try:
                return script_value(text.strip())
            except NotReadable as error:
                why = why or error
    if why:
        raise why
    sought = ", ".join(repr(pick.select) for pick in picks)
    raise NotReadable(f"no script is found by {sought}")


def _raw_text(item: Any) -> str:
    if isinstance(item, etree._Element):
        return "".join(cast(Iterable[str], item.itertext()))
    return str(item)


def elements(tree: html.HtmlElement, select: str) -> list[html.HtmlElement]:
    """The elements a selector finds."""
    found = _found(tree, select)
    return [node for node in found if isinstance(node, etree._Element) and _is_tag(node)]


def matches(tree: html.HtmlElement, select: str) -> bool:
    """Whether a selector finds anything, be it empty."""
    return bool(_found(tree, select))


def _found(node: html.HtmlElement, select: str) -> list[Any]:
    try:
        found: Any = compiled_selector(select)(node)
    except etree.XPathError as error:
        raise NotReadable(f"{select!r} cannot be used here ({error})") from error
    return found if isinstance(found, list) else [found]


def _is_tag(node: etree._Element) -> bool:
    """Whether it is no comment and no processing instruction, which lxml makes elements too."""
    return isinstance(node.tag, str)


def records(value: Any, path: str) -> list[Mapping[str, Any]] | None:
    """The records a path finds in a JSON value; None when what is there is no list."""
    found = search(path, value)
    if not isinstance(found, list):
        return None
    return [record for record in found if isinstance(record, dict)]


def read_fields(node: html.HtmlElement, fields: Mapping[Any, Iterable[Pick]]) -> dict[str, Any]:
    """The fields of a page or of an entry on one, by the picks of the site file: a text each, of
    `body` its HTML, of `tags` a tuple of texts."""
    return {
        str(name): html_texts(node, picks)
        if name == "tags"
        else html_field(node, picks, markup=name == "body")
        for name, picks in fields.items()
    }


def read_json_fields(record: Any, fields: Mapping[Any, Iterable[Pick]]) -> dict[str, Any]:
    """The fields of a record, by the picks of the site file: a text or a number each, of `tags` a
    tuple of texts."""
    return {
        str(name): json_texts(record, picks) if name == "tags" else json_field(record, picks)
        for name, picks in fields.items()
    }


def html_field(node: html.HtmlElement, picks: Iterable[Pick], *, markup: bool = False) -> str:
    """The first value that any of the picks gives, or "". Of an element it is the text, or the
    inner HTML with `markup`."""
    values = (_html_values(node, pick, markup=markup) for pick in picks)
    return next(chain.from_iterable(values), "")


def html_texts(node: html.HtmlElement, picks: Iterable[Pick]) -> tuple[str, ...]:
    """The values of the first pick that gives any, at most a hundred."""
    several = (tuple(islice(_html_values(node, pick), _MOST_VALUES)) for pick in picks)
    return next(filter(None, several), ())


def _html_values(node: html.HtmlElement, pick: Pick, *, markup: bool = False) -> Iterator[str]:
    for item in _found(node, pick.select):
        text = inner_html(item) if markup else _text(item)
        if value := _part(text, pick.pattern):
            yield value


def json_field(record: Any, picks: Iterable[Pick]) -> Any:
    """The first value any of the picks gives that is text or a number, or ""."""
    values = (_json_values(_values(record, pick.select), pick) for pick in picks)
    return next(chain.from_iterable(values), "")


def json_texts(record: Any, picks: Iterable[Pick]) -> tuple[str, ...]:
    """The values of the first pick that gives any, those in a list too, at most a hundred."""
    for pick in picks:
        lists = _values(record, pick.select)
        values = chain.from_iterable(one if isinstance(one, list) else (one,) for one in lists)
        if texts := tuple(map(str, islice(_json_values(values, pick), _MOST_VALUES))):
            return texts
    return ()


def _json_values(values: Iterable[Any], pick: Pick) -> Iterator[Any]:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        if not pick.pattern and not isinstance(value, str):
            yield value
            continue
        # `"\ud800"` is JSON, and half a character that no file and no database takes.
        text = str(value).encode("utf-8", "ignore").decode("utf-8")
        if found := _part(text, pick.pattern):
            yield found


def _values(record: Any, path: str) -> Iterator[Any]:
    if isinstance(record, dict) and _WORD.fullmatch(path):
        wanted = path.casefold()
        yield from (value for key, value in record.items() if key.casefold() == wanted)
    else:
        yield search(path, record)


def search(path: str, value: Any) -> Any:
    """What a JMESPath finds; None where a function of it cannot take what an answer has there."""
    try:
        return compiled_path(path).search(value)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


def _part(text: str, pattern: str) -> str:
    if pattern:
        match = compiled_pattern(pattern).search(text[:_LONGEST])
        if match is None:
            return ""
        text = next((group for group in match.groups() if group is not None), match[0])
    return text.strip(" \t\r\n\xa0")


def _text(item: Any) -> str:
    if isinstance(item, etree._Element) and not _is_tag(item):
        return item.text or ""
    if isinstance(item, etree._Element):
        # Line breaks of the source are no part of a title or a name.
        return " ".join("".join(cast(Iterable[str], item.itertext())).split(None))
    return str(item)


def inner_html(item: Any) -> str:
    """The HTML inside of an element; of what is none its text."""
    if not isinstance(item, etree._Element):
        return str(item)
    inside = [html.tostring(child, encoding="unicode") for child in item]
    # The text is no HTML any more: a body that begins with `&lt;b&gt;` begins with these letters.
    return escape(item.text or "", quote=False) + "".join(inside)
