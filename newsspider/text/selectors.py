"""The reading of a page with the selectors of a site file.

In: the tree or value from `parse`, and the picks of a site file (each a CSS selector, an XPath or a
JMESPath, with an optional pattern). Out: text values. `sites.types` compiles every selector when a
site file is loaded, so a typo is reported with its line; `listing`, `extraction` and `discover`
read pages with them.
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
from lxml import etree, html

from newsspider.errors import NotReadable
from newsspider.text.parse import script_value
from newsspider.text.xpath import evaluated

# A path of one plain word matches its key in any case: the same field is infoCode in one East Money
# list and infocode in the next, showtime or showTime (see docs/site-definitions.md).
_WORD = re.compile(r"[A-Za-z_]\w*")
# Characters of a text that a pattern is applied to: a pattern may take quadratic time.
_LONGEST = 50_000
_MOST_VALUES = 100  # values of a field that may have several


class Pick(Protocol):
    """A way to find a field: where to look, and which part of the text to take."""

    @property
    def select(self) -> str: ...
    @property
    def pattern(self) -> str: ...


@lru_cache(maxsize=1024)
def compiled_path(path: str) -> Any:
    """Return a JMESPath, ready to run on a JSON value. Raises ValueError with the reason."""
    try:
        compiled = jmespath.compile(path)
        with contextlib.suppress(jmespath.exceptions.JMESPathTypeError, ArithmeticError):
            compiled.search({})  # an unknown function is reported only now
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path!r} is not a JMESPath ({reason})") from error
    return compiled


@lru_cache(maxsize=1024)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """Return a compiled regular expression; its first group, else its whole match, is the value.

    Raises ValueError, also for a pattern that a later Python would read differently (`[[`).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile(pattern, re.S)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        raise ValueError(f"{pattern!r} is not a regular expression ({error})") from error


def take_out(tree: html.HtmlElement, selects: Iterable[str]) -> None:
    """Remove the elements that these selectors match, and keep the text after them."""
    for select in selects:
        for element in elements(tree, select):
            if element.getparent() is not None:
                element.drop_tree()


def parse_script(tree: html.HtmlElement, picks: Iterable[Pick]) -> Any:
    """Return the value in a script of an HTML page: the data of a script element, or the value that
    it assigns, as in `window.__STATE__ = {…};`. The value starts after the match of the pick's
    pattern.

    The first script with a value counts. Raises NotReadable without one.
    """
    picks = tuple(picks)
    first_error: NotReadable | None = None
    for pick in picks:
        for item in _select(tree, pick.select):
            text = _raw_text(item)
            if pick.pattern:
                start = compiled_pattern(pick.pattern).search(text[:_LONGEST])
                text = text[start.end() :] if start else ""
            if not text.strip():
                continue
            try:
                return script_value(text.strip())
            except NotReadable as error:
                first_error = first_error or error
    if first_error:
        raise first_error
    selectors = ", ".join(repr(pick.select) for pick in picks)
    raise NotReadable(f"no script matches {selectors}")


def _raw_text(item: Any) -> str:
    if isinstance(item, etree._Element):
        return "".join(cast(Iterable[str], item.itertext()))
    return str(item)


def elements(tree: html.HtmlElement, select: str) -> list[html.HtmlElement]:
    """Return the elements that a selector matches."""
    nodes = _select(tree, select)
    return [node for node in nodes if isinstance(node, etree._Element) and _is_tag(node)]


def matches(tree: html.HtmlElement, select: str) -> bool:
    """Return whether a selector matches anything, even if it is empty."""
    return bool(_select(tree, select))


def _select(node: html.HtmlElement, select: str) -> list[Any]:
    try:
        result: Any = evaluated(node, select)
    except etree.XPathError as error:
        raise NotReadable(f"{select!r} cannot be used here ({error})") from error
    return result if isinstance(result, list) else [result]


def _is_tag(node: etree._Element) -> bool:
    """Return whether a node is an element: to lxml, comments and processing instructions are
    elements too."""
    return isinstance(node.tag, str)


def records(value: Any, path: str) -> list[Mapping[str, Any]] | None:
    """Return the records that a path gives in a JSON value; None when it does not give a list."""
    result = search(path, value)
    if not isinstance(result, list):
        return None
    return [record for record in result if isinstance(record, dict)]


def read_fields(node: html.HtmlElement, fields: Mapping[Any, Iterable[Pick]]) -> dict[str, Any]:
    """Return the fields of a page or of an entry, by the picks of the site file: a text each; for
    `body` the HTML, for `tags` a tuple of texts."""
    return {
        str(name): html_texts(node, picks)
        if name == "tags"
        else html_field(node, picks, markup=name == "body")
        for name, picks in fields.items()
    }


def read_json_fields(record: Any, fields: Mapping[Any, Iterable[Pick]]) -> dict[str, Any]:
    """Return the fields of a record, by the picks of the site file: a text or a number each; for
    `tags` a tuple of texts."""
    return {
        str(name): json_texts(record, picks) if name == "tags" else json_field(record, picks)
        for name, picks in fields.items()
    }


def html_field(node: html.HtmlElement, picks: Iterable[Pick], *, markup: bool = False) -> str:
    """Return the first value that any of the picks gives, or "". The value of an element is its
    text, or with `markup` its inner HTML."""
    values = (_html_values(node, pick, markup=markup) for pick in picks)
    return next(chain.from_iterable(values), "")


def html_texts(node: html.HtmlElement, picks: Iterable[Pick]) -> tuple[str, ...]:
    """Return the values of the first pick that gives any, at most a hundred."""
    by_pick = (tuple(islice(_html_values(node, pick), _MOST_VALUES)) for pick in picks)
    return next(filter(None, by_pick), ())


def _html_values(node: html.HtmlElement, pick: Pick, *, markup: bool = False) -> Iterator[str]:
    for item in _select(node, pick.select):
        text = inner_html(item) if markup else _text(item)
        if value := _part(text, pick.pattern):
            yield value


def json_field(record: Any, picks: Iterable[Pick]) -> Any:
    """Return the first value of any pick that is text or a number, or ""."""
    values = (_json_values(_values(record, pick.select), pick) for pick in picks)
    return next(chain.from_iterable(values), "")


def json_texts(record: Any, picks: Iterable[Pick]) -> tuple[str, ...]:
    """Return the values of the first pick that gives any, at most a hundred, also those in a
    list."""
    for pick in picks:
        results = _values(record, pick.select)
        lists = (result if isinstance(result, list) else (result,) for result in results)
        values = chain.from_iterable(lists)
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
        # `"\ud800"` is JSON, and half a character that no file and no database accepts.
        text = str(value).encode("utf-8", "ignore").decode("utf-8")
        if part := _part(text, pick.pattern):
            yield part


def _values(record: Any, path: str) -> Iterator[Any]:
    if isinstance(record, dict) and _WORD.fullmatch(path):
        wanted = path.casefold()
        yield from (value for key, value in record.items() if key.casefold() == wanted)
    else:
        yield search(path, record)


def search(path: str, value: Any) -> Any:
    """Return what a JMESPath gives; None where one of its functions cannot take the value."""
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
        # Line breaks of the source do not belong to a title or a name.
        return " ".join("".join(cast(Iterable[str], item.itertext())).split(None))
    return str(item)


def inner_html(item: Any) -> str:
    """Return the HTML inside an element; for other values their text."""
    if not isinstance(item, etree._Element):
        return str(item)
    inside = [html.tostring(child, encoding="unicode") for child in item]
    # `item.text` is unescaped: a body that begins with `&lt;b&gt;` must begin with it again.
    return escape(item.text or "", quote=False) + "".join(inside)
