"""Fields in prepared answers: plain Python.

`{nomor}` is known from the case; `{isi: tanggal}` only the officer knows and must replace before sending. The name
of a reporter is no field: an answer is read by everyone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("nomor", "kelurahan", "kategori", "tenggat", "kantor")
_FIELD = re.compile(r"\{([^{}]{0,80})\}")
_TO_FILL = "isi:"


def unknown_fields(text: str) -> list[str]:
    """The fields that no case can fill and no officer is asked to, in the order in which they stand."""
    return [name for name in _names(text) if not _is_known(name)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known of a case; a field without a value stays, to be filled by hand."""

    def put(found: re.Match[str]) -> str:
        return values.get(found[1].strip().lower(), "") or found[0]

    return _FIELD.sub(put, text)


def unfilled(text: str) -> list[str]:
    """The fields still standing in words that are to be sent, as they are written."""
    return [f"{{{name}}}" for name in _names(text) if _is_known(name)]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(found[1] for found in _FIELD.finditer(text)))


def _is_known(name: str) -> bool:
    said = name.strip().lower()
    return said in FIELDS or (said.startswith(_TO_FILL) and len(said) > len(_TO_FILL))
