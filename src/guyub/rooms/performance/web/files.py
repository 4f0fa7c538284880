"""The same figures as files, with what each means in the head."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.streaming import harmless
from guyub.rooms.performance import shown
from guyub.rooms.performance.web.asked import Asked, kept_inside, read

COLUMNS = ("kunci", "angka", "nilai", "satuan", "bagian", "keseluruhan", "arti", "daftar")


@gate.public
@require_safe
def as_csv(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    asked = read(request, kind, code)
    if inside := kept_inside(request, asked, status=403):
        return inside
    found, out = asked.figures(), io.StringIO()
    writer = csv.writer(out)
    for name, said in shown.head(found, asked.rules.versions, found.at).items():
        writer.writerow([f"# {name}", harmless(_flat(said))])
    writer.writerow(COLUMNS)
    for row in _rows(asked):
        writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
    return _named(HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8"), asked, "csv")


@gate.public
@require_safe
def as_json(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    asked = read(request, kind, code)
    if inside := kept_inside(request, asked, status=403):
        return inside
    found = asked.figures()
    said = {
        **shown.head(found, asked.rules.versions, found.at),
        "angka": _rows(asked),
        "kurva": [
            {
                "hari_kerja": row.day,
                "dikonfirmasi": row.confirmed,
                "tanpa_tanggapan": row.no_response,
                "masih_diamati": row.at_risk,
                "persen_selesai": row.percent,
            }
            for row in shown.by_day(found)
        ]
        if not found.is_few
        else [],
    }
    return _named(JsonResponse(said, json_dumps_params={"ensure_ascii": False}), asked, "json")


def _rows(asked: Asked) -> list[dict[str, object]]:
    return [
        {
            "kunci": line.key,
            "angka": line.label,
            "nilai": line.value,
            "satuan": line.unit,
            "bagian": line.part,
            "keseluruhan": line.whole,
            "arti": line.means,
            "daftar": absolute(asked.address("_behind", angka=line.figure)) if line.figure else None,
        }
        for line in shown.every(asked.figures())
    ]


def _flat(said: object) -> str:
    if isinstance(said, dict):
        return "; ".join(f"{name} {number}" for name, number in said.items())
    return str(said)


def _named(response: HttpResponse, asked: Asked, form: str) -> HttpResponse:
    name = "-".join(part for part in (get_city().slug, "kinerja", asked.scope.code, asked.period.key) if part)
    safe = "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in name)
    response["Content-Disposition"] = f'attachment; filename="{safe}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
