"""All that is known of one article: its post, its links, and what would change their state.

In: the record of an article and its links, out of the ledger. Out: names and values in reading
order. Pure. `newsspider show` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from newsspider.store.records import PublishedPost, Record, UnpublishedLink

Fact = tuple[str, str]

_SHARE = "newsspider share {url} asks for it again"
_SELECTOR = "a selector for `{field}` in the site file (newsspider share --explain {{url}} shows "
_SELECTOR += "where each field comes from), then newsspider share {{url}}"
_CHANGES = {  # the reason of a link without a post: what would change its state
    "NoDate": "crawl with --undated first-seen, or " + _SELECTOR.format(field="time"),
    "NoTitle": _SELECTOR.format(field="title"),
    "EmptyBody": _SELECTOR.format(field="body"),
    "NotAnArticle": "if the page is an article: selectors for it in a site file; then " + _SHARE,
    "OtherMedia": "a run without --media, or with its source",
    "OtherStock": "a run without --stock, or with one of its shares",
    "TooOld": "a run without --since, or with an earlier day",
    "RobotsTxt": "nothing but the host's robots.txt",
    "Duplicate": "nothing: the article has a post that came another way",
    "SameStory": "newsspider share {url} --same-story all publishes it",
    "FutureDate": "its time of publication, or the clock of this machine if it is wrong",
    "NoBrowser": "a browser: pip install 'newsspider[browser]', and Chromium",
    "Doubtful": "newsspider show {url} --release publishes it as it is held;"
    " every run reads it again",
    "Edited": "your edited post stays as it is; newsspider share {url} --force rewrites it",
}
_REMOVED = (
    "delete its line in _newsspider/removed.txt and the file .newsspider/ledger.sqlite; then"
    " newsspider share"
)
_IN_DATABASE = "move the ledger to a file (newsspider fleet move ADDRESS FOLDER); then "
_TWIN = "same story as"
_MOST = 20  # twins that are named
_NEXT_RUN = "the next run asks for it"


def facts_of_post(
    record: Record,
    file: str,
    why: str = "",
    twins: Sequence[str] = (),
    *,
    in_database: bool = False,
) -> Iterator[Fact]:
    """Yield what is known of an article that has, had or was promised a post; `file` says how its
    file is (see `state_of_file`), `why` is the reason that was kept of its removal. `twins` are the
    keys of the articles that have its story. `in_database`: the ledger is no file."""
    post = record.post
    yield "article", post.key
    if post.state == "gone":
        yield "post", f"{post.path}: removed by a person; it is never written again"
        if why:
            yield "why", why
        first = _IN_DATABASE if in_database else ""
        yield "to change that", f"{first}{_REMOVED} {post.link}"
    else:
        yield "post", f"{post.path}: {file}"
    for name in ("title", "source", "published", "modified"):
        if value := record.fields.get(name):
            yield name, str(value)
    if story := record.fields.get("same_story"):
        yield _TWIN, str(story)
    for twin in twins[:_MOST]:
        yield "its story also in", twin
    if len(twins) > _MOST:
        yield "its story also in", f"{len(twins) - _MOST} more"
    if post.link:
        yield "link", post.link
    for alias in record.aliases:
        yield "also known as", alias


def state_of_file(post: PublishedPost, hash_: str | None) -> str:
    """Return how the file of a post is; `hash_` is that of its content, None if it is missing."""
    if post.state == "promised":
        return "about to be written when a run was killed; the next run finishes it"
    if hash_ is None:
        return "its file is missing; the next run takes the post for removed by you"
    if post.hash != hash_:
        return "edited since newsspider wrote it; updates leave it alone"
    return "as newsspider wrote it"


def facts_of_link(link: UnpublishedLink, next_try: datetime | None) -> Iterator[Fact]:
    """Yield what is known of a link of a listing. `next_try`: when a failed link may be asked for
    again; None: in the next run."""
    known = link.known
    yield "link", link.link.url
    yield "of the listing", f"{link.site}/{link.listing}, first seen {_time(link.added)}"
    reason, _, story = known.reason.partition(" ")
    yield "state", f"{known.state} ({reason})" if reason else known.state
    if story:
        yield _TWIN, story
    if known.state == "failed" and known.tried:
        times = "once" if known.tries == 1 else f"{known.tries} times in a row"
        yield "asked for", f"last {_time(known.tried)}; failed {times}"
    if known.state in ("pending", "failed"):
        yield "next try", f"not before {_time(next_try.isoformat())}" if next_try else _NEXT_RUN
    if change := _change(link):
        yield "to change that", change.format(url=link.link.url)


def _change(link: UnpublishedLink) -> str:
    reason = link.known.reason.partition(" ")[0]
    return _CHANGES.get(reason, _SHARE if link.known.state == "dropped" else "")


def _time(moment: str) -> str:
    """Return a moment of the ledger (ISO 8601) in the time zone of this machine."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else "?"


def all_facts(parts: Sequence[Iterator[Fact]]) -> list[Fact]:
    """Return the facts of several parts, without those of a later part that are the same."""
    return list(dict.fromkeys(fact for part in parts for fact in part))
