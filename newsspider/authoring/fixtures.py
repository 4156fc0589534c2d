"""The saved pages of a site: a folder beside its file, `sites/<name>/`.

In: a folder. Out: a Fixture and what was read from it when it was saved, and back. The pages are
`listing.html` (xml, json), `article-1.html`, …; `expected.json` says of each which address it is,
and of each article the fields. `newsspider add` writes it, `test` and `check` read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from newsspider.authoring.replay import ArticleReading, Fixture, Replayed, Sample, Saved
from newsspider.errors import SiteError
from newsspider.model import Page
from newsspider.sites import BUILT_IN

EXPECTED = "expected.json"
# Of the built-in sites they lie with the tests, and only a clone of the repository has them.
_OF_BUILT_IN = BUILT_IN.parents[2] / "tests" / "sites"
_OURS = re.compile(r"(?:listing|article-\d+(?:-\d+)?)\.(?:html|xml|json|gz)|expected\.json")


# The fields of files that do not say which they know.
_FIRST_KNOWN = (
    *("title", "time", "modified", "source", "author", "editor", "summary", "image", "language"),
    *("link", "body"),
)


def fixture_folders(sites: Path) -> dict[str, Path]:
    """The folders of saved pages by site; a user's own before that of a built-in site."""
    found: dict[str, Path] = {}
    for place in (_OF_BUILT_IN, sites):
        found |= {path.parent.name: path.parent for path in sorted(place.glob(f"*/{EXPECTED}"))}
    return dict(sorted(found.items()))


def read_fixture(folder: Path) -> tuple[Fixture, Replayed]:
    """The saved pages and what is expected of them. Raises SiteError for a folder that cannot be
    used."""
    file = folder / EXPECTED
    try:
        values = json.loads(file.read_text("utf-8"))
        samples, articles = [], {}
        for told in values["articles"]:
            key = str(told["key"])
            samples.append(Sample(key=key, pages=tuple(_saved(folder, p) for p in told["pages"])))
            articles[key] = ArticleReading(
                _fields(told.get("fields", {})), fault=str(told.get("fault", ""))
            )
        fixture = Fixture(
            category=str(values["category"]),
            at=int(values["listing"]),
            now=datetime.fromisoformat(values["seen"]),
            listing=_saved(folder, values["page"]),
            samples=tuple(samples),
        )
        expected = Replayed(
            int(values["links"]),
            articles,
            str(values.get("fault", "")),
            known=tuple(map(str, values.get("known", _FIRST_KNOWN))),
        )
    except OSError as error:
        raise SiteError(f"{error.filename}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SiteError(f"{file}: is not what `newsspider add` writes ({error!r})") from error
    if fixture.now.tzinfo is None:
        raise SiteError(f"{file}: seen: {values['seen']!r} has no zone")
    return fixture, expected


def write_fixture(folder: Path, fixture: Fixture, expected: Replayed) -> None:
    """Save pages in place of those that an earlier call saved; other files stay. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name):
            path.unlink()
    for name, saved in _named(fixture):
        (folder / name).write_bytes(saved.page.body)
    write_expected(folder, fixture, expected)


def write_expected(folder: Path, fixture: Fixture, expected: Replayed) -> None:
    """Write only what is expected of the saved pages. Raises OSError."""
    names = {id(saved): name for name, saved in _named(fixture)}
    values: dict[str, Any] = {
        "category": fixture.category,
        "listing": fixture.at,
        "seen": fixture.now.isoformat(timespec="seconds"),
        "page": _told(names[id(fixture.listing)], fixture.listing),
        "links": expected.links,
        "known": list(expected.known),
    }
    if expected.fault:
        values["fault"] = expected.fault
    values["articles"] = [
        {
            "key": sample.key,
            "pages": [_told(names[id(saved)], saved) for saved in sample.pages],
            **_as_json(expected.articles.get(sample.key, ArticleReading())),
        }
        for sample in fixture.samples
    ]
    text = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    (folder / EXPECTED).write_text(text, "utf-8")


def _as_json(read: ArticleReading) -> Mapping[str, Any]:
    return {"fault": read.fault} if read.fault else {"fields": dict(read.fields)}


def _named(fixture: Fixture) -> Iterator[tuple[str, Saved]]:
    yield f"listing.{_suffix(fixture.listing)}", fixture.listing
    for number, sample in enumerate(fixture.samples, 1):
        for at, saved in enumerate(sample.pages, 1):
            name = f"article-{number}" if at == 1 else f"article-{number}-{at}"
            yield f"{name}.{_suffix(saved)}", saved


def _suffix(saved: Saved) -> str:
    start = saved.page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"\x1f\x8b"):
        return "gz"
    if start[:1] in (b"{", b"[") or "json" in saved.kind:
        return "json"
    markup = start.lower().startswith((b"<!doctype html", b"<html"))
    xml = start.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf", b"<urlset", b"<sitemapindex"))
    return "xml" if xml and "xhtml" not in saved.kind and not markup else "html"


def _told(name: str, saved: Saved) -> Mapping[str, Any]:
    said = {"file": name, "name": saved.name, "url": saved.page.url, "type": saved.kind}
    return said if saved.asked == saved.page.url else {**said, "asked": saved.asked}


def _saved(folder: Path, told: Mapping[str, Any]) -> Saved:
    name, url = str(told["file"]), str(told["url"])
    if not _OURS.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a saved page")
    page = Page(url=url, body=(folder / name).read_bytes())
    asked = str(told.get("asked", url))
    return Saved(name=str(told["name"]), asked=asked, page=page, kind=str(told.get("type", "")))


def _fields(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ValueError("fields is no mapping")
    for value in told.values():
        if not (isinstance(value, str) or all(isinstance(one, str) for one in value)):
            raise ValueError("a field is neither text nor a list of texts")
    return told
