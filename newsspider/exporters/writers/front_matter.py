"""Front matter of the formats that have a file per article, and the names of their files.

In: rows. Out: texts. Pure. `md_files`, `txt_files` and `hugo` use it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from newsspider.exporters.contract import Row

# YAML reads these as line ends or refuses them, also between quotes.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_FIELDS = ("title", "link", "source", "authors", "language", "category", "tags", "summary")


def front_matter(values: Mapping[str, Any]) -> str:
    """Return values as front matter in YAML, in their order; those that are empty are left out."""
    lines = (f"{name}: {_yaml(value)}" for name, value in values.items() if value)
    return "\n".join(("---", *lines, "---", ""))


def article_values(row: Row) -> dict[str, Any]:
    """Return the fields of an article that stand in front matter."""
    stocks = [f"{stock['market']}.{stock['code']}" for stock in row["stocks"]]
    dates = {"date": row["published"], "lastmod": row["modified"]}
    return {**{name: row[name] for name in _FIELDS}, **dates, "stocks": stocks}


def file_stem(row: Row) -> str:
    """Return the name of the article's file without an ending, as that of its post."""
    return PurePath(row["post"]).stem


def month_of(row: Row) -> str:
    """Return the month of publication, `2022-04`; `unknown` without one."""
    return str(row["published"] or "unknown")[:7]


def _yaml(value: Any) -> str:
    """Return a text or a list of texts as YAML, by way of JSON, which YAML includes."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
