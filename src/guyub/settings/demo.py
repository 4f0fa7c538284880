"""A living demo city on one machine: keys made on the spot, plain HTTP, sign-in codes shown on the page."""

from __future__ import annotations

import os

from guyub.settings.base import *  # noqa: F403

DEMO = True
UI_GALLERY = True
# Anybody may be any of the demo's people, again and again; a real city keeps the library's narrow limits.
ACCOUNT_RATE_LIMITS = {"request_login_code": "120/m/ip,60/m/key", "login": "120/m/ip"}
SECRET_KEY = os.environ["GUYUB_SECRET_KEY"]
GUYUB_MASTER_KEY = os.environ["GUYUB_MASTER_KEY"]
GUYUB_DEFAULT_CITY = os.environ.get("GUYUB_DEFAULT_CITY", "bandung")
GUYUB_PUBLIC_SCHEME = "http"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.path.join(GUYUB_DATA, "mail")  # noqa: F405
