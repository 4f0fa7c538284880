"""From the preparation to the yearly report, and who reads what of it."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.tests import pdfs
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.agreements import api, carrying_out, drafting, paper, queries, signing, standing
from guyub.rooms.agreements.models import Cooperation, Document, Duty, Party, Version
from guyub.rooms.agreements.rules import Check, State
from guyub.rooms.partners import api as partners
from tests import factories
from tests.papers import words_on

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Scene:
    """The officer of partnership, a partner that the resident founded, and a cooperation that begins."""

    def __init__(self, now) -> None:
        self.now, self.today, self.people = now, now.date(), factories.add_people()
        self.officer, self.warga = self.people["kemitraan"], self.people["warga"]
        said = partners.Profile(
            name="Kampus Contoh", kind="UNIVERSITY", themes=("teknologi",), places=("32.73",)
        )
        self.partner = partners.found(profile=said, by=self.warga, at=now)
        self.row = api.begin(
            title="Berbagi aplikasi kota",
            kind="KSDPK",
            purpose="Warga terlayani lebih cepat.",
            framework="Kerangka acuan contoh.",
            office=None,
            by=self.officer,
            at=now,
        )

    def draft(self, kind: str, under: Document | None = None) -> Document:
        title, key = f"{kind} contoh", under.pk if under else None
        return api.draft(
            cooperation=self.row.pk, kind=kind, title=title, under=key, by=self.officer, at=self.now
        )

    def parties(self, row: Document) -> None:
        for side in (
            {"name": "Pemerintah Kota", "is_city": True, "number": "119/1", "signatory": "Wali Kota Rahasia"},
            {"name": "Kampus", "partner": self.partner.pk, "number": "B-7", "signatory": "Rektor Rahasia"},
        ):
            drafting.set_party(document=row.pk, said=drafting.Side(post="Pimpinan", **side), by=self.officer)

    def whole(self, kind: str, under: Document | None = None, **terms) -> Document:
        """A draft with everything that a signature needs."""
        row = self.draft(kind, under)
        clauses = {code: f"Isi {code}." for code in standing.newest(row).clauses}
        api.write(document=row.pk, clauses=clauses, words="lengkap", by=self.officer, at=self.now)
        Party.objects.filter(document=row).delete()
        self.parties(row)
        given = {
            "title": row.title,
            "scope": ["Aplikasi", "Pelatihan"],
            "starts_on": self.today - 400 * DAY,
            "ends_on": self.today + 300 * DAY,
        }
        api.set_terms(document=row.pk, said=api.Terms(**{**given, **terms}), by=self.officer)
        return Document.objects.get(pk=row.pk)

    def sign(self, row: Document, on: date | None = None) -> Document:
        api.sign(
            document=row.pk, on=on or self.today - 400 * DAY, place="Bandung", by=self.officer, at=self.now
        )
        return Document.objects.get(pk=row.pk)

    def client(self, slug: str = "") -> Client:
        made = Client(headers=factories.HOST)
        if slug:
            made.force_login(self.people.account(slug), backend=factories.BACKEND)
        return made


@pytest.fixture
def scene(city, now):
    return Scene(now)


def reach(scene) -> str:
    return api.reach_next(cooperation=scene.row.pk, by=scene.officer, at=scene.now)


def test_from_the_preparation_to_the_yearly_report(scene):
    assert reach(scene) == "OFFER"
    with pytest.raises(api.Refused):
        reach(scene)
    offer = scene.whole("SURAT_PENAWARAN")
    scene.sign(offer)
    assert reach(scene) == "DRAFT_KB"
    kb = scene.draft("KB")
    assert set(standing.findings(kb, on=scene.today)) == {Check.CLAUSES, Check.PARTIES, Check.DATES}
    with pytest.raises(api.Refused):
        scene.sign(kb)
    kb = scene.whole("KB")
    assert reach(scene) == "SIGN_KB"
    kb = scene.sign(kb)
    assert [reach(scene), reach(scene)] == ["COUNCIL", "DRAFT_PKS"]
    pks = scene.whole(
        "PKS", kb, cost=50_000_000, in_budget=False, scope=["Jalan"], ends_on=scene.today + 301 * DAY
    )
    found = standing.findings(pks, on=scene.today)
    assert set(found) == {Check.WITHIN_PARENT, Check.SCOPE, Check.COUNCIL, Check.LAPSED}
    terms = {"title": pks.title, "cost": 50_000_000, "in_budget": False, "scope": ["pelatihan"]}
    days = {"starts_on": scene.today - 40 * DAY, "ends_on": scene.today + 100 * DAY}
    api.set_terms(document=pks.pk, said=api.Terms(**terms, **days), by=scene.officer)
    with pytest.raises(api.Refused):
        scene.sign(pks, scene.today - 40 * DAY)
    given = {"council_number": "DPRD/9", "council_on": scene.today, "ministry_number": ""}
    drafting.approve(cooperation=scene.row.pk, by=scene.officer, at=scene.now, **given)
    assert reach(scene) == "SIGN_PKS"
    pks = scene.sign(pks, scene.today - 40 * DAY)
    with pytest.raises(NotAllowed):
        api.write(document=pks.pk, clauses={"OBJEK": "lain"}, words="", by=scene.officer, at=scene.now)
    assert [reach(scene), reach(scene)] == ["RUN", "ARCHIVE"]
    with pytest.raises(api.Refused):
        reach(scene)
    for one in (offer, kb, pks):
        signing.add_scan(document=one.pk, pictures=[factories.picture()], by=scene.officer, at=scene.now)
    assert reach(scene) == "REPORT"
    party = Party.objects.get(document=pks, partner__isnull=False)
    duty = {"document": pks.pk, "party": party.pk, "what": "Pelatihan 20 petugas"}
    made = api.add_duty(due_on=scene.today, by=scene.officer, at=scene.now, **duty)
    api.deliver(duty=made.pk, on=scene.today, words="20 orang", by=scene.officer, at=scene.now)
    with pytest.raises(NotAllowed):
        api.deliver(duty=made.pk, on=scene.today, words="lagi", by=scene.officer, at=scene.now)
    assert [line.words for line in queries.record_of([scene.partner.pk])[scene.partner.pk]] == [duty["what"]]
    assert queries.evaluation_due(kb, today=scene.today) is not None
    api.evaluate(
        document=kb.pk,
        on=scene.today,
        result="CONTINUE",
        words="Berjalan baik.",
        by=scene.officer,
        at=scene.now,
    )
    assert queries.evaluation_due(kb, today=scene.today) is None
    extension = scene.whole("ADDENDUM", pks, starts_on=scene.today, ends_on=scene.today + 200 * DAY)
    scene.sign(extension, scene.today)
    assert Document.objects.get(pk=pks.pk).ends_on == scene.today + 200 * DAY
    api.end(document=pks.pk, on=scene.today, why="REACHED", words="", by=scene.officer, at=scene.now)
    assert Document.objects.get(pk=pks.pk).state == State.ENDED
    names = {fact.name for fact in ledger.facts_about(scene.row.subject)}
    assert len(names) == 12


def test_only_who_manages_agreements_does(scene):
    row = scene.draft("KB")
    for slug in ("warga", "lurah", "sekda", "admin", "tapem"):
        by = scene.people[slug]
        for act in (
            lambda by=by: api.write(document=row.pk, clauses={"OBJEK": "x"}, words="", by=by, at=scene.now),
            lambda by=by: api.sign(document=row.pk, on=scene.today, place="x", by=by, at=scene.now),
            lambda by=by: api.reach_next(cooperation=scene.row.pk, by=by, at=scene.now),
            lambda by=by: signing.add_scan(document=row.pk, pictures=[], by=by, at=scene.now),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_everyone_reads_what_was_signed_and_never_a_draft(scene):
    kb, draft = scene.sign(scene.whole("KB")), scene.draft("KB")
    signing.add_scan(document=kb.pk, pictures=[factories.picture()], by=scene.officer, at=scene.now)
    api.write(
        document=draft.pk, clauses={"OBJEK": "Rahasia rancangan"}, words="", by=scene.officer, at=scene.now
    )
    public, partner, stranger = scene.client(), scene.client("warga"), scene.client("lurah")
    page = public.get(f"/kerja-sama/{scene.row.slug}/").content.decode()
    assert all(words in page for words in ("KB contoh", "Kampus", "119/1", "Aplikasi; Pelatihan"))
    assert "Rahasia" not in page
    assert "Rahasia" not in public.get("/kerja-sama/").content.decode()
    for address in (f"/kerja-sama/naskah/{draft.uuid}/", f"/kerja-sama/naskah/{kb.uuid}.pdf"):
        assert public.get(address).status_code == 302
        assert stranger.get(address).status_code == 404
    assert "/berkas/" in partner.get(f"/kerja-sama/naskah/{kb.uuid}/").content.decode()
    assert partner.get(f"/kerja-sama/naskah/{draft.uuid}/").status_code == 404  # it is no party of that draft
    scene.parties(draft)
    assert "Rahasia rancangan" in partner.get(f"/kerja-sama/naskah/{draft.uuid}/").content.decode()
    assert str(draft.uuid) in partner.get("/kerja-sama/saya/").content.decode()
    answer = partner.get(f"/kerja-sama/naskah/{draft.uuid}.pdf")
    said = words_on(answer.content)
    assert "RANCANGAN versi 2" in said
    assert "Rahasia rancangan" in said
    assert "RANCANGAN versi 2" in paper.words_of(draft, on=scene.today)["draft"]
    assert len(paper.words_of(kb, on=scene.today)["clauses"]) == 10
    other = Cooperation.objects.get()
    other.pk, other.uuid, other.slug = None, "6" * 32, "hanya-rancangan"
    other.save()
    assert public.get("/kerja-sama/hanya-rancangan/").status_code == 404


def test_reminders_reach_both_sides_once_and_count_anew_after_an_extension(scene):
    ends = scene.today + 170 * DAY
    kb = scene.sign(scene.whole("KB", ends_on=ends))
    assert carrying_out.remind(at=scene.now) == 2
    assert carrying_out.remind(at=scene.now) == 0
    later = scene.now + 100 * DAY
    assert carrying_out.remind(at=later) == 2
    links = set(Notice.objects.filter(key__startswith=f"agreement:{kb.pk}:").values_list("link", flat=True))
    assert len(links) == 2
    scene.sign(scene.whole("ADDENDUM", kb, ends_on=ends + 300 * DAY), scene.today)
    assert carrying_out.remind(at=later) == 0
    assert carrying_out.remind(at=scene.now + 300 * DAY) == 4  # the addendum itself ends that day too


def test_an_officer_works_in_forms_and_bad_input_is_told(scene):
    browser = scene.client("kemitraan")
    new = {"kind": "KSDD", "title": "Kerja sama daerah contoh", "purpose": "Saling belajar."}
    assert browser.post("/petugas/kerja-sama/baru/", {**new, "kind": "X"}).status_code == 422
    there = browser.post("/petugas/kerja-sama/baru/", new)
    assert there.status_code == 302
    home = there["Location"]
    assert browser.get(home).status_code == 200
    assert browser.post(f"{home}tahap/").status_code == 302  # lacks its framework; said as a message
    assert Cooperation.objects.get(kind="KSDD").stage == "PREPARE"
    assert browser.post(f"{home}ubah/", {**new, "framework": "Ada."}).status_code == 302
    assert browser.post(f"{home}persetujuan/", {"council_number": "1"}).status_code == 422
    assert browser.post(f"{home}naskah/", {"kind": "PKS", "title": "Tanpa induk"}).status_code == 422
    made = browser.post(f"{home}naskah/", {"kind": "KB", "title": "Kesepakatan contoh"})
    paper_home = made["Location"]
    shown = browser.get(paper_home).content.decode()
    assert "Rancangan" in shown
    assert shown.index("1. Para pihak") < shown.index("5. Objek") < shown.index("10. Penutup")
    assert browser.post(f"{paper_home}pasal/", {"OBJEK": "Berubah", "words": "objek"}).status_code == 302
    versions = browser.get(f"{paper_home}versi/").content.decode()
    assert "<ins>Berubah</ins>" in versions
    assert browser.get(f"{paper_home}versi/?versi=999").status_code == 200
    for bad in ({}, {"name": "x" * 999}, {"partner": "/mitra/tidak-ada/"}):
        assert browser.post(f"{paper_home}pihak/", {"authority": "HEAD", **bad}).status_code == 422, bad
    side = {
        "name": "Pemkot",
        "is_city": "on",
        "number": "1",
        "signatory": "A",
        "post": "B",
        "authority": "HEAD",
    }
    other = {
        **side,
        "name": "",
        "is_city": "",
        "partner": scene.partner.slug,
        "authority": "PROXY",
        "proxy": "SK",
    }
    assert [browser.post(f"{paper_home}pihak/", one).status_code for one in (side, other)] == [302, 302]
    first = Party.objects.filter(document__uuid=paper_home.split("/")[-2]).first()
    assert browser.post(f"{paper_home}pihak/{first.pk}/", {**side, "number": "2"}).status_code == 302
    terms = {"title": "Kesepakatan contoh", "scope": "a. Satu\n- Dua", "cost": "Rp 1.000", "in_budget": "on"}
    days = {"starts_on": "2026-01-01", "ends_on": "2025-01-01"}
    assert browser.post(f"{paper_home}ketentuan/", {**terms, **days}).status_code == 422
    assert (
        browser.post(f"{paper_home}ketentuan/", {**terms, **days, "ends_on": "2027-01-01"}).status_code == 302
    )
    row = Document.objects.get(title="Kesepakatan contoh")
    assert (row.scope, row.cost) == (["Satu", "Dua"], 1000)
    early = {"on": (timezone.localdate() + DAY).isoformat(), "place": "Bandung"}
    assert browser.post(f"{paper_home}tanda-tangan/", early).status_code == 422
    sign = {"on": "2026-01-01", "place": "Bandung"}
    empty = {"PENUTUP": ""}
    kept = Version.objects.filter(document=row).latest("number").clauses
    assert browser.post(f"{paper_home}pasal/", {**kept, **empty}).status_code == 302
    assert browser.post(f"{paper_home}tanda-tangan/", sign).status_code == 422
    assert browser.post(f"{paper_home}pasal/", {code: "Isi." for code in kept}).status_code == 302
    assert browser.post(f"{paper_home}tanda-tangan/", sign).status_code == 302
    assert browser.get(f"{paper_home}pasal/").status_code == 404
    fake = io.BytesIO(b"%PDF-1.4 <script>")
    fake.name = "naskah.jpg"
    assert browser.post(f"{paper_home}pindaian/", {"pictures": fake}).status_code == 422
    assert browser.post(f"{paper_home}pindaian/", {"pictures": factories.picture()}).status_code == 302
    both = SimpleUploadedFile("naskah.pdf", pdfs.pdf(pdfs.RED, pdfs.RED))
    told = browser.post(f"{paper_home}pindaian/", {"pictures": both}, follow=True).content.decode()
    assert "2 halaman PDF disimpan sebagai gambar." in told
    duty = {"party": first.pk, "what": "Menyerahkan modul", "due_on": "2026-02-01"}
    assert browser.post(f"{paper_home}kewajiban/", {**duty, "party": "999999"}).status_code == 422
    assert browser.post(f"{paper_home}kewajiban/", duty).status_code == 302
    assert "lewat tenggat" in browser.get(paper_home).content.decode()
    done = f"{paper_home}kewajiban/{Duty.objects.get().pk}/"
    assert browser.post(done, {"on": "2026-02-01"}).status_code == 302
    assert browser.get(done).status_code == 404
    look = {"on": "2026-06-01", "result": "IMPROVE", "words": "Perlu jadwal tetap."}
    assert browser.post(f"{paper_home}evaluasi/", look).status_code == 302
    assert browser.post(f"{paper_home}akhiri/", {"on": "2025-01-01", "why": "AGREED"}).status_code == 422
    assert browser.post(f"{paper_home}akhiri/", {"on": "2026-06-02", "why": "AGREED"}).status_code == 302
    assert browser.get("/petugas/kerja-sama/").status_code == 200
    assert browser.get("/petugas/kerja-sama/?hal=zzz").status_code == 200


def test_lists_cost_the_same_however_many_there_are(scene, django_assert_max_num_queries):
    for _n in range(4):
        scene.sign(scene.whole("KB"))
    browser = scene.client()
    browser.get("/kerja-sama/")
    with django_assert_max_num_queries(6):
        browser.get("/kerja-sama/")
