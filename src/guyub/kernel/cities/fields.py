"""A text column that is encrypted under the city's key."""

from __future__ import annotations

from typing import Any

from django.db import models

from guyub.kernel.cities.secrets import decrypt, encrypt


class EncryptedTextField(models.BinaryField):
    """Personal text, readable only with the city's data key. It cannot be searched or ordered by."""

    _pyi_private_set_type: str  # type: ignore[assignment]
    _pyi_private_get_type: str  # type: ignore[assignment]

    def from_db_value(self, value: Any, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else encrypt(str(value))

    def get_default(self) -> Any:
        return ""

    def to_python(self, value: Any) -> Any:
        return value
