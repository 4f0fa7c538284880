"""One file for one city: a tar of parts, the last of which is the manifest with the checksums of all others."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST, RECORD, SCHEMA, FILES = "manifest.json", "city.json", "schema.sql.gz", "files/"
_BLOCK = 1 << 20


class BackupProblem(Exception):
    """Something an operator must know: what happened and what to do."""


class Writer:
    """Adds parts and keeps their checksums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.sums = tar, {}  # type: ignore[var-annotated]

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            noted = _Noted(file)
            self._put(name, size, noted)  # type: ignore[arg-type]
        self.sums[name] = noted.digest.hexdigest()

    def add_json(self, name: str, value: Any) -> None:
        content = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self._put(name, len(content), io.BytesIO(content))
        self.sums[name] = hashlib.sha256(content).hexdigest()

    def _put(self, name: str, size: int, source: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self.tar.addfile(entry, source)


class _Noted:
    """A file that computes its checksum while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(size)
        self.digest.update(found)
        return found


@contextmanager
def writing(file: Path, *, passphrase: bytes | None) -> Iterator[Writer]:
    """A new archive that appears whole or not at all. Raises `BackupProblem` if the file is there already."""
    from guyub.launch.backup.sealing import Sealer

    if file.exists():
        raise BackupProblem(f"{file} is there already; a backup never replaces another.")
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            target = Sealer(raw, passphrase) if passphrase else raw
            with tarfile.open(fileobj=target, mode="w|", bufsize=_BLOCK) as tar:  # type: ignore[call-overload]
                yield Writer(tar)
            if isinstance(target, Sealer):
                target.finish()
            raw.flush()
            os.fsync(raw.fileno())
        os.link(part, file)  # refuses a file that came meanwhile
    except FileExistsError:
        raise BackupProblem(f"{file} is there already; a backup never replaces another.") from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(file: Path, *, passphrase: bytes | None) -> Iterator[tarfile.TarFile]:
    """The parts in order. Raises `BackupProblem` for what is no backup or does not open."""
    from guyub.launch.backup.sealing import MAGIC, Opener, WrongPassphrase

    try:
        with file.open("rb") as raw, contextlib.ExitStack() as stack:
            source: Any = raw
            if raw.read(len(MAGIC)) == MAGIC:
                if not passphrase:
                    raise BackupProblem(f"{file} is encrypted: give its --passphrase-file.")
                source = io.BufferedReader(Opener(raw, passphrase), _BLOCK)
            else:
                raw.seek(0)
            yield stack.enter_context(tarfile.open(fileobj=source, mode="r|", bufsize=_BLOCK))  # type: ignore[call-overload]
    except (OSError, tarfile.TarError, WrongPassphrase, EOFError) as problem:
        raise BackupProblem(f"{file} cannot be read: {problem}") from problem


def inspect(file: Path, *, passphrase: bytes | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest and the city's record, after every part has been held against its checksum."""
    sums: dict[str, str] = {}
    small: dict[str, bytes] = {}
    with reading(file, passphrase=passphrase) as tar:
        for entry in tar:
            digest = hashlib.sha256()
            content = tar.extractfile(entry)
            kept = bytearray()
            while content and (block := content.read(_BLOCK)):
                digest.update(block)
                if entry.name in (MANIFEST, RECORD):
                    kept += block
            sums[entry.name] = digest.hexdigest()
            if entry.name in (MANIFEST, RECORD):
                small[entry.name] = bytes(kept)
    sums.pop(MANIFEST, None)
    if MANIFEST not in small or RECORD not in small:
        raise BackupProblem(f"{file} is not a whole backup of Guyub: its manifest is missing.")
    manifest = json.loads(small[MANIFEST])
    if manifest.get("format") != FORMAT:
        raise BackupProblem(f"{file} has the form {manifest.get('format')}; this program reads {FORMAT}.")
    if manifest["sums"] != sums:
        raise BackupProblem(f"{file} was damaged: its parts do not fit their checksums. Use another backup.")
    return manifest, json.loads(small[RECORD])
