"""A feed or a sitemap that is a gzip file, whatever its Content-Type says.

In: the body of an answer. Out: the body, unpacked. Called by the readers of feeds and sitemaps, and
by `discover.candidates`. Pure.
"""

from __future__ import annotations

import zlib

from newsspider.errors import NotReadable
from newsspider.text.encoding import to_utf8

MAGIC = b"\x1f\x8b"
_TIMES = 2  # a program packs the file, the server packs what it serves under another header
_MOST_FILES = 100  # one after the other
# A sitemap may have 50 MB by its protocol; a feed as much as any answer (DOWNLOAD_MAXSIZE).
SITEMAP, FEED = 64 * 2**20, 16 * 2**20


def unpacked(body: bytes, most: int) -> bytes:
    """Return the body, in UTF-8 and unpacked if it is gzip. Raises NotReadable if it is broken or
    unpacks to more than `most` bytes."""
    if not body.startswith(MAGIC):
        return body
    for _ in range(_TIMES):
        if body.startswith(MAGIC):
            body = _unpacked(body, most)
    return to_utf8(body, "")


def _unpacked(body: bytes, most: int) -> bytes:
    """Return the text of a gzip file, which may consist of several, one after the other."""
    text = b""
    for _ in range(_MOST_FILES):
        unpack = zlib.decompressobj(wbits=31)
        try:
            text += unpack.decompress(body, most - len(text) + 1)
        except zlib.error as error:
            raise NotReadable(f"its gzip is broken ({error})") from error
        if len(text) > most:
            raise NotReadable(f"it unpacks to more than {most // 2**20} MB")
        body = unpack.unused_data
        if not body.startswith(MAGIC):
            break
    return text
