"""The address of a PostgreSQL database: read, and shown without its password.

In: `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, as libpq takes it. Out: the address again, or
ValueError with what to write; the address without what is secret. Pure: it needs no psycopg.
"""

from __future__ import annotations

import re

EXAMPLE = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
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


def shown(address: str) -> str:
    """Return an address for messages and logs: without its password and its parameters, each of
    which may be secret."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return "postgresql://…"
    user = f"{match['user']}@" if match["user"] else ""
    return f"postgresql://{user}{match['host']}{match['database'] or ''}"
