"""The newsroom: a small news site on loopback, for `newsspider demo` and for the tests.

In: stories, by default those of `stories()`. Out: `Newsroom`, a server that answers for the hosts
of the site `finews`, under their real addresses.
"""

from newsspider.demo.newsroom import Newsroom
from newsspider.demo.story import Story, stories

__all__ = ["Newsroom", "Story", "stories"]
