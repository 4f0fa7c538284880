"""A real city. Everything secret or local comes from the environment; what is missing stops the start."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from guyub.settings.base import *  # noqa: F403

for _name in ("GUYUB_SECRET_KEY", "GUYUB_MASTER_KEY", "DATABASE_URL", "GUYUB_MAIL_HOST"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(
            f"{_name} is not set. docs/run/deploy.md says what it is and how to make one."
        )

GUYUB_OFFICER_SECOND_FACTOR = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take these names only from this very host: a neighbouring subdomain cannot plant its own session here.
SESSION_COOKIE_NAME = "__Host-guyub_sesi"
CSRF_COOKIE_NAME = "__Host-guyub_csrf"
SECURE_SSL_REDIRECT = os.environ.get("GUYUB_SSL_REDIRECT", "1") == "1"
SECURE_HSTS_SECONDS = 31536000
# `guyub django check --deploy` asks for HSTS over all subdomains and in browsers' lists: a city lends us one name
# of its domain, and what its other names serve is not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
EMAIL_HOST = os.environ["GUYUB_MAIL_HOST"]
EMAIL_PORT = int(os.environ.get("GUYUB_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("GUYUB_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GUYUB_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GUYUB_MAIL_TLS", "1") == "1"
GUYUB_REQUEST_LOG = os.environ.get("GUYUB_REQUEST_LOG", "1") == "1"
LOGGING["handlers"]["stderr"]["formatter"] = "lines"  # type: ignore[index]  # noqa: F405
# Django's own handlers mail tracebacks to administrators and colour a development server: neither here.
LOGGING["loggers"]["django"] = {"handlers": [], "level": "INFO", "propagate": True}  # type: ignore[index]  # noqa: F405
