"""The Harbour Gazette, a plain news site of the newsroom: ten articles, every kind of listing.

The very same ten stand in each listing, so whatever way a crawl takes, the same posts come out.
"""

from newsroom.plain.hosts import HOSTS
from newsroom.plain.piece import HOST, Piece, pieces

__all__ = ["HOST", "HOSTS", "Piece", "pieces"]
