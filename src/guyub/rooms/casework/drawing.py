"""Which completions a second person looks at by lot: plain Python, so that anyone can compute it again.

A completion is drawn with the hash of the seal under which its own fact lies. When the work was declared done that
hash did not exist, so nobody could know whether it would be drawn; afterwards everybody can.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

SPACE = 2**64


def digits(*, seal_hash: str, number: str, part: int, evidence: int) -> str:
    """The first 16 hexadecimal digits of SHA-256 over `seal:number:part:evidence`."""
    return hashlib.sha256(f"{seal_hash}:{number}:{part}:{evidence}".encode()).hexdigest()[:16]


def is_drawn(found: str, *, percent: int) -> bool:
    """Whether the digits, read as a number, lie in the lowest `percent` hundredths of all numbers."""
    return int(found, 16) * 100 < percent * SPACE


def percent_of(rates: Mapping[str, int], *, category: str, is_hazard: bool) -> int:
    """A category's own rate before that of danger, and that before the general one; none is no draw."""
    general = rates.get("hazard", 0) if is_hazard else 0
    return rates.get(f"category.{category}", max(general, rates.get("general", 0)))
