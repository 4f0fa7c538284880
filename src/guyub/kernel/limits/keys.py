"""The names of cache entries: the city's own, and signed, because the library's hold the addresses of visitors."""

from __future__ import annotations

from guyub.kernel.cities import current
from guyub.kernel.cities.api import signature


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION. Outside a city there is no cache: raises `NoCitySelected`."""
    return current.cache_key(signature("cache", key), key_prefix, version)
