"""An article → its post, and back: front matter, digest, body, source link, footer.

In: an article that has passed Validate, and its site's recipe. Out: the file name and the text,
byte for byte in the first user's layout (docs/output-format.md is the contract). Pure; `format.py`
calls it. `read` rebuilds a lost ledger from posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import quote

import yaml

from newsspider.dates import post_date
from newsspider.exporters.yaml import yaml_plain, yaml_quoted
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture, place
from newsspider.sanitize import markdown_text, sanitise_digest
from newsspider.sites.schema import Recipe
from newsspider.sites.types import fill
from newsspider.text.slugs import post_name

# Of libyaml, where it is installed: it takes a tenth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTING = "[{-?:"  # signs of YAML: a level of nesting takes at least one
_DEEPEST = 200  # levels; of some 10,000 libyaml's loader dies, with the whole process
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(.+)\.md")
_FRONT_MATTER = re.compile(r"\ufeff?\s*---[ \t]*\n(.*?\n)---[ \t]*\n\n?(.*)", re.S)
# The last lines of every layout since 2021-12: the source link, then the link to the category (one
# line since v6, two before, none in v0-v2).
_END = re.compile(r"(?:\A|\n)<((?:https?:)?//[^<>\s]*|)>[ \t]*\n*(?:[^\n]+(?:\n+|\Z)){0,2}\Z")
# The tags that `sanitise_digest` puts around a digest that would be read as an attribute without.
_PARAGRAPH = re.compile(r"\A<p>|</p>\Z")
_REFERENCE = re.compile(r"&[#\w]{2,10};", re.ASCII)
_QUOTE = re.compile(r"> ([^\n]*)(?:\n\n(.*))?", re.S)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
# Until 0.1.0 the footer of a site file that states none. Its address ignores `baseurl`; the layout
# links the section instead.
_OLD_FOOTER = "[{tag}]({category_page})"


def file_name(article: Article) -> str:
    """Return the name of the post's file inside `_posts`: `2022-04-26-NW202204262359811335.md`."""
    assert article.published is not None
    return post_name(article.published.date(), article.id)


def own_language(article: Article, recipe: Recipe, site_language: str) -> str:
    """Return the language that the article's post states: "" if it is the site's (`zh` is that of a
    site in `zh-CN`, `zh-TW` is not) or unknown. The posts of the profile `seed` state none."""
    language = article.language.replace("_", "-")
    if recipe.profile == "seed" or not _LANGUAGE.fullmatch(language):
        return ""
    short, long = sorted((language.lower(), site_language.lower()), key=len)
    return "" if short and f"{long}-".startswith(f"{short}-") else language


def render(article: Article, recipe: Recipe, language: str = "") -> str:
    """Return the post of an article (lines end with LF), with `language` as its `lang`. The article
    has a publication time, a title and a link: Validate ensures it.

    `published`, `category` and `tag` are those of the first publication if the article already has
    a post: Jekyll builds the address from name, date and category, and it must never change.
    """
    digest = sanitise_digest(article.digest)
    parts = (digest and f"> {digest}", article.body, f"<{article.link}>", _footer(article, recipe))
    head = "\n".join(_front_matter(article, recipe.keys or (), language))
    return f"---\n{head}\n---\n" + "\n\n".join(part for part in parts if part)


def earlier(article: Article, recipe: Recipe) -> Iterator[str]:
    """Yield the posts that earlier versions rendered of an article, or that it had in a site of
    another language: with and without `lang` and the default footer."""
    for language in dict.fromkeys(("", own_language(article, recipe, ""))):
        yield render(article, recipe, language)
        if not recipe.footer:
            yield render(article, Recipe(footer=_OLD_FOOTER).over(recipe), language)


def with_pictures(text: str, kept: Mapping[str, KeptPicture], base: str) -> str:
    """Return the text of a post in which these pictures are shown from their files."""
    matter = _FRONT_MATTER.match(text)
    start = matter.start(2) if matter else 0
    head = text[:start]
    for url, picture in kept.items():
        old, new = yaml_quoted(url), yaml_quoted(f"/{picture.file}")
        head = head.replace(f"\nimage: {old}\n", f"\nimage: {new}\n")
    return head + place(text[start:], kept, base)


def read(name: str, text: str) -> Article | None:
    """Return the article of a post; None if the file is not a post of ours, by its name or front
    matter.

    Reads all layouts that the first user's site has had: with or without +0800, with a blank line
    before or after the front matter, with two footer lines, one or none.
    """
    named, head = _NAME.fullmatch(name), read_front_matter(text)
    if named is None or head is None:
        return None
    digest, body, link = _split(_FRONT_MATTER.sub(r"\2", text, count=1))
    return Article(
        site="",
        key="",
        id=named[2],
        link=link or str(head.get("link", "")),
        title=unescape(str(head.get("title") or "")),
        published=_time(head.get("date")),
        source=unescape(str(head.get("source") or "")),
        category=_first(head.get("categories")),
        tag=unescape(_first(head.get("tags"))),
        digest=digest,
        body=body,
    )


def read_front_matter(text: str) -> dict[Any, Any] | None:
    """Return the front matter of a post; None if it has none that can be read."""
    matter = _FRONT_MATTER.match(text)
    try:
        head = yaml.load(matter[1], _loader(matter[1])) if matter else None  # noqa: S506 - safe
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        return None  # PyYAML raises a bare ValueError for `date: 2022-13-45`
    return head if isinstance(head, dict) else None


def _loader(head: str) -> Any:
    """Return the loader of YAML for front matter: the fast one, unless the nesting may be deep."""
    return _Loader if sum(map(head.count, _NESTING)) <= _DEEPEST else yaml.SafeLoader


def read_text(text: str) -> tuple[str, str]:
    """Return digest and body of a post that we wrote, without reading its front matter."""
    matter = _FRONT_MATTER.match(text)
    digest, body, _ = _split(matter[2] if matter else text)
    return digest, body


def _split(content: str) -> tuple[str, str, str]:
    """Return digest, body and link of what follows the front matter; "" for what it lacks."""
    body, link = content, ""
    if end := _end(body):
        body, link = body[: end.start()].rstrip("\n"), end[1]
    if digest := _QUOTE.fullmatch(body):
        return _plain(_PARAGRAPH.sub("", digest[1])), digest[2] or "", link
    return "", body, link


def link_at_end(body: str) -> str:
    """Return the source link at the end of a post's body, "" if it has none."""
    end = _end(body)
    return end[1] if end else ""


def _end(body: str) -> re.Match[str] | None:
    """Return what _END finds. It begins with one of the last three lines that are not empty: a
    search of the whole body takes ten times as long."""
    at, lines = len(body), list[int]()
    for _ in range(3):
        at = max(0, body.rfind("\n", 0, len(body[:at].rstrip("\n"))))
        lines.insert(0, at)
    return next(filter(None, (_END.match(body, start) for start in lines)), None)


def _front_matter(article: Article, keys: tuple[str, ...], language: str) -> Iterator[str]:
    # A fixed template, not a dumper: a dumper would quote the date or write its offset +08:00.
    assert article.published is not None
    yield "layout: post"
    yield f"title: {yaml_quoted(article.title)}"
    yield f"date: {post_date(article.published)}"
    if article.dated_by:
        yield f"dated_by: {article.dated_by}"
    yield f"categories: {yaml_plain(article.category)}"
    yield f"tags: {yaml_plain(article.tag)}"
    for key in keys:
        if value := _KEYS[key](article):
            yield f"{key}: {value}"
    if language:
        yield f"lang: {yaml_plain(language)}"


_KEYS: Mapping[str, Any] = {
    "author": lambda article: article.authors and yaml_quoted(", ".join(article.authors)),
    "source": lambda article: article.source and yaml_quoted(article.source),
    "link": lambda article: yaml_quoted(article.link),
    "description": lambda article: article.summary and yaml_quoted(article.summary),
    "image": lambda article: (
        article.images and yaml_quoted(article.picture or article.images[0].url)
    ),
    "stocks": lambda article: (
        article.stocks
        and "[" + ", ".join(f'"{stock.market}.{stock.code}"' for stock in article.stocks) + "]"
    ),
    "last_modified_at": lambda article: article.modified and post_date(article.modified),
    # Not `tags`, which has the tag that the post is filed under: Jekyll builds a page for each tag.
    "keywords": lambda article: (
        article.tags and "[" + ", ".join(map(yaml_quoted, article.tags)) + "]"
    ),
}


def category_path(category: str, recipe: Recipe) -> str:
    """Return the path of the page that lists a category, as the footers link it."""
    return fill(recipe.category_page or "", {"category": category})


def _footer(article: Article, recipe: Recipe) -> str:
    values = {
        "tag": markdown_text(article.tag),
        "source": markdown_text(article.source),
        "category": quote(article.category, safe=""),
        "category_page": quote(category_path(article.category, recipe), safe="/"),
    }
    return fill(recipe.footer or "", values)


def _plain(digest: str) -> str:
    """Return a digest as plain text. Only references that end with a semicolon are unescaped, as in
    kramdown, which leaves `&copy` alone."""
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), digest)


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "")


def _time(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None
