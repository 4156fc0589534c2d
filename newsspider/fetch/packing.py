"""Whether a compressed answer has its end.

In: a body as sent, and its Content-Encoding. Out: whether it breaks off. Called by the download
handler. Pure.

Scrapy's decompression returns as much of a broken body as it can read: half an article would be
published as a whole one.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 65536  # bytes unpacked at a time
_GZIP = b"\x1f\x8b"


def is_cut(body: bytes, coding: str, largest: int) -> bool:
    """Return whether a body breaks off before the end of its compression, or is damaged within.

    A body that is not compressed so at all, and one that unpacks to more than `largest` bytes, is
    not cut: the decompression refuses them for what they are. A body without a Content-Encoding may
    be a file of its own, such as `sitemap.xml.gz`.
    """
    coding = coding or ("gzip" if body.startswith(_GZIP) else "")
    unpack, size = _UNPACKERS.get(coding), 0
    if unpack is None or not body:
        return False
    try:
        for number in unpack(body):
            size += number
            if size > largest:
                return False
    except EOFError:
        return True
    except Exception as error:  # each library raises its own errors
        # A wrong checksum after the whole text is ignored, as in browsers.
        return size > 0 and "incorrect" not in str(error)
    return False


def _zlib_sizes(wbits: int, body: bytes) -> Iterator[int]:
    """Yield the size of each unpacked chunk. Raises EOFError if the body ends too early."""
    left = body
    while True:
        decompressor: Any = zlib.decompressobj(wbits)
        while left and not decompressor.eof:
            yield len(decompressor.decompress(left, _CHUNK))
            left = decompressor.unconsumed_tail
        if not decompressor.eof:
            yield len(decompressor.flush())
        if not decompressor.eof:
            raise EOFError
        left = decompressor.unused_data
        if not left.startswith(_GZIP):  # else the next member of the file
            return


def _gzip_sizes(body: bytes) -> Iterator[int]:
    return _zlib_sizes(31, body)


def _deflate_sizes(body: bytes) -> Iterator[int]:
    try:
        zlib.decompressobj().decompress(body, 1)
    except zlib.error:  # without zlib's head, as some servers send it
        return _zlib_sizes(-15, body)
    return _zlib_sizes(15, body)


def _brotli_sizes(body: bytes) -> Iterator[int]:
    decompressor = brotli.Decompressor()
    chunk = decompressor.process(body, output_buffer_limit=_CHUNK)
    while chunk:
        yield len(chunk)
        chunk = decompressor.process(b"", output_buffer_limit=_CHUNK)
    if not decompressor.is_finished():
        raise EOFError


def _zstd_sizes(body: bytes) -> Iterator[int]:
    decompressor = zstd.ZstdDecompressor()
    yield len(decompressor.decompress(body, _CHUNK))
    while not (decompressor.eof or decompressor.needs_input):
        yield len(decompressor.decompress(b"", _CHUNK))
    if not decompressor.eof:
        raise EOFError


_UNPACKERS: dict[str, Callable[[bytes], Iterator[int]]] = {
    "gzip": _gzip_sizes,
    "x-gzip": _gzip_sizes,
    "deflate": _deflate_sizes,
    "br": _brotli_sizes,
    "zstd": _zstd_sizes,
}
