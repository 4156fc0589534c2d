"""The address of a PostgreSQL database: read, and shown without its password.

In: `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, as libpq takes it. Out: the address again, or
ValueError with what to write; the address without what is secret. Pure: it needs no psycopg.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

from newsspider.text import variables
from newsspider.text.variables import HINT, VARIABLE

EXAMPLE = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
_WRITTEN_PASSWORD = re.compile(r"://[^/?#]*?:(?!\$\{)[^/?#@]*@|\b\w*password=(?!\$\{)")
_SCHEME = re.compile(r"postgres(?:ql)?://")
# libpq would take a part of a password with a bare `@`, `:` or `/` for the host, and show it.
_ADDRESS = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/?#\s]*)(?P<password>:[^:@/?#\s]*)?@)?"
    r"(?P<host>[^@/?#\s]*)(?P<database>/[^@/?#\s]*)?(?:\?[^@#\s]*)?"
)


def is_address(text: str) -> bool:
    """Return whether a text names PostgreSQL."""
    return bool(_SCHEME.match(text))


def check_address(text: str) -> str:
    """Return an address as it is. Raises ValueError, which does not repeat it, for any other
    text."""
    if not is_address(text):
        raise ValueError(f"is not the address of a ledger: write {EXAMPLE}")
    if not _ADDRESS.fullmatch(text):
        raise ValueError(
            f"is not {EXAMPLE}: in its parts write %40 for @, %3A for :, %2F for /, %23 for #, and"
            " %20 for a space"
        )
    return text


def check_written(text: str) -> str:
    """Return an address as a file has it, with `${NAME}` for what the environment has. Raises
    ValueError for one that cannot be used, or whose password is written out."""
    if _WRITTEN_PASSWORD.search(text):
        raise ValueError(f"the password is a secret: {HINT}")
    if not text or VARIABLE.fullmatch(text):
        return text
    check_address(VARIABLE.sub("x", text))
    return text


def filled(text: str, environment: Mapping[str, str]) -> str:
    """Return an address of a file with the values of its variables; one that stands for a part of
    the address needs no %40 for @. Raises ValueError for one that is not set."""
    is_whole = VARIABLE.fullmatch(text)
    return variables.filled(text, environment, str if is_whole else partial(quote, safe="."))


def shown(address: str) -> str:
    """Return an address for messages and logs: without its password and its parameters, each of
    which may be secret."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return "postgresql://…"
    user = f"{match['user']}@" if match["user"] else ""
    return f"postgresql://{user}{match['host']}{match['database'] or ''}"
