"""Every error that newsspider raises on purpose, and the exit code with which it ends a command.

    NewsspiderError            2  the base: catch this one
    ├── SiteError              2  the site does not exist, or its file cannot be used
    ├── ProjectError           2  newsspider.yml is missing or cannot be used
    ├── StartError             2  the crawl cannot start: Scrapy cannot read a setting
    ├── OutputError            2  the output folder cannot be used
    │   ├── OutputHeld         5  another run is using it
    │   ├── OtherEpoch         4  a cursor has a number of another epoch
    │   ├── NewerLedger        2  a newer newsspider wrote its ledger
    │   └── BrokenLedger       2  its ledger is damaged, or is not a ledger
    ├── NameTaken              1  the file name belongs to the post of another article
    ├── Unwritable             1  the disk is full or fails: the next run does the rest
    ├── NotReadable            1  the answer is not of the expected kind
    │   ├── BotCheck           1  the answer is a check for robots
    │   ├── TooCostly          1  the answer takes too long to read
    │   ├── NotAPicture        1  the answer is not a picture that is kept
    │   │   └── BrokenPicture  1  another answer may be one
    │   └── EmptyListing       1  the listing has no links
    ├── TooLong                1  a text is longer than a post may be
    ├── NotFetched             1  the request got no answer; subclasses are in `fetch.failures`
    └── Dropped                0  the article gets no post; subclasses: `pipelines/reasons.py`

`newsspider.commands.main` turns each into a line on standard error and the exit code. A run counts
the last three, and their subclasses, by class name and continues.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit codes of `newsspider`; docs/quickstart.md explains them to users."""

    DONE = 0
    SOME_FAILED = 1
    BAD_INPUT = 2
    NOTHING_FETCHED = 3
    BROKEN_SOURCE = 4
    HELD = 5


class NewsspiderError(Exception):
    """The base of all errors. The message says where, what, and what to do."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT


class SiteError(NewsspiderError, ValueError):
    """The site does not exist, or its site file cannot be used."""


class ProjectError(NewsspiderError):
    """newsspider.yml is missing, or cannot be used."""


class StartError(NewsspiderError):
    """The crawl cannot start."""


class OutputError(NewsspiderError):
    """The output folder cannot be used."""


class OutputHeld(OutputError):
    """Another run is using the output folder."""

    exit_code = Exit.HELD


class OtherEpoch(OutputError):
    """A cursor of the change feed has a number that this folder did not give."""

    exit_code = Exit.BROKEN_SOURCE


class NewerLedger(OutputError):
    """A newer version of newsspider wrote the ledger."""


class BrokenLedger(OutputError):
    """The ledger is damaged, or is not a ledger. The store renames it and rebuilds a ledger from
    the posts."""


class NameTaken(NewsspiderError):
    """The file name promised to an article belongs to the post of another article."""

    exit_code = Exit.SOME_FAILED


class Unwritable(NewsspiderError):
    """Nothing more can be written to the output folder. Articles that are not written yet stay
    pending for the next run."""

    exit_code = Exit.SOME_FAILED


class NotReadable(NewsspiderError, ValueError):
    """The answer is not of the expected kind: invalid JSON, or HTML without text."""

    exit_code = Exit.SOME_FAILED


class BotCheck(NotReadable):
    """The answer is a check for robots, or a notice that the site is closed for now. Another run
    may get the article."""


class TooCostly(NotReadable):
    """The answer takes more CPU time to read than any page of its size should."""


class NotAPicture(NotReadable):
    """The answer is not a picture that a site keeps: a drawing of another kind, a counter, a
    decompression bomb."""


class BrokenPicture(NotAPicture):
    """The answer is empty, breaks off or is a page: another run may get the picture."""


class EmptyListing(NotReadable):
    """The listing has no links: it is past its last page, or its layout has changed."""


class TooLong(NewsspiderError):
    """A text is longer than a post may be."""

    exit_code = Exit.SOME_FAILED


class NotFetched(NewsspiderError):
    """The request got no answer. `passing` is true if another run may get one; nothing is decided
    about the article until then."""

    exit_code = Exit.SOME_FAILED
    passing: ClassVar[bool] = False


class Dropped(NewsspiderError):
    """The article gets no post; the message says why."""

    exit_code = Exit.DONE
