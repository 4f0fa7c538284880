"""How work is closed, in each state between "done" and "truly done": so that a visitor of the demo finds one of each.

By the same actions as anybody's, in the kelurahan of the demo's lurah: a crew that is out, a crew's proof that waits, an
appeal, a proof that was drawn for a second look, and a case that rose and whose office says why it is late.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from guyub.demo.pictures import drawn
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import fingerprint
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.casework.models import Evidence
from guyub.rooms.reports import actions, errands
from guyub.rooms.reports.models import Report

WORDS = {
    "crew": "Sampah menumpuk di samping gardu, tolong diangkut.",
    "proof": "Tumpukan sampah di mulut gang menutup separuh jalan.",
    "appeal": "Sampah di belakang pasar dinyatakan selesai, padahal masih ada.",
    "look": "Sampah di tepi saluran, airnya mulai tersumbat.",
    "late": "Sampah liar di tanah kosong, makin hari makin banyak.",
}
CREW = "Regu angkut percontohan"
DONE = "Sampah sudah diangkut dan tempatnya disapu."


def show_closing(*, lurah: Person, place: str, at: datetime) -> None:
    """Five reports in the entered city."""
    made = {name: _sent(name, place=place, by=lurah, at=at) for name in WORDS}
    _crew_out(made["crew"][1], by=lurah, at=at)
    _crew_back(made["proof"][1], by=lurah, at=at)
    _appealed(*made["appeal"], by=lurah, at=at)
    _drawn(made["look"][1], by=lurah, at=at)
    _late(made["late"][1], by=lurah, at=at)


def _sent(name: str, *, place: str, by: Person, at: datetime) -> tuple[Report, Case]:
    """A report of some days ago, read and taken up by its office."""
    what = actions.Submission(
        submission=_id("report", name),
        report_class="PENGADUAN",
        category="sampah",
        body=WORDS[name],
        place=place,
        rw="003",
        rt="002",
    )
    number = actions.submit_report(what=what, at=at - timedelta(days=4)).number
    report, case = Report.objects.get(number=number), Case.objects.get(number=number)
    photo = files.store_photo(_picture("before", name), at=at, subject=case.subject)
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[photo.uuid], by=by, at=at)
    report.refresh_from_db()
    return report, case


def _id(*parts: str) -> UUID:
    return UUID(fingerprint("demo-closing", ":".join(parts))[:32])


def _picture(moment: str, name: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    drawn("rubbish", moment, sorted(WORDS).index(name)).save(out, "JPEG", quality=70)
    return SimpleUploadedFile(f"{name}.jpg", out.getvalue(), "image/jpeg")


def _crew_out(case: Case, *, by: Person, at: datetime) -> casework.crew.CrewLink:
    said = "Bawa gerobak; pintu gang sempit. Foto dari arah jalan."
    return casework.crew.make_link(case=case.uuid, crew=CREW, instruction=said, by=by, at=at)


def _crew_back(case: Case, *, by: Person, at: datetime) -> None:
    link, draft = _crew_out(case, by=by, at=at), _id("crew", "photos")
    files.store_photo(_picture("after", "proof"), at=at, draft=draft)
    errands.send_proof(
        link=link, sent=_id("crew", "sent"), words=DONE, photos=draft, capture=casework.NOT_SAID, at=at
    )


def _completed(case: Case, name: str, turn: str, *, by: Person, at: datetime) -> None:
    draft = _id(name, turn)
    files.store_photo(_picture("after", name), at=at, draft=draft)
    actions.complete_report(case=case.uuid, words=DONE, photos=draft, by=by, at=at)


def _appealed(report: Report, case: Case, *, by: Person, at: datetime) -> None:
    _completed(case, "appeal", "first", by=by, at=at)
    actions.dispute(report=report, words="Yang diangkut hanya yang di depan.", at=at)
    _completed(case, "appeal", "second", by=by, at=at)
    actions.appeal(report=report, words="Bagian belakangnya tetap sama seperti semula.", at=at)


def _drawn(case: Case, *, by: Person, at: datetime) -> None:
    _completed(case, "look", "first", by=by, at=at)
    proof = Evidence.objects.get(case=case)
    Evidence.objects.filter(pk=proof.pk).update(flagged=True)
    casework.second_look.consider(evidence=proof.pk, at=at)


def _late(case: Case, *, by: Person, at: datetime) -> None:
    reason = "Alat berat hanya ada di kecamatan."
    casework.escalation.escalate(case=case.uuid, reason=reason, by=by, at=at)
    casework.escalation.explain_delay(
        case=case.uuid,
        code=casework.DelayReason.OTHERS,
        words="Menunggu giliran alat berat dari kecamatan.",
        by=by,
        at=at,
    )
