"""The feed of corrections of a Jekyll site: the data that its layout prints.

In: an output folder, and a correction of one of its posts. Out: a file of `_data/corrections` (see
`store/corrections.py`), and once `corrections.xml`, whose layout newsspider lays with the site.
`format.py` calls it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

from newsspider.exporters.corrections import Correction
from newsspider.exporters.jekyll.laid import known_hashes
from newsspider.store import corrections
from newsspider.store.files import write_whole
from newsspider.store.records import PublishedPost
from newsspider.text.characters import clean_characters
from newsspider.text.slugs import short_hash

_LAYOUT, _PAGE = "_layouts/corrections.xml", "corrections.xml"
_LINES = "---\nlayout: corrections\npermalink: /corrections.xml\n---\n"


def lay_correction(output: Path, post: PublishedPost, path: str, correction: Correction) -> None:
    """Write the file of a correction; `path` is the post's page inside the site, "" if it is not
    known. A site whose layout of the feed is missing, or is not newsspider's, gets none. Raises
    OSError or Unwritable if the folder cannot be written."""
    if _LAYOUT not in known_hashes(output) or not (output / _LAYOUT).is_file():
        return
    values = _values(post, path, correction)
    text = json.dumps(values, ensure_ascii=False, indent=1)
    corrections.save(output, post.key, values["id"], correction.at, f"{text}\n")
    if not (output / _PAGE).exists():
        write_whole(output / _PAGE, _LINES.encode(), output)


def _values(post: PublishedPost, path: str, correction: Correction) -> dict[str, Any]:
    """Return what the layout prints, as plain text."""
    article = correction.article
    places = [
        {name: clean_characters(text) for name, text in asdict(place).items()}
        for place in correction.places
    ]
    return {
        "id": short_hash(f"{post.key} {post.hash} {article.title} {article.body}", 16),
        "at": f"{correction.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "title": clean_characters(article.title),
        "old_title": clean_characters(correction.old_title),
        "kinds": list(correction.kinds),
        "path": path,
        "link": article.link,
        "lang": article.language,
        "places": places,
    }
