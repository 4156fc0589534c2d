"""The Jekyll site around the posts, laid once.

In: an output folder, what is known of its first site, and later each new category. Out: the files
under `site/` beside this module, copied into the folder, and a page per category. The format
beside this module calls both: `lay_site` at the first post, `lay_category_page` at a category's
first.

The layouts print what hostile pages say, so everything of an article is escaped there, with
`escape_once`: a title that the exporter has already escaped stays as it is.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from pathlib import Path
from string import Template

from newsspider import languages
from newsspider.exporters.yaml import yaml_quoted
from newsspider.store.files import sync_folder, write_whole

_SITE = Path(__file__).with_name("site")
_CONFIG = Path("_config.yml")
_WORDS = Path("_data", "words.yml")

# A file called .gitignore in the package would speak to the package's own git.
_RENAMED = {"gitignore": ".gitignore"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the scaffold needs to know of the crawl's first site; plain text, "" for unknown.

    `language` is a BCP 47 tag (`zh-CN`), `timezone` an IANA name (`Asia/Shanghai`), `url` where the
    site will be served, without a path (`https://finews.withounder.com`).
    """

    title: str
    language: str
    timezone: str
    url: str = ""
    description: str = ""


def lay_site(output: Path, look: Look) -> list[Path]:
    """Lay the site in `output` and return the files written, `_config.yml` the last of them.

    Nothing is done where `_config.yml` exists, and no file that exists is written over. As the
    configuration comes last, a run that was killed half way is completed by the next one. Each file
    appears whole. Raises OSError or Unwritable when the folder cannot be written.
    """
    if os.path.lexists(output / _CONFIG):
        return []
    names = sorted(path.relative_to(_SITE) for path in _SITE.rglob("*") if path.is_file())
    names.sort(key=_CONFIG.__eq__)
    written: list[Path] = []
    for name in names:
        text = (_SITE / name).read_text(encoding="utf-8")
        if name == _CONFIG:
            text = Template(text).substitute(_values(look))
            # What is lost with the power would not be laid again once the configuration is there.
            for folder in {file.parent for file in written}:
                sync_folder(folder)
        if name == _WORDS:
            text += _words()
        target = output / name.with_name(_RENAMED.get(name.name, name.name))
        if _write(output, target, text, lasting=name == _CONFIG):
            written.append(target)
    return written


def lay_category_page(
    output: Path, *, slug: str, title: str, path: str | None = None
) -> Path | None:
    """Add the page that lists a category's posts; return its file, or None if it is there already.

    `slug` is the posts' `categories:` word (a file name, else ValueError), `title` the name a
    reader sees, `path` the page's address where it is not `/category/<slug>.html` (`/emnews/`).

    A page that the site's owner deleted is to stay deleted, and a missing file does not say whether
    it was deleted or never made: the caller knows, and calls this only for a category first seen.
    """
    if not slug or re.search(r"[/\\\x00-\x1f\x7f]", slug):
        raise ValueError(f"not a file name: {slug!r}")
    address = f"/category/{slug}.html"
    # Jekyll passes over files whose names start with one of these; the address stays.
    hidden = slug[0] in "._#~"
    target = output / "category" / (f"-{slug}.html" if hidden else f"{slug}.html")
    lines = ["layout: category", f"title: {yaml_quoted(title)}", f"category: {yaml_quoted(slug)}"]
    if hidden or (path and path != address):
        lines.append(f"permalink: {yaml_quoted(path or address)}")
    text = "\n".join(["---", *lines, "---", ""])
    # Lasting: a page that was laid once and then lost would not be laid again.
    return target if _write(output, target, text, lasting=True) else None


def _values(look: Look) -> dict[str, str]:
    return {field.name: yaml_quoted(getattr(look, field.name)) for field in fields(look)}


def _words() -> str:
    """What the pages say in each language that has words for them, as YAML."""
    words = {name: languages.read(name)["site"] for name in languages.names()}
    return "".join(
        f"{name}:\n" + "".join(f"  {key}: {yaml_quoted(word)}\n" for key, word in said.items())
        for name, said in words.items()
        if said
    )


def _write(output: Path, target: Path, text: str, *, lasting: bool) -> bool:
    """Write a file that is not there yet, whole or not at all; False if it is there."""
    if os.path.lexists(target):
        return False
    write_whole(target, text.encode("utf-8"), output, lasting=lasting)
    return True
