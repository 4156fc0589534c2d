"""A listing that is a sitemap: of addresses, of other sitemaps, of news; in XML, gzip, plain text.

In: a page and a SitemapListing. Out: Entries. Called by `newsspider.listing`. Pure.

The format is https://www.sitemaps.org/protocol.html with Google's news and image extensions. Sites
write it with any namespace, without one and with a wrong one, so elements are matched by their
local names.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.listing.feed_text import plain
from newsspider.listing.packed import SITEMAP, unpacked
from newsspider.model import Page
from newsspider.sites.listings import SitemapListing
from newsspider.text.characters import one_line
from newsspider.text.selectors import compiled_pattern

_MOST = 50_000  # as the protocol allows
_ROOT = re.compile(rb"<(?:\w{1,40}:)?(?:urlset|sitemapindex)\b", re.I)
_ADDRESS = re.compile(r"https?://\S{1,2083}", re.I)
# What is repaired outside CDATA and comments:
# - an `&` that does not begin one of XML's own entities. Left as it is, libxml2 drops the word
#   after it: `?b=1&c=2` becomes the address of another page, `?b=1=2`.
# - a tag without its `>`, and a tag longer than any of a sitemap: libxml2 takes the square of the
#   length of `<a <a <a …` (200 KB: 5 s) and of the number of attributes.
# - the declaration of a document type, which no sitemap needs.
_LONGEST_TAG = 4000
_REPAIRED = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
    rb"|(?P<stray>&)(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)"
    rb"|(?P<bad><(?:!(?:DOCTYPE|ENTITY|ATTLIST|ELEMENT|NOTATION)[^<>]*+>?|[^<>]*+(?:(?=<)|\Z)"
    rb"|[^<>]{%d,}+>))" % _LONGEST_TAG,
    re.S | re.I,
)
# The local names of elements below <url> that are read, and the field that each becomes.
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
    """Return the addresses that match `only` and the sitemaps of an index that match `follow`,
    both with the newest first.

    Raises NotReadable when the answer is not a sitemap, EmptyListing when it is empty.
    """
    body = unpacked(page.body, SITEMAP)
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _ADDRESS.match(start.decode("latin-1")):
        rows = [("url", {"url": line}) for line in _lines(body)]
    else:
        rows = list(_read_xml(body))
    if not rows and not _ROOT.search(body):
        raise _not_a_sitemap(body)
    if not rows:
        raise EmptyListing("the sitemap contains no addresses")
    only, follow = compiled_pattern(listing.only), compiled_pattern(listing.follow)
    records = [record for kind, record in rows if kind == "url" and only.search(record["url"])]
    subs = [record for kind, record in rows if kind == "sitemap" and follow.search(record["url"])]
    subs.sort(key=lambda record: record.get("lastmod", ""), reverse=True)
    return Entries(
        sorted(records, key=_newness, reverse=True),
        subs=[(record["url"], record.get("lastmod", "")) for record in subs],
    )


def _newness(record: Mapping[str, Any]) -> str:
    """Return the sort key of an address: as text, W3C dates sort by day."""
    return str(record.get("time") or record.get("lastmod") or "")


def _lines(body: bytes) -> list[str]:
    lines = (line.strip() for line in body.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if _ADDRESS.fullmatch(line)][:_MOST]


def _read_xml(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kind ("url" or "sitemap") and the fields of each entry with an address."""
    text = _REPAIRED.sub(_repaired, body)
    events = etree.iterparse(
        io.BytesIO(text),
        events=("end",),
        encoding="utf-8",  # whatever the sitemap declares: the body of a Page is UTF-8
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
            raise _not_a_sitemap(body) from error


def _not_a_sitemap(body: bytes) -> NotReadable:
    start = one_line(body[:40].decode("utf-8", "replace"))
    return NotReadable(f"the answer is not a sitemap (it starts {start!r})")


def _repaired(match: re.Match[bytes]) -> bytes:
    return b"&amp;" if match["stray"] else b"" if match["bad"] else match[0]


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
    bare = (element.text or "").strip()  # an entry without <loc>
    if "url" not in record and _ADDRESS.fullmatch(bare):
        record["url"] = bare
    return record


def _local(element: etree._Element) -> str:
    """Return the name without its namespace, and without a prefix that is not declared."""
    tag = element.tag
    return re.split("[}:]", tag)[-1].lower() if isinstance(tag, str) else ""
