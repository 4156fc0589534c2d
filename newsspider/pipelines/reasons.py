"""Why an article gets no post: a class for each reason, whose name the report and the ledger have.

In: what is wrong, as a message. Out: an exception that drops the article. The stages raise them;
`remember` decides by their class whether the article is asked for again.
"""

from __future__ import annotations

from scrapy.exceptions import DropItem

from newsspider.errors import Dropped
from newsspider.model import Verdict


class Settled(Dropped, DropItem):
    """An article that gets no post. It is not requested again."""


class NoTitle(Settled):
    """No page gives a title, and the digest has none in 【】."""


class NoDate(Dropped, DropItem):
    """Nothing gives a day, or only an impossible one. Without a day it is asked for again: a page
    may get one, and --undated dates the article."""


class FutureDate(Dropped, DropItem):
    """Published later than now, by our clock: asked for again when that may have changed."""


class EmptyBody(Settled):
    """Nothing is left to publish: no text, no picture, no digest."""


class NoLink(Settled):
    """No http or https address to link as the source."""


class Duplicate(Settled):
    """The article has a post from another site or listing; the first post stays."""


class SameStory(Settled):
    """A post has this story already, by its text; `first` is the key of that article."""

    def __init__(self, first: str, why: str) -> None:
        super().__init__(why)
        self.first = first


class Removed(Settled):
    """A person removed the article's post; it is not written again."""


class Edited(Settled):
    """A person edited the post; an update leaves it alone."""


class Paywalled(Settled):
    """Nothing but a notice that asks to pay, to log in or to consent."""


class TooLong(Settled):
    """A text that is longer than a post may be."""


class NotAnArticle(Settled):
    """A page of another kind: a home page, a section, a video, an error page with status 200."""


REJECTED = {
    Verdict.PAYWALLED: Paywalled,
    Verdict.NOT_AN_ARTICLE: NotAnArticle,
    Verdict.TOO_LONG: TooLong,
    Verdict.BOT_CHECK: NotAnArticle,  # the spiders request such pages again and pass none on
}


class Doubtful(Dropped, DropItem):
    """Held back: unlike what its source has published so far, or against its contract. It is kept
    whole, read again by every run, and published once it reads well."""


class OutOfContract(Settled):
    """Breaks the contract of its source, which says `on_break: drop`."""


class Unwanted(Dropped, DropItem):
    """Excluded by an option of this run (--media, --stock, --since); pending for other runs."""


class OtherMedia(Unwanted):
    """Another source than --media."""


class OtherStock(Unwanted):
    """Does not mention the share of --stock."""


class TooOld(Unwanted):
    """Published before --since."""


# The drop reasons of articles that an option of the run excludes, by option.
UNWANTED: dict[str, type[Unwanted]] = {"media": OtherMedia, "stock": OtherStock, "since": TooOld}


class Incomplete(Settled):
    """An item of another project's spider that lacks a field of an article."""
