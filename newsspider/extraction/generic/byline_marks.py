"""Elements whose class or id is a word for an author: `autor`, `szerzo`, `penulis`.

In: the tree of a page. Out: the elements, in their order. Called by `author_candidates`, after the
marks that are the same everywhere (`byline`, `rel=author`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import html

from newsspider.extraction.generic.byline_lines import PERSON
from newsspider.extraction.generic.texts import text_line
from newsspider.languages import alternation

_TAGS = ("a", "span", "div", "p", "address", "em", "strong", "b", "li", "small", "h4", "h5", "h6")
_MOST = 40  # elements that are looked at
_LONGEST = 120  # characters of a class or id
_MARK = re.compile(
    rf"(?:^|[\s_-])(?:{alternation('byline_class')})(?:[_-]?(?:name|nome?|info|box))?(?:$|[\s_-])",
    re.I,
)
_ANYWHERE = re.compile(alternation("byline_class"), re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def by_class(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the elements whose class or id is a word for an author, and which name a person."""
    return list(islice(_by_class(tree), _MOST))


def _by_class(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in tree.iter(*_TAGS):
        marks = f"{(element.get('class') or '')[:_LONGEST]} {(element.get('id') or '')[:_LONGEST]}"
        # Most elements have no such word: the search for its ends is only for the others.
        marked = _ANYWHERE.search(marks) and _MARK.search(_CAMEL.sub("-", marks))
        if marked and PERSON.search(text_line(element)[:_LONGEST]):
            yield element
