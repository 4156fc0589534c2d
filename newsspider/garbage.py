"""How often Python looks for garbage: seldom while it imports, often while it reads pages.

In: nothing. Out: the thresholds of Python's garbage collector. Called by `__main__`, `commands` and
`crawling.run`, around what they import.
"""

import gc

# New objects between two looks. What is imported is 300,000 objects and no garbage: to look through
# them again and again takes a tenth of a start.
_SELDOM = 100_000
# CPython's own number. A page that cannot be read stays in memory until the next look: a hostile
# site must not fill it.
_OFTEN = 700


def look_seldom() -> None:
    """Look for garbage seldom, until `look_often`."""
    gc.set_threshold(_SELDOM)


def look_often() -> None:
    """Look for garbage as often as ever, but not among what is imported by now."""
    if gc.get_threshold()[0] == _SELDOM:
        gc.freeze()
        gc.set_threshold(_OFTEN)
