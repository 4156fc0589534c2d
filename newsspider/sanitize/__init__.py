"""The last step for a body and a digest: the result is safe to write into a Jekyll post.

In: hostile markup or text. Out: the content between a post's front matter and its footer. Nothing
in it can run or hide the footer, kramdown and Liquid find nothing to interpret, and the reader sees
the text of the source. Called by the stage Sanitise and by the Jekyll exporter.

A body that `grammar` accepts is returned byte for byte. One that lacks only the slash of `<br />`,
or whose braces Liquid would read, gets just these changes. Any other is cleaned by nh3 and
rewritten, or else reduced to paragraphs of text. Nothing is returned that `grammar` does not
accept.
"""

from __future__ import annotations

import contextlib
import html
import re
from dataclasses import replace
from typing import Final

import nh3

from newsspider.errors import TooLong
from newsspider.model import Article, Rejection, Verdict
from newsspider.sanitize.grammar import (
    ATTRIBUTE_NAME,
    ATTRIBUTES,
    ELEMENTS,
    MAX_TAGS,
    PHRASE,
    is_strict,
    opening,
)
from newsspider.sanitize.rewrite import SYNONYMS, escape, rewrite
from newsspider.text.characters import clean_characters, shows
from newsspider.text.lazy import lazy_pattern
from newsspider.text.repairs import tags_in_drawings
from newsspider.text.scripts import HAN

_NEVER_TEXT: Final = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
    | {"title", "xmp", "noembed", "noframes", "plaintext", "select"}
)
# One cleaner for all bodies: it has no state, and costs more to build than a small body to clean.
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
# bare `&` 9 s. Articles have some hundred tags. With `MAX_TAGS`, these bounds keep the worst case
# below about 3 s and 300 MB.
_MAX_COPIES: Final = 1_000_000
_MAX_REFERENCES: Final = 100_000
_LONG_RUN = re.compile(r"<[^<]{100000}")
_FORMATTING = r"(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
_FORMATTING_TAG = re.compile(rf"</?{_FORMATTING}(?:[\s/][^<>]*+)?>", re.IGNORECASE)
# The HTML5 parser repeats an unclosed formatting tag in each later paragraph; of tags without
# attributes at most three.
_REPEATED = re.compile(rf"<{_FORMATTING}[\s/]", re.IGNORECASE)
# nh3 drops elements of SVG or MathML with their text, wherever they are. But outside of these
# namespaces `<text>`, `<set>` or `<root>` have no meaning to a browser: it shows their content. So
# every tag that is not HTML is renamed to a name that nh3 does not know.
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
# The elements of the two namespaces in which a parser is back in HTML.
_HOLDS_HTML: Final = frozenset(
    {"annotation-xml", "desc", "foreignobject", "malignmark", "mglyph"}
    | {"mi", "mn", "mo", "ms", "mtext"}
)
# Pictures inside their address: megabytes that do not belong in a post.
_DATA_URL = re.compile(r"""=\s*+(["'])\s*+data:[^"'<>]{1000,}+\1""", re.IGNORECASE)
# Pages write `<br>` or `<br/>`, posts `<br />`: a body that is otherwise well-formed then needs no
# rewriting.
_VOID = re.compile(r"<((?:br|hr|img|col)(?:[ /][^<>]*+)?)>")
_PLAIN_TEXT = lazy_pattern(rf">\s*+[0-9A-Za-z{HAN}]")
_TAG = re.compile("<[^>]*>")
_PIECE = re.compile(r"<!--|-->|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|[^<-]++|.", re.DOTALL)
_INLINE: Final = frozenset(name for name, element in ELEMENTS.items() if element.kind & PHRASE)

# What kramdown interprets or replaces anywhere in a line of text: emphasis, code, tables, links,
# HTML, escapes, quotes it would curl, `{:`, dashes, ellipses, deletion, mathematics, references. A
# single `-`, `.`, `~` or `$` stays: `HFO-1234yf`, `3~5天`, `$100`.
_MARKDOWN = re.compile(r"""[*_`|\[\]<>\\"'{]|--+|\.\.\.+|~~+|\$\$+|&(?=[#A-Za-z0-9_:][\w.:-]*+;)""")
# And what it interprets at the start of a line: heading, definition, end of block, list.
_LINE_START = re.compile(r"([#:^]+|[+-](?=\s|\Z))|[0-9]++(\.)(?=\s|\Z)")
# In a layout with an unescaped `content="…"`, a straight quote before one of these makes it an
# attribute (see `grammar.ATTRIBUTE_NAME`). kramdown writes `&#34;` in Markdown as `"`, but keeps it
# in HTML.
_ATTRIBUTE_LIKE = re.compile(r"\b(?:on|http-equiv)", re.IGNORECASE)


def sanitise_article(article: Article, link: str) -> Article:
    """Return an article with a safe body, and `link` as its address. One whose text is too long for
    a post is rejected."""
    try:
        return replace(article, link=link, body=sanitise_body(article.body, base=link))
    except TooLong as error:
        rejection = article.rejection or Rejection(Verdict.TOO_LONG, str(error))
        return replace(article, link=link, body="", rejection=rejection)


def sanitise_body(body: str, *, base: str) -> str:
    """Return `body` as safe HTML, or "" when neither text nor an image is left to show.

    A body that is strict already is returned unchanged. `base` is the absolute base URL of its
    addresses. Raises TooLong when the text alone is longer than a post may be.
    """
    if not is_strict(body):
        body = clean_characters(body)
        closed = _VOID.sub(lambda tag: f"<{tag[1].rstrip(' /')} />", _without_liquid(body))
        closed = _inert(closed)
        body = closed if is_strict(closed) else _cleaned(body, base)
    return body if _shows(body) else ""


def _shows(body: str) -> bool:
    if _PLAIN_TEXT.search(body) or "<img " in body:
        return True
    return shows(html.unescape(_TAG.sub("", body)))


def sanitise_digest(text: str) -> str:
    """Return plain `text` as one line of Markdown that shows exactly this text after `> `."""
    if '"' in text and _ATTRIBUTE_LIKE.search(text):
        return f"<p>{escape(_one_line(text)).replace('{', '&#123;')}</p>"
    line = markdown_text(text)
    marker = _LINE_START.match(line)
    if marker is None:
        return line
    start, end = marker.span(marker.lastindex or 0)
    return line[:start] + _references(line[start:end]) + line[end:]


def markdown_text(text: str) -> str:
    """Return plain `text` as Markdown that shows exactly this text inside a line or a link."""
    return _MARKDOWN.sub(lambda match: _references(match[0]), _one_line(text))


def _one_line(text: str) -> str:
    return clean_characters(text).replace("\n", " ").strip(" \t")


def _references(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _without_liquid(body: str) -> str:
    """Return a body in which Liquid finds no pair of braces. All opening braces are escaped, since
    half of `{{{%` would leave a pair."""
    return body.replace("{", "&#123;") if "{{" in body or "{%" in body else body


def _inert(body: str) -> str:
    """Return a body without a word that becomes an attribute in the layouts that `grammar`
    describes at `ATTRIBUTE_NAME`."""
    start, end = opening(body)
    if not ATTRIBUTE_NAME.search(body, start, end):
        return body
    plain = ATTRIBUTE_NAME.sub(
        lambda name: f"&#{ord(name[0][0])};{name[0][1:]}", body[start - 1 : end]
    )
    return body[: start - 1] + plain + body[end:]


def _cleaned(body: str, base: str) -> str:
    """Return any markup, without unwanted characters, as a strict body."""
    body = _DATA_URL.sub('=""', body)
    body = _without_foreign_names(body)
    if not _affordable(body):
        body = _FORMATTING_TAG.sub("", body)
    if _affordable(body):
        body = clean_characters(_CLEANER.clean(body))
        if body.count("<") <= 4 * MAX_TAGS:
            with contextlib.suppress(TooLong):
                strict = _inert(_without_liquid(rewrite(body, base)))
                if is_strict(strict):
                    return strict
    strict = _without_liquid(_paragraphs(body))
    if not is_strict(strict):
        raise TooLong(f"its text alone is longer than a post may be ({len(strict):,} characters)")
    return strict


def _without_foreign_names(body: str) -> str:
    """Return a body whose tags outside of HTML have a name that nh3 does not know."""
    kept, end = [], 0
    for tag, in_drawing, _ in tags_in_drawings(body):
        name = (tag["name"] or "").lower()
        if name and name not in _HTML and not (in_drawing and name in _HOLDS_HTML):
            at = tag.start("name")
            kept.append(f"{body[end:at]}x-x")
            end = at
    kept.append(body[end:])
    return "".join(kept)


def _affordable(body: str) -> bool:
    """Return whether nh3 reads the body in bounded time and memory."""
    tags = body.count("<")
    return (
        tags <= MAX_TAGS
        and len(_REPEATED.findall(body)) * tags <= _MAX_COPIES
        and body.count("&") <= _MAX_REFERENCES
        and not _LONG_RUN.search(body)
    )


def _paragraphs(markup: str) -> str:
    """Return the text of `markup` with a paragraph for each line or block, when all else fails.

    Takes linear time on any input, and reads HTML only roughly.
    """
    text = []
    unseen = ""  # the end of the part that is being left out
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
    size = len(lines) // (MAX_TAGS // 4) + 1  # lines of a paragraph, so the tags stay in bounds
    groups = ["\n".join(lines[at : at + size]) for at in range(0, len(lines), size)]
    return "\n".join(f"<p>{group}</p>" for group in groups)
