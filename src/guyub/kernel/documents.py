"""Letters as PDF. Each is set in a process of its own, so that no web worker keeps the typesetter's memory.

A template is Typst; what people wrote reaches it as data and is never read as markup.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

SECONDS = 20
_CHILD = """
import sys, json, typst
asked = json.load(sys.stdin)
data = {"data": json.dumps(asked["data"])}
sys.stdout.buffer.write(typst.compile(asked["template"].encode(), sys_inputs=data, format="pdf"))
"""


class DocumentFailed(RuntimeError):
    """The typesetter did not make the document."""


def pdf(*, template: str, data: dict[str, Any]) -> bytes:
    """A document of a Typst template, which reads its values with `json(bytes(sys.inputs.data))`.

    Raises `DocumentFailed`.
    """
    asked = json.dumps({"template": template, "data": data}).encode()
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter with our own words
            [sys.executable, "-I", "-c", _CHILD],
            input=asked,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise DocumentFailed(type(problem).__name__) from None
    return done.stdout
