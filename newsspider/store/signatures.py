"""The signatures of posts, in `.newsspider/signatures.sqlite`, so that no run makes them again.

In: the day, the key and the hash of a post, and the signature of its text. Out: the same again. It
is a cache that git does not see: a run reads the posts that it lacks, so a clone without it decides
as the folder that it was cloned from. `exporters/stories.py` fills and asks it.
"""

from __future__ import annotations

import logging
from pathlib import Path

from newsspider.errors import BrokenLedger, OutputError
from newsspider.store.files import FOLDER
from newsspider.store.sqlite.database import Database
from newsspider.text.similarity import Signature

logger = logging.getLogger(__name__)

_FILE = "signatures.sqlite"
_STEPS = (
    """
CREATE TABLE signatures (
  day TEXT, key TEXT, hash TEXT NOT NULL,     -- of the post: with another one it has another text
  minhash BLOB, figures TEXT NOT NULL,        -- minhash is NULL for a text that is too short
  PRIMARY KEY (day, key)
) WITHOUT ROWID;
""",
)


class Signatures:
    """The open cache of an output folder; in memory only for a run that writes nothing. Raises
    Unwritable once the disk accepts nothing more."""

    def __init__(self, output: Path, *, dry: bool = False) -> None:
        self._db = _opened(None if dry else output / FOLDER / _FILE)
        self._days: set[str] = set()  # used by this run

    def close(self) -> None:
        self._db.close()

    def of_day(self, day: str) -> dict[str, tuple[str, Signature | None]]:
        """Return the signatures of a day's posts, each after the hash of its post, by key."""
        self._days.add(day)
        rows = self._db.rows(
            "SELECT key, hash, minhash, figures FROM signatures WHERE day = ?", (day,)
        )
        signatures = {}
        for key, hash_, minhash, figures in rows:
            try:
                signature = Signature.from_bytes(minhash, figures) if minhash else None
            except (ValueError, TypeError):  # of another version of the library
                continue
            signatures[key] = (hash_, signature)
        return signatures

    def save(self, day: str, key: str, hash_: str, signature: Signature | None) -> None:
        """Save the signature of a post; None for a text that is too short to have one."""
        minhash, figures = signature.to_bytes() if signature else (None, "")
        self._db.do(
            "REPLACE INTO signatures (day, key, hash, minhash, figures) VALUES (?, ?, ?, ?, ?)",
            (day, key, hash_, minhash, figures),
        )

    def forget_days(self, before: str) -> None:
        """Forget the days before this one that the run did not use."""
        kept = ", ".join("?" * len(self._days)) if self._days else "''"
        self._db.do(
            f"DELETE FROM signatures WHERE day < ? AND day NOT IN ({kept})",  # noqa: S608 - marks
            (before, *sorted(self._days)),
        )


def _opened(file: Path | None) -> Database:
    """Return the database; a broken one is made anew, and one that cannot be used is in memory."""
    try:
        return Database(file, _STEPS, whole=False)
    except BrokenLedger:
        assert file is not None
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return Database(file, _STEPS, whole=False)
    except OutputError as error:
        logger.warning("%s; the texts of posts are read again", error)
        return Database(None, _STEPS)
