"""A proof is looked at by a job; what it finds is told to officers in full, to everyone roughly, and decides nothing."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from functools import lru_cache

import pytest
from benchmarks.street_scenes import View, photograph
from django.test import Client
from PIL import Image, ImageOps

from guyub.kernel import tasks
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import State, proving
from guyub.rooms.casework.models import Case, Evidence, EvidenceFinding, SecondLook
from guyub.rooms.casework.subscribers import check_evidence
from guyub.rooms.reports import actions
from tests import factories

pytestmark = pytest.mark.django_db
POINT = {"lat": -6.9001, "lon": 107.6001}
NEARBY = View(x=0.25, yaw=1.2, forward=0.1, roll=0.7, noise=3, is_fixed=True)


@lru_cache(maxsize=4)
def street(number: int, view: View | None = None) -> Image.Image:
    return Image.fromarray(photograph(number, view)[:, :, ::-1]).resize((960, 720))


def sent(picture: Image.Image, **more) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, **more)
    out.seek(0)
    return out


class Scene:
    def __init__(self, crew, now):
        self.crew, self.now = crew, now

    def report(self, number: int, **changes):
        """A published report with a photo of a street, and its case."""
        values = {"place": self.crew.place, **POINT, **changes}
        report, case = factories.send(at=self.now - timedelta(days=2), **values)
        row = files.store_photo(
            sent(street(number)), at=self.now - timedelta(days=2), subject=actions.subject_of(report)
        )
        actions.verify_report(
            case=case.uuid, public_body=report.body, photos=[row.uuid], by=self.crew["lurah"], at=self.now
        )
        return report, Case.objects.get(pk=case.pk)

    def proof(self, case, *pictures, **taken) -> Evidence:
        """The work is shown; `taken` is what the page says of the photo."""
        draft = uuid.uuid4()
        for picture in pictures:
            upload = picture if isinstance(picture, io.BytesIO) else sent(picture)
            files.store_photo(upload, at=self.now, draft=draft)
        actions.complete_report(
            case=case.uuid, words="Sudah rata.", photos=draft, by=self.crew["lurah"], at=self.now
        )
        row = Evidence.objects.get(case=case)
        Evidence.objects.filter(pk=row.pk).update(**taken)
        return row

    def check(self, row: Evidence) -> dict[str, EvidenceFinding]:
        proving.check(row.pk, at=self.now)
        return {one.code: one for one in EvidenceFinding.objects.filter(evidence=row)}

    def look(self, slug: str, report) -> str:
        client = Client(headers=factories.HOST)
        if slug:
            client.force_login(self.crew.account(slug), backend=factories.BACKEND)
        answer = client.get(f"/petugas/laporan/{report.number}/" if slug else f"/laporan/{report.number}/")
        assert answer.status_code == 200
        assert "⟦undefined" not in answer.text
        return answer.text


@pytest.fixture
def scene(city, now):
    return Scene(factories.add_people(), now)


def in_place(now, **changes):
    return {
        "source": "CAMERA",
        "taken_at": now - timedelta(minutes=3),
        "taken_lat": POINT["lat"] + 0.0002,
        "taken_lon": POINT["lon"],
        "taken_accuracy": 6.0,
        **changes,
    }


def test_an_honest_proof_raises_no_flag_and_says_what_was_measured(scene, now):
    report, case = scene.report(1)
    row = scene.proof(case, street(1, NEARBY), **in_place(now))
    assert "Foto ini belum diperiksa komputer." in scene.look("lurah", report)
    found = scene.check(row)
    assert set(found) == {"PLACE_NEAR", "TIME_AFTER", "SOURCE_CAMERA", "SEEN_NEVER", "VIEW_SAME"}
    assert {one.level for one in found.values()} == {"CLEAR"}
    assert Evidence.objects.get(pk=row.pk).flagged is False
    html = scene.look("lurah", report)
    assert "Diambil 22 m dari titik laporan (ketelitian ±6 m, batas 150 m)." in html
    assert "dibandingkan dengan 0 foto" not in html
    assert "Foto buatan atau foto yang diubah tidak selalu dapat dikenali." in html


def test_a_stolen_photo_is_flagged_and_named_to_who_may_open_its_report(scene, now):
    first, _ = scene.report(1)
    report, case = scene.report(2)
    row = scene.proof(case, ImageOps.mirror(street(1)), **in_place(now))
    found = scene.check(row)
    assert found["SEEN_MIRROR"].level == "FLAG"
    assert found["SEEN_MIRROR"].other_subject == actions.subject_of(first)
    assert Evidence.objects.get(pk=row.pk).flagged is True
    assert proving.is_flagged([row.pk]) == {row.pk: True}
    html = scene.look("lurah", report)
    assert "dibalik kiri-kanan" in html
    assert f'href="/petugas/laporan/{first.number}/"' in html


def test_a_flag_decides_nothing(scene, now):
    _, case = scene.report(1)
    row = scene.proof(case, street(1), **in_place(now))
    scene.check(row)
    assert Evidence.objects.get(pk=row.pk).flagged is True
    case.refresh_from_db()
    assert case.state == State.WORK_DONE


def test_a_flag_asks_a_second_person_once_and_an_honest_proof_nobody(scene, now):
    for number, stolen in ((1, True), (2, False)):
        _, case = scene.report(number)
        row = scene.proof(case, street(1) if stolen else street(2, NEARBY), **in_place(now))
        scene.check(row)
        scene.check(row)
        assert SecondLook.objects.filter(evidence=row).count() == stolen


def test_the_reporters_own_photo_sent_back_is_no_proof(scene, now):
    report, case = scene.report(1)
    found = scene.check(scene.proof(case, street(1), **in_place(now)))
    assert found["SEEN_EXACT"].other_subject == actions.subject_of(report)


def test_strangers_read_no_exact_distance_and_nothing_of_other_reports(scene, now):
    first, _ = scene.report(1)
    report, case = scene.report(2)
    far = in_place(now, taken_lat=POINT["lat"] + 0.00431)
    scene.check(scene.proof(case, street(1), **far))
    html = scene.look("", report)
    assert "Diambil sekitar 500 m dari titik laporan." in html
    assert "479" not in html
    assert "Foto ini sudah pernah dipakai di kota ini." in html
    assert first.number not in html
    assert "Diambil 479 m dari titik laporan, di luar batas 150 m" in scene.look("lurah", report)


def test_an_officer_is_led_only_to_what_they_may_open(scene, now):
    first, other = scene.report(1)
    report, case = scene.report(2)
    scene.check(scene.proof(case, street(1), **in_place(now)))
    Case.objects.filter(pk=other.pk).update(office_id=scene.crew["penghubung"].grants[0].organisation)
    Case.objects.filter(pk=other.pk).update(is_restricted=True)
    html = scene.look("lurah", report)
    assert "sudah pernah dikirim di kota ini" in html
    assert first.number not in html


def test_the_gallery_proves_neither_time_nor_place(scene, now):
    report, case = scene.report(1)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:10 09:30:00"  # a week before the report
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 54.0, 0.36), 3: "E", 4: (107.0, 40.0, 0.36)})
    row = scene.proof(case, sent(street(1, NEARBY), exif=exif), source="GALLERY")
    found = scene.check(row)
    assert (found["SOURCE_GALLERY"].level, found["PLACE_UNKNOWN"].level) == ("UNKNOWN", "UNKNOWN")
    assert found["DATA_TIME"].values["to_report"] == 1
    assert 7000 < found["DATA_PLACE"].values["metres"] < 8000
    assert "Dipilih dari galeri: waktu dan lokasinya belum terbukti." in scene.look("", report)


def test_a_second_look_finds_nothing_new_and_a_changed_proof_stays_checked(scene, now):
    _, case = scene.report(1)
    row = scene.proof(case, street(1, NEARBY), street(2), **in_place(now))
    scene.check(row)
    before = list(EvidenceFinding.objects.values_list("pk", flat=True))
    scene.check(row)
    assert list(EvidenceFinding.objects.values_list("pk", flat=True)) == before
    facts = [one for one in ledger.facts_about(case.subject) if one.name == "casework.evidence_checked"]
    assert [one.payload["flags"] for one in facts] == [0]
    assert facts[0].payload["place"] == "PLACE_NEAR"


def test_the_ledger_has_codes_and_numbers_and_no_place(scene, now):
    _, case = scene.report(1)
    scene.check(scene.proof(case, street(1), **in_place(now)))
    fact = next(one for one in ledger.facts_about(case.subject) if one.name == "casework.evidence_checked")
    text = json.dumps(fact.payload)
    assert fact.payload["seen"] == "SEEN_EXACT"
    assert "6.9" not in text
    assert "107." not in text


def test_a_finished_work_asks_for_its_check(scene, now, monkeypatch):
    _, case = scene.report(1)
    row = scene.proof(case, street(1, NEARBY), **in_place(now))
    asked = []
    monkeypatch.setattr(tasks, "enqueue", lambda name, **values: asked.append((name, values)))
    fact = next(one for one in ledger.facts_about(case.subject) if one.name == "casework.work_completed")
    check_evidence(fact)
    assert asked == [("casework.check_evidence", {"evidence": row.pk})]


def test_what_no_job_has_checked_the_sweep_does(scene, now):
    _, case = scene.report(1)
    row = scene.proof(case, street(1, NEARBY), **in_place(now))
    assert proving.check_forgotten(at=now + timedelta(minutes=1)) == 0
    assert proving.check_forgotten(at=now + timedelta(minutes=9)) == 1
    assert Evidence.objects.get(pk=row.pk).flagged is False
    assert proving.check_forgotten(at=now + timedelta(minutes=9)) == 0


def test_a_lost_file_and_a_report_without_a_point_are_no_flag(scene, now):
    report, case = scene.report(1, lat=None, lon=None)
    row = scene.proof(case, street(1, NEARBY), **in_place(now))
    photo = files.Photo.objects.get(subject=f"casework.evidence:{row.pk}")
    files.fingerprints.path_of(photo.uuid).unlink()
    found = scene.check(row)
    assert found["SEEN_UNKNOWN"].level == found["PLACE_UNKNOWN"].level == "UNKNOWN"
    assert "Laporan ini tidak memiliki titik" in scene.look("lurah", report)


def test_before_and_after_stand_side_by_side_without_a_script(scene, now):
    report, case = scene.report(1)
    scene.proof(case, street(1, NEARBY), **in_place(now))
    for slug in ("", "lurah"):
        html = scene.look(slug, report)
        assert 'data-compare="Geser untuk membandingkan' in html
        assert (
            html.count("<figure>", html.index("data-compare"), html.index("</figcaption></figure>\n</div>"))
            == 2
        )
