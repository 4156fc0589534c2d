"""A listing that is a sitemap: of addresses, of other sitemaps, of news; in XML, gzip, plain text.

https://www.sitemaps.org/protocol.html and Google's news and image extensions. Sites write them
with every namespace, with none and with wrong ones, so elements go by their local names.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.listing.feed import plain
from newsspider.model import Page
from newsspider.sites.listings import SitemapListing
from newsspider.text.characters import one_line
from newsspider.text.encoding import to_utf8
from newsspider.text.selectors import compiled_pattern

# The protocol allows 50 MB and 50,000 entries.
_LARGEST = 64 * 1024 * 1024
_MOST = 50_000
_ADDRESS = re.compile(r"https?://\S{1,2083}", re.I)
# An `&` that begins no entity of XML's own, outside of CDATA. Read on from as it is, libxml2 takes
# the word behind it out: `?b=1&c=2` would become the address of another page, `?b=1=2`.
_CDATA_OR_STRAY = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)",
    re.S | re.I,
)
# Local names of what counts below <url>, and the field it is.
_FIELDS = {
    "loc": "url",
    "lastmod": "lastmod",
    "title": "title",
    "publication_date": "time",
    "name": "source",
    "language": "language",
    "keywords": "tags",
}


def read(page: Page, listing: SitemapListing) -> Entries:
    """The addresses of a sitemap that are `only` articles', and the sitemaps of an index that are
    to be followed, newest first.

    Raises NotReadable for what is none, EmptyListing for an empty one.
    """
    body = _unpacked(page.body)
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _ADDRESS.match(start.decode("latin-1")):
        found = [("url", {"url": line}) for line in _lines(body)]
    else:
        found = list(_read_xml(body))
    if not found:
        raise EmptyListing("the sitemap names no address")
    only, follow = compiled_pattern(listing.only), compiled_pattern(listing.follow)
    told = [record for kind, record in found if kind == "url" and only.search(record["url"])]
    subs = [record for kind, record in found if kind == "sitemap" and follow.search(record["url"])]
    subs.sort(key=lambda record: record.get("lastmod", ""), reverse=True)
    return Entries(
        sorted(told, key=_newness, reverse=True),
        subs=[(record["url"], record.get("lastmod", "")) for record in subs],
    )


def _newness(record: Mapping[str, Any]) -> str:
    """W3C dates sort as text, as far as their days go."""
    return str(record.get("time") or record.get("lastmod") or "")


def _unpacked(body: bytes) -> bytes:
    """The body, unpacked where it is gzip; never more than a sitemap may have."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpack = zlib.decompressobj(wbits=31)
    try:
        text = unpack.decompress(body, _LARGEST)
    except zlib.error as error:
        raise NotReadable(f"the sitemap's gzip is broken ({error})") from error
    if unpack.unconsumed_tail:
        raise NotReadable(f"the sitemap has more than {_LARGEST // 2**20} MB")
    return to_utf8(text, "")


def _lines(body: bytes) -> list[str]:
    lines = (line.strip() for line in body.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if _ADDRESS.fullmatch(line)][:_MOST]


def _read_xml(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """("url" or "sitemap", its fields) of each entry with an address."""
    text = _CDATA_OR_STRAY.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], body)
    events = etree.iterparse(
        io.BytesIO(text),
        events=("end",),
        encoding="utf-8",  # whatever it declares: a page comes in UTF-8
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    number = 0
    try:
        for _, element in events:
            kind = _local(element)
            if kind not in ("url", "sitemap"):
                continue
            record = _record(element)
            element.clear()
            above = element.getparent()
            while above is not None and element.getprevious() is not None:
                del above[0]
            if record.get("url"):
                yield kind, record
                number += 1
            if number >= _MOST:
                return
    except etree.XMLSyntaxError as error:
        if not number:
            start = one_line(body[:40].decode("utf-8", "replace"))
            raise NotReadable(f"the answer is no sitemap (it starts {start!r})") from error


def _record(element: etree._Element) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for part in element.iter():
        name = _local(part)
        above = part.getparent()
        inside = _local(above) if above is not None else ""
        if inside == "image" and name == "loc":
            name = "image"
        elif inside in ("image", "video"):  # their titles and dates are not the article's
            continue
        field = _FIELDS.get(name, name if name == "image" else "")
        text = " ".join((part.text or "").split())
        if field and text:
            record.setdefault(field, plain(text) if field == "title" else text)
    return record


def _local(element: etree._Element) -> str:
    """The name without its namespace, and without a prefix that the sitemap does not declare."""
    tag = element.tag
    return re.split("[}:]", tag)[-1].lower() if isinstance(tag, str) else ""
