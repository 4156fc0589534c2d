"""The saved pages of a site: the folder `sites/<name>/` beside its file.

In: a folder. Out: a Fixture and the values that are expected of it; or the other way round. The
pages are `listing.html` (or xml, json), `article-1.html`, …; `expected.json` holds the address of
each page and the fields of each article. Called by the commands `add`, `test` and `check`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from newsspider.authoring.replay import ArticleReading, Fixture, Replayed, Sample, Saved
from newsspider.errors import SiteError
from newsspider.model import Link, Page
from newsspider.sites import BUILT_IN

EXPECTED = "expected.json"
# The saved pages of built-in sites are among the tests, which only a clone of the repository has.
_OF_BUILT_IN = BUILT_IN.parents[2] / "tests" / "sites"
_OURS = re.compile(r"(?:listing|article-\d+(?:-\d+)?)\.(?:html|xml|json|gz)|expected\.json")

# The fields known to files that were written before `known` was.
_FIRST_KNOWN = (
    *("title", "time", "modified", "source", "author", "editor", "summary", "image", "language"),
    *("link", "body"),
)


def fixture_folders(sites: Path) -> dict[str, Path]:
    """Return the folders of saved pages by site name. A user's own replaces a built-in site's."""
    folders: dict[str, Path] = {}
    for parent in (_OF_BUILT_IN, sites):
        folders |= {path.parent.name: path.parent for path in sorted(parent.glob(f"*/{EXPECTED}"))}
    return dict(sorted(folders.items()))


def read_fixture(folder: Path) -> tuple[Fixture, Replayed]:
    """Return the saved pages and what is expected of them. Raises SiteError if the folder cannot
    be used."""
    file = folder / EXPECTED
    try:
        values = json.loads(file.read_text("utf-8"))
        samples, articles = [], {}
        for article in values["articles"]:
            key = str(article["key"])
            pages = tuple(_saved(folder, page) for page in article["pages"])
            samples.append(Sample(key=key, pages=pages, **_origin(article)))
            articles[key] = ArticleReading(
                _fields(article.get("fields", {})), fault=str(article.get("fault", ""))
            )
        fixture = Fixture(
            category=str(values["category"]),
            at=int(values["listing"]),
            now=datetime.fromisoformat(values["seen"]),
            listing=_saved(folder, values["page"]) if "page" in values else None,
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
        raise SiteError(
            f"{file}: cannot be used ({error!r}); "
            f"`newsspider check {folder.name} --save` writes it anew"
        ) from error
    if fixture.now.tzinfo is None:
        raise SiteError(f"{file}: seen: {values['seen']!r} has no time zone")
    return fixture, expected


def write_fixture(folder: Path, fixture: Fixture, expected: Replayed) -> None:
    """Save pages and replace those of an earlier call; other files stay. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name):
            path.unlink()
    for name, saved in _named(fixture):
        (folder / name).write_bytes(saved.page.body)
    write_expected(folder, fixture, expected)


def write_expected(folder: Path, fixture: Fixture, expected: Replayed) -> None:
    """Write `expected.json` only: what is expected of the saved pages. Raises OSError."""
    names = {id(saved): name for name, saved in _named(fixture)}
    values: dict[str, Any] = {
        "category": fixture.category,
        "listing": fixture.at,
        "seen": fixture.now.isoformat(timespec="seconds"),
        **_listing_values(names, fixture.listing),
        "links": expected.links,
        "known": list(expected.known),
    }
    if expected.fault:
        values["fault"] = expected.fault
    values["articles"] = [
        {
            "key": sample.key,
            **_origin_values(sample),
            "pages": [_page_values(names[id(saved)], saved) for saved in sample.pages],
            **_article_values(expected.articles.get(sample.key, ArticleReading())),
        }
        for sample in fixture.samples
    ]
    text = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    (folder / EXPECTED).write_text(text, "utf-8")


def _article_values(reading: ArticleReading) -> Mapping[str, Any]:
    return {"fault": reading.fault} if reading.fault else {"fields": dict(reading.fields)}


def _listing_values(names: Mapping[int, str], listing: Saved | None) -> Mapping[str, Any]:
    return {"page": _page_values(names[id(listing)], listing)} if listing else {}


def _origin_values(sample: Sample) -> Mapping[str, Any]:
    """Return what a sample from the archive has besides its pages; see `_origin`."""
    link, seen = sample.link, sample.seen
    values = {name: value for name, value in asdict(link).items() if value} if link else {}
    return ({"link": values} if values else {}) | ({"seen": seen.isoformat()} if seen else {})


def _origin(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the link and the time of a sample from the archive; empty for any other."""
    origin: dict[str, Any] = {}
    if "link" in values:
        origin["link"] = Link(**values["link"])
    if "seen" in values:
        origin["seen"] = datetime.fromisoformat(values["seen"])
    return origin


def _named(fixture: Fixture) -> Iterator[tuple[str, Saved]]:
    if fixture.listing is not None:
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


def _page_values(name: str, saved: Saved) -> Mapping[str, Any]:
    values = {"file": name, "name": saved.name, "url": saved.page.url, "type": saved.kind}
    return values if saved.asked == saved.page.url else {**values, "asked": saved.asked}


def _saved(folder: Path, values: Mapping[str, Any]) -> Saved:
    name, url = str(values["file"]), str(values["url"])
    if not _OURS.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a saved page")
    page = Page(url=url, body=(folder / name).read_bytes())
    asked = str(values.get("asked", url))
    return Saved(name=str(values["name"]), asked=asked, page=page, kind=str(values.get("type", "")))


def _fields(values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ValueError("fields is not an object")
    for value in values.values():
        if not (isinstance(value, str) or all(isinstance(text, str) for text in value)):
            raise ValueError("a field is neither text nor a list of texts")
    return values
