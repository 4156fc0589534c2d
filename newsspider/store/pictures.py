"""The pictures that an output folder keeps: their files, and what became of each address.

In: a decoded picture, or why an address gives none. Out: files in `assets/images`, one for each
content, with a small copy in `assets/images/small`; and lines of JSON in
`_newsspider/pictures.jsonl`, which git keeps and merges. `fetch.pictures` calls it, and
`store/output.py` where posts are removed.

The file is written first, then its line, then the post: a run that is killed leaves at most a file
that no post shows, and no picture is fetched twice. A line is only ever added; of two for an
address the one with a file counts, else the one with more tries. Each article that shows an
address whose picture failed has a line of it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsspider.errors import OutputError
from newsspider.pictures.decode import Picture
from newsspider.pictures.placing import KeptPicture
from newsspider.store.files import append_line, read_file, read_text, write_whole
from newsspider.store.lasting import LASTING
from newsspider.text.pictures import KEPT_FOLDER

SMALL = "small"  # the folder of the small copies, in that of the pictures
# After how long a picture that failed is fetched again; then it stays a link.
PAUSES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72))
NEVER = len(PAUSES) + 1  # tries of an address that is not asked for again
_LINES = "pictures.jsonl"  # in _newsspider
_FILE = re.compile(rf"{KEPT_FOLDER}/[0-9a-f]{{32}}\.(?:jpg|png|webp)")
_SHOWN = re.compile(rf"{KEPT_FOLDER}/([0-9a-f]{{32}}\.(?:jpg|png|webp))".encode())
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanting:
    """An address whose picture is not kept: an article that shows it, in how many runs it was
    tried, when last (ISO 8601), and why it failed."""

    url: str
    article: str
    tries: int
    tried: str
    why: str

    def pause(self, now: datetime) -> timedelta | None:
        """Return how long the picture is not to be fetched again yet, less than nothing if it is
        due; None: never."""
        if not 0 < self.tries < NEVER:
            return timedelta(0) if self.tries <= 0 else None
        return PAUSES[self.tries - 1] - (now - _time(self.tried))

    def is_due(self, now: datetime) -> bool:
        """Return whether the picture is to be fetched again."""
        pause = self.pause(now)
        return pause is not None and pause <= timedelta(0)


class PictureStore:
    """The pictures of an output folder. Its lines are read when it is first asked."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._kept: dict[str, KeptPicture] = {}
        self._wanting: dict[str, Wanting] = {}
        self._showing: dict[str, dict[str, None]] = defaultdict(dict)  # url -> keys of articles
        self._is_read = False

    def check(self) -> None:
        """Raise OutputError if pictures cannot be kept in the folder."""
        for folder in (Path(KEPT_FOLDER).parent, Path(KEPT_FOLDER), Path(KEPT_FOLDER, SMALL)):
            path = self._output / folder
            if path.is_symlink() or (path.exists() and not path.is_dir()):
                what = "a link to another place" if path.is_symlink() else "not a folder"
                raise OutputError(
                    f"{path}: is {what}; pictures are kept there: move it away, or choose"
                    " --images link"
                )

    def kept(self, url: str) -> KeptPicture | None:
        """Return the picture of an address, if its file is there."""
        self._read()
        picture = self._kept.get(url)
        if picture is None or not (self._output / picture.file).is_file():
            return None
        return picture

    def picture(self, url: str) -> Picture | None:
        """Return the picture of an address with its bytes, if its files are there. Raises
        OSError."""
        kept = self.kept(url)
        if kept is None:
            return None
        name = Path(kept.file).name
        data = read_file(self._output / kept.file)
        small = read_file(self._output / KEPT_FOLDER / SMALL / name)
        return Picture(name, data, small, kept.width, kept.height)

    def wanting(self, url: str) -> Wanting | None:
        """Return why an address has no picture; None if it has one, or was not asked."""
        self._read()
        return self._wanting.get(url)

    def showing(self, url: str) -> list[str]:
        """Return the keys of the articles that show an address whose picture has failed."""
        self._read()
        return list(self._showing.get(url, ()))

    def waits(self, url: str, now: datetime) -> bool:
        """Return whether an address gave no picture, and is not asked again yet."""
        self._read()
        wanting = self._wanting.get(url)
        return wanting is not None and not wanting.is_due(now)

    def pause(self, url: str, now: datetime) -> float | None:
        """Return the seconds after which an address is to be asked again, 0 if it is due; None:
        never, as its picture is kept or cannot be had."""
        wanting = None if self.kept(url) else self.wanting(url)
        pause = wanting.pause(now) if wanting else None
        return None if pause is None else max(0.0, pause.total_seconds())

    def keep(self, url: str, picture: Picture) -> KeptPicture:
        """Write the files of a picture, unless they are there, and note its address. Raises
        Unwritable or OSError, and ValueError for a name that no picture has."""
        self._read()
        file = f"{KEPT_FOLDER}/{picture.name}"
        if not _FILE.fullmatch(file):
            raise ValueError(f"{picture.name!r} is not the name of a picture")
        kept = KeptPicture(file, picture.width, picture.height)
        small = f"{KEPT_FOLDER}/{SMALL}/{picture.name}"
        for name, data in ((small, picture.small), (file, picture.data)):
            if not (self._output / name).is_file():
                write_whole(self._output / name, data, self._output)
        self._note({"url": url, **asdict(kept)})
        self._kept[url] = kept
        self._wanting.pop(url, None)
        return kept

    def note_failure(
        self, url: str, article: str, why: str, now: datetime, *, tries: int = 1
    ) -> None:
        """Note that an address gave no picture for the article of this key; `tries` is added to
        those before: 0 for a run that ended before, NEVER for what is not asked for again. Raises
        Unwritable or OSError."""
        self._read()
        before = self._wanting.get(url)
        tries = min((before.tries if before else 0) + tries, NEVER)
        wanting = Wanting(url, article, tries, now.isoformat(timespec="seconds"), why)
        if before is None or before.tries != tries or article not in self._showing[url]:
            self._note(asdict(wanting))
        self._wanting[url] = wanting
        self._showing[url][article] = None

    def note_showing(self, url: str, article: str) -> None:
        """Note that the article of this key shows an address, too, whose picture is fetched again
        later. Raises Unwritable or OSError."""
        self._read()
        wanting = self._wanting.get(url)
        if wanting and wanting.tries < NEVER and article not in self._showing[url]:
            self._note(asdict(replace(wanting, article=article)))
            self._showing[url][article] = None

    def due(self, now: datetime) -> Mapping[str, list[str]]:
        """Return the addresses to ask again, by the key of each article that shows them."""
        self._read()
        return self._by_article(url for url, each in self._wanting.items() if each.is_due(now))

    def late(self) -> Mapping[str, list[str]]:
        """Return the addresses whose pictures failed before they were kept, by the key of each
        article that shows them."""
        self._read()
        return self._by_article(url for url in self._showing if url in self._kept)

    def _by_article(self, urls: Iterable[str]) -> Mapping[str, list[str]]:
        by_article: dict[str, list[str]] = defaultdict(list)
        for url in urls:
            for article in self._showing[url]:
                by_article[article].append(url)
        return by_article

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        try:
            lines = read_text(self._output / LASTING / _LINES, "replace").split("\n")
        except FileNotFoundError:
            return
        for line in filter(None, lines):
            self._take(line)

    def _take(self, line: str) -> None:
        """Take a line, unless it cannot be read: anybody who can write to the repository may have
        written it."""
        try:
            values = json.loads(line)
            if "file" in values:
                kept = KeptPicture(str(values["file"]), int(values["width"]), int(values["height"]))
                if _FILE.fullmatch(kept.file):
                    self._kept[url := str(values["url"])] = kept
                    self._wanting.pop(url, None)
                return
            texts = {name: str(values[name]) for name in ("url", "article", "tried", "why")}
            wanting = Wanting(**texts, tries=int(values["tries"]))
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return
        self._showing[wanting.url][wanting.article] = None
        before = self._wanting.get(wanting.url)
        if wanting.url not in self._kept and (before is None or before.tries <= wanting.tries):
            self._wanting[wanting.url] = wanting

    def _note(self, values: Mapping[str, Any]) -> None:
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        append_line(self._output / LASTING / _LINES, line)


def remove_pictures(output: Path, posts: Path, going: Collection[str]) -> None:
    """Remove the pictures of an output folder that only these posts show, by the names of their
    files in the folder `posts`. Call it before the posts are removed: afterwards nobody knows what
    they showed. Raises OSError if a file cannot be removed."""
    shown = {name for post in going for name in _shown(posts / post)}
    for post in posts.iterdir() if shown else ():
        if post.name not in going:
            shown.difference_update(_shown(post))
    for name in shown:
        for folder in (Path(KEPT_FOLDER, SMALL), Path(KEPT_FOLDER)):
            (output / folder / name).unlink(missing_ok=True)


def copy_pictures(output: Path, post: Path, target: Path) -> None:
    """Copy the pictures that a post shows into another output folder. Raises Unwritable or
    OSError."""
    for name in _shown(post):
        for file in (Path(KEPT_FOLDER, SMALL, name), Path(KEPT_FOLDER, name)):
            if (output / file).is_file() and not (target / file).is_file():
                write_whole(target / file, read_file(output / file), target)


def _shown(post: Path) -> set[str]:
    """Return the names of the kept pictures that a post shows."""
    try:
        data = read_file(post)
    except OSError:
        return set()
    return {name.decode() for name in _SHOWN.findall(data)}


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return _BEGINNING
    return time if time.tzinfo else _BEGINNING
