"""Whether another page has taken the place of an article that has a post, such as a wall.

In: the text of the post, and the title and text of its article as they read now. Out: what speaks
against an update, in words. Pure. The stage Validate asks it of each article that is read again.

The post itself shows what is usual, so no history of the source is needed. Newsrooms correct a text
and add to it; hardly one takes half of it away.
"""

from __future__ import annotations

from newsspider.monitor.tally import language_of
from newsspider.monitor.walls import is_mostly_wall
from newsspider.text.likeness import is_unlike

_LONG = 300  # characters of a post, below which its length says nothing
_CUT = 0.5  # of the text of the post: shorter, it may be a teaser
_SHORT = 0.2  # shorter, it is no update, whatever it says


def why_replaced(before: str, title: str, after: str) -> str:
    """Return what a plain text has that replaces `before`, so that it is no update; "" for one."""
    if is_mostly_wall(after) and not is_mostly_wall(before):
        return "its text reads like a wall or an error page"
    if len(before) >= _LONG and len(after) < _CUT * len(before):
        if len(after) < _SHORT * len(before):
            return "its text is far shorter than that of its post"
        if _beginning(after) in "".join(before.split()):
            return "its text is only a part of that of its post"
        if is_unlike(title, after):
            return "its text has no word of its title"
    languages = language_of(before), language_of(after)
    if all(languages) and languages[0] != languages[1]:
        return f"its language is {languages[1]}"
    return ""


def _beginning(text: str) -> str:
    """Return the first half of a text, without white space: behind it may be what asks to pay."""
    text = "".join(text.split())
    return text[: len(text) // 2]
