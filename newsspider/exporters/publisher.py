"""The publisher: an article → its post in the output folder, in the format of a site builder.

In: validated articles, from the Publish stage. Out: files, and an Outcome for each article. The
intended hash goes into the ledger, then the file into the folder, then the state into the ledger:
whenever the process dies, the next run knows which posts are its own.
"""

from __future__ import annotations

import errno
from enum import Enum
from pathlib import Path, PurePath

from newsspider.dates import post_date
from newsspider.exporters.format import Format
from newsspider.model import Article
from newsspider.sites.schema import Site
from newsspider.store.files import read_file
from newsspider.store.folder import Output, text_hash
from newsspider.store.records import PublishedPost


class Outcome(Enum):
    """The result of publishing an article; the values are the names of the report's counts."""

    WRITTEN = "written"  # a new post
    UPDATED = "updated"  # its own post, rewritten
    UNCHANGED = "unchanged"  # the post is up to date
    EDITED = "edited"  # a person changed the post: left alone


class Publisher:
    """Writes posts into one output folder. `site`, the crawl's first, gives the built site its
    title."""

    def __init__(self, output: Output, format: Format, site: Site) -> None:
        self._output = output
        self._format = format
        self._site = site
        self._surrounded: set[str] = set()  # categories

    def publish(self, article: Article) -> Outcome:
        """Write, rewrite or leave the article's post; a dry run only returns the Outcome.

        Raises Unwritable if the disk accepts no more writes, OSError if it does not accept this
        file.
        """
        assert article.published is not None
        ledger = self._output.ledger
        row = ledger.article(article.key)
        language = self._format.language(self._output.path, self._site, article)
        text = self._format.render(article, language)
        name = row.path if row else self._free_name(article)
        file = self._output.posts / name
        intended = text_hash(text.encode("utf-8"))
        current = _hash_of(file)
        if current not in (None, intended):
            earlier = (text_hash(text.encode("utf-8")) for text in self._format.earlier(article))
            intended = next((hash for hash in earlier if hash == current), intended)
        outcome = _outcome(row, current, intended)
        ledger.promise(article, name, post_date(article.published), intended)
        if outcome is Outcome.EDITED:
            ledger.keep(article.key, row.hash if row else "")
            return outcome
        if outcome is not Outcome.UNCHANGED and not self._output.dry:
            self._surround(article)  # a power cut may have left the post alone
            if current != intended:
                self._output.write(file, text)
        ledger.keep(article.key, intended)
        return outcome

    def _free_name(self, article: Article) -> str:
        """Return a name that no other article has: two sites may use the same id on the same
        day."""
        name = self._format.path(article)
        if self._output.ledger.holder(name) is None:
            return name
        path = PurePath(name)
        return f"{path.stem}-{text_hash(article.key.encode())[:12]}{path.suffix}"

    def _surround(self, article: Article) -> None:
        category, ledger = article.category, self._output.ledger
        if category in self._surrounded:
            return
        # Its page is written once: if it is missing later, the site's owner removed it.
        first = ledger.first_seen(category)
        self._format.surround(self._output.path, self._site, article, lay_category=first)
        if first:
            ledger.note_categories([category])
        self._surrounded.add(category)


def _outcome(row: PublishedPost | None, current: str | None, intended: str) -> Outcome:
    """Return what to do, by the post's row in the ledger and its current and intended hashes."""
    known = row is not None and row.state == "published"
    if current == intended:
        return Outcome.UNCHANGED if known else Outcome.WRITTEN
    if current is not None and (row is None or current not in (row.hash, row.intended)):
        return Outcome.EDITED
    return Outcome.UPDATED if known else Outcome.WRITTEN


def _hash_of(file: Path) -> str | None:
    try:
        return text_hash(read_file(file))
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EISDIR):
            raise
        return "not a file"  # a person put something else there: it is left alone
