"""The time zone of a country, where all of it keeps the same clock.

The zones of a country are CLDR's, as the `babel` package ships them; what clock a zone keeps is
the IANA data's, which Python finds on the machine or in the `tzdata` package.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global


# The clocks of two zones are compared at noon UTC of every sixth day of these years. Measurements
# begin with the first; rules beyond the last are the last rule repeated.
_FIRST_YEAR, _LAST_YEAR, _STEP = 2012, 2037, timedelta(days=6)


@lru_cache(maxsize=512)
def zone_of(cc: str) -> str | None:
    """Return the IANA name of a country's zone; None when there is no such country or no one zone.

    Of several zones that have kept the same clock since 2012 the first by name stands for all.

    Raises:
        ZoneInfoNotFoundError: when a country has several zones and the machine has no data on one.
    """
    zones = sorted(get_global("territory_zones").get(cc, ()))
    if not zones or not (len(cc) == len("KE") and cc.isalpha() and cc != "ZZ"):
        return None
    first, *others = zones
    if others and any(_clock(other) != _clock(first) for other in others):
        return None
    return str(first)


@lru_cache(maxsize=512)
def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """Return a zone's offsets from UTC over the years that are compared."""
    place = ZoneInfo(zone)
    first = datetime(_FIRST_YEAR, 1, 1, 12, tzinfo=UTC)
    n_steps = (datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC) - first) // _STEP
    return tuple((first + i * _STEP).astimezone(place).utcoffset() for i in range(n_steps + 1))
