"""The newsroom: a small real news site on loopback, for `make demo` and for the tests.

`Newsroom` serves what `stories()` and `pieces()` tell, at the real paths of every host: the first
user's world, the living East Money, and the Harbour Gazette, a plain site.
"""

from newsspider.demo.newsroom import Newsroom, main
from newsspider.demo.plain import Piece, pieces
from newsspider.demo.story import Story, stories

__all__ = ["Newsroom", "Piece", "Story", "main", "pieces", "stories"]
