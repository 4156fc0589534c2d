"""Repairs of the source text, where libxml2 would read less of a page than a browser shows.

In: a page or a body as text, of any length and depth. Out: the same text, in a form that libxml2
reads as a browser does. `text.parse` and `clean.tree` parse the result.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from newsspider.text.elements import BLOCKS, OPTIONAL_ENDS, TOKEN, UNKNOWN_VOID, VOID

_DOCUMENT_END = re.compile(r"</(?:body|html)\s*+>", re.I)
_BODY = re.compile(r"<body[\s>/]", re.I)
_MOST_IN_HEAD = 2000  # tags of a head; those of news pages have up to 500
_NEW_BLOCKS = frozenset(
    {"main", "article", "section", "header", "nav", "aside", "footer", "figure", "dialog"}
)
_RAW_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
# libxml2 compares each attribute of a tag with all others: 60,000 in one tag took 9 s. The tags of
# news pages have up to 40.
_MOST_ATTRIBUTES = 200
_ATTRIBUTE = re.compile(r"""=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+|=""")
# The text and the tags that `readable_tags` need not look at: 0.3 µs each, not 1 µs. A tag of at
# most twelve values, with at most 40 names before the first and 12 after each, has at most 196
# attributes.
_LOOKED_AT = "|".join([*_RAW_TEXT, *UNKNOWN_VOID, "noscript"])
_ORDINARY = re.compile(
    rf"""(?:[^<]*+<(?:/[a-zA-Z][^<>"'=]{{0,80}}+>"""
    rf"""|(?:(?!(?:{_LOOKED_AT})[\s/>])[a-z][a-z0-9]*+(?=[\s/>])"""  # most tags: no case to fold
    rf"""|(?!(?i:{_LOOKED_AT})[\s/>])[a-zA-Z])"""
    r"""[^<>"'=]{0,80}+(?:=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"'=])[^<>"'=]{0,24}+){0,12}+>))*+"""
)
_NOSCRIPT_END = re.compile(r"</noscript(?=[\s/>])", re.I)
_DEEPEST_DRAWING = 100
_DRAWINGS = ("svg", "math")
_CONTROLS = ("a", "button")
# `[aA]` and not `re.I`, which folds the case of each character that it compares: twice as fast.
_COUNTED = re.compile(
    "</?+(?:{})(?=[\\s/>])".format(
        "|".join(
            "".join(f"[{letter}{letter.upper()}]" for letter in name)
            for name in (*_CONTROLS, *_DRAWINGS)
        )
    )
)
# The elements of a drawing that may contain HTML, and the HTML tags that end a drawing.
_HOLDS_HTML = {
    "svg": frozenset({"foreignobject", "desc"}),
    "math": frozenset({"annotation-xml", "mi", "mo", "mn", "ms", "mtext"}),
}
_NOT_DRAWN = frozenset(
    {"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "h1"}
    | {"h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta"}
    | {"nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup"}
    | {"table", "tt", "u", "ul", "var", "embed"}
)


def readable_tags(text: str) -> str:
    """Return the text with an end tag for each void element that libxml2 does not know, without the
    attributes of a tag above a number that no page needs, and without a tag that hides the end of
    its noscript: a browser ends a noscript at the first `</noscript>`, also in an attribute."""
    kept, end = [], 0
    for tag in _outside_raw_text(text, skip=_ORDINARY):
        if not tag["slash"] and (tag["name"] or "").lower() in UNKNOWN_VOID:
            kept.append(f"{text[end : tag.end()]}</{tag['name']}>")
        elif _NOSCRIPT_END.match(text, tag.end()) and _is_open(tag):
            kept.append(text[end : tag.start()])
        elif tag.end() - tag.start() > 2 * _MOST_ATTRIBUTES and (cut := _surplus(tag)):
            kept.append(text[end:cut] + " >")
        else:
            continue
        end = tag.end()
    kept.append(text[end:])
    return "".join(kept)


def _is_open(tag: re.Match[str]) -> bool:
    """Return whether a tag or a comment lacks its end."""
    if tag["name"] is None:
        return not tag[0].endswith("-->" if tag[0].startswith("<!--") else ">")
    return tag.end("attributes") == tag.end()


def _surplus(tag: re.Match[str]) -> int:
    """Return where the attributes of a tag begin that are too many; 0 if there are none."""
    if tag["name"] is None:
        return 0
    attributes = _ATTRIBUTE.finditer(tag.string, *tag.span("attributes"))
    surplus = next(islice(attributes, _MOST_ATTRIBUTES, None), None)
    return surplus.start() if surplus else 0


def with_body(text: str) -> str:
    """Return the page with the tag of its body, where it leaves that out and begins with an element
    that libxml2 does not know: libxml2 then keeps the article in the head."""
    if _BODY.search(text):
        return text
    for tag in islice(_outside_raw_text(text), _MOST_IN_HEAD):
        if (tag["name"] or "").lower() in _NEW_BLOCKS:
            return f"{text[: tag.start()]}<body>{text[tag.start() :]}"
    return text


def without_early_end(text: str) -> str:
    """Return the page without the `</body></html>` of a document pasted into the article: libxml2
    drops what follows, a browser goes on."""
    end = _DOCUMENT_END.search(text)
    if end is None or not _DOCUMENT_END.sub("", text[end.end() :]).strip():
        return text
    return text[: end.start()] + _DOCUMENT_END.sub("", text[end.end() :])


def flattened(body: str, deepest: int) -> str:
    """Return the body without the tags that nest deeper than `deepest`; their text stays, in lines
    as before.

    End tags that HTML allows to leave out are written out.
    """
    waiting: list[tuple[str, bool]] = []  # name, and whether the tag is kept
    count: dict[str, int] = {}
    kept, end, last = [], 0, 0

    def close() -> tuple[str, bool]:
        name, keep = waiting.pop()
        count[name] -= 1
        return name, keep

    for tag in _outside_raw_text(body):
        name = (tag["name"] or "").lower()
        before, last = last, tag.end()
        if not name or name in VOID or tag[0].endswith("/>"):
            continue
        keep, closed = True, ""
        if not tag["slash"]:
            while waiting and _closes(name, waiting[-1][0]):
                other, keep = close()
                closed += f"</{other}>" if keep else ""
            keep = len(waiting) < deepest
            waiting.append((name, keep))
            count[name] = count.get(name, 0) + 1
        elif count.get(name):
            other = ""
            while other != name:
                other, keep = close()
        if closed or not keep:
            text = body[end : tag.start()]
            parts = not keep and name in BLOCKS and body[before : tag.start()].strip()
            kept += [text, closed, tag[0] if keep else "<br>" if parts else ""]
            end = tag.end()
    kept.append(body[end:])
    return "".join(kept)


def _outside_raw_text(
    body: str, skip: re.Pattern[str] = re.compile(""), around: Sequence[str] = ()
) -> Iterator[re.Match[str]]:
    """Yield the tags and comments of a text, except those inside a script or a style and those that
    `skip` matches. What is open at the end of a noscript ends with it.

    `around` are the open drawings, which the caller keeps: a drawing has no raw text."""
    at, end, closes = 0, len(body), True
    while True:
        if skipped := skip.match(body, at, end):
            at = skipped.end()
        tag = TOKEN.search(body, at, end)
        if tag is None:
            if end == len(body):
                return
            at, end = end, len(body)
            continue
        yield tag
        at = tag.end()
        name = "" if tag["slash"] or _last(around) in _DRAWINGS else (tag["name"] or "").lower()
        if name == "noscript" and closes and end == len(body):
            noscript_end = _NOSCRIPT_END.search(body, at)
            closes = noscript_end is not None
            end = noscript_end.start() if noscript_end else end
        elif end_tag := _RAW_TEXT.get(name):
            ended = end_tag.search(body, at, end)
            at = ended.start() if ended else end  # or else all the rest is its text


def tag_counts(body: str) -> Counter[str]:
    """Return how often the tags of links, buttons and drawings occur, also in scripts, each under
    its start: `<a`, `</a`."""
    return Counter(map(str.lower, _COUNTED.findall(body)))


def closed_drawings(body: str, counts: Counter[str]) -> str:
    """Return the body with an end tag for each unclosed `<svg>` and `<math>`, where a browser ends
    it: before a tag that no drawing contains.

    libxml2, which knows no namespaces, ends it with its parent: the text after an icon would be a
    part of the icon.
    """
    if sum(counts[f"<{name}"] - counts[f"</{name}"] for name in _DRAWINGS) == 0:
        return body
    kept, end = [], 0
    for tag, _, ended in tags_in_drawings(body):
        if ended:
            kept.append(body[end : tag.start()] + "".join(f"</{name}>" for name in ended))
            end = tag.start()
    kept.append(body[end:])
    return "".join(kept)


def tags_in_drawings(body: str) -> Iterator[tuple[re.Match[str], bool, list[str]]]:
    """Yield each tag with whether it is in a drawing, and with the names of the open drawings that
    end before it, as no drawing contains it."""
    waiting: list[str] = []  # the drawings around, and their elements that contain HTML
    for tag in _outside_raw_text(body, around=waiting):
        name = (tag["name"] or "").lower()
        inside, ended = bool(waiting), []
        if tag["slash"] and name in waiting:
            while waiting.pop() != name:
                pass
        elif not tag["slash"] and (
            name in _DRAWINGS or name in _HOLDS_HTML.get(_last(waiting), ())
        ):
            opens = not tag[0].endswith("/>") and len(waiting) < _DEEPEST_DRAWING
            waiting += [name] if opens else []
        elif name in _NOT_DRAWN:
            while _last(waiting) in _DRAWINGS:
                ended.append(waiting.pop())
        yield tag, inside, ended


def _last(names: Sequence[str]) -> str:
    return names[-1] if names else ""


def closed_links(body: str, counts: Counter[str]) -> str:
    """Return the body with an end tag for each unclosed link and button, before the block that
    follows it.

    A browser shows the text after it like any other; extraction would take it for one link, or for
    a control. Many old pages have an unclosed `<a name=top>`.
    """
    for name in _CONTROLS:
        if counts[f"<{name}"] not in (0, counts[f"</{name}"]):
            body = _closed_before_blocks(body, name)
    return body


def _closed_before_blocks(body: str, name: str) -> str:
    kept, end = [], 0
    is_open, block = False, -1
    for tag in _outside_raw_text(body):
        tag_name = (tag["name"] or "").lower()
        if tag_name == name:
            if is_open and not tag["slash"]:
                at = block if block >= 0 else tag.start()
                kept.append(body[end:at] + f"</{name}>")
                end = at
            is_open, block = not tag["slash"] and not tag[0].endswith("/>"), -1
        elif is_open and block < 0 and tag_name in BLOCKS:
            block = tag.start()
    if is_open and block >= 0:
        kept.append(body[end:block] + f"</{name}>")
        end = block
    kept.append(body[end:])
    return "".join(kept)


def _closes(name: str, other: str) -> bool:
    kind, level = OPTIONAL_ENDS.get(name, ("", 0))
    other_kind, other_level = OPTIONAL_ENDS.get(other, ("none", 0))
    return kind == other_kind and level <= other_level
