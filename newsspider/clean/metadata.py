"""The values that a finished text gives: source, stocks, pictures, summary, language, content hash.

In: a title, a digest, a body as HTML (hostile). Out: plain values; nothing raises. The stage
Metadata calls `describe` for every article; extraction calls the functions for the source, the
stocks, the tags and the title in a digest. Every function with a `body` also takes a BodyReading
of it (`read(body)`), so an article is parsed once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from newsspider.clean.credits import credit
from newsspider.clean.reading import Body
from newsspider.clean.reading import BodyReading as BodyReading
from newsspider.clean.reading import read as read
from newsspider.model import Article, Image, Stock
from newsspider.text import urls
from newsspider.text.lazy import lazy_pattern
from newsspider.text.pictures import is_kept

MOST_TAGS = 30
LONGEST_TAG = 60  # characters
_LONGEST_TAGS = 5000  # characters of a list of keywords that are read
_MOST_READ = 200

_SENTENCE_END = re.compile(r"[。！？；!?;…](?:[”’」』）)\"']*)|\.(?=\s)")
_DIGEST_SOURCE = re.compile(r"(?<=[。！？…”.!?])\s?[（(][^（）()。，]{1,20}[）)]$")
_SHORT = 20  # characters: a shorter line that ends no sentence is a heading, a place, a caption
_SUMMARY_ENOUGH = 60

# Ranges of their own, not those of `text.scripts`. `_WORD`: no script without spaces has a word to
# cut, so it leaves out all of East Asia. The others are counted against letters, so they have only
# letters: no ・, no hexagrams, but jamo and compatibility ideographs.
_WORD = lazy_pattern(r"[^\W_\u2e80-\ud7ff\uf900-\uffef]|['’.,-]")
_HAN = lazy_pattern(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]")
# Every form of a keyword link or chart contains one of these.
_STOCK_MARKS = ("data-code", "stock_", "Info.", "nid=", "/r/")
_HANGUL = lazy_pattern(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_LETTER = re.compile(r"[^\W\d_]")


def media_source(body: Body) -> str:
    """Return X of the last `<p class="em_media">（文章来源：X）</p>`, or ""; the name may contain
    links."""
    return read(body).source


def stocks(body: Body) -> tuple[Stock, ...]:
    """Return the shares that a body marks with keyword links or charts, each once, in reading
    order; no boards.

    Call it before cleaning: `reader` and `keywords` remove the links.
    """
    if isinstance(body, str) and not any(mark in body for mark in _STOCK_MARKS):
        return ()  # true of most bodies: 2 µs instead of a parse of 0.5 ms
    return read(body).stocks


def split_tags(text: str) -> list[str]:
    """Return the words of a list of keywords that a page writes in one text."""
    return re.split(r"[,;，；、]", text[:_LONGEST_TAGS])


def tags(values: Iterable[str]) -> tuple[str, ...]:
    """Return the keywords of an article, at most 30, each once whatever its case.

    A keyword of over 60 characters is a sentence, one with `://` the address of a vocabulary: both
    are left out.
    """
    kept: dict[str, str] = {}
    for word in map(str.strip, islice(values, _MOST_READ)):
        if word and len(word) <= LONGEST_TAG and "://" not in word:
            kept.setdefault(word.casefold(), word)
    return tuple(kept.values())[:MOST_TAGS]


def images(body: Body, base: str = "") -> tuple[Image, ...]:
    """Return the article's pictures with absolute addresses, each once: no charts, trackers,
    promotion, `data:`.

    Without `base`, relative addresses are left out.
    """
    pictures: dict[str, Image] = {}
    for image in read(body).images:
        address = image.url
        if is_kept(address):
            continue  # a post that was read back
        if not base and address.startswith("//"):
            address = f"https:{address}"
        if url := urls.post_link(address, base):
            pictures.setdefault(url, Image(url, image.caption))
    return tuple(pictures.values())


def with_lead(lead: tuple[Image, ...], shown: tuple[Image, ...]) -> tuple[Image, ...]:
    """Return the pictures of a body after the page's lead picture, which the body may lack."""
    known = {image.url: image for image in shown}
    first = [known.get(image.url, image) for image in lead[:1] if urls.post_link(image.url)]
    return (*first, *(image for image in shown if image not in first))


def content_hash(title: str, body: Body) -> str:
    """Return the SHA-256 (hex) of what a reader sees of an article: title, reading text, addresses
    of pictures and links.

    Markup, white space, keyword links and the tokens in addresses do not count: East Money changes
    them from one response to the next.
    """
    reading = read(body)
    parts = (" ".join(title.split()), "", *reading.lines, "", *reading.addresses)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def bracket_title(digest: str) -> str:
    """Return T of a digest `【T】rest`, or ""."""
    title, _ = _split(digest)
    return title.strip()


def strip_bracket(digest: str) -> str:
    """Return a digest without the `【…】` that it starts with.

    The old system wrote `digest.split("】")[-1]`, which loses text when a later 】 occurs; for a
    digest whose only 】 is that of its title the results are the same, byte for byte.
    """
    _, rest = _split(digest)
    return rest


def _split(digest: str) -> tuple[str, str]:
    start = len(digest) - len(digest.lstrip())
    if not digest.startswith("【", start):
        return "", digest
    depth = 0
    for bracket in re.finditer("[【】]", digest):
        depth += 1 if bracket[0] == "【" else -1
        if depth == 0:
            return digest[start + 1 : bracket.start()], digest[bracket.end() :]
    # The brackets are not balanced: the first 】 ends the title.
    title, bracket_end, rest = digest[start + 1 :].partition("】")
    return (title, rest) if bracket_end else ("", digest)


def summary(digest: str, body: Body, limit: int = 160) -> str:
    """Return one line of plain text of at most `limit` characters: the digest without its title and
    its trailing `（source）`, else the first paragraphs of the body.

    A longer text is cut at the end of a sentence or a word, with `…`.
    """
    text = " ".join(strip_bracket(digest).split())
    text = _DIGEST_SOURCE.sub("", text).strip()
    return cut(text or _opening(read(body).lines), limit)


def _opening(lines: tuple[str, ...]) -> str:
    """Return the first paragraphs, at least 60 characters of them when there are as many."""
    article_lines = [line for line in lines[:40] if credit(line) is None]
    text = ""
    ends = ("。", "。”", ".")
    paragraphs = [line for line in article_lines if len(line) >= _SHORT or line.endswith(ends)]
    for line in paragraphs or article_lines:
        joint = " " if text and text[-1].isascii() else ""
        text += joint + line
        if len(text) >= _SUMMARY_ENOUGH:
            break
    return text


def cut(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters: one that is longer ends after a sentence or a
    word, with an ellipsis."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    head = text[: limit - 1]
    ends = [end.end() for end in _SENTENCE_END.finditer(head)]
    if ends and ends[-1] * 2 >= limit:
        return head[: ends[-1]].rstrip("…") + "…"
    start = len(head)
    while start and _in_word(text, start):
        start -= 1
    head = head[:start] if start * 2 >= limit else head
    return head.rstrip(" ,、，:：…") + "…"


def _in_word(text: str, at: int) -> bool:
    """Return whether a cut before `at` splits a word or a number; Chinese has no word to split."""
    pair = text[at - 1 : at + 1]
    return len(pair) == 2 and all(_WORD.match(char) for char in pair)


def language(text: str, default: str) -> str:
    """Return `zh`, `ja` or `ko` by the script of the first 2,000 characters, else `default`; also
    `default` where it names the same language more exactly (`zh-TW`)."""
    text = text[:2000]
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, _HAN))
    letters = len(_LETTER.findall(text)) if kana or hangul or han else 0
    by_script = ""
    if letters and hangul * 3 > letters:
        by_script = "ko"
    elif letters and (kana + han) * 3 > letters:
        # A Japanese text has kana in every sentence, a Chinese text only in a name it quotes.
        by_script = "ja" if kana * 8 > kana + han else "zh"
    return default if not by_script or default.lower().startswith(by_script) else by_script


def describe(article: Article, site_language: str) -> Article:
    """Return the article with the values of its finished text: summary, pictures, language, content
    hash.

    Extraction reads stocks and source, before cleaning removes the keyword links.
    """
    reading = read(article.body)
    return replace(
        article,
        summary=summary(article.digest or article.summary, reading),
        images=with_lead(article.images, images(reading, article.link)),
        language=language(article.title + reading.text[:500], article.language or site_language),
        hash=content_hash(article.title, reading),
    )
