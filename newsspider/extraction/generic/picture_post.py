"""A post of pictures on WeChat, whose pictures and text stand only in a script.

In: the tree of a page (hostile). Out: a node like the article's in JSON-LD, or an empty one. Called
by `extract` for a page that shows next to no text. The script is no JSON: it calls `JsDecode('…')`
and multiplies texts by 1, so that patterns read it. No script is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from lxml import html

from newsspider.extraction.generic.structured import Node

_LIST = "picture_page_info_list"
_LONGEST, _MOST_PICTURES = 1_000_000, 100
_STRING = r"(?:'(?:[^'\\\n]|\\.){0,20000}+'|\"(?:[^\"\\\n]|\\.){0,20000}+\")"
_START = re.compile(rf"\b{_LIST}[\"']?\s?[:=]\s{{0,9}}(?=\[)")
# What matters in the list: its brackets, and the addresses of its pictures. The record of a picture
# holds others: of its watermark, of the cover for sharing.
_TOKEN = re.compile(
    rf"(?P<address>[\"']?\bcdn_url[\"']?\s?:\s{{0,9}}(?:JsDecode\()?{_STRING})|{_STRING}|[\[\]{{}}]"
)


def _value(names: str) -> re.Pattern[str]:
    decoding = r"(?:(?:JsDecode|htmlDecode)\(\s?)?"
    return re.compile(rf"\b(?:{names})[\"']?\s?[:=]\s{{0,9}}{decoding}({_STRING})")


_TEXTS = (_value("content_noencode"), _value(r"window\.desc|msg_desc"))
_TITLE, _ACCOUNT = _value(r"msg_title|window\.title"), _value("nick_name|nickname")
_TIME = _value("create_time")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.S)
_LETTERS = {"n": "\n", "t": "\t", "r": ""}


def read_picture_post(tree: html.HtmlElement) -> Node:
    """Return the post of pictures that a script of the page holds, its text before them."""
    scripts = [script.text or "" for script in tree.iter("script")]
    text = next((text for text in scripts if _LIST in text[:_LONGEST]), "")[:_LONGEST]
    pictures = list(dict.fromkeys(_pictures(text)))[:_MOST_PICTURES]
    if not pictures:
        return {}
    everything = "\n".join(scripts)[:_LONGEST]
    words = _first(everything, *_TEXTS) or _description(tree)
    lines = [line.strip() for line in words.split("\n")]
    body = [f"<p>{escape(line, quote=False)}</p>" for line in lines if line]
    body += [f'<figure><img src="{escape(address)}"></figure>' for address in pictures]
    node = {
        "@type": "NewsArticle",
        "headline": _first(everything, _TITLE).replace("\n", " "),
        "publisher": _first(everything, _ACCOUNT),
        "datePublished": _first(everything, _TIME),
        "articleBody": "\n".join(body),
    }
    return {key: value for key, value in node.items() if value}


def _description(tree: html.HtmlElement) -> str:
    """Return the text that the page has for previews, whose line ends are written as `\\x0a`."""
    tags = (tag for tag in tree.iter("meta") if tag.get("property") == "og:description")
    tag = next(tags, None)
    return _decoded(f'"{tag.get("content") or ""}"') if tag is not None else ""


def _pictures(text: str) -> Iterator[str]:
    """Yield the addresses of the records of the list, without those of the records in them."""
    start = _START.search(text)
    depth = 0
    for token in _TOKEN.finditer(text, start.end()) if start else ():
        if token["address"]:
            if depth == 2 and (address := _decoded(token["address"].partition(":")[2])):
                yield f"https:{address}" if address.startswith("//") else address
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth == 0:
                return


def _first(text: str, *patterns: re.Pattern[str]) -> str:
    matches = (match for pattern in patterns for match in pattern.finditer(text))
    return next((value for match in matches if (value := _decoded(match[1]))), "")


def _decoded(literal: str) -> str:
    """Return the text of a string of JavaScript, without tags and entities."""
    string = literal.strip().removeprefix("JsDecode(").strip()[1:-1]
    text = _ESCAPE.sub(_character, string)
    return re.sub(r"<[^<>]{0,300}>", "", unescape(unescape(text))).strip()


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _LETTERS.get(match[3], match[3])
