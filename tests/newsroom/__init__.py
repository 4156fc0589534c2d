"""The newsroom of the tests: the demo's, and beside it East Money, the Harbour Gazette and two
sites that only scripts build.

`Newsroom` opens with the articles of all of them. `python -m newsroom` serves it, with this
package's parent folder on the path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsroom import eastmoney, plain, scripted
from newsspider import demo
from newsspider.demo import Story, stories
from newsspider.demo.answers import Article, Host
from newsspider.demo.routes import HOSTS as FINEWS

__all__ = ["HOSTS", "Newsroom", "Story", "stories"]

HOSTS: Mapping[str, Host] = {**FINEWS, **eastmoney.HOSTS, **plain.HOSTS, **scripted.HOSTS}


class Newsroom(demo.Newsroom):
    """The demo's newsroom with the hosts of all sites and, by default, their articles."""

    def __init__(self, port: int = 0, articles: Sequence[Article] | None = None) -> None:
        if articles is None:
            articles = (*stories(), *eastmoney.stories(), *plain.pieces())
        super().__init__(port, articles, HOSTS)
