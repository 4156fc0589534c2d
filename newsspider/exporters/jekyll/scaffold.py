"""The Jekyll site around the posts, written once.

In: an output folder, the Look of its first site, and later each new category. Out: the files of
`site/` beside this module, copied into the folder, a page for each category, feeds of sections and
pages of older posts. `format.py` calls `lay_site` before the first post, `lay_category_page` before
the first post of a category, and `lay_lists` after a crawl.

The layouts print text of hostile pages, so they escape everything from an article with
`escape_once`: a title that the exporter has already escaped stays as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from string import Template

from newsspider import languages
from newsspider.exporters.jekyll.laid import known_hashes, note_laid
from newsspider.exporters.yaml import yaml_plain, yaml_quoted
from newsspider.store.files import sync_folder, write_whole

_SITE = Path(__file__).with_name("site")
CONFIG = Path("_config.yml")
WORDS = Path("_data", "words.yml")

PAGE = 50  # posts on a page of older posts; the layouts have the same number
FILE = 150  # posts in a file of the search page; its layout has the same number

# The layouts of lists, with the suffix of their files.
_LISTS = {"feed": "xml", "archive": "html", "search": "json"}

# The folder of the collection that `_config.yml` names.
_OLDER = "_older"

# A file called .gitignore in the package would apply to the package's own repository.
_RENAMED = {"gitignore": ".gitignore"}


@dataclass(frozen=True, slots=True)
class Look:
    """The values of the crawl's first site that the scaffold uses; plain text, "" for unknown.

    `language` is a BCP 47 tag (`zh-CN`), `timezone` an IANA name (`Asia/Shanghai`), `url` where the
    site will be served, without a path (`https://finews.withounder.com`). `feed_id` begins the ids
    of the feed and its entries: a tag URI (RFC 4151) up to the name in it.
    """

    title: str
    language: str
    timezone: str
    url: str = ""
    description: str = ""
    feed_id: str = "tag:localhost,2000:"


def lay_site(output: Path, look: Look) -> list[Path]:
    """Write the site into `output` and return the files written, `_config.yml` last.

    Do nothing if `_config.yml` exists, and never overwrite a file. Because the configuration comes
    last, the next run completes the work of a killed one. Each file appears whole. Raises OSError
    or Unwritable if the folder cannot be written.
    """
    if os.path.lexists(output / CONFIG):
        return []
    texts = site_texts(look)
    written: list[Path] = []
    for name, text in texts.items():
        if name == CONFIG:
            note_laid(output, {file.as_posix(): texts[file] for file in texts if file != CONFIG})
            # Files lost in a power cut would not be written again once the configuration exists.
            for folder in {file.parent for file in written}:
                sync_folder(folder)
        if _write(output, output / name, text, lasting=name == CONFIG):
            written.append(output / name)
    return written


def site_texts(look: Look) -> dict[Path, str]:
    """Return the text of each file of the site, by its name in the folder, `_config.yml` last."""
    texts: dict[Path, str] = {}
    for path in sorted(path for path in _SITE.rglob("*") if path.is_file()):
        name = path.relative_to(_SITE)
        texts[name.with_name(_RENAMED.get(name.name, name.name))] = path.read_text("utf-8")
    texts[WORDS] += _words()
    texts[CONFIG] = Template(texts.pop(CONFIG)).substitute(_values(look))
    return texts


def has_category_layout(output: Path) -> bool:
    """Return whether the site has the layout of category pages: one of the user's own may not, and
    Jekyll would warn at each build."""
    return any((output / "_layouts").glob("category.*"))


def lay_category_page(
    output: Path, *, slug: str, title: str, path: str | None = None
) -> Path | None:
    """Add the page that lists a category's posts; return its file, or None if it exists already.

    `slug` is the value of `categories:` in the posts (a file name, else ValueError), `title` the
    name for readers, `path` the page's address if it is not `/category/<slug>.html` (`/emnews/`).

    A page that the site's owner deleted must stay deleted, and a missing file does not show whether
    it was deleted or never written. So call this only for a category seen for the first time.
    """
    address = f"/category/{slug}.html"
    name = _shown(slug)
    hidden = name != slug
    target = output / "category" / f"{name}.html"
    lines = ["layout: category", f"title: {yaml_quoted(title)}", f"category: {yaml_quoted(slug)}"]
    if hidden or (path and path != address):
        lines.append(f"permalink: {yaml_quoted(path or address)}")
    text = "\n".join(["---", *lines, "---", ""])
    # Lasting: a page that was written and then lost would not be written again.
    return target if _write(output, target, text, lasting=True) else None


def lay_lists(output: Path, counts: Mapping[str, int]) -> list[Path]:
    """Write the feeds of sections, the pages of older posts and the files of the search page that
    are missing, and return their files.

    `counts` has the number of posts of each category. Each file is a few lines: Jekyll fills in the
    posts. Pages and files are numbered from the oldest post and laid once they are full, so they
    never change; the newest posts of a list, up to twice as many, stand on its first page. A site
    whose layout of such a file is missing, or is not newsspider's, gets none.
    """
    every = {**counts, "": sum(counts.values())}
    wanted: list[tuple[str, str, int | None]] = [("feed", slug, None) for slug in counts]
    for slug, count in every.items():
        wanted += [("archive", slug, number) for number in range(1, count // PAGE)]
    wanted += [("search", "", number) for number in range(1, every[""] // FILE)]
    laid = {name for name in _LISTS if _has_own(output, f"_layouts/{name}.{_LISTS[name]}")}
    written = [_lay_list(output, *file) for file in wanted if file[0] in laid]
    return [file for file in written if file]


def _has_own(output: Path, name: str) -> bool:
    """Return whether newsspider laid this file, and it is still there."""
    return name in known_hashes(output) and (output / name).is_file()


def _lay_list(output: Path, layout: str, slug: str, number: int | None) -> Path | None:
    """Write a list of the posts of a category, or of all for the slug ""; return its file, or None
    if it exists already."""
    place = f"category/{slug}" if slug else layout
    file = f"category/{_shown(slug)}" if slug else layout
    suffix = _LISTS[layout]
    page = f".{suffix}" if number is None else f"/{number}.{suffix}"
    lines = [f"layout: {layout}", f"{layout}: {yaml_quoted(slug or '/')}"]
    if number is not None:
        lines.append(f"number: {number}")
    if file != place:
        lines.append(f"permalink: {yaml_quoted(f'/{place}{page}')}")
    target = output / (file + page if number is None else f"{_OLDER}/{file}{page}")
    written = _write(output, target, "\n".join(["---", *lines, "---", ""]), lasting=False)
    return target if written else None


def _shown(slug: str) -> str:
    """Return the name of a category's files: Jekyll ignores some. Raises ValueError for a slug that
    is no file name."""
    if not slug or re.search(r"[/\\\x00-\x1f\x7f]", slug):
        raise ValueError(f"not a file name: {slug!r}")
    return f"-{slug}" if slug[0] in "._#~" else slug


def _values(look: Look) -> dict[str, str]:
    return {field.name: yaml_quoted(getattr(look, field.name)) for field in fields(look)}


def _words() -> str:
    """Return the words of the site's pages as YAML, for each language that has them."""
    words = {name: languages.read(name)["site"] for name in languages.names()}
    words["no"] = words["nb"]  # what most Norwegian sites call it
    return "".join(
        f"{yaml_plain(name)}:\n"
        + "".join(f"  {key}: {yaml_quoted(word)}\n" for key, word in site_words.items())
        for name, site_words in words.items()
        if site_words
    )


def _write(output: Path, target: Path, text: str, *, lasting: bool) -> bool:
    """Write a new file, whole or not at all; return False if it exists already."""
    if os.path.lexists(target):
        return False
    write_whole(target, text.encode("utf-8"), output, lasting=lasting)
    return True
