"""The options of a run and an option more, to see that a field is all that an option needs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from newsspider.spiders.options import Flag, RunOptions


def _no_grey(text: str) -> str:
    if text == "grey":
        raise ValueError("'grey' is no colour")
    return text


class MoreOptions(RunOptions):
    """An option more, which is all that it takes to have one."""

    colour: Annotated[
        str,
        AfterValidator(_no_grey),
        Flag(("--colour", "-c"), "The colour of it all.", metavar="NAME", commands=("crawl",)),
    ] = ""
