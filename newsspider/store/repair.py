"""An output folder brought into line with its ledger, whatever happened since the last run.

In: an Output that has just been opened. Out: the same, after a kill, a power cut, posts that a
person removed, or the loss of the ledger. `store/folder.py` calls it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.sites.schema import Site
from newsspider.store import lasting
from newsspider.store.ledger import Ledger
from newsspider.store.output import Output, hash_of, removed_post
from newsspider.store.rebuild import ReadPost, rebuild
from newsspider.store.records import REMOVAL

logger = logging.getLogger(__name__)

_CLOCKS_DIFFER = timedelta(minutes=10)  # of two machines that run in turn


def repair(output: Output, sites: Sequence[Site], read: ReadPost) -> None:
    """Bring the ledger into line with the posts, and start the run."""
    ledger, names = output.ledger, _names(output.posts)
    # In one commit: if a run started and died before its checks, the next run would check the posts
    # of that run only.
    with ledger.start_run() as unclean:
        output.unclean = unclean is not None
        _check_promises(output, unclean)
        # After an unclean end it is empty because the last commit is missing. The articles are then
        # fetched again and their posts recognised as ours; adopted posts would count as edited.
        if unclean is None and ledger.is_empty():
            recorded = lasting.restore(
                ledger, output.path, lambda name: hash_of(output.posts / name)
            )
            others = (output.posts / name for name in sorted(names - recorded))
            rebuild(ledger, others, read, sites)
            _restore_removed(ledger, output.path)
    _finish_removals(output)
    _check_clock(ledger, datetime.now(UTC))
    _notice_removed(output, names)


def _restore_removed(ledger: Ledger, path: Path) -> None:
    """Add the posts of removed.txt. Nothing of them is left to save, so that a run that publishes
    nothing changes no file."""
    for key in lasting.removed(path):
        ledger.adopt(removed_post(key))
        post = ledger.article(key)
        if post is not None and post.state == "gone":
            ledger.note_saved([key])


def _check_clock(ledger: Ledger, now: datetime) -> None:
    """Report a clock that shows a time before the last run."""
    last = ledger.last_run()
    if last is not None and now < last - _CLOCKS_DIFFER:
        logger.warning(
            "the clock of this machine shows %s UTC, but the last run was on %s: set the clock;"
            " articles are dated by it, and those that are later than it wait",
            f"{now:%Y-%m-%d %H:%M}",
            f"{last.astimezone(UTC):%Y-%m-%d %H:%M}",
        )


def repair_lost(output: Output) -> None:
    """Bring the ledger into line after a process of this run died: keep or take back its promises,
    and settle the links of its posts, so that their records have them."""
    ledger = output.ledger
    _check_promises(output, None)
    for post in ledger.articles_in_doubt(ledger.run):
        if post.state == "published" and not post.intended:
            ledger.settle_all(post.site, post.key)


def _check_promises(output: Output, unclean: int | None) -> None:
    """Keep the promises whose posts were written, and take back the rest. After an unclean end (of
    the run `unclean`) check all posts of that run: a power cut may have lost their names.
    """
    ledger = output.ledger
    for post in ledger.articles_in_doubt(unclean):
        if post.state == "gone" or post.intended == REMOVAL:
            continue
        current = hash_of(output.posts / post.path)
        if current is None:
            ledger.forget(post.key)
        elif post.intended and current == post.intended:
            ledger.keep(post.key, current)
            ledger.settle_all(post.site, post.key)


def _finish_removals(output: Output) -> None:
    """Remove the posts that an earlier run was about to remove, but for those that a person edited
    meanwhile."""
    going = []
    for post in output.ledger.articles_in_doubt(None):
        if post.intended == REMOVAL:
            if hash_of(output.posts / post.path) in (None, post.hash):
                going.append(post)
            else:
                output.ledger.keep(post.key, post.hash)
    if going:
        output.retire(going)


def _names(posts: Path) -> set[str]:
    """Return the names of the files in the folder of the posts; empty if there is no folder yet."""
    try:
        return {entry.name for entry in os.scandir(posts)}
    except FileNotFoundError:  # any other error does not show whether there are posts
        if posts.is_symlink():  # nor does a link to a disk that is not mounted today
            raise
        return set()


def _notice_removed(output: Output, names: set[str]) -> None:
    """Record and report the posts whose files are missing."""
    removed = [post for post in output.ledger.published() if post.path not in names]
    if removed:
        output.mark_removed(removed)
        logger.warning(
            "%s removed from %s since the last run and will not be written again",
            "1 post was" if len(removed) == 1 else f"{len(removed)} posts were",
            output.posts,
        )
