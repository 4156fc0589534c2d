"""The Harbour Gazette, a plain news site of the newsroom: ten articles, every kind of listing.

The very same ten stand in each listing, so whatever way a crawl takes, the same posts come out.
"""

from newsspider.demo.plain.hosts import serve
from newsspider.demo.plain.piece import HOST, Piece, pieces

__all__ = ["HOST", "Piece", "pieces", "serve"]
