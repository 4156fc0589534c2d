"""The page that stays at the address of a post that is kept no longer.

In: an output folder and a post of it. Out: a small HTML file where Jekyll built the post's page: it
has the title and a link to the source, or leads on to where the post is now. Jekyll copies it as it
is, so that thousands of them cost a build next to nothing, and no list of pages has them. Called by
`format.py`.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from newsspider import languages
from newsspider.exporters.jekyll import post
from newsspider.exporters.jekyll.address import base, paths
from newsspider.exporters.jekyll.config import find_config, published, read_language
from newsspider.exporters.jekyll.redirects import RedirectList, unlist
from newsspider.model import Article
from newsspider.store.files import write_whole
from newsspider.store.records import PublishedPost, Record, article_of
from newsspider.text.urls import host

_NOINDEX = '<meta name="robots" content="noindex">'
# Keys of a front matter from which Jekyll builds an address, beside those that posts of ours have.
_OTHER_KEYS = ("permalink", "slug", "category")


def list_gone(
    output: Path, name: str, text: str, redirects: RedirectList, target: str = ""
) -> bool:
    """Add the address of a post, `name` with the content `text`, to a list for the web server: it
    leads to `target`, else to the source of the article. Return False if the address is not known.
    Raises OSError or Unwritable if the list cannot be written."""
    file, article = _file(output, name, text), post.read(name, text)
    path = paths(output)(article, name) if article else None
    if file is None or article is None or path is None:
        return False
    source = article.link if host(article.link) else f"{base(output)}/"
    return redirects.add(f"{base(output)}{path}", target or source, moved=bool(target))


def lay_gone_page(output: Path, name: str, text: str, target: str = "") -> bool:
    """Write the page that stays at the address of a post, `name` with the content `text`; with
    `target` it leads there. Return False if nothing can stay there: the address is not known, or
    the site does not publish such a file. A file that lies there already stays as it is. Raises
    OSError or Unwritable if the folder cannot be written."""
    file = _file(output, name, text)
    article = post.read(name, text)
    if file is None or article is None:
        return False
    if not os.path.lexists(output / file):
        config = find_config(output)
        language = read_language(config) if config else ""
        page = page_text(article, language, base(output), target)
        write_whole(output / file, page.encode("utf-8"), output, lasting=True)
    return True


def remove_gone_page(output: Path, gone: PublishedPost) -> None:
    """Remove what stays of a post that went, which still has its title or its source: the page at
    its address, and its line in a list. Raises OSError or Unwritable if that is not possible."""
    path = paths(output)(article_of(Record(gone, {}, {})), gone.path)
    if path is not None:
        unlist(output, f"{base(output)}{path}")
    file = _inside(path)
    if file is None or not (output / file).is_file():
        return
    if _NOINDEX in (output / file).read_text("utf-8", "replace"):
        (output / file).unlink()


def page_text(article: Article, language: str, base: str, target: str = "") -> str:
    """Return the page of an article that is gone. Titles and addresses may be hostile."""
    words = _words(language)
    title = escape(article.title)
    address, label = (target, article.title) if target else (article.link, words["original"])
    link = f'<a href="{escape(address)}">{escape(label)}</a>' if host(address) else ""
    home = f'<a href="{escape(base)}/">{escape(words["home"])}</a>'
    head = [f'<meta http-equiv="refresh" content="0; url={escape(target)}">'] if target else []
    head += [f'<link rel="canonical" href="{escape(target)}">'] if target else []
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(language or "en")}">',
            '<meta charset="utf-8">',
            _NOINDEX,
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            *head,
            f"<title>{title}</title>",
            f"<h1>{title}</h1>",
            f"<p>{escape(words['lost_hint'])} {link}</p>",
            f"<p>{home}</p>",
            "",
        ]
    )


def _file(output: Path, name: str, text: str) -> Path | None:
    """Return the file that Jekyll serves at the address of a post, None if there is none."""
    article, head = post.read(name, text), post.read_front_matter(text) or {}
    categories = head.get("categories")
    several = isinstance(categories, list) or len(str(categories or "").split()) > 1
    if article is None or several or any(key in head for key in _OTHER_KEYS):
        return None
    path, config = _inside(paths(output)(article, name)), find_config(output)
    return path if path and (config is None or published(config, [path.as_posix()])) else None


def _inside(path: str | None) -> Path | None:
    """Return the file inside the site that is served at a path; None for one that Jekyll leaves
    out."""
    if path is None:
        return None
    path = unquote(path).lstrip("/") + ("index.html" if path.endswith("/") else "")
    hidden = any(part in ("", "..") or part[0] in "._#~" for part in path.split("/"))
    return None if hidden else Path(path)


def _words(language: str) -> dict[str, Any]:
    known = languages.read(language[:2].lower()).get("site")
    return {**languages.read("en")["site"], **(known or {})}
