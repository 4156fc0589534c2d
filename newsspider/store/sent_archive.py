"""The answers of an article on their way from a worker of a fleet to the archive of the folder.

In: what a crawl would archive. Out: values for JSON and the bodies of the answers, which `pack`
makes and `unpack` reads. Called by `pipelines/send.py` and `crawling/received.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import datetime
from typing import Any

from newsspider.model import Right
from newsspider.store.archive import LARGEST, OLDEST, Archive
from newsspider.store.archived import ArchivedArticle, ArchivedPage
from newsspider.store.records import dump_link, load_link


class WorkerArchive(Archive):
    """The archive of a worker: it has an article until that is sent."""

    def __init__(self) -> None:
        self._articles: dict[str, tuple[ArchivedArticle, Mapping[str, bytes], bool]] = {}

    def close(self) -> None:
        self._articles.clear()

    def keep(
        self, article: ArchivedArticle, bodies: Mapping[str, bytes], *, as_warc: bool = False
    ) -> None:
        self._articles[article.key] = article, bodies, as_warc

    def trim(self, largest: int = LARGEST, oldest: int = OLDEST) -> None:
        pass

    def pack(self, key: str) -> tuple[dict[str, Any] | None, list[bytes]]:
        """Return the values of an article and the bodies of its answers, and forget it; None for
        one that is not archived."""
        if key not in self._articles:
            return None, []
        article, bodies, as_warc = self._articles.pop(key)
        values = asdict(replace(article, pages=()))
        values["link"] = dump_link(article.link, article.read.isoformat())
        values["read"] = article.read.isoformat()
        values["url"] = article.link.url
        values["pages"] = [
            {**asdict(page), "rights": [astuple(right) for right in page.rights]}
            for page in article.pages
        ]
        return {"article": values, "hashes": list(bodies), "as_warc": as_warc}, [*bodies.values()]


def unpack(values: Mapping[str, Any], files: Sequence[bytes], archive: Archive, run: int) -> None:
    """Keep an article in an archive, as that of a post that this run writes; its bodies are the
    last ones of `files`. Raises ValueError, TypeError or KeyError for what `pack` has not made, and
    what the archive raises."""
    article, hashes = dict(values["article"]), list(values["hashes"])
    link = load_link(str(article.pop("url")), article.pop("link"))
    pages = [
        ArchivedPage(**{**page, "rights": tuple(Right(*right) for right in page["rights"])})
        for page in article.pop("pages")
    ]
    article |= {"run": run, "read": datetime.fromisoformat(article["read"]), "link": link}
    bodies = dict(zip(hashes, map(bytes, files[len(files) - len(hashes) :]), strict=True))
    as_warc = bool(values["as_warc"])
    archive.keep(ArchivedArticle(**article, pages=tuple(pages)), bodies, as_warc=as_warc)
