"""The publisher: an article → its post in the output folder, in the format of a site builder.

In: validated articles, from the Publish stage. Out: files, and an Outcome for each article. The
intended hash goes into the ledger, then the file into the folder, then the state into the ledger:
whenever the process dies, the next run knows which posts are its own.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from newsspider.dates import post_date
from newsspider.exporters.changes import Version, changes, different_fields
from newsspider.exporters.corrections import Thresholds, correction
from newsspider.exporters.format import Format
from newsspider.model import Article
from newsspider.pictures.placing import KeptPicture, with_files
from newsspider.sites.schema import Site
from newsspider.store import versions
from newsspider.store.files import read_file, read_text
from newsspider.store.output import Output, text_hash
from newsspider.store.records import PublishedPost, article_of, fields_of, recorded_time


class Outcome(Enum):
    """The result of publishing an article; the values are the names of the report's counts."""

    WRITTEN = "written"  # a new post
    UPDATED = "updated"  # its own post, rewritten
    UNCHANGED = "unchanged"  # the post is up to date
    EDITED = "edited"  # a person changed the post: left alone


class Publisher:
    """Writes posts into one output folder. `site`, the crawl's first, gives the built site its
    title. `note_change` is called with each word for what an update changes (see `changes`),
    `before_promise` with each article whose post is about to be promised. Of each post that is
    rewritten the last `keep_versions` texts are kept, and with `corrections` what it corrects is
    published (see `corrections.correction`). With `force` a post that a person edited is
    rewritten as any other."""

    def __init__(
        self,
        output: Output,
        format: Format,
        site: Site,
        note_change: Callable[[str], object] = str,
        *,
        before_promise: Callable[[Article], object] = str,
        keep_versions: int = 0,
        corrections: Thresholds | None = None,
        force: bool = False,
    ) -> None:
        self._output = output
        self._format = format
        self._site = site
        self._note_change = note_change
        self._before_promise = before_promise
        self._versions = keep_versions
        self._corrections = corrections
        self._force = force
        self._surrounded: set[str] = set()  # categories
        self.posts_written = False

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
        current = _hash_of(file)
        before = ledger.fields(article.key) if row and row.state == "published" else {}
        words: tuple[str, ...] = ()
        if before and row and current == row.hash:
            words = self._changes(before, article, file, text)
            if not words:
                self._note_rights(row, before, article)
                return Outcome.UNCHANGED
            article = _with_modified(article, before, words)
            text = self._format.render(article, language)
        intended = text_hash(text.encode("utf-8"))
        if current not in (None, intended):
            earlier = (text_hash(text.encode("utf-8")) for text in self._format.earlier(article))
            intended = next((hash for hash in earlier if hash == current), intended)
        outcome = _outcome(row, current, intended)
        if outcome is Outcome.UNCHANGED and before and not words:
            article = replace(article, fetched_at=recorded_time(before.get("fetched_at")))
        if outcome is Outcome.EDITED and self._force:
            outcome = Outcome.UPDATED
        if outcome is Outcome.EDITED and row:
            same = bool(article.hash) and article.hash == before.get("hash")
            return Outcome.UNCHANGED if same else outcome
        assert article.published is not None
        if outcome is not Outcome.EDITED:
            self._before_promise(article)
        ledger.promise(article, name, post_date(article.published), intended)
        if outcome is Outcome.EDITED:
            ledger.keep(article.key, "")
            return outcome
        if outcome is not Outcome.UNCHANGED and not self._output.dry:
            self._surround(article)  # a power cut may have left the post alone
            if current != intended:
                if current is not None and self._versions:
                    replaced = read_text(file, "replace")
                    versions.keep(self._output.path, article.key, replaced, self._versions)
                if words and row and self._corrections is not None:
                    self._correct(row, before, article, file, text)
                self._output.write(file, text)
                self.posts_written |= outcome is Outcome.WRITTEN
        ledger.keep(article.key, intended)
        for word in words:
            self._note_change(word)
        return outcome

    def _note_rights(self, row: PublishedPost, before: Mapping[str, Any], article: Article) -> None:
        """Note what the publisher now states of an article's reuse: no reader sees it in the post,
        which stays as it is."""
        record = self._output.ledger.record(row.key)
        if record is None or fields_of(article).get("rights") == before.get("rights"):
            return
        stated = replace(article_of(record), rights=article.rights)
        self._output.renew_archived(row.key)
        self._before_promise(article)
        self._output.ledger.promise(stated, row.path, row.date, row.hash)
        self._output.ledger.keep(row.key, row.hash)

    def _correct(
        self,
        row: PublishedPost,
        before: Mapping[str, Any],
        article: Article,
        file: Path,
        text: str,
    ) -> None:
        """Publish what an update corrects: `text` replaces what is in `file`. Where the article is
        as it was, a person has changed how much of it is published."""
        if before.get("hash") == article.hash or before.get("same_story", "") != article.same_story:
            return
        old = self._format.read(file.name, read_text(file))
        new = self._format.read(file.name, text)
        if old is None or new is None:
            return
        new = replace(article, title=new.title, digest=new.digest, body=new.body)
        if corrected := correction(old, new, self._corrections or {}):
            self._format.correct(self._output.path, row, corrected)

    def show_pictures(self, post: PublishedPost, kept: Mapping[str, KeptPicture]) -> bool:
        """Show pictures that are kept by now in the post of an article; return whether that changed
        it. A post that a person edited stays. Raises what `publish` raises."""
        file = self._output.posts / post.path
        record = self._output.ledger.record(post.key)
        if record is None or not record.fields or not self._output.is_ours(post):
            return False
        before = read_text(file)
        text = self._format.with_pictures(before, kept, self._format.base(self._output.path))
        if text == before:
            return False
        intended = text_hash(text.encode("utf-8"))
        self._output.renew_archived(post.key)
        article = with_files(article_of(record), kept)
        self._output.ledger.promise(article, post.path, post.date, intended)
        self._output.write(file, text)
        self._output.ledger.keep(post.key, intended)
        return True

    def render(self, article: Article) -> tuple[Outcome, tuple[str, ...]]:
        """Rewrite the post of an article that has not changed at its site, where it is now read or
        written in another way; return the Outcome and the fields that differ. A dry run only
        returns them. Raises as `publish` does."""
        ledger = self._output.ledger
        row = ledger.article(article.key)
        assert row is not None and article.published is not None
        file = self._output.posts / row.path
        current = _hash_of(file)
        if current is None or (current != row.hash and not self._force):
            return Outcome.EDITED, ()
        language = self._format.language(self._output.path, self._site, article)
        text = self._format.render(article, language)
        intended = text_hash(text.encode("utf-8"))
        before, after = ledger.fields(article.key), fields_of(article)
        words = list(different_fields(before, after))
        if current != intended:
            old = read_text(file, "replace")
            words += ["text"] if self._text_of(file, old) != self._text_of(file, text) else []
            words = words or ["layout"]
        if not words:
            return Outcome.UNCHANGED, ()
        self._output.renew_archived(article.key)
        ledger.promise(article, row.path, row.date, intended)
        if current != intended and not self._output.dry:
            if self._versions:
                versions.keep(self._output.path, article.key, old, self._versions)
            self._output.write(file, text)
        ledger.keep(article.key, intended)
        return Outcome.UPDATED, tuple(words)

    def _text_of(self, file: Path, text: str) -> tuple[str, str]:
        """Return digest and body of a post."""
        post = self._format.read(file.name, text)
        return (post.digest, post.body) if post else ("", text)

    def _changes(
        self, before: Mapping[str, Any], article: Article, file: Path, text: str
    ) -> tuple[str, ...]:
        """Return what an update changes, in words: `before` are the fields of the post in `file`,
        which is as we wrote it; `text` is the post of the article now."""
        old = self._format.read(file.name, read_text(file))
        new = self._format.read(file.name, text)
        if old is None or new is None:
            return ("text",)
        return changes(Version(before, old), Version(fields_of(article), new))

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


def complete_lists(output: Output, format: Format) -> None:
    """Write the further pages that the lists of posts need. Raises Unwritable or OSError if the
    folder cannot be written."""
    counts = Counter(post.category for post in output.ledger.published())
    format.paginate(output.path, counts)


def _with_modified(article: Article, before: Mapping[str, Any], words: tuple[str, ...]) -> Article:
    """Return an update with the time of the change: the one that the page states, if it is later
    than what the post has, else the present time."""
    assert article.published is not None
    if words == ("details",):
        return article
    last = datetime.fromisoformat(before.get("modified") or before["published"])
    if article.modified is not None and article.modified > last:
        return article
    now = datetime.now(article.published.tzinfo).replace(microsecond=0)
    return replace(article, modified=now)


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
