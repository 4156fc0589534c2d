"""Names that go into file names, addresses and front matter.

In: a category's name, an article's id, a title (hostile). Out: slugs, ids and YAML scalars that are
safe where they go and never shared by two. The post writer, the exporters, the site loader and the
commands call it. No file system, no state: a name is decided by its source alone.

What Jekyll does to a name decides most of it: it runs `--` together and drops a `-` at the ends of
a permalink, ignores files that begin with `.` or `_`, splits `categories` and `tags` at spaces even
inside quotes, and prints titles and tags into HTML unescaped (all measured with Jekyll 4.3.1).
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Protocol
from urllib.parse import unquote, urlsplit

_LONGEST = 80  # characters of a name in a path: with the day and `.md` under every limit
_MOST_BYTES = 200
_READABLE = 60  # characters kept before a hash

# Device names that Windows takes for a file's name, whatever follows the first dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)


class _Speller(Protocol):
    def __call__(self, text: str) -> str: ...


@cache
def _xpinyin() -> _Speller:
    """Character by character, polyphones wrong (银行 yinxing): as finews has published."""
    from xpinyin import Pinyin  # reads a table of 41,000 lines: only when a site needs it

    pinyin = Pinyin()
    return lambda text: str(pinyin.get_pinyin(text, ""))


@cache
def _pypinyin() -> _Speller:
    """Phrase by phrase: 银行 yinhang, 重庆 chongqing."""
    from pypinyin import lazy_pinyin  # 0.3 s to import: only when a site needs it

    return lambda text: "".join(lazy_pinyin(text))


def slug(name: str, *, speller: str = "pypinyin", exceptions: Mapping[str, str] = {}) -> str:
    """A category's name as it stands in file names and addresses; "" for "".

    `speller` "xpinyin" spells as finews has published: case, digits, parentheses and `·` stay, and
    white space, `/` and `-` go. "pypinyin" gives lower-case words joined by "-". `exceptions` holds
    whole names with their slugs, for what a speller gets wrong.
    The result has letters, digits and `_-()（）·` only, at most 80 characters and 200 bytes; a name
    that has more than these and separators, or could harm, becomes its readable part and 12 hex
    digits of its SHA-256. Raises ValueError for an unknown speller.
    """
    if name in exceptions:
        exception = exceptions[name]
        return exception if _is_slug(exception) else _hashed(exception)
    if len(name) > 4 * _LONGEST:  # before any work, and never kept: a page can call itself anything
        return _hashed(name)
    return _slug(name, speller)


@lru_cache(maxsize=4096)
def _slug(name: str, speller: str) -> str:
    if speller not in ("xpinyin", "pypinyin"):
        raise ValueError(f"unknown speller {speller!r}: write xpinyin or pypinyin")
    if not name:
        return ""
    spelled = _as_published(name) if speller == "xpinyin" else _as_words(name)
    if _HARMFUL.search(name) or not _is_slug(spelled):
        spelled = _hashed(name, readable=spelled)
        # In the footer's address, between slashes, it is not to look like an attribute either.
        return f"x-{spelled}" if spelled.startswith("on") else spelled
    return spelled


_HARMFUL = re.compile(r"\.\.|^[./\\-]|[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_HANZI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# Parentheses only in pairs: a single `)` ends a Markdown link's target.
_SLUG = re.compile(r"(?:[A-Za-z0-9_（）·-]|\([A-Za-z0-9_（）·-]*\))+")
_SEPARATORS = re.compile(r"[\s&+.,'’·・:：/|_()（）《》“”„«»‹›\"!！?？、，。—–-]+")


def _is_slug(text: str) -> bool:
    return bool(
        _SLUG.fullmatch(text)
        and text[0] not in "-_"
        and re.search("[A-Za-z0-9]", text)
        and len(text) <= _LONGEST
        and len(text.encode()) <= _MOST_BYTES
        and text.lower() not in _DEVICES
    )


def _as_published(name: str) -> str:
    return re.sub(r"[\s/-]", "", _xpinyin()(name))


def _as_words(name: str) -> str:
    spelled = _HANZI.sub(lambda run: _pypinyin()(run[0]), name)
    return _SEPARATORS.sub("-", _folded(spelled).lower()).strip("-")


def _folded(text: str) -> str:
    """Letters and digits of any script in ASCII: Ärzte Arzte, Коммерсантъ Kommersant, 한강 HanGang;
    the rest as it is."""
    if text.isascii():
        return text
    from anyascii import anyascii  # a table of 300 kB: only when a name needs it

    text = unicodedata.normalize("NFC", text)
    return "".join(anyascii(c) if unicodedata.category(c)[0] in "LMN" else c for c in text)


def _readable(text: str) -> str:
    """What of `text` a slug can say for certain, lower case; "x" for nothing."""
    words = re.sub(r"[^a-z0-9]+", "-", _folded(text[: 4 * _LONGEST]).lower())
    return words.strip("-")[:_READABLE].strip("-") or "x"


def short_hash(raw: str, digits: int = 12) -> str:
    """The first hex digits of the SHA-256 of a name."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _hashed(raw: str, readable: str = "") -> str:
    return f"{_readable(readable or raw)}-{short_hash(raw, 12)}"


_ID_KEPT = re.compile(r"NW\d{18}|[a-z0-9][a-z0-9_]*(?:-[a-z0-9_]+)*", re.ASCII)
# What the ids that are not kept turn into (and East Money's in lower case): never kept themselves.
_ID_TAKEN = re.compile(r"nw\d{18}|.*-[0-9a-f]{12}", re.ASCII)


def file_id(id: str) -> str:
    """An article's id as the name of its file and the last part of its address.

    Kept: `NW` and 18 digits; and lower-case letters, digits, `_` and single `-` inside, up to 80
    characters. Any other becomes its readable part and 12 hex digits of its SHA-256, also one with
    other capitals (`x` and `X` are one file on some disks) and one with `--` or a last `-` (`a--b`
    and `a-b` are one permalink to Jekyll). Two ids never give one name, in any case of letters.
    """
    if len(id) <= _LONGEST and _ID_KEPT.fullmatch(id) and not _ID_TAKEN.fullmatch(id):
        return id if id not in _DEVICES else _hashed(id)
    return _hashed(id)


_FILE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)


def post_name(day: date, file_id: str) -> str:
    """`2022-04-26-NW202204262359811335.md`; ValueError for what `file_id` would not give."""
    if not _FILE_ID.fullmatch(file_id):
        raise ValueError(f"{file_id[:80]!r} is no name for a post's file")
    return f"{day:%Y-%m-%d}-{file_id}.md"


def url_id(url: str) -> str:
    """An id for an article of a site without ids: a readable part of its address and 10 hex digits
    of the address's SHA-256. Give it the canonical address: another spelling is another id.
    `file_id` keeps the result."""
    try:
        path = urlsplit(url[:2083]).path
    except ValueError:
        path = ""
    for part in reversed(path.split("/")):
        words = _readable(re.sub(r"\.[A-Za-z]{1,5}$", "", unquote(part)))
        if words not in ("x", "index", "default"):
            break
    else:
        words = "x"
    return f"{words[:40].strip('-')}-{short_hash(url, 10)}"


def close_names(word: str, names: Iterable[str]) -> list[str]:
    """The names a mistyped `word` may have meant, best first, at most three."""
    by_fold = {name.casefold(): name for name in names}
    return [by_fold[n] for n in difflib.get_close_matches(word[:_LONGEST].casefold(), by_fold)]
