"""Pictures on their way from a worker of a fleet to the folder of the site.

In: the PictureStore that a worker filled in a folder of its own, and the addresses that an article
shows. Out: values for JSON and files, which `pack` makes and `unpack` brings into the PictureStore
of the site. Called by `pipelines/send.py` and `crawling/received.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from newsspider.pictures.decode import Picture
from newsspider.pictures.placing import KeptPicture
from newsspider.store.pictures import PictureStore

MOST_BYTES = 64_000_000  # of the files of one article; the other pictures are fetched again later
_LATER = "left for later"

Values = list[dict[str, Any]]


def pack(store: PictureStore, urls: Iterable[str]) -> tuple[Values, list[bytes]]:
    """Return what became of these addresses, and the files of those with a picture: two of each, it
    and its small copy. One that was not asked for has nothing but its address: the folder has it,
    or waits for it."""
    values, files, size = Values(), list[bytes](), 0
    for url in urls:
        picture, wanting = store.picture(url), store.wanting(url)
        if picture is not None and size < MOST_BYTES:
            size += len(picture.data) + len(picture.small)
            files += (picture.data, picture.small)
            shape = {"width": picture.width, "height": picture.height}
            values.append({"url": url, "name": picture.name, **shape})
        elif picture is not None:
            values.append({"url": url, "why": _LATER, "tries": 0})
        elif wanting is not None:
            values.append({"url": url, "why": wanting.why, "tries": wanting.tries})
        else:
            values.append({"url": url})
    return values, files


def unpack(
    store: PictureStore,
    article: str,
    values: Sequence[Mapping[str, Any]],
    files: Sequence[bytes],
    now: datetime,
) -> dict[str, KeptPicture]:
    """Keep the pictures of an article that are not kept yet, and note those that failed; return
    what is kept of its addresses. Raises ValueError, TypeError, KeyError or StopIteration for what
    `pack` has not made, and what the store raises."""
    kept, left = dict[str, KeptPicture](), iter(files)
    for each in values:
        url = str(each["url"])
        picture = _picture(each, left) if "name" in each else None
        place = store.kept(url)
        if place is None and picture is not None:
            place = store.keep(url, picture)
        if place is not None:
            kept[url] = place
        elif not store.waits(url, now):
            # Without a reason the picture was kept, and its file is gone since.
            why, tries = str(each.get("why", "its file is gone")), int(each.get("tries", 0))
            store.note_failure(url, article, why, now, tries=tries)
        else:
            store.note_showing(url, article)
    return kept


def _picture(values: Mapping[str, Any], files: Iterator[bytes]) -> Picture:
    shape = int(values["width"]), int(values["height"])
    return Picture(str(values["name"]), bytes(next(files)), bytes(next(files)), *shape)
