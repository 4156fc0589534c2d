"""A pattern that is compiled when it is first used.

In: the text of a pattern. Out: what `re.compile` returns, but later. Called by modules whose
patterns have ranges of hanzi: each takes 3 to 14 ms to compile, and most commands need few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self._arguments = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """Compile the pattern; from now on the method is an attribute, as fast as its own."""
        method = getattr(re.compile(*self._arguments), name)
        setattr(self, name, method)
        return method


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern with the methods of a compiled one; a mistake in it shows at the first call
    of one of them."""
    return cast(re.Pattern[str], _Pattern(pattern, flags))
