"""What an address of the current city is to the world."""

from __future__ import annotations

from django.conf import settings

from guyub.kernel.cities.current import get_city


def absolute(path: str) -> str:
    """The public address of a path in the current city: the same from whichever host name it is asked for."""
    host = next(iter(get_city().hosts), "localhost")
    return f"{settings.GUYUB_PUBLIC_SCHEME}://{host}{settings.GUYUB_PUBLIC_PORT}{path}"
