"""The tests: strict, quick, and against a throw-away cluster whose address conftest.py fills in."""

from __future__ import annotations

import tempfile

from guyub.settings.base import *  # noqa: F403

DEMO = False
SECRET_KEY = "only-for-tests"  # noqa: S105
GUYUB_BELL = False  # its connection would outlast the tests' databases; tests/kernel/test_live.py rings it
GUYUB_MASTER_KEY = "only-for-tests"
GUYUB_DATA = tempfile.mkdtemp(prefix="guyub-test-")
GUYUB_BLUEPRINTS = str(CHECKOUT / "var" / "blueprints")  # noqa: F405
GUYUB_DEFAULT_CITY = "bandung"
GUYUB_PUBLIC_SCHEME = "http"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦undefined %s⟧"  # type: ignore[index]  # noqa: F405
ACCOUNT_RATE_LIMITS = False

# A scene lives in one transaction as long as its file needs; on a slow machine that is no reason to be unready.
GUYUB_HORIZON_LIMIT, GUYUB_PUMP_LIMIT = 3600.0, 3600.0
