"""The files of corrections: `_data/corrections` of the output folder has one for each change.

In: the key of an article, the id and the time of a change, and the text of its file. Out: the file.
A new one changes no other file, so two clones never differ about one. `exporters/jekyll` writes the
texts; `store/output.py` removes those of a post that is removed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from newsspider.store.files import write_whole
from newsspider.text.slugs import short_hash

_FOLDER = Path("_data", "corrections")
_KEPT = 200  # files; the feed has the last 50
_SPARE = 50  # more than that, before the oldest are removed


def save(output: Path, key: str, id_: str, at: datetime, text: str) -> None:
    """Write the file of a change. A run that was killed before it wrote the post writes it again,
    at another time: the earlier one goes. Raises Unwritable or OSError."""
    folder = output / _FOLDER
    article = short_hash(key, 16)
    for earlier in folder.glob(f"*-{article}-{id_}.json"):
        earlier.unlink(missing_ok=True)
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{article}-{id_}.json"
    write_whole(folder / name, text.encode(), output)
    files = sorted(folder.glob("*.json"))
    if len(files) > _KEPT + _SPARE:
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)


def forget(output: Path, key: str) -> None:
    """Remove the files of an article: they have parts of its text."""
    for file in (output / _FOLDER).glob(f"*-{short_hash(key, 16)}-*.json"):
        file.unlink(missing_ok=True)
