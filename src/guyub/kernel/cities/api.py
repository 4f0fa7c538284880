"""The door to cities."""

from guyub.kernel.cities.addresses import absolute
from guyub.kernel.cities.current import City, NoCitySelected, enter, find_city, get_city, inside, leave
from guyub.kernel.cities.registry import (
    CityExists,
    cities,
    create_city,
    drop_city,
    each_city,
    find_by_host,
    get_city_by_slug,
    migrate_all,
)
from guyub.kernel.cities.remembering import Remembered
from guyub.kernel.cities.secrets import decrypt, encrypt, fingerprint, signature, signature_fits

__all__ = [
    "City",
    "CityExists",
    "NoCitySelected",
    "Remembered",
    "absolute",
    "cities",
    "create_city",
    "decrypt",
    "drop_city",
    "each_city",
    "encrypt",
    "enter",
    "find_by_host",
    "find_city",
    "fingerprint",
    "get_city",
    "get_city_by_slug",
    "inside",
    "leave",
    "migrate_all",
    "signature",
    "signature_fits",
]
