"""Encrypt a stream under a passphrase: AES-256-GCM in pieces, each bound to its place, the last one marked.

A file that was cut short, put together anew or opened with another passphrase is refused, never half read.
"""

from __future__ import annotations

import io
import os
import struct
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"GUYUB-SEALED-1\n"
PIECE = 1 << 20
_SALT, _TAG = 16, 16


class WrongPassphrase(ValueError):
    """The passphrase does not fit, or the file was changed or cut short."""


def _cipher(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase))


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QI", number, int(last))


class Sealer(io.RawIOBase):
    """Write plain bytes, have sealed ones in `target`."""

    def __init__(self, target: IO[bytes], passphrase: bytes) -> None:
        salt = os.urandom(_SALT)
        self._target, self._cipher, self._number = target, _cipher(passphrase, salt), 0
        self._waiting = bytearray()
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:  # type: ignore[no-untyped-def,override]
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """The last piece. A file without it is refused when it is read."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


class Opener(io.RawIOBase):
    """Read the plain bytes of a sealed file. Raises `WrongPassphrase`."""

    def __init__(self, source: IO[bytes], passphrase: bytes) -> None:
        self._source, self._number, self._ready, self._ended = source, 0, b"", False
        self._cipher = _cipher(passphrase, source.read(_SALT))
        self._next = source.read(PIECE + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, target) -> int:  # type: ignore[no-untyped-def,override]
        if not self._ready and not self._ended:
            self._fetch()
        taken = self._ready[: len(target)]
        target[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _fetch(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + _TAG)
        self._ended = not self._next
        try:
            self._ready = self._cipher.decrypt(_nonce(self._number, last=self._ended), piece, None)
        except InvalidTag:
            raise WrongPassphrase(
                "The passphrase does not fit, or the file was changed or cut short."
            ) from None
        self._number += 1
        if not self._ready and not self._ended:
            self._fetch()
