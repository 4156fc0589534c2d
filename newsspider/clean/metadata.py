"""What can be read off a finished text: source, stocks, pictures, summary, language, content hash.

In: a title, a digest, a body as HTML (hostile). Out: plain values; nothing raises. The stage
Metadata calls it for every article, extraction asks for the source and the title in a digest. Where
a body is wanted, a BodyReading of it (`read(body)`) does too, so that an article is parsed once.
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

MOST_TAGS = 30
LONGEST_TAG = 60  # characters
_LONGEST_TAGS = 5000  # characters of a list of keywords that are looked at
_MOST_LOOKED_AT = 200

_SENTENCE_END = re.compile(r"[。！？；!?;…](?:[”’」』）)\"']*)|\.(?=\s)")
_DIGEST_SOURCE = re.compile(r"(?<=[。！？…”.!?])\s?[（(][^（）()。，]{1,20}[）)]$")
_SHORT = 20  # characters: below it a line that ends no sentence is a heading, a place, a caption
_SUMMARY_ENOUGH = 60

_WORD = re.compile(r"[^\W_\u2e80-\ud7ff\uf900-\uffef]|['’.,-]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]")
# What every form of a keyword link or chart has one of.
_STOCK_MARKS = ("data-code", "stock_", "Info.", "nid=", "/r/")
_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_LETTER = re.compile(r"[^\W\d_]")


def media_source(body: Body) -> str:
    """X of the last `<p class="em_media">（文章来源：X）</p>`, or ""; links may cut the name."""
    return read(body).source


def stocks(body: Body) -> tuple[Stock, ...]:
    """The shares a body marks with keyword links or charts, each once, in reading order; no boards.

    `reader` and `keywords` take the links away: ask before cleaning."""
    if isinstance(body, str) and not any(mark in body for mark in _STOCK_MARKS):
        return ()  # most bodies: 2 µs instead of a parse of 0.5 ms
    return read(body).stocks


def split_tags(text: str) -> list[str]:
    """The words of a list of keywords as pages write it, in one text."""
    return re.split(r"[,;，；、]", text[:_LONGEST_TAGS])


def tags(values: Iterable[str]) -> tuple[str, ...]:
    """Keywords of an article, at most 30, each once in whatever case. One of over 60 characters is
    a sentence, and one with `://` the address of a vocabulary: both are left out."""
    kept: dict[str, str] = {}
    for word in map(str.strip, islice(values, _MOST_LOOKED_AT)):
        if word and len(word) <= LONGEST_TAG and "://" not in word:
            kept.setdefault(word.casefold(), word)
    return tuple(kept.values())[:MOST_TAGS]


def images(body: Body, base: str = "") -> tuple[Image, ...]:
    """The article's pictures, absolute and each once: no charts, trackers, promotion, `data:`.

    An address that is relative to an unknown `base` is left out."""
    found: dict[str, Image] = {}
    for image in read(body).images:
        address = image.url
        if not base and address.startswith("//"):
            address = f"https:{address}"
        if url := urls.post_link(address, base):
            found.setdefault(url, Image(url, image.caption))
    return tuple(found.values())


def with_lead(lead: tuple[Image, ...], shown: tuple[Image, ...]) -> tuple[Image, ...]:
    """The pictures of a body, behind the one its page leads with and the body may not show."""
    known = {image.url: image for image in shown}
    first = [known.get(image.url, image) for image in lead[:1] if urls.post_link(image.url)]
    return (*first, *(image for image in shown if image not in first))


def content_hash(title: str, body: Body) -> str:
    """SHA-256 (hex) of what makes two versions of an article differ for a reader: title, reading
    text, addresses of pictures and links. Markup, white space, keyword links and the tokens in
    addresses do not count; East Money changes them from one answer to the next."""
    reading = read(body)
    parts = (" ".join(title.split()), "", *reading.lines, "", *reading.addresses)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def bracket_title(digest: str) -> str:
    """T of a digest `【T】rest`, or ""."""
    title, _ = _split(digest)
    return title.strip()


def strip_bracket(digest: str) -> str:
    """A digest without the one `【…】` it starts with.

    The old system wrote `digest.split("】")[-1]`, which loses text when a later 】 occurs; for a
    digest whose only 】 is that of its title the two are the same, byte for byte."""
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
    # Never balanced: the first 】 ends the title.
    title, bracket_end, rest = digest[start + 1 :].partition("】")
    return (title, rest) if bracket_end else ("", digest)


def summary(digest: str, body: Body, limit: int = 160) -> str:
    """One line of plain text of at most `limit` characters: the digest without its title and its
    trailing `（source）`, else the first paragraphs of the body; cut at the end of a sentence or a
    word, with `…`."""
    text = " ".join(strip_bracket(digest).split())
    text = _DIGEST_SOURCE.sub("", text).strip()
    return _cut(text or _opening(read(body).lines), limit)


def _opening(lines: tuple[str, ...]) -> str:
    """The first paragraphs, enough of them to say something."""
    told = [line for line in lines[:40] if credit(line) is None]
    text = ""
    paragraphs = [line for line in told if len(line) >= _SHORT or line.endswith(("。", "。”", "."))]
    for line in paragraphs or told:
        joint = " " if text and text[-1].isascii() else ""
        text += joint + line
        if len(text) >= _SUMMARY_ENOUGH:
            break
    return text


def _cut(text: str, limit: int) -> str:
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
    """Whether a cut before `at` goes through a word or a number; Chinese has no words to cut."""
    pair = text[at - 1 : at + 1]
    return len(pair) == 2 and all(_WORD.match(char) for char in pair)


def language(text: str, default: str) -> str:
    """`zh`, `ja` or `ko` by the script of the first 2,000 characters, else `default`; `default`
    also where it says the same more exactly (`zh-TW`)."""
    text = text[:2000]
    letters = len(_LETTER.findall(text))
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, _HAN))
    found = ""
    if letters and hangul * 3 > letters:
        found = "ko"
    elif letters and (kana + han) * 3 > letters:
        # A Japanese text has kana in every sentence, a Chinese one only in a name it quotes.
        found = "ja" if kana * 8 > kana + han else "zh"
    return default if not found or default.lower().startswith(found) else found


def describe(article: Article, site_language: str) -> Article:
    """The article with what its finished text tells: summary, pictures, language, content hash.

    Stocks and the source are read before cleaning takes the keyword links away."""
    reading = read(article.body)
    return replace(
        article,
        summary=summary(article.digest or article.summary, reading),
        images=with_lead(article.images, images(reading, article.link)),
        language=language(article.title + reading.text[:500], article.language or site_language),
        hash=content_hash(article.title, reading),
    )
