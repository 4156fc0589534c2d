"""The files of a laid site, renewed to those that this version of newsspider lays.

In: an output folder whose site newsspider laid. Out: a Change for each file that differs from what
this version lays; `renew` writes those that no person has touched. `newsspider init --update` calls
it. The addresses of posts depend on none of these files.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

import yaml

from newsspider.errors import OutputError
from newsspider.exporters.jekyll.config import read_values
from newsspider.exporters.jekyll.laid import hash_of, known_hashes, note_laid
from newsspider.exporters.jekyll.scaffold import CONFIG, WORDS, Look, site_texts
from newsspider.store.files import read_file, write_whole


class Kind(Enum):
    """How a file differs; the values are the words of the report."""

    NEW = "new"  # older versions did not lay it
    RENEWED = "renewed"  # as an older version laid it
    EDITED = "edited"  # a person changed it: it stays
    DELETED = "deleted"  # a person deleted it: it stays away


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the site, by its name in the folder: how it differs, its text now ("" without the
    file) and the text that this version lays."""

    name: str
    kind: Kind
    current: str
    text: str

    @property
    def difference(self) -> str:
        """The difference between the two texts, as `diff -u` shows it."""
        lines = difflib.unified_diff(
            self.current.splitlines(), self.text.splitlines(), self.name, "newsspider", lineterm=""
        )
        return "\n".join(lines)


def changes(output: Path) -> list[Change]:
    """Return the changes that would renew the site in a folder, by name.

    Raises OutputError if there is no site, or one that newsspider did not lay; OSError if a file
    cannot be read.
    """
    if not (output / CONFIG).is_file():
        raise OutputError(f"{output}: it has no _config.yml; newsspider crawl lays a site")
    known = known_hashes(output)
    texts = {path.as_posix(): text for path, text in site_texts(_look(output / CONFIG)).items()}
    files = {name: output / name for name in texts if os.path.lexists(output / name)}
    data = {name: read_file(file) for name, file in files.items()}
    if not any(hash_of(data[name]) in known.get(name, ()) for name in data):
        raise OutputError(f"{output}: newsspider did not lay its site, so none of it is renewed")
    return list(_changes(texts, data, known))


def renew(output: Path, found: list[Change]) -> None:
    """Write the new and renewed files of these changes, each whole, and record them as laid. Raises
    Unwritable or OSError if the folder cannot be written."""
    written = [change for change in found if change.kind in (Kind.NEW, Kind.RENEWED)]
    for change in written:
        write_whole(output / change.name, change.text.encode("utf-8"), output)
    if written:
        note_laid(output, {change.name: change.text for change in written})


def _changes(
    texts: Mapping[str, str], data: Mapping[str, bytes], known: Mapping[str, set[str]]
) -> Iterator[Change]:
    for name, text in sorted(texts.items()):
        if name not in data:
            yield Change(name, Kind.DELETED if name in known else Kind.NEW, "", text)
        elif data[name] != text.encode("utf-8"):
            current = data[name].decode("utf-8", "replace")
            ours = hash_of(data[name]) in known.get(name, ())
            if name == WORDS.as_posix():
                ours = ours or _has_all(current, text)
            yield Change(name, Kind.RENEWED if ours else Kind.EDITED, current, text)


def _has_all(current: str, text: str) -> bool:
    """Return whether a file of words has nothing that the new one does not have: each language is
    added to, and the record of an older folder has no hash of it."""
    try:
        words, new = yaml.safe_load(current), yaml.safe_load(text)
        return all(words[language].items() <= new[language].items() for language in words)
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _look(config: Path) -> Look:
    """Return the look that a configuration states, so that it differs from what this version lays
    only where the two have other keys."""
    names = {"lang": "language"} | {field.name: field.name for field in fields(Look)}
    known = {"title": "", "language": "", "timezone": ""}
    for key, value in read_values(config).items():
        if isinstance(value, str) and key in names:
            known[names[key]] = value
    return Look(**known)
