"""Everything that is kept about a reporter, to take away: for people as a page, for machines as JSON, with the photos."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.reports import following, own_data
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Follow, Report
from guyub.rooms.reports.queries import where
from guyub.rooms.reports.questions import answers_of
from guyub.rooms.reports.timeline import Reader, timeline

PHOTOS_AT_MOST = 200


def archive(reports: Sequence[Report], *, at: datetime, person: Person | None = None) -> bytes:
    """A ZIP with `data.json`, `data.html` and the photos. Photos are copied as they lie, without a library."""
    out, named = io.BytesIO(), dict[str, files.Picture]()
    told = [_report(report, named) for report in reports]
    data = {
        "dibuat": people.stamp(at),
        "pemerintah": get_city().government_name,
        "akun": _account(person) if person else None,
        "laporan": told,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        made.writestr("data.html", render_to_string("reports/own_data_file.html", {"data": data}))
        for name, photo in named.items():
            path = files.path_of(photo.uuid)
            if path.exists():
                made.write(path, name, compress_type=zipfile.ZIP_STORED)
    return out.getvalue()


def _account(person: Person) -> dict[str, Any]:
    row = following.find_follower(person.acting)
    rows = Follow.objects.filter(follower=row).select_related("report") if row else Follow.objects.none()
    return {
        "nama": person.name,
        "surel": person.email,
        "diikuti": [one.report.number if one.report else one.place_code for one in rows],
        "lainnya": people.belongings_of(person.acting),
    }


def _report(report: Report, named: dict[str, files.Picture]) -> dict[str, Any]:
    story = timeline(report=report, reader=Reader.REPORTER)
    who = people.identity(account=report.account_id, contact=report.contact_id)
    said = conversation.words_about(
        subject=subject_of(report), audiences=[Audience.PUBLIC, Audience.REPORTER]
    )
    return {
        "nomor": report.number,
        "kategori": category_of(report).name_id,
        "jenis": report.report_class,
        "tempat": where(report.place.code),
        "rt": report.rt,
        "rw": report.rw,
        "patokan": report.landmark,
        "lintang": report.lat,
        "bujur": report.lon,
        "isi": report.body,
        "jawaban": [{"tanya": one.question, "jawab": one.answer} for one in answers_of(report, public=False)],
        "isi_untuk_umum": report.public_body,
        "anonim": report.is_anonymous,
        "rahasia": report.is_confidential,
        "dikirim": people.stamp(report.submitted_at),
        "ditampilkan": people.stamp(report.published_at),
        "kontak": {"nama": who.name, "surel": who.email, "telepon": who.phone},
        "percakapan": [
            {"pada": people.stamp(one.at), "dari": _speaker(one.office), "kata": one.body} for one in said
        ],
        "perjalanan": [{"pada": people.stamp(one.at), "kejadian": one.text} for one in story.entries],
        "foto": _photos(report, story.photos, named),
        "permintaan": [
            {
                "jenis": one.kind,
                "diajukan": people.stamp(one.asked_at),
                "penjelasan": one.words,
                "keputusan": one.decision,
                "alasan": one.reason,
            }
            for one in own_data.requests_of(report)
        ],
        "identitas_dilihat": [
            {"pada": people.stamp(at), "kantor": office} for at, office in own_data.looks_at(report)
        ],
    }


def _speaker(office: int | None) -> str:
    if office is None:
        return "pelapor"
    found = people.directory().by_id.get(office)
    return found.name if found else "kantor"


def _photos(report: Report, shown: Sequence[files.Picture], named: dict[str, files.Picture]) -> list[str]:
    names = []
    for n, photo in enumerate(shown, 1):
        if len(named) < PHOTOS_AT_MOST:
            name = f"foto/{report.number}-{n}.jpg"
            named[name] = photo
            names.append(name)
    return names
