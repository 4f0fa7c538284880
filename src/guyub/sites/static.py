"""Static files under names that carry their hash, so that phones keep them for a year."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """A file that is named nowhere in the manifest is served by its plain name instead of failing a page."""

    manifest_strict = False
