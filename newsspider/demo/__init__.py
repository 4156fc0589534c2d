"""The newsroom: a small real news site on loopback, for `newsspider demo` and for the tests.

`Newsroom` serves what `stories()` has, at the real addresses of the hosts of the site `finews`.
"""

from newsspider.demo.newsroom import Newsroom
from newsspider.demo.story import Story, stories

__all__ = ["Newsroom", "Story", "stories"]
