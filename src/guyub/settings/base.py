"""Settings that hold everywhere. What differs by installation comes from the environment only."""

from __future__ import annotations

import os
import sys
from importlib import resources
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

CHECKOUT = Path(__file__).resolve().parents[3]

DEBUG = False
DEMO = False
SECRET_KEY = os.environ.get("GUYUB_SECRET_KEY", "")
GUYUB_MASTER_KEY = os.environ.get("GUYUB_MASTER_KEY", "")
GUYUB_DATA = os.environ.get("GUYUB_DATA", str(CHECKOUT / "var"))
GUYUB_BLUEPRINTS = os.environ.get(
    "GUYUB_BLUEPRINTS", ""
)  # kept for the tests; see kernel/cities/blueprint.py
GUYUB_DEFAULT_CITY = os.environ.get("GUYUB_DEFAULT_CITY", "")
GUYUB_PUBLIC_SCHEME = os.environ.get("GUYUB_PUBLIC_SCHEME", "https")
GUYUB_PUBLIC_PORT = os.environ.get("GUYUB_PUBLIC_PORT", "")
GUYUB_BELL = True  # wake the pump and the screens by a notification; without it they look by themselves
GUYUB_TILES = os.environ.get("GUYUB_TILES", "")
ALLOWED_HOSTS = ["*"]  # the registry of cities decides: an unknown host gets no city and no page

_CITY_APPS = [
    "guyub.kernel.ledger",
    "guyub.kernel.rulebook",
    "guyub.kernel.files",
    "guyub.kernel.notices",
    "guyub.kernel.limits",
    "guyub.kernel.live",
    "guyub.rooms.places",
    "guyub.rooms.people",
    "guyub.rooms.partners",
    "guyub.rooms.casework",
    "guyub.rooms.conversation",
    "guyub.rooms.meetings",
    "guyub.rooms.sensing",
    "guyub.rooms.warnings",
    "guyub.rooms.forums",
    "guyub.rooms.floods",
    "guyub.rooms.needs",
    "guyub.rooms.reports",
    "guyub.rooms.initiatives",
    "guyub.rooms.areafunds",
    "guyub.rooms.agreements",
    "guyub.rooms.tides",
    "guyub.rooms.performance",
    "guyub.rooms.incidents",
    "guyub.rooms.command",  # after every room that tells the wall something
]
INSTALLED_APPS = [
    "guyub.kernel.cities",
    "guyub.kernel.checks",
    "procrastinate.contrib.django",
    "guyub.ui",
    "guyub.sites.portal",
    "guyub.sites.desk",
    *_CITY_APPS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
]

# What only writes headers or compresses stands outside, so that what an unknown host is told carries them too.
MIDDLEWARE = [
    "guyub.sites.telemetry.Telling",
    "guyub.sites.middleware.CompressText",
    "django.middleware.security.SecurityMiddleware",
    "guyub.sites.middleware.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guyub.kernel.cities.middleware.CityMiddleware",
    "guyub.sites.middleware.Devices",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guyub.sites.middleware.ClearAnswers",
    "guyub.rooms.people.web.support_watch.SupportWatch",
]

ROOT_URLCONF = "guyub.sites.urls"
WSGI_APPLICATION = "guyub.sites.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(
            str(path) for path in (Path(__file__).resolve().parents[1] / "rooms").glob("*/web/templates")
        ),
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guyub.sites.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["guyub.ui.templatetags.steady"],
        },
    }
]
COTTON_DIR = "cotton"
COTTON_ISOLATE_BY_DEFAULT = True
UI_CITY_COLOURS = "guyub.sites.branding.colours"
UI_GALLERY = False

# ── Database: one, PostgreSQL 15 or newer; the owner's connection only migrates ────────────────────────────
_app_url = os.environ.get("DATABASE_URL", "postgresql://guyub_app@localhost/guyub")
_owner_url = os.environ.get("DATABASE_OWNER_URL", _app_url)


def _database(url: str) -> dict[str, object]:
    found = dict(dj_database_url.parse(url, conn_max_age=300))
    found["ENGINE"] = "guyub.kernel.cities.backend"
    found["DISABLE_SERVER_SIDE_CURSORS"] = False
    return found


DATABASES = {"default": _database(_app_url), "owner": {**_database(_owner_url), "CONN_MAX_AGE": 0}}
DATABASE_ROUTERS = ["guyub.kernel.cities.router.SchemaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Used by the limits on signing in alone: in the city's own unlogged table, so that they hold for all processes and
# after a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "limits_cache",
        "KEY_FUNCTION": "guyub.kernel.limits.keys.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# ── Sign-in by a code sent by e-mail ───────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "guyub.rooms.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "guyub.rooms.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# A code is typed and sent in up to half a minute on a slow line, and phones are seconds off: one step either way.
MFA_TOTP_TOLERANCE = 1
GUYUB_OFFICER_SECOND_FACTOR = False  # production turns it on
GUYUB_PROOF_MINUTES = 15  # how long the second factor's answer counts for what is delicate
# For how many days a device may be remembered so that signing in there asks for no second factor; 0: never.
MFA_TRUST_COOKIE_AGE = int(os.environ.get("GUYUB_TRUST_DAYS", "0")) * 24 * 3600
MFA_TRUST_ENABLED = MFA_TRUST_COOKIE_AGE > 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_landing"  # by name, so that the page's language stays
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "guyub.sites.sessions"
SESSION_COOKIE_NAME = "guyub_sesi"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "guyub_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guyub.sites.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── What a browser may load: our own files, and map tiles if a host is configured ──────────────────────────
_tile_host = [GUYUB_TILES.split("/{")[0].rsplit("/", 1)[0]] if GUYUB_TILES else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", *_tile_host],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
FORM_RENDERER = "guyub.ui.widgets.Renderer"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 8
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
GUYUB_MAX_REQUEST_BYTES = 64 * 1024 * 1024

# ── Language and time ──────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "guyub_bahasa"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# ── Static files ───────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("GUYUB_STATIC", str(CHECKOUT / "static-collected"))
STATICFILES_DIRS = [("leaflet", str(resources.files("leaflet") / "static" / "leaflet"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "guyub.sites.static.HashedStorage"},
}
WHITENOISE_MAX_AGE = 31536000

# A file of JSON that opens the city's other doors: WhatsApp, Telegram, a mailbox by IMAP (docs/run/doors.md).
GUYUB_DOORS = os.environ.get("GUYUB_DOORS", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("GUYUB_MAIL_FROM", "guyub@localhost")
# The push services of the usual browsers: no other address that a browser names is ever called.
GUYUB_PUSH_HOSTS = [
    name.strip().lower()
    for name in os.environ.get(
        "GUYUB_PUSH_HOSTS",
        "fcm.googleapis.com,updates.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com",
    ).split(",")
    if name.strip()
]
PROCRASTINATE_ON_APP_READY = "guyub.launch.queue.on_app_ready"

# ── Watching ───────────────────────────────────────────────────────────────────────────────────────────────
GUYUB_REQUEST_LOG = False  # one line per request on stderr; production turns it on
GUYUB_METRICS_TOKEN = os.environ.get("GUYUB_METRICS_TOKEN", "")
GUYUB_HORIZON_LIMIT = float(os.environ.get("GUYUB_HORIZON_LIMIT", "60"))  # seconds until /readyz says no
GUYUB_PUMP_LIMIT = float(os.environ.get("GUYUB_PUMP_LIMIT", "300"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "lines": {"()": "guyub.kernel.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("GUYUB_LOG_LEVEL", "INFO")},
    "loggers": {"procrastinate": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
