"""Names for files, addresses and front matter.

In: a category's name, an article's id or address (hostile). Out: slugs and ids that are safe where
they are used, and never the same for two sources. Called by `sites`, `extraction.draft`, the
Jekyll exporter and the commands. No file system, no state: a name depends on its source alone.

Most of the rules follow from Jekyll: it collapses `--` and drops a `-` at the ends of a permalink,
ignores files that begin with `.` or `_`, splits `categories` and `tags` at spaces even inside
quotes, and prints titles and tags into HTML unescaped (all measured with Jekyll 4.3.1).
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

from newsspider.text.lazy import lazy_pattern
from newsspider.text.scripts import HAN

_LONGEST = 80  # characters of a name in a path: below every limit, with the day and `.md`
_CLOSE = 0.65  # of difflib: "itms" is close to "items" (0.89), not to "images" (0.6)
_MOST_BYTES = 200
_READABLE = 60  # characters kept before a hash

# Names that Windows reserves for devices, whatever follows the first dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)


class _Speller(Protocol):
    def __call__(self, text: str) -> str: ...


@cache
def _xpinyin() -> _Speller:
    """Return xpinyin's speller: character by character, with polyphones wrong (银行 yinxing), as
    finews has published."""
    from xpinyin import Pinyin  # reads a table of 41,000 lines: only when a site needs it

    pinyin = Pinyin()
    return lambda text: str(pinyin.get_pinyin(text, ""))


@cache
def _pypinyin() -> _Speller:
    """Return pypinyin's speller: phrase by phrase (银行 yinhang, 重庆 chongqing)."""
    from pypinyin import lazy_pinyin  # 0.3 s to import: only when a site needs it

    return lambda text: "".join(lazy_pinyin(text))


def slug(name: str, *, speller: str = "pypinyin", exceptions: Mapping[str, str] = {}) -> str:
    """Return a category's name in the form for file names and addresses; "" for "".

    `speller` "xpinyin" spells as finews has published: case, digits, parentheses and `·` stay, and
    white space, `/` and `-` go. "pypinyin" gives lower-case words joined by "-". `exceptions` maps
    whole names to their slugs, for names that a speller gets wrong.
    The result has only letters, digits and `_-()（）·`, at most 80 characters and 200 bytes. A name
    with other characters than these and separators, or with harmful ones, becomes its readable part
    and 12 hex digits of its SHA-256. Raises ValueError for an unknown speller.
    """
    if name in exceptions:
        exception = exceptions[name]
        return exception if _is_slug(exception) else _hashed(exception)
    if len(name) > 4 * _LONGEST:  # before any work or caching: a page may have any name
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
        # In the footer's address, between slashes, it must not look like an attribute either.
        return f"x-{spelled}" if spelled.startswith("on") else spelled
    return spelled


_HARMFUL = re.compile(r"\.\.|^[./\\-]|[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# With compatibility ideographs and those beyond U+FFFF: pypinyin spells both.
_HANZI = lazy_pattern(rf"[{HAN}\uf900-\ufaff\U00020000-\U0003ffff]+")
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
    """Return a text with letters and digits of any script in ASCII (Ärzte Arzte, Коммерсантъ
    Kommersant, 한강 HanGang), the rest unchanged."""
    if text.isascii():
        return text
    from anyascii import anyascii  # loads a table of 300 kB: only when a name needs it

    text = unicodedata.normalize("NFC", text)
    return "".join(anyascii(c) if unicodedata.category(c)[0] in "LMN" else c for c in text)


def _readable(text: str) -> str:
    """Return the part of `text` that is safe in any slug, in lower case; "x" without one."""
    words = re.sub(r"[^a-z0-9]+", "-", _folded(text[: 4 * _LONGEST]).lower())
    return words.strip("-")[:_READABLE].strip("-") or "x"


def short_hash(raw: str, digits: int = 12) -> str:
    """Return the first hex digits of the SHA-256 of a name."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _hashed(raw: str, readable: str = "") -> str:
    return f"{_readable(readable or raw)}-{short_hash(raw, 12)}"


_ID_KEPT = re.compile(r"NW\d{18}|[a-z0-9][a-z0-9_]*(?:-[a-z0-9_]+)*", re.ASCII)
# The form that other ids are turned into, and East Money's in lower case: ids that already have it
# are hashed as well, so no two ids meet.
_ID_TAKEN = re.compile(r"nw\d{18}|.*-[0-9a-f]{12}", re.ASCII)


def file_id(id: str) -> str:
    """Return the name of an article's file, which is also the last part of its address, by its id.

    Two kinds of ids stay as they are: `NW` and 18 digits; and lower-case letters, digits, `_` and
    single `-` inside, up to 80 characters. Any other becomes its readable part and 12 hex digits of
    its SHA-256, also one with other capitals (`x` and `X` are the same file on some disks) and one
    with `--` or a last `-` (`a--b` and `a-b` are the same permalink to Jekyll). Two ids never get
    the same name, in any case of letters.
    """
    if len(id) <= _LONGEST and _ID_KEPT.fullmatch(id) and not _ID_TAKEN.fullmatch(id):
        return id if id not in _DEVICES else _hashed(id)
    return _hashed(id)


_FILE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)


def post_name(day: date, file_id: str) -> str:
    """Return the name of a post's file, such as `2022-04-26-NW202204262359811335.md`.

    Raises ValueError for an id that does not come from the function `file_id`.
    """
    if not _FILE_ID.fullmatch(file_id):
        raise ValueError(f"{file_id[:80]!r} is not a name for a post's file")
    return f"{day:%Y-%m-%d}-{file_id}.md"


def url_id(url: str) -> str:
    """Return an id for an article of a site without ids: a readable part of its address and 10 hex
    digits of the address's SHA-256.

    Pass the canonical address: another spelling gives another id. `file_id` returns the result
    unchanged.
    """
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
    """Return the names that a mistyped `word` may mean, best first, at most three."""
    by_fold = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word[:_LONGEST].casefold(), by_fold, cutoff=_CLOSE)
    return [by_fold[name] for name in close]
