"""What outlives the ledger: text in `_newsspider`, beside the posts, that git keeps and merges.

In: an open ledger. Out: lines of JSON, sorted, in files by month:

    _newsspider/records/2022-04.jsonl   an article a line, by the month of its publication
    _newsspider/links/2022-04.jsonl     links without a post, by the month in which they were listed
    _newsspider/listings.jsonl          to where each listing was read
    _newsspider/figures/2022-04.jsonl   what each source counted on each day
    _newsspider/sections.jsonl          the section of each listing, as its first crawl settled it
    _newsspider/removed.txt             keys of posts that were removed, and why

The ledger is an index over these files and the posts: `restore` fills an empty one from them. A run
that publishes nothing changes none of them. `store/output.py` calls `save` at the end of a run, and
`restore` at the start of one that has no ledger.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from newsspider.model import Link, Section
from newsspider.store.figures import FOLDER as FIGURES
from newsspider.store.figures import figures_to_save, restore_figures
from newsspider.store.files import FOLDER, read_text, write_whole
from newsspider.store.ledger import Ledger
from newsspider.store.records import (
    KnownLink,
    PublishedPost,
    Record,
    UnpublishedLink,
    Validators,
)

logger = logging.getLogger(__name__)

LASTING = "_newsspider"
RECORDS = "records"  # in it
_REMOVED = "removed.txt"
_TAB = "\t"  # in it between a key and the reason
# Both sides of a merge keep their lines: a line stands for itself, and the newer of two wins.
_ATTRIBUTES = b"*.jsonl merge=union\n*.txt merge=union\n"
_KEY = '{"key":'  # how each line of an article begins
_NAMED = ("site", "id", "category", "tag", "link")  # of a post, if its article has no fields


def save(ledger: Ledger, output: Path) -> None:
    """Write what the ledger knows and the files do not yet have, if an article was published,
    changed or removed since they were last written. Raises Unwritable if the disk accepts no more
    writes, OSError if it does not accept a file."""
    records = ledger.unsaved()
    if not records:
        return
    folder = output / LASTING
    _write(output, folder / ".gitattributes", _ATTRIBUTES)
    by_month: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_month[record.post.date[:7]].append(record)
    for month, changed in by_month.items():
        _save_month(output, folder / RECORDS / f"{month or 'unknown'}.jsonl", changed)
    links: dict[str, list[str]] = defaultdict(list)
    for link in ledger.unpublished_links():
        links[link.added[:7]].append(_line(_link_values(link)))
    old = {path.stem for path in (folder / "links").glob("*.jsonl")}
    for month in old | set(links):
        _write_lines(output, folder / "links" / f"{month}.jsonl", links.get(month, ()))
    listings = (
        _line({"site": site, "listing": name, "definition": definition, **_progress(validators)})
        for site, name, definition, validators in ledger.listings()
    )
    _write_lines(output, folder / "listings.jsonl", listings)
    sections = (
        _line({"site": site, "listing": name, **asdict(section)})
        for site, name, section in ledger.sections()
    )
    _write_lines(output, folder / "sections.jsonl", sections)
    for path, days in figures_to_save(ledger, folder / FIGURES):
        _write_lines(output, path, days)
    with ledger.transaction():
        ledger.note_saved(record.post.key for record in records)


def _save_month(output: Path, path: Path, changed: Iterable[Record]) -> None:
    """Replace the lines of these articles; an article whose post was removed has none."""
    lines = {_key_of(line): line for line in _lines(path)}
    for record in changed:
        if record.post.state == "gone":
            lines.pop(record.post.key, None)
        else:
            lines[record.post.key] = _line(_record_values(record))
    _write_lines(output, path, lines.values())


def restore(ledger: Ledger, output: Path, hash_of: Callable[[str], str | None]) -> set[str]:
    """Fill an empty ledger from the files; return the names of the posts that it now has.

    `hash_of` returns the hash of a post by its name. Lines that cannot be read are skipped and
    counted in the log: a person or a merge may have left anything.
    """
    folder, unreadable, names, categories = output / LASTING, 0, set(), set()
    for path in sorted((folder / RECORDS).glob("*.jsonl")):
        records: dict[str, Record] = {}
        for values in map(_values, _lines(path)):
            record = _record(values)
            if record is None:
                unreadable += 1
            elif record.post.key not in records or hash_of(record.post.path) == record.post.hash:
                records[record.post.key] = record
        for record in records.values():
            ledger.restore_record(record)
            names.add(record.post.path)
            categories.add(record.post.category)
    ledger.note_categories(sorted(categories))
    for path in sorted((folder / "links").glob("*.jsonl")):
        for values in map(_values, _lines(path)):
            link = _link(values)
            if link is None:
                unreadable += 1
            else:
                ledger.restore_link(link)
    for values in map(_values, _lines(folder / "listings.jsonl")):
        unreadable += not _restore_listing(ledger, values)
    for values in map(_values, _lines(folder / "sections.jsonl")):
        unreadable += not _restore_section(ledger, values)
    restore_figures(ledger, folder / FIGURES)
    if unreadable:
        lines = "1 line" if unreadable == 1 else f"{unreadable} lines"
        logger.warning("%s: %s cannot be read and will not be used", folder, lines)
    return names


# -- removed posts ----------------------------------------------------------------------------


def removed(output: Path) -> dict[str, str]:
    """Return the keys of removed posts, each with the reason ("" for a post whose file a person
    deleted). Text after the last whole line is not ours."""
    reasons: dict[str, str] = {}
    for folder in (FOLDER, LASTING):  # until version 0.1.0 the list was in the ledger's folder
        try:
            text = read_text(output / folder / _REMOVED, "replace")
        except FileNotFoundError:
            continue
        for key, _, why in (line.partition(_TAB) for line in text.split("\n")[:-1]):
            reasons[key] = why or reasons.get(key, "")
    return reasons


def note_removed(output: Path, keys: Iterable[str], why: str = "") -> None:
    """Add keys to the list of removed posts, with the reason in a line; move a list of version
    0.1.0 to its new place."""
    reasons, old = removed(output), output / FOLDER / _REMOVED
    for key in keys:
        reasons[key] = why or reasons.get(key, "")
    lines = (f"{key}{_TAB}{reason}" if reason else key for key, reason in reasons.items())
    text = "".join(f"{line}\n" for line in lines)
    if text:
        _write(output, output / LASTING / _REMOVED, text.encode())
    old.unlink(missing_ok=True)


# -- lines ------------------------------------------------------------------------------------


def _record_values(record: Record) -> dict[str, Any]:
    post = record.post
    named = {name: getattr(post, name) for name in _NAMED}
    return {
        "key": post.key,
        "path": post.path,
        "date": post.date,
        "hash": post.hash,
        "listings": record.listings,
        "aliases": record.aliases,
        "article": {**record.fields, **named},
        "complete": bool(record.fields),
        **({"taken_down": True} if record.taken_down else {}),
    }


def read_record(line: str) -> Record | None:
    """Return the record of a line of `records/*.jsonl`; None if the line is not one."""
    return _record(_values(line))


def _record(values: Mapping[str, Any]) -> Record | None:
    """Return the record of a line; None if the line is not one. A path must be a plain name: a
    line may come from anybody who can write to the repository."""
    try:
        article = dict(values["article"])
        texts = {name: values[name] for name in ("key", "path", "date", "hash")}
        texts |= {name: article[name] for name in _NAMED}
        listings, aliases = dict(values["listings"]), tuple(values["aliases"])
        complete = values["complete"]
    except (KeyError, TypeError, ValueError):
        return None
    path = texts["path"]
    if set(map(type, (*texts.values(), *listings.values(), *aliases))) != {str}:
        return None
    if "/" in path or path.startswith("."):
        return None
    post = PublishedPost(**texts, state="published", intended="", run=0)
    fields = article if complete else {}
    return Record(post, fields, listings, aliases, values.get("taken_down") is True)


def _link_values(link: UnpublishedLink) -> dict[str, Any]:
    return {
        "key": link.key,
        "site": link.site,
        "listing": link.listing,
        "added": link.added,
        "tries": link.tries,
        **asdict(link.known),
        "link": asdict(link.link),
    }


def _link(values: Mapping[str, Any]) -> UnpublishedLink | None:
    try:
        known = KnownLink(**{name: values[name] for name in KnownLink.__dataclass_fields__})
        named = {name: values[name] for name in ("site", "listing", "key", "tries", "added")}
        link = UnpublishedLink(**named, link=Link(**values["link"]), known=known)
    except (KeyError, TypeError, ValueError):
        return None
    return link if known.state in ("pending", "failed", "dropped") else None


def _progress(validators: Validators) -> dict[str, Any]:
    """Return how far a listing was read. Its validators stay out: a server may forget them, and
    they change with each new article."""
    return {"finished": validators.finished, "looked": validators.looked}


def _restore_listing(ledger: Ledger, values: Mapping[str, Any]) -> bool:
    try:
        validators = Validators(finished=bool(values["finished"]), looked=str(values["looked"]))
        place = [str(values[name]) for name in ("site", "listing", "definition")]
    except (KeyError, TypeError):
        return False
    ledger.note_listing(place[0], place[1], place[2], validators)
    return True


def _restore_section(ledger: Ledger, values: Mapping[str, Any]) -> bool:
    try:
        site, listing, *section = (
            str(values[name]) for name in ("site", "listing", "name", "slug")
        )
    except KeyError:
        return False
    ledger.note_section(site, listing, Section(*section))
    return True


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)


def _values(line: str) -> Mapping[str, Any]:
    """Return the values of a line; empty if it is not an object."""
    try:
        values = orjson.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _key_of(line: str) -> str:
    """Return the key of an article's line; the line itself if it is another's."""
    try:
        return str(json.JSONDecoder().raw_decode(line, len(_KEY))[0])
    except ValueError:
        return line


def _lines(path: Path) -> Iterator[str]:
    try:
        text = read_text(path, "replace")
    except FileNotFoundError:
        return
    yield from filter(None, text.split("\n"))


def _write_lines(output: Path, path: Path, lines: Iterable[str]) -> None:
    """Write a file of sorted lines, or remove it if there are none."""
    text = "".join(f"{line}\n" for line in sorted(lines))
    if text:
        _write(output, path, text.encode())
    else:
        path.unlink(missing_ok=True)


def _write(output: Path, path: Path, data: bytes) -> None:
    """Write a file if that changes it."""
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data, output, lasting=True)
