"""Secrets of files that people write: `${NAME}` stands for a variable of the environment.

In: a text of newsspider.yml, and the environment. Out: the text with its values, or ValueError,
which repeats none. Pure. Called by what reads alerts, hooks and the address of a ledger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
PASSWORD = re.compile(r"://[^/?#]*?:(?!\$\{)[^/?#@]*@")  # in an address, not as ${NAME}
HINT = "write ${NAME} in its place, and put it into the environment variable NAME"


def filled(
    text: str, environment: Mapping[str, str], spell: Callable[[str], str] = str.strip
) -> str:
    """Return a text with the values of its variables, each as `spell` gives it. Raises ValueError
    for a variable that is not set."""

    def value(match: re.Match[str]) -> str:
        content = environment.get(match[1], "")
        if not content.strip():
            raise ValueError(f"the environment variable {match[1]} is not set")
        return spell(content)

    return VARIABLE.sub(value, text)
