"""Every error that newsspider raises on purpose, and the exit code that each ends the command with.

    NewsspiderError            2  the base: catch this one
    ├── SiteError              2  no such site, or a site file that cannot be used
    ├── StartError             2  a crawl that cannot start: a setting that Scrapy cannot read
    ├── OutputError            2  an output folder that cannot be used
    │   ├── OutputHeld         5  another run has it
    │   ├── NewerLedger        2  a newer newsspider made its ledger
    │   └── BrokenLedger       2  its ledger is not one, or no longer one
    ├── NameTaken              1  the post of another article has the file name
    ├── Unwritable             1  the disk takes nothing more: the next run does what is left
    ├── NotReadable            1  an answer that is not what its kind says
    │   ├── BotCheck           1  a check for robots instead of the page
    │   └── EmptyListing       1  a listing without links
    ├── NotFetched             1  a request without an answer; its reasons are in `fetch.failures`
    └── Dropped                0  an article without a post; its reasons are in `pipelines`

`newsspider.commands.main` turns each into a line on standard error and the exit code. A run counts
the last three by the name of their class and goes on.
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
    """The base of all. Its text says where, what, and what to do."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT


class SiteError(NewsspiderError, ValueError):
    """A site that is not there or a site file that cannot be used; says where and what to do."""


class StartError(NewsspiderError):
    """A crawl that cannot start."""


class OutputError(NewsspiderError):
    """An output folder that cannot be used; says which and why."""


class OutputHeld(OutputError):
    """Another run has the output folder."""

    exit_code = Exit.HELD


class NewerLedger(OutputError):
    """A ledger that a newer newsspider made."""


class BrokenLedger(OutputError):
    """What is there is not a ledger, or no longer one. The store sets it aside and makes a new one
    from the posts."""


class NameTaken(NewsspiderError):
    """A promise of a file name that the post of another article has."""

    exit_code = Exit.SOME_FAILED


class Unwritable(NewsspiderError):
    """Nothing more can be written into the output folder. What was not kept yet stays pending for
    the next run."""

    exit_code = Exit.SOME_FAILED


class NotReadable(NewsspiderError, ValueError):
    """An answer that is not what its kind says: JSON that is not JSON, HTML that is no text."""

    exit_code = Exit.SOME_FAILED


class BotCheck(NotReadable):
    """A check for robots, or a notice that the site is closed for now: the same page may be an
    article tomorrow."""


class EmptyListing(NotReadable):
    """A listing that holds no link: past its last page, or its layout changed."""


class NotFetched(NewsspiderError):
    """A request without an answer. `passing`: another run may have more luck, so nothing is decided
    without this answer."""

    exit_code = Exit.SOME_FAILED
    passing: ClassVar[bool] = False


class Dropped(NewsspiderError):
    """An article that gets no post, and why."""

    exit_code = Exit.DONE
