"""Where the script of a link leads: `location.href='/news/17'`, `fnView('17')`.

In: the tree of a page, the text of an attribute (both hostile). Out: the address as the script has
it. Called by `listing.html` and `discover`. Patterns only: no script is executed. The functions
that are known are those that the page itself defines and that go to an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import html

# Attributes that may hold the target of a link or of a row, in the order in which they count.
TARGETS = ("href", "onclick", "data-href", "data-url", "data-link")

_MOST_SCRIPTS, _MOST_FUNCTIONS, _LONGEST = 100, 500, 300_000
_LONGEST_CODE, _LONGEST_BODY = 1000, 1000  # characters of an attribute, of a function
_TEXT = r"'(?:[^'\\\n]|\\.){0,500}'|\"(?:[^\"\\\n]|\\.){0,500}\"|`(?:[^`\\]|\\.){0,500}`"
_NAME = r"[A-Za-z_$][\w$.]{0,60}"
_ENCODED = rf"(?:encodeURIComponent|encodeURI|escape|String)\(\s?{_NAME}\s?\)"
_TERM = rf"(?:{_TEXT}|{_ENCODED}|{_NAME}|\d{{1,20}})"
_SUM = rf"{_TERM}(?:\s{{0,9}}\+\s{{0,9}}{_TERM}){{0,12}}"
_GOES = re.compile(
    r"(?:\blocation(?:\.href)?\s{0,9}=(?!=)\s{0,9}|\blocation\.(?:assign|replace)\s?\(\s{0,9}"
    rf"|\bopen\s?\(\s{{0,9}})({_SUM})"
)
_FUNCTION = re.compile(
    r"\bfunction\s{1,9}(?P<name>[\w$]{1,60})\s?\((?P<first>[\w$,\s]{0,200})\)\s{0,9}\{"
    r"|(?<![\w$])(?P<variable>[A-Za-z_$][\w$]{0,60})\s{0,9}[=:]\s{0,9}(?:function\s{0,9}[\w$]{0,60}\s?"
    r"\((?P<second>[\w$,\s]{0,200})\)\s{0,9}\{|\(?(?P<third>[\w$,\s]{0,200})\)?\s{0,9}=>)"
)
_CALL = re.compile(rf"({_NAME})\s?\(([^()]{{0,500}})\)")
_TERMS = re.compile(_TERM)
_HOLE = re.compile(r"\$\{\s?([\w$.]{1,60})\s?\}")
_IS_SCRIPT = re.compile(
    rf"\s*(?:javascript:|(?:return\s+)?{_NAME}\s?\([^()]{{0,500}}\)\s*(?:[;,]|$)|if\s?\("
    r"|[^/?]{0,60}\blocation\s?[.=])",
    re.I,
)
_SCHEME = re.compile(r"\s*javascript:", re.I)


@dataclass(frozen=True, slots=True)
class _Function:
    """A function of the page: its parameters, and its body up to 1000 characters."""

    parameters: tuple[str, ...]
    body: str


class ScriptLinks:
    """The targets of the scripted links of a page. The functions of the page are read when the
    first of its links calls one."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self._tree = tree

    def target(self, value: str) -> str:
        """Return the address in an attribute: the value itself where it is no script, "" for a
        script that leads to no address."""
        if not _IS_SCRIPT.match(value):
            return value
        code = _SCHEME.sub("", value[:_LONGEST_CODE], count=1)
        if address := _destination(code, {}):
            return address
        for call in _CALL.finditer(code):
            function = self._functions.get(call[1].rpartition(".")[2])
            if function is not None:
                values = [_sum_of(term, {}) for term in _TERMS.findall(call[2])]
                arguments = dict(zip(function.parameters, values, strict=False))
                if address := _destination(function.body, arguments):
                    return address
        return ""

    @cached_property
    def _functions(self) -> Mapping[str, _Function]:
        functions: dict[str, _Function] = {}
        for script in islice(self._tree.iter("script"), _MOST_SCRIPTS):
            for name, function in islice(
                _functions((script.text or "")[:_LONGEST]), _MOST_FUNCTIONS
            ):
                functions.setdefault(name, function)
        return functions


def _functions(text: str) -> Iterator[tuple[str, _Function]]:
    """Yield the functions in a script with their names; a body ends where the next begins."""
    matches = list(islice(_FUNCTION.finditer(text), _MOST_FUNCTIONS + 1))
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        parameters = match["first"] or match["second"] or match["third"] or ""
        names = tuple(name.strip() for name in parameters.split(","))
        body = text[match.end() : min(end, match.end() + _LONGEST_BODY)]
        yield match["name"] or match["variable"], _Function(names, body)


def _destination(code: str, values: Mapping[str, str | None]) -> str:
    """Return the address that a script goes to with these values of its variables, or ""."""
    for match in _GOES.finditer(code):
        known = dict(values)
        # `var url = '/view?id=' + id; location.href = url;`
        for name in set(_TERMS.findall(match[1])) - set(known):
            if re.fullmatch(_NAME, name) and (
                local := re.search(rf"(?<![\w$.]){re.escape(name)}\s?=(?!=)\s?({_SUM})", code)
            ):
                known[name] = _sum_of(local[1], known)
        if address := _sum_of(match[1], known):
            return address
    return ""


def _sum_of(expression: str, values: Mapping[str, str | None]) -> str | None:
    """Return the text that an expression adds up to; None if one of its parts is unknown."""
    parts = [_text_of(term, values) for term in _TERMS.findall(expression)]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _text_of(term: str, values: Mapping[str, str | None]) -> str | None:
    if term[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", term[1:-1])
    if term[0] == "`":
        holes = {name: _text_of(name, values) for name in _HOLE.findall(term)}
        if None in holes.values():
            return None
        return _HOLE.sub(lambda hole: holes[hole[1]] or "", term[1:-1])
    if term.isdigit():
        return term
    name = term.partition("(")[2].strip(" )") or term
    return "" if name.endswith("location.origin") else values.get(name)
