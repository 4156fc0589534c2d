"""Hugo: a page bundle per article, for the folder `content` of a Hugo site.

In: rows with Markdown. Out: a folder. Called by `exporters/export.py`. Hugo refuses HTML, and would
run a shortcode in the text of a page, so none is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from newsspider.exporters.contract import Row
from newsspider.exporters.texts import without_tags
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.front_matter import article_values, file_stem, front_matter

_SHORTCODE = re.compile(r"\{\{(?=[<%])")
_HUGO_NAMES = {"category": "categories", "link": "source_link"}


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write a bundle for each row."""
    (target / "_index.md").write_text(front_matter({"title": about.title}), "utf-8")
    for row in rows:
        bundle = target / file_stem(row)
        bundle.mkdir()
        text = _SHORTCODE.sub("{&#123;", without_tags(row["markdown"] or ""))
        (bundle / "index.md").write_text(f"{front_matter(_values(row))}{text}\n", "utf-8")


def _values(row: Row) -> dict[str, object]:
    """Return front matter in Hugo's names; `link` and `category` mean something else to it."""
    values = {_HUGO_NAMES.get(name, name): value for name, value in article_values(row).items()}
    return values | {"categories": [row["category"]] if row["category"] else []}
