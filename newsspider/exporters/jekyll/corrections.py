"""The corrections of a Jekyll site: a small file each, and the feed that Jekyll makes of them.

In: an output folder, and the corrections of its posts. Out: `_data/corrections/….json`, and once
`corrections.xml`, whose layout newsspider lays with the site. A new correction adds a file and
changes none, so a repository grows by it alone, and two clones never differ about one file.
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
from newsspider.store.files import write_whole
from newsspider.store.records import PublishedPost
from newsspider.text.characters import clean_characters
from newsspider.text.slugs import short_hash

_FOLDER = Path("_data", "corrections")
_LAYOUT, _PAGE = "_layouts/corrections.xml", "corrections.xml"
_KEPT = 200  # the feed has the last 50
_SPARE = 50  # more than that, before the oldest are removed


def lay_correction(output: Path, post: PublishedPost, path: str, correction: Correction) -> None:
    """Write the file of a correction; `path` is the post's page inside the site, "" if it is not
    known. A site whose layout of the feed is missing, or is not newsspider's, gets none. Raises
    OSError or Unwritable if the folder cannot be written."""
    if _LAYOUT not in known_hashes(output) or not (output / _LAYOUT).is_file():
        return
    folder, values = output / _FOLDER, _values(post, path, correction)
    at = correction.at.astimezone(UTC)
    values["at"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    # A run that was killed before it wrote the post writes this file again, at another time.
    for earlier in folder.glob(f"*-{values['id']}.json"):
        earlier.unlink()
    text = json.dumps(values, ensure_ascii=False, indent=1)
    name = f"{at:%Y%m%dT%H%M%S}-{values['id']}.json"
    write_whole(folder / name, f"{text}\n".encode(), output)
    if not (output / _PAGE).exists():
        page = "---\nlayout: corrections\npermalink: /corrections.xml\n---\n"
        write_whole(output / _PAGE, page.encode(), output)
    files = sorted(folder.glob("*.json"))
    if len(files) > _KEPT + _SPARE:
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)


def _values(post: PublishedPost, path: str, correction: Correction) -> dict[str, Any]:
    """Return what the layout prints, as plain text."""
    article = correction.article
    places = [
        {name: clean_characters(text) for name, text in asdict(place).items()}
        for place in correction.places
    ]
    return {
        "id": short_hash(f"{post.key} {post.hash} {article.title} {article.body}", 16),
        "title": clean_characters(article.title),
        "old_title": clean_characters(correction.old_title),
        "kinds": list(correction.kinds),
        "path": path,
        "link": article.link,
        "lang": article.language,
        "places": places,
    }
