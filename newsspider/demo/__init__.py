"""The newsroom: a small real news site on loopback, for `make demo` and for the tests.

`Newsroom` serves what `stories()` tells, at the real paths of every host of the first user's world.
"""

from newsspider.demo.newsroom import Newsroom, main
from newsspider.demo.story import Story, stories

__all__ = ["Newsroom", "Story", "main", "stories"]
