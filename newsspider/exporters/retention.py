"""Retention: which posts an output folder keeps no longer, and what becomes of them.

In: the published posts, the sources that list them, and how much of each source is kept. Out: the
posts that go; their files are removed, and a page stays at each address. `crawling/retain.py` calls
it at the end of a run.

Whenever the process dies, the next run finishes: the page is written first, then the removal goes
into the ledger, then the file is removed, then the state is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsspider.exporters.format import Format
from newsspider.store.files import read_text
from newsspider.store.folder import Output
from newsspider.store.records import PublishedPost

_Rank = tuple[datetime, str]  # of a post among those of its source: its time, and its key


@dataclass(frozen=True, slots=True)
class Keep:
    """How much is kept of a source: posts younger than an age, or so many of the newest."""

    source: str
    most: timedelta | int


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


def retire(output: Output, format: Format, posts: Iterable[PublishedPost]) -> Retired:
    """Remove posts, and leave a page at each address. A post that a person edited stays, and so
    does one whose address is not known. A dry run only returns what would go. Raises Unwritable or
    OSError if the folder cannot be written."""
    retired = Retired()
    for post, text in _ours(output, posts, retired):
        if output.dry or format.leave(output.path, post.path, text):
            retired.posts.append(post)
        else:
            retired.stay[post.path] = "its address is not known"
    if retired.posts and not output.dry:
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


def _time(post: PublishedPost) -> datetime | None:
    try:
        return datetime.strptime(post.date, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None
