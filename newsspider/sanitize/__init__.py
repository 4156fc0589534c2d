"""The last word on a body and a digest: what leaves here is safe to write into a Jekyll post.

Hostile markup or text goes in; out comes what stands between a post's front matter and its footer:
nothing in it can run or hide the footer, kramdown and Liquid find nothing to interpret, and a
reader reads the text that came. The stage Sanitise and the exporter call it.

A body that `strict` accepts leaves byte for byte as it came; one that lacks only the slash of
`<br />` or has braces too many gets these; every other is cleaned by nh3 and rewritten, or else
reduced to paragraphs of text. None leaves that `strict` does not accept.
"""

from __future__ import annotations

import contextlib
import html
import re
from typing import Final

import nh3

from newsspider.sanitize.grammar import (
    ATTRIBUTE_NAME,
    ATTRIBUTES,
    ELEMENTS,
    MAX_TAGS,
    PHRASE,
    is_strict,
    opening,
)
from newsspider.sanitize.rewrite import SYNONYMS, TooLongError, escape, rewrite
from newsspider.text.characters import clean_characters, shows
from newsspider.text.elements import TOKEN

_NEVER_TEXT: Final = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
    | {"title", "xmp", "noembed", "noframes", "plaintext", "select"}
)
# One cleaner for all: it holds no state, and building one costs more than a small body.
_CLEANER: Final = nh3.Cleaner(
    tags=set(ELEMENTS) | set(SYNONYMS),
    clean_content_tags=set(_NEVER_TEXT),
    attributes={tag: set(allowed) - {"rel"} for tag, allowed in ATTRIBUTES.items()},
    url_schemes={"http", "https"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)
# nh3's time and memory grow with the square of some inputs: 200,000 nested <div> took 130 s, 1,000
# unclosed <b class=…> before 1,000 <p> 287 MB, 40,000 attributes of one tag 0.5 s, a million
# bare `&` 9 s. Articles have some hundred tags. With `MAX_TAGS`, these bounds keep the worst below
# about 3 s and 300 MB.
_MAX_COPIES: Final = 1_000_000
_MAX_REFERENCES: Final = 100_000
_LONG_RUN = re.compile(r"<[^<]{100000}")
_FORMATTING = r"(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
_FORMATTING_TAG = re.compile(rf"</?{_FORMATTING}(?:[\s/][^<>]*+)?>", re.IGNORECASE)
# The HTML5 parser repeats an unclosed one in each later paragraph; of bare ones at most three.
_REPEATED = re.compile(rf"<{_FORMATTING}[\s/]", re.IGNORECASE)
# nh3 drops what it takes for SVG or MathML with its text, wherever it stands, though outside of
# their namespaces `<text>`, `<set>` or `<root>` are to a browser words that mean nothing: it shows
# what they hold. So all that is no HTML is given one name that nh3 does not know.
_HTML_NAMES: Final = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big"
    " blink blockquote body br button canvas caption center cite code col colgroup command content"
    " data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure"
    " font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image"
    " img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu"
    " menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup"
    " option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp script"
    " search section select shadow slot small source spacer span strike strong style sub summary"
    " sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var"
    " video wbr xmp"
)
_HTML: Final = frozenset(_HTML_NAMES.split())
# Of the two namespaces' own those in which a parser is back in HTML.
_HOLDS_HTML: Final = frozenset(
    {"annotation-xml", "desc", "foreignobject", "malignmark", "mglyph"}
    | {"mi", "mn", "mo", "ms", "mtext"}
)
_NAMESPACE = re.compile(r"<(?:svg|math)", re.IGNORECASE)
# Pictures inside their address: megabytes that no post will hold.
_DATA_URL = re.compile(r"""=\s*+(["'])\s*+data:[^"'<>]{1000,}+\1""", re.IGNORECASE)
# Pages write `<br>` or `<br/>`, posts `<br />`; what else is well-formed then needs no rewriting.
_VOID = re.compile(r"<((?:br|hr|img|col)(?:[ /][^<>]*+)?)>")
_PLAIN_TEXT = re.compile(r">\s*+[0-9A-Za-z\u3400-\u9fff]")
_TAG = re.compile("<[^>]*>")
_PIECE = re.compile(r"<!--|-->|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|[^<-]++|.", re.DOTALL)
_INLINE: Final = frozenset(name for name, element in ELEMENTS.items() if element.kind & PHRASE)

# What kramdown acts on or replaces wherever it stands in a line of text: emphasis, code, tables,
# links, HTML, escapes, quotes it would curl, `{:`, dashes, ellipses, deletion, mathematics,
# references. A single `-`, `.`, `~` or `$` stays: `HFO-1234yf`, `3~5天`, `$100`.
_MARKDOWN = re.compile(r"""[*_`|\[\]<>\\"'{]|--+|\.\.\.+|~~+|\$\$+|&(?=[#A-Za-z0-9_:][\w.:-]*+;)""")
# And what it acts on at the start of a line: heading, definition, end of block, list.
_LINE_START = re.compile(r"([#:^]+|[+-](?=\s|\Z))|[0-9]++(\.)(?=\s|\Z)")
# A straight quote before one of these is in an unescaped `content="…"` what `strict` says of
# `ATTRIBUTE_NAME`; and kramdown writes `&#34;` of Markdown as `"`, but leaves it alone in HTML.
_ATTRIBUTE_LIKE = re.compile(r"\b(?:on|http-equiv)", re.IGNORECASE)


def sanitise_body(body: str, *, base: str) -> str:
    """`body` as safe HTML, or "" when no text and no image is left to show.

    Unchanged when it is strict already. `base` is the absolute URL its addresses are relative to.
    """
    if not is_strict(body):
        body = _without_liquid(clean_characters(body))
        closed = _inert(_VOID.sub(lambda tag: f"<{tag[1].rstrip(' /')} />", body))
        body = closed if is_strict(closed) else _cleaned(body, base)
    return body if _shows(body) else ""


def _shows(body: str) -> bool:
    if _PLAIN_TEXT.search(body) or "<img " in body:
        return True
    return shows(html.unescape(_TAG.sub("", body)))


def sanitise_digest(text: str) -> str:
    """Plain `text` as one line of Markdown that shows just this text, to be written after `> `."""
    if '"' in text and _ATTRIBUTE_LIKE.search(text):
        return f"<p>{escape(_one_line(text)).replace('{', '&#123;')}</p>"
    line = markdown_text(text)
    marker = _LINE_START.match(line)
    if marker is None:
        return line
    start, end = marker.span(marker.lastindex or 0)
    return line[:start] + _references(line[start:end]) + line[end:]


def markdown_text(text: str) -> str:
    """Plain `text` as Markdown that shows just this text inside a line or a link."""
    return _MARKDOWN.sub(lambda match: _references(match[0]), _one_line(text))


def _one_line(text: str) -> str:
    return clean_characters(text).replace("\n", " ").strip(" \t")


def _references(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _without_liquid(body: str) -> str:
    """Liquid acts on pairs only; but all braces go, since half of `{{{%` leaves a pair."""
    return body.replace("{", "&#123;") if "{{" in body or "{%" in body else body


def _inert(body: str) -> str:
    """No word is an attribute in a layout that `strict.ATTRIBUTE_NAME` describes."""
    start, end = opening(body)
    if not ATTRIBUTE_NAME.search(body, start, end):
        return body
    plain = ATTRIBUTE_NAME.sub(
        lambda name: f"&#{ord(name[0][0])};{name[0][1:]}", body[start - 1 : end]
    )
    return body[: start - 1] + plain + body[end:]


def _cleaned(body: str, base: str) -> str:
    """Any markup, without unwanted characters, as a strict body."""
    body = _DATA_URL.sub('=""', body)
    body = _without_foreign_names(body)
    if not _affordable(body):
        body = _FORMATTING_TAG.sub("", body)
    if _affordable(body):
        body = clean_characters(_CLEANER.clean(body))
        if body.count("<") <= 4 * MAX_TAGS:
            with contextlib.suppress(TooLongError):
                strict = _inert(_without_liquid(rewrite(body, base)))
                if is_strict(strict):
                    return strict
    strict = _without_liquid(_paragraphs(body))
    return strict if is_strict(strict) else ""  # "" when the text alone is too long for a post


def _without_foreign_names(body: str) -> str:
    known = _HTML | _HOLDS_HTML if _NAMESPACE.search(body) else _HTML

    def renamed(tag: re.Match[str]) -> str:
        name = tag["name"]
        if name is None or name.lower() in known:
            return tag[0]
        start, end = tag.span("name")
        return tag[0][: start - tag.start()] + "x-x" + tag[0][end - tag.start() :]

    return TOKEN.sub(renamed, body)


def _affordable(body: str) -> bool:
    """Whether nh3 reads this in bounded time and memory."""
    tags = body.count("<")
    return (
        tags <= MAX_TAGS
        and len(_REPEATED.findall(body)) * tags <= _MAX_COPIES
        and body.count("&") <= _MAX_REFERENCES
        and not _LONG_RUN.search(body)
    )


def _paragraphs(markup: str) -> str:
    """The text of `markup`, a paragraph for each line or block: what is left when all else fails.

    Linear in any input, and only roughly HTML.
    """
    text = []
    unseen = ""  # the end of what is being left out
    for piece in _PIECE.finditer(markup):
        slash, name = piece[1], (piece[2] or "").lower()
        if unseen:
            if unseen == (slash + name if name else piece[0]):
                unseen = ""
        elif piece[0] == "<!--":
            unseen = "-->"
        elif name in _NEVER_TEXT and not slash:
            unseen = "/" + name
        elif not name:
            text.append(piece[0])
        elif name not in _INLINE or name == "br":
            text.append("\n")
    lines = clean_characters(html.unescape("".join(text))).split("\n")
    lines = [escape(line.strip()) for line in lines if line.strip()]
    several = len(lines) // (MAX_TAGS // 4) + 1  # in a paragraph, so that the tags stay in bounds
    groups = ["\n".join(lines[at : at + several]) for at in range(0, len(lines), several)]
    return "\n".join(f"<p>{group}</p>" for group in groups)
