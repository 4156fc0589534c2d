"""The HTML of a post → the same, with the pictures that are kept.

In: safe HTML, as the sanitiser leaves it, and the file of each address. Out: HTML whose images have
the addresses of the files, with width, height and alt. Pure. The stage Pictures calls it, and the
formats for a post that has its pictures later.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsspider.clean.tidy import empties
from newsspider.clean.tree import Notes, drop, elements, parse, serialise
from newsspider.model import Article
from newsspider.sanitize import sanitise_article
from newsspider.text.pictures import KEPT_FOLDER

_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"<>]*\")+) ?/?>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"<>]*)"')
_KEPT = re.compile(rf'<img [^<>]*?src="[^"<>]*?/{KEPT_FOLDER}/([0-9a-f]{{32}}\.[a-z]+)"')


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """The file of a picture, as its path in the site (`assets/images/….jpg`), and its size in
    pixels."""

    file: str
    width: int
    height: int


def place(text: str, kept: Mapping[str, KeptPicture], base: str = "") -> str:
    """Return HTML in which the images with these addresses show their files; `base` goes before the
    path of each file."""

    def placed(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        picture = kept.get(html.unescape(attributes.get("src", "")))
        if picture is None:
            return match[0]
        attributes["src"] = html.escape(f"{base}/{picture.file}")
        attributes.setdefault("alt", "")
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
        return "<img" + "".join(f' {name}="{text}"' for name, text in attributes.items()) + " />"

    return _IMAGE.sub(placed, text) if kept else text


def with_pictures(article: Article, kept: Mapping[str, KeptPicture], base: str) -> Article:
    """Return an article whose post shows these pictures from their files."""
    lead = kept.get(article.images[0].url) if article.images else None
    picture = f"/{lead.file}" if lead else ""
    article = with_files(article, kept)
    return replace(article, body=place(article.body, kept, base), picture=picture)


def with_files(article: Article, kept: Mapping[str, KeptPicture]) -> Article:
    """Return an article whose pictures name the files of those that are kept."""
    images = tuple(
        replace(image, file=kept[image.url].file) if image.url in kept else image
        for image in article.images
    )
    return replace(article, images=images)


def leave_out(article: Article, link: str) -> Article:
    """Return a sanitised article without its pictures and what stands under them."""
    root = parse(article.body)
    pictures = list(elements(root, "img"))
    figures = [each for each in elements(root, "figure") if each.find(".//img") is not None]
    drop(root, [each for each in figures if each.find(".//table") is None])
    drop(root, pictures)
    empties(root, Notes(base=link))
    body = serialise(root) if pictures else article.body
    return sanitise_article(replace(article, body=body, images=()), link)


def kept_files(text: str) -> set[str]:
    """Return the names of the kept files that HTML shows."""
    return set(_KEPT.findall(text))
