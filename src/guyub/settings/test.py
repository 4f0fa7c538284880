"""The tests: strict, quick, and against a throw-away cluster whose address conftest.py fills in."""

from __future__ import annotations

import tempfile

from guyub.settings.base import *  # noqa: F403

DEMO = False
SECRET_KEY = "only-for-tests"  # noqa: S105
GUYUB_MASTER_KEY = "only-for-tests"
GUYUB_DATA = tempfile.mkdtemp(prefix="guyub-test-")
GUYUB_DEFAULT_CITY = "bandung"
GUYUB_PUBLIC_SCHEME = "http"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦undefined %s⟧"  # type: ignore[index]  # noqa: F405
ACCOUNT_RATE_LIMITS = False
