"""A JSON object as the fields that Open311 reads: one careful reader for both."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guyub.kernel.spark import Problem
from guyub.rooms.reports.web.forms import clean_text

FIELDS = frozenset(
    {
        "service_code", "description", "lat", "long", "address_id", "address_string", "anonymous", "confidential",
        "first_name", "last_name", "email", "phone", "media_url",
    }
)  # fmt: skip
ATTRIBUTES = "attributes"
MOST_ANSWERS = 50


def read_fields(body: bytes) -> QueryDict:
    """What was sent, as fields. Raises `Problem` 400 with all that is wrong."""
    tree = _tree(body)
    found, wrong = QueryDict(mutable=True), list[str]()
    for name, value in tree.items():
        if name == ATTRIBUTES:
            _read_answers(value, found, wrong)
        elif name not in FIELDS:
            wrong.append(_("%(name)s: tidak dikenal di sini.") % {"name": clean_text(name)[:60]})
        elif (text := _text(value)) is None:
            wrong.append(_("%(name)s: tulis sebagai teks, angka, atau true dan false.") % {"name": name})
        else:
            found[name] = text
    if wrong:
        raise Problem(400, *wrong[:MOST_ANSWERS])
    return found


def _tree(body: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(400, _("Kirimannya bukan JSON yang utuh.")) from None
    if not isinstance(tree, dict):
        raise Problem(400, _("Kirimannya harus satu objek JSON, satu laporan."))
    return tree


def _text(value: Any) -> str | None:
    """One value as text, '' for null; None for what is no single value. Infinity and NaN are none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else None
    if isinstance(value, float):
        return f"{value:.12g}" if math.isfinite(value) else None
    return clean_text(value) if isinstance(value, str) else None


def _read_answers(value: Any, found: QueryDict, wrong: list[str]) -> None:
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        wrong.append(_("attributes: tulis sebagai objek, kode pertanyaan dan jawabannya."))
        return
    for code, said in value.items():
        texts = [_text(one) for one in (said if isinstance(said, list) else [said])]
        if len(texts) > MOST_ANSWERS or None in texts:
            wrong.append(_("attributes: tulis sebagai objek, kode pertanyaan dan jawabannya."))
            return
        found.setlist(f"attribute[{clean_text(code)[:60]}]", [text for text in texts if text])
