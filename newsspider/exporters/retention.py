"""Retention: which posts an output folder keeps no longer, and what becomes of them.

In: the published posts, the sources that list them, and how much of each source is kept. Out: the
posts that go; their files are removed, or moved to an archive site, and a page stays at each
address. `crawling/retain.py` calls it at the end of a run.

Whenever the process dies, the next run finishes: first the copy in the archive site and the page
are written, then the removal goes into the ledger, then the file is removed, then the state is
noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from newsspider.errors import NameTaken, Unwritable
from newsspider.exporters.format import Format
from newsspider.exporters.jekyll.address import stated_url
from newsspider.exporters.published import read_published
from newsspider.exporters.publisher import complete_lists
from newsspider.sites.schema import Site
from newsspider.store.files import read_text
from newsspider.store.output import Output, text_hash
from newsspider.store.pictures import copy_pictures
from newsspider.store.records import PublishedPost
from newsspider.text.pictures import KEPT_FOLDER

_Rank = tuple[datetime, str]  # of a post among those of its source: its time, and its key


@dataclass(frozen=True, slots=True)
class ArchiveSite:
    """The output folder that posts are moved to, and the address at which its site is served, as
    `url` of its configuration has it; "" if that states it."""

    path: Path
    url: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """How much is kept of a source: posts younger than an age, or so many of the newest; where the
    others are moved, None if they are removed; and what stays of them (see `Format.leave`)."""

    source: str
    most: timedelta | int
    site: ArchiveSite | None = None
    leave: str = "page"


@dataclass(slots=True)
class Retired:
    """What retention did: the posts that went, and the files that stay, each with the reason."""

    posts: list[PublishedPost] = field(default_factory=list)
    stay: dict[str, str] = field(default_factory=dict)


def expired(
    posts: Iterable[PublishedPost],
    sources: Mapping[str, Sequence[str]],
    keep_of: Callable[[str], Keep | None],
    now: datetime,
) -> list[PublishedPost]:
    """Return the posts that are kept no longer, the oldest first.

    `sources` has the sources that list each article, by its key. A post goes if none of them keeps
    it: one that a source without a rule lists stays, and so does one that no source lists.
    """
    ranked: list[tuple[_Rank, PublishedPost, set[Keep]]] = []
    of_keep: dict[Keep, list[_Rank]] = {}
    for post in posts:
        rules = {keep_of(source) for source in sources.get(post.key, ())}
        time = _time(post)
        if time is None:
            continue
        rank = (time, post.key)
        keeps = {rule for rule in rules if rule is not None}
        for keep in keeps:
            of_keep.setdefault(keep, []).append(rank)
        if keeps and None not in rules:
            ranked.append((rank, post, keeps))
    first = {keep: _first_kept(keep, ranks, now) for keep, ranks in of_keep.items()}
    ranked.sort(key=lambda each: each[0])
    return [post for rank, post, keeps in ranked if all(rank < first[keep] for keep in keeps)]


def _first_kept(keep: Keep, ranks: list[_Rank], now: datetime) -> _Rank:
    """Return the rank from which on the posts of a source are kept."""
    if isinstance(keep.most, timedelta):
        return (now - keep.most, "")
    return sorted(ranks, reverse=True)[: keep.most][-1]


def retire(
    output: Output,
    format: Format,
    posts: Iterable[PublishedPost],
    mover: Mover | None = None,
    leave: str = "page",
) -> Retired:
    """Remove posts, and leave a page at each address, or what else `leave` says (see
    `Format.leave`); with a Mover they are moved first, and their addresses lead to where they are.
    A post that a person edited stays, and so does one whose address is not known. A dry run only
    returns what would go. Raises Unwritable or OSError if a folder cannot be written."""
    retired = Retired()
    for post, text in _ours(output, posts, retired):
        try:
            target = mover.move(post, text) if mover and not output.dry else ""
        except NameTaken:
            retired.stay[post.path] = "the archive site has another post of this name"
            continue
        if output.dry or format.leave(output.path, post.path, text, target, leave):
            retired.posts.append(post)
        else:
            retired.stay[post.path] = "its address is not known"
    if retired.posts and not output.dry:
        if mover is not None:
            mover.finish()
        output.retire(retired.posts)
    return retired


def _ours(
    output: Output, posts: Iterable[PublishedPost], retired: Retired
) -> Iterator[tuple[PublishedPost, str]]:
    """Yield the posts that are as we wrote them, each with its text."""
    for post in posts:
        if output.is_ours(post):
            yield post, read_text(output.posts / post.path)
        else:
            retired.stay[post.path] = "edited by hand"


class Mover:
    """Moves posts into an archive site: an open output folder into which no crawl writes. `site_of`
    returns the site of a post; the first one gives the archive site its title."""

    def __init__(
        self,
        output: Output,
        target: Output,
        format: Format,
        site_of: Callable[[PublishedPost], Site],
        url: str,
    ) -> None:
        self._output = output
        self._target = target
        self._format = format
        self._site_of = site_of
        self._url = url
        self._is_finished = False

    def move(self, post: PublishedPost, text: str) -> str:
        """Write a post into the archive site; return its address there, "" if it is not known or
        a person removed it there. Raises what `Output.write` raises, and NameTaken."""
        target, ledger, format = self._target, self._target.ledger, self._format
        row = ledger.article(post.key)
        item = read_published(self._output.posts / post.path, self._output.ledger.record(post.key))
        if item is None or (row is not None and row.state == "gone"):
            return ""
        names = ("site", "key", "id", "link", "category", "tag")
        article = replace(item.article, **{name: getattr(post, name) for name in names})
        first = ledger.first_seen(post.category)
        format.surround(target.path, self._site_of(post), article, lay_category=first)
        ledger.note_categories([post.category])
        copy_pictures(self._output.path, self._output.posts / post.path, target.path)
        here, there = format.base(self._output.path), format.base(target.path)
        if here != there:
            kept = re.compile(rf'(?<=[" ]){re.escape(here)}(?=/{KEPT_FOLDER}/[0-9a-f]{{32}}\.)')
            text = kept.sub(there, text)
        hash_ = text_hash(text.encode("utf-8"))
        ledger.promise(article, post.path, post.date, hash_)
        target.write(target.posts / post.path, text)
        ledger.keep(post.key, hash_)
        address = format.address(target.path, post)
        url = self._url or stated_url(target.path)
        return url.rstrip("/") + address if url and address else ""

    def finish(self) -> None:
        """Write the lists of the archive site and the records of its posts, and release it: then
        the posts may be removed here. Raises Unwritable or OSError if it cannot be written."""
        complete_lists(self._target, self._format)
        self._is_finished = True
        self._target.close()

    def close(self) -> None:
        """Release the archive site, where the posts were not moved to the end."""
        if not self._is_finished:
            with suppress(Unwritable):
                self._target.close()


def _time(post: PublishedPost) -> datetime | None:
    try:
        return datetime.strptime(post.date, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None
