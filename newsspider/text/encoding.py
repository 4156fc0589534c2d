"""The encoding of a response's bytes.

In: the bytes and the Content-Type header. Out: a Python codec name, or the page in UTF-8. Pure; the
spiders, the browser, the sitemap reader and `newsspider.extract` call `to_utf8` for each page.

The order is that of browsers (WHATWG HTML, "determining the character encoding"): byte order mark,
header, meta. Unlike browsers, this module rejects a declaration that contradicts the bytes, because
an article in mojibake is lost, and half the misdeclared pages are Chinese. Where declarations
contradict each other or none is of use, the text itself decides (charset-normalizer).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from newsspider.errors import NotReadable

_RUN = re.compile(rb"[\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_ANY_BYTES = ("iso8859", "latin", "cp125", "cp874", "cp866", "koi8", "mac")
# The default of servers for every page (Apache's AddDefaultCharset). Its accents come singly.
_WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "mac-roman"})
_GUESSED = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r")
# Browsers read none of these (WHATWG's "replacement"): decoding could reveal hidden markup.
_REPLACED = frozenset({"hz", "iso2022_kr"})
# The codecs of the encodings that browsers know (https://encoding.spec.whatwg.org). Python has
# more, and some are not for text: `idna` raises, `unicode_escape` could reveal hidden markup.
_KNOWN = _REPLACED | {
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp"),
    *("cp932", "cp949", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
}
# Labels that browsers know and w3lib does not, and misspellings of real sites.
_LABELS = {
    **dict.fromkeys(("x-gbk", "csgb2312", "gb-18030", "gb_18030", "euc-cn"), "gbk"),
    **dict.fromkeys(("cn-big5", "x-x-big5", "csbig5"), "big5"),
    **dict.fromkeys(("utf8mb4", "unicode-1-1-utf-8", "x-unicode20utf8"), "utf-8"),
    **dict.fromkeys(("unicode", "ucs-2", "iso-10646-ucs-2", "csunicode"), "utf-16le"),
    **dict.fromkeys(("iso-2022-cn", "iso-2022-cn-ext", "csiso2022kr", "replacement"), "hz-gb-2312"),
    **dict.fromkeys(("csksc56011987", "iso-ir-149", "ksc_5601", "ks_c_5601-1989"), "euc-kr"),
    **dict.fromkeys(("cseuckr", "ks_c_5601-1987"), "euc-kr"),
    "x-euc-jp": "euc-jp",
    "csiso2022jp": "iso-2022-jp",
    "windows-949": "euc-kr",
    "windows-31j": "cp932",
    **dict.fromkeys(("mac", "csmacintosh", "x-mac-roman"), "macintosh"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("koi", "koi8"), "koi8-r"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "csiso88598i", "iso-8859-8-e"), "iso-8859-8"),
    "koi8-ru": "koi8-u",
    "csisolatin9": "iso-8859-15",
    "dos-874": "cp874",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
_LABEL = re.compile(r"(charset\s*=\s*[\"']?\s*)([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,1000}", re.IGNORECASE)
# It begins with a byte of its own: to search a page of 100 KB takes 30 µs.
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_MARKUP = re.compile(rb"(?=<)")  # `<` is never the second byte of a character in GBK or UTF-8
_MOST_RUNS = 50_000  # runs of a page that are decoded one by one, each in its own encoding
_JUDGED = 2**20  # bytes in which errors are counted, of a body that has any
_SAMPLE = 16_384  # bytes that a guess is based on
# High bytes that a guess needs: of 137 single sentences in GBK 31 were guessed wrong, of 81 pairs
# none. Between encodings that the page names itself, a sentence is enough.
_LEAST, _LEAST_NAMED = 100, 30
_TWO_HAN_IN_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2}")


def to_utf8(body: bytes, content_type: str) -> bytes:
    """Return the body in valid UTF-8 without a byte order mark; the same object if it already is.

    Bytes that cannot be decoded are left out. Raises NotReadable for an encoding that browsers
    refuse to read.
    """
    body = _joined_surrogates(body)
    name = encoding_of(body, content_type)
    if name == "utf-8" and not body.startswith(b"\xef\xbb\xbf") and _errors(body, name) == 0:
        return body
    return _decoded(body, name).lstrip("\ufeff").encode("utf-8", "ignore")


def encoding_of(body: bytes, content_type: str) -> str:
    """Return the codec to decode `body` with: one that fits all of it, if there is one.

    Raises NotReadable for an encoding that browsers refuse to read.
    """
    if marked := _marked(body):
        return marked
    # This settles the usual page, which need not pay for the steps below.
    if _by_header(content_type) == "utf-8" and _fits(body, "utf-8"):
        return "utf-8"
    declared = _declared(body, content_type)
    _refuse_hidden_markup(body, declared)
    if _selective(declared)[:1] in ([], ["utf-8"]) and _fits(body, "utf-8"):
        return "utf-8"
    hinted = _hinted(body, content_type)
    return _fitting(body, declared, hinted) or _least_wrong(body, declared, hinted)


def _marked(body: bytes) -> str | None:
    """Return the encoding by the byte order mark, or UTF-16 by the zero in the first character."""
    if name := read_bom(body)[0]:
        return name
    if body[:2] in (b"<\x00", b"{\x00", b"\x00<", b"\x00{"):
        return "utf-16-be" if body[0] == 0 else "utf-16-le"
    return None


def _refuse_hidden_markup(body: bytes, declared: list[str]) -> None:
    """Raise NotReadable for a declared encoding whose escapes could hide markup."""
    if declared and declared[0] in _REPLACED:
        raise NotReadable(f"the page is in {declared[0]}, which browsers do not read either")
    if declared[:1] == ["iso2022_jp"] and b"\x1b" in body and not _fits(body, "iso2022_jp"):
        raise NotReadable("the page is not in iso-2022-jp as declared: escapes could hide markup")


def _fitting(body: bytes, declared: list[str], hinted: list[str]) -> str | None:
    """Return the encoding that fits the body; of several the most credible; None without one."""
    names = dict.fromkeys(_selective([*declared, "utf-8", *hinted]))
    fitting = [name for name in names if _fits(body, name)]
    rivals = [name for name in fitting if name != "utf-8"]
    if fitting[:1] == ["utf-8"] or len(rivals) < 2 or body.isascii():
        return next(iter(fitting), None)
    return _guessed(body, rivals, _LEAST_NAMED) or rivals[0]


def _least_wrong(body: bytes, declared: list[str], hinted: list[str]) -> str:
    """Return the encoding for a body that no selective encoding fits."""
    any_bytes = [name for name in (*declared, *hinted) if name.startswith(_ANY_BYTES)]
    if not _looks_foreign(body):
        return (any_bytes or declared or ["cp1252"])[0]
    if foreign := [name for name in any_bytes if name not in _WESTERN]:
        return foreign[0]
    names = (*_selective(declared), "utf-8", "gb18030")
    by_errors = min(names, key=lambda name: _errors(body, name))
    return by_errors if _errors(body, by_errors) else _guessed(body, _GUESSED, _LEAST) or by_errors


def _selective(names: Iterable[str]) -> list[str]:
    """Return the encodings that reject some bytes. The others, of single bytes, fit any body: that
    they fit proves nothing."""
    return [name for name in names if not name.startswith(_ANY_BYTES)]


def _hinted(body: bytes, content_type: str) -> list[str]:
    """Return the encodings of declarations outside the standard: after the first bytes, in the
    body, incomplete, or in a misspelt header."""
    metas = islice(_META.finditer(body), 200)
    texts = [content_type, *(meta[0].decode("latin-1") for meta in metas)]
    labels = (match[2] for text in texts if (match := _LABEL.search(text)))
    names = (http_content_type_encoding(f"charset={_LABELS.get(x.lower(), x)}") for x in labels)
    known = _KNOWN - _REPLACED  # without UTF-16: a page in it would have no readable meta
    return [name for name in names if name in known and not name.startswith("utf-16")]


def _guessed(body: bytes, names: Iterable[str], least: int) -> str | None:
    """Return the most likely of these encodings by the text; None for a text with fewer than
    `least` high bytes."""
    from charset_normalizer import from_bytes  # takes 30 ms to import: only where it is needed

    first = _HIGH.search(body)
    start = first.start() if first else 0
    parts = re.split(rb"[<>]", body[start : start + 16 * _SAMPLE])[:-1] or [body[start:]]
    sample = b" ".join(part for part in parts if not part.isascii())
    if len(sample) > _SAMPLE:
        sample = sample[: sample.rfind(b" ", 0, _SAMPLE)]
    if len(_HIGH.findall(sample)) < least:
        return None
    best = from_bytes(sample, cp_isolation=list(names)).best()
    return codecs.lookup(best.encoding).name if best is not None else None


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that header and meta declare, by the labels as browsers read them."""
    head = body[:4096].decode("latin-1")
    by_header = _by_header(content_type)
    by_meta = html_body_declared_encoding(_LABEL.sub(_known_label, head).encode("latin-1"))
    if by_meta and by_meta.startswith("utf-16"):
        by_meta = "utf-8"  # as in the standard: a page in UTF-16 would have no readable meta
    return [name for name in (by_header, by_meta) if name in _KNOWN]


def _by_header(content_type: str) -> str | None:
    return http_content_type_encoding(_LABEL.sub(_known_label, content_type))


def _known_label(match: re.Match[str]) -> str:
    return match[1] + _LABELS.get(match[2].lower(), match[2])


def _decoded(body: bytes, name: str) -> str:
    """Return the text; a page that mixes GBK and UTF-8 is decoded run by run between its tags."""
    mixed = name == "gb18030" and _TWO_HAN_IN_UTF8.search(body)
    if not mixed:
        with suppress(UnicodeDecodeError):
            return body.decode(name)
    if name not in ("utf-8", "gb18030"):
        return body.decode(name, "ignore")
    return "".join(_run(part, name) for part in _MARKUP.split(body, _MOST_RUNS))


def _run(part: bytes, name: str) -> str:
    if part.isascii():
        return part.decode("ascii")
    other = "gb18030" if name == "utf-8" else "utf-8"
    names = (name, other)
    if other == "utf-8" and _TWO_HAN_IN_UTF8.search(part):
        names = (other, name)
    for codec in names:
        if _errors(part, codec) == 0 and (codec == name or _looks_foreign(part)):
            return part.decode(codec)
    return part.decode(name, _EURO if name == "gb18030" else "ignore")


def _euro_or_nothing(error: UnicodeError) -> tuple[str, int]:
    """Decode 0x80 in GBK as the euro sign, as Windows and browsers do and Python does not; leave
    other bytes out."""
    assert isinstance(error, UnicodeDecodeError)
    is_euro = error.object[error.start] == 0x80
    return ("€", error.start + 1) if is_euro else ("", error.end)


_EURO = "newsspider.euro"
codecs.register_error(_EURO, _euro_or_nothing)


def _joined_surrogates(body: bytes) -> bytes:
    """Return valid UTF-8 for a body whose writer encoded each half of a surrogate pair by itself
    (CESU-8, from old databases); a half without its partner is left out."""
    if not _SURROGATE.search(body):
        return body
    try:
        halves = body.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    except UnicodeDecodeError:
        return body
    return halves.decode("utf-16-le", "ignore").encode()


def _fits(body: bytes, name: str) -> bool:
    """Return whether the codec reads all of the body, or all but a few broken bytes.

    Of a text in another encoding, UTF-8 reads one part in ten, but GBK or Big5 nine in ten.
    """
    errors = _errors(body, name)
    if not errors or errors == float("inf"):
        return not errors
    text = body[:_JUDGED].decode(name, "ignore")
    good = len(text) - len(text.encode("ascii", "ignore"))
    return errors * (3 if name == "utf-8" else 50) <= good


def _looks_foreign(body: bytes) -> bool:
    """Return whether bytes above ASCII come in runs, as in Chinese, and not singly, as accents
    do."""
    runs = _RUN.findall(body, 0, 65536)
    return bool(runs) and sum(map(len, runs)) / len(runs) >= 3


def _errors(body: bytes, name: str) -> float:
    """Return how many characters of the body the codec cannot read; infinity for an unknown
    codec."""
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return body[:_JUDGED].decode(name, "replace").count("\ufffd") or 1
    except LookupError:
        return float("inf")
    return 0
