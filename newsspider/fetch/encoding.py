"""Which encoding the bytes of an answer are in.

In: the bytes and the Content-Type header. Out: a Python codec name. Pure; the spiders call it for
each page. The order is the browsers' (WHATWG HTML, "determining the character encoding"): byte
order mark, header, meta. What browsers do not do: a declaration that the bytes themselves belie is
not believed, because an article in mojibake is lost, and half the misdeclared pages are Chinese.
"""

from __future__ import annotations

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_RUN = re.compile(rb"[\x80-\xff]+")
_ANY_BYTES = ("iso8859", "latin", "cp125", "koi8", "mac")
# Never believed: an attack (markup that only shows when decoded), never a news site.
_REFUSED = frozenset({"utf-7", "iso2022_jp", "iso2022_kr", "hz"})


def to_utf8(body: bytes, content_type: str) -> bytes:
    """The body in valid UTF-8, without a byte order mark; the same object where it is that."""
    name = encoding_of(body, content_type)
    if name == "utf-8" and not body.startswith(b"\xef\xbb\xbf") and _errors(body, name) == 0:
        return body
    return body.decode(name, "replace").lstrip("\ufeff").encode("utf-8", "replace")


def encoding_of(body: bytes, content_type: str) -> str:
    """The codec to decode `body` with; one that fits all of it where there is one."""
    marked, _ = read_bom(body)
    if marked:
        return marked
    given = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096]))
    declared = [name for name in given if name and name not in _REFUSED]
    for name in (*(name for name in declared if not name.startswith(_ANY_BYTES)), "utf-8"):
        errors = _errors(body, name)
        if errors == 0 or (name == "utf-8" and errors <= _non_ascii(body) / 150):
            return name
    # An encoding of single bytes fits any bytes, so all it was asked first is whether it is UTF-8.
    any_bytes = [name for name in declared if name.startswith(_ANY_BYTES)]
    if any_bytes:
        return any_bytes[0]
    if _looks_chinese(body) and _errors(body, "gb18030") == 0:
        return "gb18030"
    return declared[0] if declared else "cp1252"


def _looks_chinese(body: bytes) -> bool:
    """Whether bytes above ASCII come in runs, as in Chinese, and not singly, as accents do."""
    runs = _RUN.findall(body, 0, 65536)
    return bool(runs) and sum(map(len, runs)) / len(runs) >= 3


def _errors(body: bytes, name: str) -> float:
    """How many characters of the body the codec cannot read."""
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return body.decode(name, "replace").count("\ufffd")
    except LookupError:
        return float("inf")
    return 0


def _non_ascii(body: bytes) -> int:
    return len(body) - len(body.decode("ascii", "ignore"))
