"""The four demo cities as the package describes them; to be read before anything is set up."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def demo_profiles() -> list[dict[str, Any]]:
    return json.loads((resources.files("guyub.demo") / "data" / "cities.json").read_text("utf-8"))
