"""Keys: one data key per city, wrapped by the master key of the environment.

What is encrypted carries the version of its key. Looking a value up without decrypting goes through an HMAC
under a separate key, so that equal values can be found and nothing else can be learned.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from guyub.kernel.cities import current

_VERSION = b"1:"


class CannotDecrypt(ValueError):
    """The key does not fit: the master key was changed, or the value belongs to another city."""


def _master() -> Fernet:
    digest = hashlib.sha256(b"guyub-master:" + settings.GUYUB_MASTER_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def new_wrapped_key() -> bytes:
    """A fresh data key, encrypted under the master key."""
    return _master().encrypt(Fernet.generate_key())


def unwrap(wrapped: bytes) -> bytes:
    """A city's data key. Raises `CannotDecrypt` under another master key."""
    try:
        return _master().decrypt(wrapped)
    except InvalidToken:
        raise CannotDecrypt("The city's key does not open under this GUYUB_MASTER_KEY.") from None


@lru_cache(maxsize=256)
def _data_key(schema: str, wrapped: bytes) -> bytes:
    return unwrap(wrapped)


@lru_cache(maxsize=256)
def _wrapped(schema: str) -> bytes:
    """Asked while a row is being written, between Django's opening of the cursor and its sending of the statement:
    so this query must see what that one sees and may not change the connection's schemas. A city sees the commons.
    """
    from guyub.kernel.cities.models import CityRecord

    return bytes(CityRecord.objects.values_list("wrapped_key", flat=True).get(schema=schema))


def forget() -> None:
    """Read the cities' keys anew: one of them is gone."""
    _wrapped.cache_clear()


def _key() -> bytes:
    schema = current.get_city().schema
    return _data_key(schema, _wrapped(schema))


def encrypt(text: str) -> bytes:
    """Encrypt a personal value under the current city's key. Empty stays empty."""
    return _VERSION + Fernet(_key()).encrypt(text.encode()) if text else b""


def decrypt(data: bytes | memoryview) -> str:
    """Raises `CannotDecrypt` for another city's value or a changed key."""
    raw = bytes(data)
    if not raw:
        return ""
    if not raw.startswith(_VERSION):
        raise CannotDecrypt("The value was encrypted with a key version that is not known here.")
    try:
        return Fernet(_key()).decrypt(raw[len(_VERSION) :]).decode()
    except InvalidToken:
        raise CannotDecrypt("The value does not open with this city's key.") from None


def fingerprint(purpose: str, value: str) -> str:
    """An HMAC of a personal value under a key of this city's own: equal values are found, nothing else is learned."""
    key = hashlib.sha256(b"lookup:" + _key()).digest()
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def signature(purpose: str, value: str) -> str:
    """A signature of a value for one purpose in this city, 22 characters, for links and cookies."""
    key = hashlib.sha256(b"sign:" + settings.SECRET_KEY.encode()).digest()
    text = f"{current.get_city().schema}\0{purpose}\0{value}"
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signature_fits(purpose: str, value: str, given: str) -> bool:
    return hmac.compare_digest(signature(purpose, value).encode(), given.encode(errors="replace"))
