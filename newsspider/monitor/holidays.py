"""The public holidays of a time zone's country.

In: the name of a zone. Out: a function of a day. The table is that of the package `holidays`, which
is imported when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from newsspider.dates.zones import country_of_zone


@cache
def holidays_of(zone: str) -> Callable[[date], bool]:
    """Return whether a day is a public holiday in the country of this zone; without a country, or
    one of which nothing is known, no day is."""
    from holidays import country_holidays  # takes 0.3 s

    try:
        days = country_holidays(country_of_zone(zone))
    except NotImplementedError:
        return lambda day: False
    return lambda day: day in days
