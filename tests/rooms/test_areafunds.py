"""A kelurahan's own money from the ceiling to the last photo: who may, what is refused, what everyone reads."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.rooms.areafunds import api, importing, queries, realising, timeline
from guyub.rooms.areafunds.models import Activity, Book, Ceiling, Repeat, Revision, Step
from guyub.rooms.areafunds.rules import No, State
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = 2026
MILLION = 1_000_000


class Scene:
    """The demo's people, and the PIPPK of the lurah's kelurahan for 2026."""

    def __init__(self, now) -> None:
        self.now, self.people = now, factories.add_people()
        self.place = self.people.place
        self.lurah, self.tapem = self.people["lurah"], self.people["tapem"]
        for body in ("PKK", "LPM"):
            self.set(body, 100 * MILLION)
        self.pkk, self.lpm = Ceiling.objects.get(body="PKK"), Ceiling.objects.get(body="LPM")

    def set(self, body: str, amount: int, **more):
        values = {"place": self.place, "scheme": "PIPPK", "year": YEAR, "basis": "SK uji", "by": self.tapem}
        return api.set_ceiling(body=body, amount=amount, at=self.now, **{**values, **more})

    def plan(self, amount: int, *, ceiling=None, by=None, **more) -> Activity:
        values = {
            "name": "Taman contoh",
            "volume": Decimal(40),
            "unit_word": "meter",
            "begins_on": date(YEAR, 3, 1),
            "ends_on": date(YEAR, 4, 1),
        }
        said = api.Plan(amount=amount, **{**values, **more})
        return api.plan(ceiling=(ceiling or self.pkk).pk, said=said, by=by or self.lurah, at=self.now)

    def show(
        self, activity: Activity, percent: int, amount: int = 0, *, colour: str = "teal", **more
    ) -> Step:
        said = api.Shown(
            percent=percent,
            amount=amount,
            on=date(YEAR, 3, 5),
            **{
                "photos": [factories.picture(colour=colour)],
                "receipts": [factories.picture(colour="white")] if amount else [],
                **more,
            },
        )
        return api.show_step(activity=activity.pk, said=said, by=self.lurah, at=self.now)

    def sums(self) -> tuple[int, int, int]:
        row = Ceiling.objects.get(pk=self.pkk.pk)
        return row.amount, row.planned, row.spent


@pytest.fixture
def scene(city, now):
    return Scene(now)


def no(why: No, act) -> None:
    with pytest.raises(api.Refused) as refused, transaction.atomic():
        act()
    assert refused.value.why is why


def test_from_the_ceiling_to_the_closed_year(scene):
    row = scene.plan(60 * MILLION)
    no(No.OVER_CEILING, lambda: scene.plan(41 * MILLION))
    no(No.DATES, lambda: scene.plan(MILLION, ends_on=date(YEAR + 1, 1, 1)))
    no(No.BELOW_PLAN, lambda: scene.set("PKK", 50 * MILLION))
    no(No.WRONG_STEP, lambda: scene.show(row, 50, MILLION))
    no(No.NO_PHOTO, lambda: scene.show(row, 0, photos=[]))
    scene.show(row, 0)
    no(No.NO_RECEIPT, lambda: scene.show(row, 50, MILLION, receipts=[]))
    no(No.OVER_PLAN, lambda: scene.show(row, 50, 61 * MILLION))
    half = scene.show(row, 50, 30 * MILLION)
    assert scene.sums() == (100 * MILLION, 60 * MILLION, 30 * MILLION)
    changed = api.Plan(
        name="Taman",
        volume=Decimal(5),
        unit_word="m",
        amount=29 * MILLION,
        begins_on=date(YEAR, 3, 1),
        ends_on=date(YEAR, 3, 2),
    )
    no(No.BELOW_SPENT, lambda: api.change(activity=row.pk, said=changed, by=scene.lurah, at=scene.now))
    api.withdraw_step(step=half.pk, reason="Salah kuitansi.", by=scene.lurah, at=scene.now)
    assert scene.sums() == (100 * MILLION, 60 * MILLION, 0)
    with pytest.raises(NotAllowed):
        api.withdraw_step(step=half.pk, reason="Lagi.", by=scene.lurah, at=scene.now)
    scene.show(row, 50, 20 * MILLION)
    no(No.STILL_LIVE, lambda: api.close_year(book=scene.pkk.book_id, by=scene.lurah, at=scene.now))
    scene.show(row, 100, 35 * MILLION)
    other = scene.plan(40 * MILLION)
    scene.show(other, 0)
    api.stop(activity=other.pk, reason="Lahannya dipakai sekolah.", by=scene.lurah, at=scene.now)
    assert scene.sums() == (100 * MILLION, 60 * MILLION, 55 * MILLION)
    no(No.NOT_LIVE, lambda: scene.show(other, 50, MILLION))
    api.close_year(book=scene.pkk.book_id, by=scene.lurah, at=scene.now)
    for act in (
        lambda: scene.plan(MILLION),
        lambda: scene.set("PKK", 200 * MILLION),
        lambda: api.close_year(book=scene.pkk.book_id, by=scene.lurah, at=scene.now),
        lambda: api.revise(
            source=scene.pkk.pk, target=scene.lpm.pk, amount=1, basis="SK", by=scene.tapem, at=scene.now
        ),
    ):
        no(No.CLOSED, act)
    names = [fact.name for fact in ledger.facts_about(Activity.objects.get(pk=row.pk).subject)]
    assert (
        names
        == ["areafunds.activity_planned", *["areafunds.step_recorded"] * 2, "areafunds.step_withdrawn"]
        + ["areafunds.step_recorded"] * 2
    )
    book = Book.objects.get()
    assert len(timeline.entries(book, public=True)) == 3
    assert (book.closed_by_id, Activity.objects.get(pk=row.pk).state) == (scene.lurah.account, State.DONE)


def test_money_goes_to_another_body_only_by_a_revision(scene):
    scene.plan(60 * MILLION)
    revise = {"source": scene.pkk.pk, "target": scene.lpm.pk, "basis": "SK geser 1", "at": scene.now}
    no(No.BELOW_PLAN, lambda: api.revise(amount=41 * MILLION, by=scene.tapem, **revise))
    no(No.SAME_BODY, lambda: api.revise(amount=1, by=scene.tapem, **{**revise, "target": scene.pkk.pk}))
    with pytest.raises(NotAllowed):
        api.revise(amount=1, by=scene.lurah, **revise)
    api.revise(amount=40 * MILLION, by=scene.tapem, **revise)
    assert Revision.objects.get().amount == 40 * MILLION
    assert [Ceiling.objects.get(body=b).amount for b in ("PKK", "LPM")] == [60 * MILLION, 140 * MILLION]
    no(No.OVER_CEILING, lambda: scene.plan(1))
    scene.plan(140 * MILLION, ceiling=scene.lpm)


def test_the_database_refuses_what_the_rules_would(scene):
    for change in ({"planned": 101 * MILLION}, {"spent": 1}, {"amount": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ceiling.objects.filter(pk=scene.pkk.pk).update(**change)
    row = scene.plan(MILLION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(spent=MILLION + 1)


def test_the_usual_ceilings_are_given_to_every_rw_and_body(scene):
    office = people.directory().of_settlement(scene.place)
    for n in range(1, 13):
        people.add_organisation(
            key=f"rw:{scene.place}:{n:03}",
            kind=people.OrganisationKind.RW,
            name=f"RW {n:03}",
            short_name=f"RW {n:03}",
            place=scene.place,
            parent=office.id,
            unit=f"{n:03}",
        )
    given = {"place": scene.place, "scheme": "PIPPK", "year": YEAR, "basis": "SK uji", "at": scene.now}
    with pytest.raises(NotAllowed):
        api.set_usual(by=scene.lurah, **given)
    assert api.set_usual(by=scene.tapem, **given) == 13  # PKK and LPM were there
    assert api.set_usual(by=scene.tapem, **given) == 0
    assert api.of_place(scene.place, year=YEAR).ceiling == 1_500 * MILLION
    district = places.gazetteer().get(scene.place).parent_code
    assert api.of_place(district, year=YEAR).ceiling == 1_500 * MILLION
    assert api.of_place(scene.place, year=YEAR - 1) is None


WHO = ("warga", "kasi", "lurah", "camat", "koordinator", "sekda", "tapem", "kemitraan", "admin")


def test_each_acts_in_their_own_place_only(scene):
    """Plans: the place's own head. Ceilings: the city's. Nobody else, and nobody next door."""
    plans, sets = set(), set()
    for slug in WHO:
        for who, act in (
            (plans, lambda by: scene.plan(1, by=by)),
            (sets, lambda by: scene.set("PKK", 100 * MILLION, by=by)),
        ):
            try:
                act(scene.people[slug])
            except NotAllowed:
                continue
            who.add(slug)
    assert (plans, sets) == ({"lurah"}, {"tapem"})
    elsewhere = next(row.code for row in places.gazetteer().settlements if row.code != scene.place)
    scene.set("PKK", MILLION, place=elsewhere)
    other = Ceiling.objects.get(book__place=elsewhere)
    with pytest.raises(NotAllowed):
        scene.plan(1, ceiling=other)


def client_of(scene, slug: str = "") -> Client:
    made = Client(headers=factories.HOST)
    if slug:
        made.force_login(scene.people.account(slug), backend=factories.BACKEND)
    return made


def test_the_desk_shows_each_what_they_oversee(scene):
    row = scene.plan(60 * MILLION)
    scene.show(row, 0)
    elsewhere = next(
        one.code
        for one in places.gazetteer().settlements
        if one.parent_code != places.gazetteer().get(scene.place).parent_code
    )
    scene.set("PKK", MILLION, place=elsewhere)
    sees = {"lurah": (200, 404), "camat": (200, 404), "tapem": (200, 200), "kasi": (404, 404)}
    for slug, wanted in sees.items():
        browser = client_of(scene, slug)
        found = tuple(browser.get(f"/petugas/dana/{code}/").status_code for code in (scene.place, elsewhere))
        assert found == wanted, slug
        assert browser.get(f"/petugas/dana/kegiatan/{row.uuid}/").status_code == wanted[0], slug
    assert (
        client_of(scene, "camat").post(f"/petugas/dana/kegiatan/{row.uuid}/langkah/", {}).status_code == 404
    )
    assert client_of(scene, "lurah").get("/petugas/dana/").status_code == 302
    assert client_of(scene, "camat").get("/petugas/dana/").status_code == 200


def test_a_lurah_plans_and_shows_in_forms(scene):
    browser = client_of(scene, "lurah")
    address = f"/petugas/dana/{scene.place}/kegiatan/{scene.pkk.pk}/"
    said = {
        "name": "Posyandu contoh",
        "volume": "12,5",
        "unit_word": "meter",
        "amount": "Rp 25.000.000",
        "begins_on": "2026-03-01",
        "ends_on": "2026-04-01",
    }
    wrong = browser.post(address, {**said, "amount": "250.000.000"})
    assert wrong.status_code == 422
    assert "Melebihi sisa pagu" in wrong.content.decode()
    assert browser.post(address, said).status_code == 302
    row = Activity.objects.get()
    assert (row.amount, row.volume) == (25 * MILLION, Decimal("12.5"))
    step = f"/petugas/dana/kegiatan/{row.uuid}/langkah/"
    first = {"percent": "0", "on": "2026-03-01", "amount": "0", "photos": factories.picture()}
    fake = io.BytesIO(b"<svg onload=alert(1)>")
    fake.name = "foto.jpg"
    for bad in (
        {"photos": fake},
        {"amount": "-5"},
        {"percent": "x"},
        {"on": "kemarin"},
        {"amount": "9" * 30},
    ):
        assert browser.post(step, {**first, "photos": factories.picture(), **bad}).status_code == 422, bad
    assert browser.post(step, first).status_code == 302
    public = client_of(scene).get(f"/wilayah/{scene.place}/dana/{row.uuid}/").content.decode()
    assert "12,5 meter" in public
    assert f"/berkas/{factories.files.Photo.objects.get().uuid}.jpg" in public
    assert (
        browser.post(f"/petugas/dana/kegiatan/{row.uuid}/ubah/", {**said, "amount": "30000000"}).status_code
        == 302
    )
    withdraw = f"/petugas/dana/langkah/{Step.objects.get().uuid}/tarik/"
    assert browser.post(withdraw, {"reason": "Foto keliru."}).status_code == 302
    assert browser.post(f"/petugas/dana/kegiatan/{row.uuid}/henti/", {"reason": ""}).status_code == 422
    assert (
        browser.post(f"/petugas/dana/kegiatan/{row.uuid}/henti/", {"reason": "Batal musyawarah."}).status_code
        == 302
    )
    close = f"/petugas/dana/{scene.place}/PIPPK/2026/tutup/"
    assert browser.post(close).status_code == 302
    assert browser.get(close).status_code == 404


def test_everyone_reads_plan_money_and_photos_but_no_receipt(scene):
    row = scene.plan(60 * MILLION, name="Saluran =1+1")
    scene.show(row, 0)
    step = scene.show(row, 50, 20 * MILLION, receipt="KW-77", colour="navy")
    receipt = factories.files.Photo.objects.get(subject=step.receipts)
    photo = factories.files.Photo.objects.get(subject=step.photos)
    browser = client_of(scene)
    page = browser.get(f"/wilayah/{scene.place}/dana/?tahun={YEAR}").content.decode()
    assert all(words in page for words in ("Rp200.000.000", "Rp60.000.000", "Rp20.000.000", "Rp180.000.000"))
    assert "2.026" not in page
    detail = browser.get(f"/wilayah/{scene.place}/dana/{row.uuid}/").content.decode()
    assert str(photo.uuid) in detail
    assert str(receipt.uuid) not in detail
    assert "KW-77" not in detail
    assert browser.get(f"/berkas/{receipt.uuid}.jpg").status_code == 404
    assert (
        str(receipt.uuid)
        in client_of(scene, "camat").get(f"/petugas/dana/kegiatan/{row.uuid}/").content.decode()
    )
    district = places.gazetteer().get(scene.place).parent_code
    assert "Rp20.000.000" in browser.get(f"/wilayah/{district}/dana/?tahun={YEAR}").content.decode()
    assert "Rp20.000.000" in browser.get(f"/en/wilayah/{scene.place}/dana/").content.decode().replace(
        ",", "."
    )
    for address in (f"/wilayah/{scene.place}/dana/data", "/wilayah/dana"):
        rows = json.loads(b"".join(browser.get(f"{address}.json").streaming_content))
        assert {(one["lembaga"], one["terpakai"]) for one in rows} == {("PKK", 20 * MILLION), ("LPM", 0)}
        assert "'" not in (rows[0]["kegiatan"] or "")
        text = b"".join(browser.get(f"{address}.csv").streaming_content).decode()
        assert "Saluran =1+1" in text
    for wrong in ("/wilayah/dana.xml", f"/wilayah/{scene.place}/dana/data.exe", "/wilayah/99.99/dana/"):
        assert browser.get(wrong).status_code == 404, wrong
    assert browser.get(f"/wilayah/{scene.place}/dana/?tahun=99999999999").status_code == 200
    scene.set("SARANA", MILLION, year=timezone.localdate().year, scheme="DANA_KELURAHAN")
    assert f"/wilayah/{scene.place}/dana/" in browser.get(f"/wilayah/{scene.place}/").content.decode()


def test_a_photo_that_was_sent_before_is_flagged_for_people(scene):
    row = scene.plan(60 * MILLION)
    first = scene.show(row, 0, photos=[_noise(1)])
    second = scene.show(row, 50, MILLION, photos=[_noise(1), _noise(2)])
    assert realising.compare_forgotten(at=scene.now) == 2
    assert realising.compare_forgotten(at=scene.now) == 0
    found = Repeat.objects.get()
    assert (found.step_id, found.subject, found.alike) == (second.pk, first.photos, 100)
    said = [entry.title for entry in timeline.entries(row, public=False)]
    assert any("mirip" in title for title in said)
    assert not any("mirip" in entry.title for entry in timeline.entries(row, public=True))
    assert (
        "100 persen sama"
        in client_of(scene, "lurah").get(f"/petugas/dana/kegiatan/{row.uuid}/").content.decode()
    )


def _noise(seed: int):
    """A picture with something in it, the same for the same seed."""
    import random

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    picked = random.Random(seed)
    image = Image.frombytes("RGB", (64, 48), bytes(picked.randrange(256) for _ in range(64 * 48 * 3)))
    out = io.BytesIO()
    image.resize((320, 240)).save(out, "JPEG", quality=90)
    return SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")


HEADINGS = "Dana;Tahun;Kelurahan;Lembaga;Nomor RW;Pagu;Dasar"


def test_a_list_of_ceilings_is_tried_line_by_line_and_applied_whole(scene):
    scene.plan(60 * MILLION)
    lines = [
        f"PIPPK;2026;{scene.place};RW;3;100.000.000;SK 1",
        f"PIPPK;2026;{scene.place};PKK;;150000000;SK 1",
        f"PIPPK;2026;{scene.place};LPM;;Rp 90.000.000;SK 1",
    ]
    wrong = [
        f"PIPPK;2026;{scene.place};RW;3;1;SK 1",
        f"PIPPK;2026;{scene.place};RW;;1;SK 1",
        f"PIPPK;2026;{scene.place};Koperasi;;1;SK 1",
        f"APBDes;2026;{scene.place};PKK;;1;SK 1",
        "PIPPK;2026;Negeri Awan;PKK;;1;SK 1",
        f"PIPPK;26;{scene.place};PKK;;1;SK 1",
        f"PIPPK;1926;{scene.place};Karang Taruna;;1;SK 1",
        f"PIPPK;2026;{scene.place};Karang Taruna;;satu;SK 1",
    ]

    def draft(rows: list[str]):
        return importing.keep("\n".join([HEADINGS, *rows]).encode(), by=scene.tapem, at=scene.now)

    bad = draft([*lines, *wrong])
    tried = importing.try_rows(bad, at=scene.now)
    assert [problem.line for problem in tried.problems] == list(range(5, 13))
    with pytest.raises(importing.Undecided):
        importing.apply(bad, by=scene.tapem, at=scene.now)
    assert Ceiling.objects.count() == 2
    low = importing.try_rows(draft([f"PIPPK;2026;{scene.place};PKK;;5000000;SK 1"]), at=scene.now)
    assert [problem.column for problem in low.problems] == ["Pagu"]
    done = importing.apply(draft(lines), by=scene.tapem, at=scene.now)
    assert (done.new, done.changed, done.total) == (1, 2, 340 * MILLION)
    assert api.of_place(scene.place, year=YEAR).ceiling == 340 * MILLION
    with pytest.raises(NotAllowed):
        importing.keep(b"x", by=scene.lurah, at=scene.now)
    browser = client_of(scene, "tapem")
    file = io.BytesIO("\n".join([HEADINGS, *lines]).encode())
    file.name = "pagu.csv"
    there = browser.post("/petugas/dana/impor/", {"file": file})
    assert there.status_code == 302
    assert browser.get(there["Location"]).status_code == 200
    assert client_of(scene, "lurah").get(there["Location"]).status_code == 404
    assert browser.post(there["Location"]).status_code == 302
    assert importing.forget_drafts(at=scene.now + timedelta(days=9)) >= 1
    for form, status in (("csv", 200), ("xlsx", 200), ("exe", 404)):
        assert browser.get(f"/petugas/dana/impor/contoh.{form}").status_code == status


def test_pages_cost_the_same_however_much_there_is(scene, django_assert_max_num_queries):
    for n in range(6):
        scene.show(scene.plan(MILLION, name=f"Kegiatan {n}"), 0)
    browser = client_of(scene)
    browser.get(f"/wilayah/{scene.place}/dana/?tahun={YEAR}")
    with django_assert_max_num_queries(6):
        browser.get(f"/wilayah/{scene.place}/dana/?tahun={YEAR}")
    assert len(queries.parts(scene.place, year=YEAR)[0].bodies[0].activities) == 6
