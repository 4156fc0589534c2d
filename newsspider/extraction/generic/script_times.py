"""The time of publication that a page has only in a variable of its script, as WeChat does.

In: the tree of a page. Out: the time as text. Called by `times`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import html

_LONGEST = 1_000_000  # characters of a script that is read
# `var ct = "1790671500"`, `window.ct = '1790671500' || ''`, `var createTime = '2026-09-29 16:45'`
_TIME = re.compile(
    r"(?:\bvar |\bwindow\.)(?:ct|(?:ori_?)?create_?time|pub(?:lish)?_?(?:time|date)) ?= ?"
    r"(?:[\"'](\d{10}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^\"']{0,12})[\"']|(\d{10})) ?(?:;|\|\|)",
    re.I,
)


def times_of_scripts(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the times of publication in variables of scripts; seconds since 1970 as ISO 8601."""
    for script in tree.iter("script"):
        text = script.text or ""
        if script.get("src") is None and len(text) <= _LONGEST:
            for match in _TIME.finditer(text):
                value = match[1] or match[2]
                yield _iso(int(value)) if value.isdigit() else value


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
