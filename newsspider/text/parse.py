"""The text of a page → a tree, or the value in it: HTML, JSON, JSONP, the data in a script.

In: a page as it came (hostile). Out: an lxml tree or a JSON value; NotReadable for a page that is
neither. Pure; `Document` calls it once per page, `selectors` reads the fields from the result.
"""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree, html

from newsspider.errors import NotReadable, TooCostly
from newsspider.text.budget import require, unmeasured
from newsspider.text.repairs import (
    closed_drawings,
    closed_links,
    flattened,
    readable_tags,
    tag_counts,
    with_body,
    without_early_end,
)
from newsspider.text.urls import absolute

# Tags of a page that may nest; a page with many unclosed `<font>` nests more.
_DEEPEST = 200
# Each takes 0.3 KB of memory. An article of 5 MB has 150,000, a list of links 400,000.
_MOST_TAGS = 500_000
_TAG = 2e-6  # seconds for each, in libxml2, which cannot be interrupted
# A place where a browser may break a word: no reader sees it, and no search for the word matches.
# One pattern that begins with one character: 0.2 ms for a page of 170 KB, not 0.7.
_SOFT_HYPHEN = re.compile("&(?:shy|#(?:0*173|[xX]0*[aA][dD]));")
# The same classes as lxml.html's own, without those of form fields and labels, which nothing here
# needs: theirs are looked up by a function in Python, each time that an element is met.
_CLASSES = etree.ElementDefaultClassLookup(
    html.HtmlElement, html.HtmlComment, html.HtmlProcessingInstruction, html.HtmlEntity
)
# `callback({...});`, `/**/callback({...})`, `var name = {...};`: list APIs call this JSON.
_WRAPPER = re.compile(r"(?:/\*\*/\s*)?(?:(?:var|let|const)\s+)?[\w$.]+\s*[=(]\s*(?=[\[{])")


def parse_html(text: str) -> html.HtmlElement:
    """Return the tree of a page. Raises NotReadable for an empty page and for one that is not
    HTML, TooCostly for one of too many tags."""
    if not text:
        raise NotReadable("the page is empty")
    if (tags := text.count("<")) > _MOST_TAGS:
        raise TooCostly(f"the page has {tags} tags, and at most {_MOST_TAGS} are read")
    require(tags * _TAG)
    text = _SOFT_HYPHEN.sub("", text)
    if "\xad" in text:
        text = text.replace("\xad", "")
    text = readable_tags(with_body(without_early_end(text)))
    counts = tag_counts(text)
    text = closed_links(closed_drawings(text, counts), counts)
    try:
        tree, whole = _parsed(text, huge=False)
        return tree if whole else _parsed(flattened(text, _DEEPEST), huge=True)[0]
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NotReadable(f"the page is not HTML ({error})") from error


def _parsed(text: str, *, huge: bool) -> tuple[html.HtmlElement, bool]:
    """Return the tree of a text, and whether it is complete: libxml2 drops what nests deeper than
    256 tags, and all that follows, and reports that only in its log."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=huge)
    parser.set_element_class_lookup(_CLASSES)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    cut = (entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return tree, not any(cut)


def base_url(tree: html.HtmlElement, url: str) -> str:
    """Return the base address of the links of the page at `url`: its `<base>`, else `url`."""
    base = next((element for element in tree.iter("base") if element.get("href")), None)
    return (absolute(base.get("href") or "", url) if base is not None else None) or url


def parse_json(text: str) -> Any:
    """Return the value of a JSON or JSONP response. Raises NotReadable for anything else."""
    if wrapper := _WRAPPER.match(text):
        text = text[wrapper.end() :]
        try:
            return json.JSONDecoder().raw_decode(text)[0]
        except (ValueError, RecursionError) as error:
            raise NotReadable(f"the answer is not JSONP ({error})") from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:40].split())
        raise NotReadable(f"the answer is not JSON ({error}; it starts {start!r})") from error


def script_value(text: str) -> Any:
    """Return the value that the text of a script is, or starts with.

    For JSON in a string (the argument of JSON.parse) that is the value in the string. Raises
    NotReadable for a script without a value.
    """
    try:
        inside = json.JSONDecoder().raw_decode(text)[0] if text.startswith('"') else text
        return json.loads(inside)
    except (ValueError, RecursionError):
        pass
    with unmeasured():
        import chompjs  # needed only for scripts that are not plain JSON

    try:
        return chompjs.parse_js_object(text)
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:40].split())
        raise NotReadable(f"the script contains no data ({error}; it starts {start!r})") from error


def decode(body: bytes, encoding: str) -> str:
    """Return the text of a page without the white space around it. libxml2 does not do this: it
    ends a GB18030 page at its first invalid byte, and lacks some of Python's encodings."""
    try:
        text = body.decode(encoding, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return text.strip("\ufeff \t\r\n")
