"""Django as a WSGI application, with static files answered before it."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")

django_application = get_wsgi_application()
application = django_application
if Path(settings.STATIC_ROOT).is_dir():
    application = WhiteNoise(
        django_application,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        max_age=3600,
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
    )
