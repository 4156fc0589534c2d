"""The earlier texts of posts, in `.newsspider/versions`: a packed file for each article.

In: the key of an article and the text of its post that is about to be replaced. Out: its last
texts, the newest first. The publisher saves them, `newsspider show` reads them.

The folder is hidden from git, which would keep each of these files again at every change. A
repository has the earlier texts anyway, in its own history.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsspider.store.files import FOLDER, read_file, write_whole
from newsspider.text.slugs import short_hash

_VERSIONS = "versions"  # in .newsspider
_LENGTH = 24  # of the name of a file


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text that a post had, and until when (ISO 8601, UTC)."""

    until: str
    text: str


def keep(output: Path, key: str, text: str, most: int) -> None:
    """Save the text that an article's post has had until now, and forget all but the last `most`.
    Raises Unwritable or OSError."""
    earlier = read(output, key)
    if not (earlier and earlier[0].text == text):  # else a killed run has saved it
        now = datetime.now(UTC).replace(microsecond=0)
        earlier.insert(0, EarlierText(now.isoformat(), text))
    values = json.dumps([asdict(each) for each in earlier[:most]], ensure_ascii=False)
    write_whole(_file(output, key), gzip.compress(values.encode(), mtime=0), output)


def read(output: Path, key: str) -> list[EarlierText]:
    """Return the earlier texts of an article, the newest first; none if they cannot be read."""
    try:
        values = json.loads(gzip.decompress(read_file(_file(output, key))))
        return [EarlierText(str(each["until"]), str(each["text"])) for each in values]
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, RecursionError):
        return []


def forget(output: Path, key: str) -> None:
    """Remove the earlier texts of an article."""
    with contextlib.suppress(FileNotFoundError):
        _file(output, key).unlink()


def _file(output: Path, key: str) -> Path:
    return output / FOLDER / _VERSIONS / f"{short_hash(key, _LENGTH)}.json.gz"
