"""The case page: what an officer reads, and each thing they can do, with and without mishap."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from tests import factories

from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State, Verb
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions

pytestmark = pytest.mark.django_db

CODE = "bukan-wewenang"
REASON = "Bukan wewenang kantor ini, mohon ditindaklanjuti."


class Desk:
    """An officer with a report before them."""

    def __init__(self, client, crew, at):
        self.client, self.crew, self.at = client, crew, at

    def sit(self, slug: str) -> Desk:
        self.client.force_login(self.crew.account(slug), backend=factories.BACKEND)
        return self

    def take(self, state: State = State.RECEIVED, **changes) -> Desk:
        slug = "inspektorat" if changes.get("about_conduct") else "lurah"
        self.report, self.case = factories.send(at=self.at, place=self.crew.place, **changes)
        factories.bring_to(state, self.report, self.case, by=self.crew[slug], at=self.at)
        return self.sit(slug)

    @property
    def url(self) -> str:
        return f"/petugas/laporan/{self.report.number}/"

    def get(self, url: str = ""):
        response = self.client.get(url or self.url, headers=factories.HOST)
        assert "⟦undefined" not in response.text
        return response

    def do(self, verb: str, *, stamp: str | None = None, fresh: bool = True, **data):
        self.case.refresh_from_db()
        if fresh:
            data["stamp"] = self.case.updated_at.isoformat()
        elif stamp is not None:
            data["stamp"] = stamp
        response = self.client.post(f"{self.url}{verb}/", data, headers=factories.HOST)
        assert "⟦undefined" not in response.text
        self.case.refresh_from_db()
        self.report.refresh_from_db()
        return response

    def facts(self) -> list[str]:
        return [fact.name for fact in ledger.facts_about(actions.subject_of(self.report))]

    def said(self, audience: Audience) -> list[str]:
        subject = actions.subject_of(self.report)
        return [w.body for w in conversation.words_about(subject=subject, audiences=[audience])]


@pytest.fixture
def desk(client, city):
    return Desk(client, factories.add_people(), timezone.now())


def verbs(html: str) -> list[str]:
    return re.findall(r'<(?:details|p) class="card more" id="([\w-]+)"', html)


def goes_on(response, desk) -> bool:
    return (response.status_code, response["Location"]) == (303, desk.url)


# ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_the_whole_report(desk):
    desk.take(rw="003", rt="002", lat=-6.9, lon=107.6, is_confidential=True, landmark="dekat pos ronda")
    draft = UUID(int=7)
    files.store_photo(factories.picture(), at=desk.at, draft=draft)
    files.keep(draft=draft, subject=actions.subject_of(desk.report))
    html = desk.get().text
    place = places.gazetteer().get(desk.crew.place)
    for word in (
        desk.report.body,
        place.label,
        "RT 002 RW 003",
        "dekat pos ronda",
        "Rahasia",
        "-6.900000,107.600000",
    ):
        assert word in html
    assert html.count("/berkas/") == 2  # the unpublished photo by its signed address, small and large
    for word in ("Verifikasi", "Jawaban pertama", "3 hari kerja lagi", "Menunggu verifikasi"):
        assert word in html


def test_marks_of_an_anonymous_report_for_a_neighbour(desk):
    desk.take(by=desk.crew["ketua-rt"], for_neighbour=True, is_anonymous=True, name="Bu Contoh", phone="0812")
    html = desk.get().text
    assert "Anonim" in html
    assert "Disampaikan Ketua RT/RW" in html
    assert "Bu Contoh" not in html
    assert "0812" not in html
    assert "Lihat kontak pelapor" not in html


def test_hand_overs_are_told_with_their_reasons(desk):
    desk.take(State.FORWARDED)
    agency = desk.crew["penghubung"].grants[0]
    desk.do("teruskan", office=agency.organisation, code=CODE, reason=REASON)
    html = desk.sit("koordinator").get().text
    assert REASON in html
    assert agency.organisation_name in html
    assert "Perjalanan antarkantor" in html


def test_evidence_stands_beside_the_reporters_photos(desk):
    desk.take(State.WORK_DONE)
    html = desk.get().text
    assert "Bukti pekerjaan" in html
    assert "Sampah sudah diangkut." in html
    assert "Pelapor diminta mengonfirmasi" in html


def test_clocks_that_stand_still_say_why(desk):
    desk.take(State.WAITING_REPORTER)
    html = desk.get().text
    assert "Jam berhenti sejak" in html
    assert "menunggu jawaban pelapor" in html


def test_an_estimated_deadline_says_so(desk):
    desk.take()
    casework.Case.objects.update(due_is_provisional=True)
    assert "hari libur tahun itu belum ditetapkan" in desk.get().text


@pytest.mark.parametrize("state", State)
def test_the_page_offers_exactly_what_access_allows(desk, state):
    desk.take(state)
    for slug, person in desk.crew.items():
        response = desk.sit(slug).get()
        if not casework.access.visible(person).exists():
            assert response.status_code == 404
            continue
        unready = (
            Verb.DECIDE,
            Verb.SEND_OUT,
            Verb.GATHER,
        )  # they need a proposal, a letter, or reports alike
        offered = [v.value for v in casework.access.offered(person, desk.case) if v not in unready]
        assert verbs(response.text) == offered
        for verb in offered:
            unfolded = desk.get(f"{desk.url}?langkah={verb}").text
            assert verbs(unfolded) == offered
            assert re.findall(r'<form method="post" action="[^"]*/([\w-]+)/"', unfolded)[-1] == verb


def test_an_act_that_is_not_offered_does_not_unfold(desk):
    desk.take()
    for wrong in ("selesaikan", "kembalikan", "x", "", "' OR 1=1 --", "%00"):
        assert (
            desk.get(f"{desk.url}?langkah={wrong}").text.count('class="card more" id="verifikasi" open') == 1
        )


@pytest.mark.parametrize("state", [State.RECEIVED, State.FORWARDED, State.SCHEDULED, State.CONFIRMED])
def test_what_is_not_offered_does_not_exist(desk, state):
    """Each verb by each role: refused as if there were no such page, and nothing happens."""
    desk.take(state)
    for slug, person in desk.crew.items():
        visible = casework.access.visible(person).filter(pk=desk.case.pk).exists()
        offered = casework.access.offered(person, desk.case) if visible else []
        desk.sit(slug)
        before = desk.facts()
        for verb in Verb:
            if verb not in offered:
                assert desk.do(verb.value, words=factories.WORDS, reason=REASON).status_code == 404, (
                    slug,
                    verb,
                )
        assert desk.facts() == before


@pytest.mark.parametrize(
    "slug",
    ["lurah", "kasi", "camat", "koordinator", "sekda", "penghubung", "kepala-dinas", "pusdalops", "warga"],
)
def test_conduct_has_no_page_for_anybody_but_the_inspektorat(desk, slug):
    desk.take(about_conduct=True)
    casework.Case.objects.update(is_hazard=True)
    desk.sit(slug)
    assert desk.get().status_code == 404
    for verb in [*Verb, "identitas"]:
        assert desk.do(str(verb), words=factories.WORDS).status_code == 404


def test_the_inspektorat_works_on_conduct_and_nothing_is_published(desk):
    desk.take(about_conduct=True)
    html = desk.get().text
    assert "tidak pernah ditampilkan" in html
    assert 'name="public_body"' not in html
    assert goes_on(desk.do("verifikasi"), desk)
    assert goes_on(desk.do("jawab", words=factories.WORDS), desk)
    assert desk.report.published_at is None
    assert desk.said(Audience.PUBLIC) == []
    assert desk.said(Audience.REPORTER) == [factories.WORDS]


def test_queries_of_the_case_page(desk):
    desk.take(State.WORK_DONE, rw="003")
    for _ in range(3):
        factories.send(at=desk.at, place=desk.crew.place)
    desk.get()
    for forget in (places.forget, people.forget, rulebook.forget):
        forget()
    with CaptureQueriesContext(connection) as seen:
        desk.get()
    assert len(seen) <= 29, [q["sql"][:90] for q in seen]


# ── Doing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_verify_publishes_the_redacted_words_and_the_chosen_photos(desk):
    desk.take()
    draft = UUID(int=8)
    chosen, other = (files.store_photo(factories.picture(), at=desk.at, draft=draft) for _ in range(2))
    files.keep(draft=draft, subject=actions.subject_of(desk.report))
    assert desk.report.body in desk.get().text
    assert goes_on(desk.do("verifikasi", public_body="Sampah menumpuk.", photos=[str(chosen.uuid)]), desk)
    assert (desk.case.state, desk.report.public_body) == (State.FORWARDED, "Sampah menumpuk.")
    assert set(files.Photo.objects.filter(is_public=True)) == {chosen}
    html = desk.get().text
    assert "Laporan diverifikasi dan ditampilkan" in html
    assert "Yang dibaca umum" in html
    assert str(other.uuid) in html


def test_a_confidential_report_is_verified_unpublished_and_answered_in_private(desk):
    desk.take(is_confidential=True)
    assert goes_on(desk.do("verifikasi"), desk)
    desk.do("jawab", words=factories.WORDS)
    assert (desk.report.published_at, desk.said(Audience.PUBLIC)) == (None, [])


def test_answer_ask_and_note_reach_whom_they_say(desk):
    desk.take(State.FORWARDED)
    assert goes_on(desk.do("jawab", words="Kami datang besok pagi."), desk)
    assert goes_on(desk.do("catat", words="Pinjam truk dari UPT."), desk)
    assert goes_on(desk.do("tanya", words="Di sebelah mana tepatnya?"), desk)
    assert desk.said(Audience.PUBLIC) == ["Kami datang besok pagi."]
    assert desk.said(Audience.OFFICE) == ["Pinjam truk dari UPT."]
    assert desk.said(Audience.REPORTER) == ["Di sebelah mana tepatnya?"]
    assert desk.case.state == State.WAITING_REPORTER


@pytest.mark.parametrize("slug", ["sekda", "camat", "koordinator"])
def test_a_note_is_signed_by_the_office_that_writes_it(desk, slug):
    desk.take(State.FORWARDED).sit(slug)
    assert goes_on(desk.do("catat", words="Mohon dipercepat."), desk)
    words = conversation.words_about(subject=actions.subject_of(desk.report), audiences=[Audience.OFFICE])
    assert [w.office for w in words] == [desk.crew[slug].grants[0].organisation]
    assert f"Catatan internal {desk.crew[slug].grants[0].organisation_name}" in desk.get().text


def test_hand_over_and_the_next_of_the_inbox(desk):
    waiting, _ = factories.send(at=desk.at - timedelta(days=9), place=desk.crew.place)
    desk.take(State.FORWARDED)
    agency = desk.crew["penghubung"].grants[0].organisation
    assert goes_on(desk.do("teruskan", office=agency, code=CODE, reason=REASON), desk)
    assert desk.case.office_id == agency
    html = desk.get().text
    assert f'href="/petugas/laporan/{waiting.number}/">Berikutnya' in html
    assert verbs(html) == []


def test_only_offices_of_the_list_can_be_chosen(desk):
    desk.take(State.FORWARDED)
    directory = people.directory()
    foreign = [
        directory.of_kind(OrganisationKind.INSPECTORATE)[0].id,
        directory.of_kind(OrganisationKind.SECRETARIAT)[0].id,
        desk.case.office_id,
        999999999,
        "x",
        "",
    ]
    for office in foreign:
        assert desk.do("teruskan", office=office, code=CODE, reason=REASON).status_code == 422
    assert desk.case.hand_overs == 0


def test_a_desa_accepts_or_gives_back(desk):
    Organisation.objects.filter(pk=desk.crew["lurah"].grants[0].organisation).update(
        kind=OrganisationKind.VILLAGE
    )
    people.forget()
    desk.take()
    html = desk.get().text
    assert verbs(html) == ["terima", "kembalikan", "catat"]
    assert "Permohonan" in html
    wrong = desk.do("kembalikan", reason="pendek")
    assert wrong.status_code == 422
    assert "Belum terkirim" in wrong.text
    assert '<a href="#kembalikan">' in wrong.text
    assert goes_on(desk.do("terima"), desk)
    assert desk.case.accepted_at is not None
    assert verbs(desk.get().text) == [
        "kembalikan",
        "verifikasi",
        "disposisi",
        "tanya",
        "naikkan",
        "gabung",
        "tolak",
        "catat",
    ]
    assert goes_on(desk.do("kembalikan", code=CODE, reason=REASON), desk)
    assert desk.case.office.kind == OrganisationKind.DISTRICT


def test_the_form_says_that_a_desa_gets_a_request(desk):
    desk.take(State.FORWARDED)
    agency = desk.crew["penghubung"].grants[0].organisation
    desk.do("teruskan", office=agency, code=CODE, reason=REASON)
    Organisation.objects.filter(kind=OrganisationKind.WARD).update(kind=OrganisationKind.VILLAGE)
    people.forget()
    assert "(permohonan)" in desk.sit("penghubung").get(f"{desk.url}?langkah=teruskan").text


def test_a_schedule_is_proposed_by_the_office_and_decided_by_its_head(desk):
    desk.take(State.FORWARDED).sit("kasi")
    month = f"{desk.at + timedelta(days=90):%Y-%m}"
    assert "putuskan" not in verbs(desk.get().text)
    assert goes_on(desk.do("jadwalkan", month=month, reason="Menunggu anggaran perubahan."), desk)
    assert desk.case.state == State.FORWARDED
    html = desk.sit("lurah").get().text
    assert "putuskan" in verbs(html)
    assert f"Usul penjadwalan ke {date_format(desk.at + timedelta(days=90), 'F Y')}" in html
    assert goes_on(desk.do("putuskan", decision="setuju"), desk)
    assert desk.case.state == State.SCHEDULED


def test_a_head_declines_and_the_office_goes_on(desk):
    desk.take(State.FORWARDED).sit("kasi")
    desk.do("jadwalkan", month=f"{desk.at + timedelta(days=90):%Y-%m}", reason="Menunggu anggaran.")
    desk.sit("lurah").do("putuskan", decision="tidak")
    assert desk.case.state == State.FORWARDED
    assert "putuskan" not in verbs(desk.get().text)


def test_a_head_schedules_at_once(desk):
    desk.take(State.FORWARDED)
    assert "Anda memutuskannya sebagai kepala kantor" in desk.get(f"{desk.url}?langkah=jadwalkan").text
    desk.do("jadwalkan", month=f"{desk.at + timedelta(days=90):%Y-%m}", reason="Menunggu anggaran.")
    assert desk.case.state == State.SCHEDULED


@pytest.mark.parametrize(
    "month", ["", "2020-01", "2026-13", "besok", "9999-12", "0000-00", "2026-1", "2031-12\0"]
)
def test_months_that_cannot_be(desk, month):
    desk.take(State.FORWARDED)
    response = desk.do("jadwalkan", month=month, reason="Menunggu anggaran perubahan.")
    assert response.status_code == 422
    assert "Menunggu anggaran perubahan." in response.text


def test_complete_with_photo_and_words(desk):
    desk.take(State.FORWARDED)
    response = desk.do("selesaikan", words="Sampah sudah diangkut semua.", photos=[factories.picture()])
    assert goes_on(response, desk)
    assert desk.case.state == State.WORK_DONE
    assert files.Photo.objects.get().is_public


def test_photos_are_kept_when_the_words_are_missing(desk):
    """A photo is sent once, also over a slow line: what is wrong elsewhere does not lose it."""
    desk.take(State.FORWARDED)
    response = desk.do("selesaikan", words="", photos=[factories.picture(), factories.picture(colour="red")])
    assert response.status_code == 422
    assert "Foto yang sudah tersimpan" in response.text
    draft = re.search(r'name="draft" value="([0-9a-f-]{36})"', response.text).group(1)
    assert goes_on(desk.do("selesaikan", words="Sampah sudah diangkut semua.", draft=draft), desk)
    proof = casework.queries.proofs_of(cases=[desk.case.pk])[0]
    assert len(files.pictures(subject=f"casework.evidence:{proof.id}", may_see=False)) == 2


def test_no_photo_no_completion(desk):
    desk.take(State.FORWARDED)
    response = desk.do("selesaikan", words="Sampah sudah diangkut semua.")
    assert response.status_code == 422
    assert "sedikitnya satu foto" in response.text
    assert "Sampah sudah diangkut semua." in response.text


def test_a_file_that_is_no_photo_is_refused_and_the_others_are_kept(desk):
    desk.take(State.FORWARDED)
    fake = SimpleUploadedFile("virus.jpg", b"MZ" * 50, "image/jpeg")
    response = desk.do("selesaikan", words="Sampah sudah diangkut semua.", photos=[factories.picture(), fake])
    assert response.status_code == 422
    assert "virus.jpg: Berkas ini bukan foto" in response.text
    assert files.Photo.objects.count() == 1


def test_at_most_five_photos(desk):
    desk.take(State.FORWARDED)
    response = desk.do(
        "selesaikan", words="Sudah diangkut semua.", photos=[factories.picture() for _ in range(7)]
    )
    assert response.status_code == 422
    assert files.Photo.objects.count() == files.MAX_PHOTOS


def test_nobody_completes_with_the_photos_of_somebody_elses_draft(desk):
    """A reporter's draft is theirs; only a draft made for this very case is taken."""
    desk.take(State.FORWARDED)
    foreign = actions.keep_draft(values={"body": "x"}, at=desk.at)
    files.store_photo(factories.picture(), at=desk.at, draft=foreign)
    response = desk.do("selesaikan", words="Sudah diangkut semua.", draft=str(foreign))
    assert response.status_code == 422
    assert files.Photo.objects.get().draft == foreign


def test_reject_with_a_coded_reason_and_words(desk):
    desk.take()
    assert desk.do("tolak", reason="lain-lain", words=REASON).status_code == 422
    assert goes_on(desk.do("tolak", reason="ganda", words=REASON), desk)
    assert (desk.case.state, desk.said(Audience.REPORTER)) == (State.REJECTED, [REASON])


def test_the_reporters_contact_is_shown_once_and_recorded(desk):
    desk.take(name="Bu Contoh", phone="0812000111", email="bu@contoh.example")
    html = desk.get().text
    assert "Lihat kontak pelapor" in html
    assert "0812000111" not in html
    response = desk.do("identitas")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    for word in ("Bu Contoh", "0812000111", "bu@contoh.example"):
        assert word in response.text
    assert desk.facts()[-1] == "reports.identity_viewed"
    assert "0812000111" not in desk.get().text


@pytest.mark.parametrize("slug", ["lurah", "camat", "sekda"])
def test_an_anonymous_reporter_stays_unknown(desk, slug):
    desk.take(name="Bu Contoh", phone="0812000111", is_anonymous=True).sit(slug)
    assert desk.do("identitas").status_code == 404
    assert "reports.identity_viewed" not in desk.facts()


def test_the_coordinator_alone_may_see_an_anonymous_reporter(desk):
    desk.take(name="Bu Contoh", phone="0812000111", is_anonymous=True).sit("koordinator")
    assert "0812000111" in desk.do("identitas").text


# ── Mishaps ────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_else_acted_meanwhile_and_the_words_come_back(desk):
    desk.take(State.FORWARDED)
    old = desk.case.updated_at.isoformat()
    actions.answer_report(
        case=desk.case.uuid, words="Kami datang.", by=desk.crew["kasi"], at=desk.at + timedelta(minutes=1)
    )
    response = desk.do("jawab", fresh=False, stamp=old, words="Truk datang pukul sembilan.")
    assert response.status_code == 409
    assert "Keadaan laporan sudah berubah" in response.text
    assert "Truk datang pukul sembilan." in response.text
    assert desk.said(Audience.PUBLIC) == ["Kami datang."]
    stamp = re.search(r'name="stamp" value="([^"]+)" id="jawab-stamp"', response.text).group(1)
    assert goes_on(desk.do("jawab", fresh=False, stamp=stamp, words="Truk datang pukul sembilan."), desk)


def test_words_are_given_back_when_the_action_is_gone(desk):
    desk.take()
    old = desk.case.updated_at.isoformat()
    actions.reject_report(
        case=desk.case.uuid,
        reason="ganda",
        words=REASON,
        by=desk.crew["kasi"],
        at=desk.at + timedelta(minutes=1),
    )
    response = desk.do("tanya", fresh=False, stamp=old, words="Di sebelah mana tepatnya?")
    assert response.status_code == 409
    assert "Yang tadi Anda tulis" in response.text
    assert "Di sebelah mana tepatnya?" in response.text


def test_a_second_click_sends_nothing_twice(desk):
    desk.take(State.FORWARDED)
    old = desk.case.updated_at.isoformat()
    first = desk.do("jawab", fresh=False, stamp=old, words=factories.WORDS)
    second = desk.do("jawab", fresh=False, stamp=old, words=factories.WORDS)
    assert (first.status_code, second.status_code) == (303, 409)
    assert desk.said(Audience.PUBLIC) == [factories.WORDS]


def test_a_note_sent_twice_is_kept_once(desk):
    desk.take(State.FORWARDED)
    for _ in range(2):
        desk.do("catat", words="Pinjam truk dari UPT.")
    assert desk.said(Audience.OFFICE) == ["Pinjam truk dari UPT."]


def test_photos_survive_a_conflict(desk):
    desk.take(State.FORWARDED)
    old = desk.case.updated_at.isoformat()
    actions.answer_report(
        case=desk.case.uuid, words="Kami datang.", by=desk.crew["kasi"], at=desk.at + timedelta(minutes=1)
    )
    response = desk.do(
        "selesaikan", fresh=False, stamp=old, words="Sudah diangkut.", photos=[factories.picture()]
    )
    assert response.status_code == 409
    assert "Foto yang sudah tersimpan" in response.text


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-11-20", "2026-11-20T03:00:00", "\0", "9" * 400])
def test_a_stamp_that_is_none_is_a_change(desk, stamp):
    desk.take(State.FORWARDED)
    response = desk.do("jawab", fresh=False, stamp=stamp, words=factories.WORDS)
    assert response.status_code == 409
    assert factories.WORDS in response.text


@pytest.mark.parametrize(
    "path",
    [
        "LAP-2026-999999/",
        "lap-2026-000001/",
        "x/",
        "LAP-2026-000001%00/",
        "%00/",
        "LAP-2026-000001/hapus/",
        "1'--/",
    ],
)
def test_addresses_that_are_none(desk, path):
    desk.take()
    url = f"/petugas/laporan/{path}"
    assert desk.client.get(url, headers=factories.HOST).status_code in (302, 404)
    assert desk.client.post(url, headers=factories.HOST).status_code == 404 or path.count("/") != 2


@pytest.mark.parametrize("verb", [verb.value for verb in Verb if verb not in (Verb.ACCEPT, Verb.RETURN)])
@pytest.mark.parametrize("value", ["", "\0", "x" * 5000, "<script>alert(1)</script>", "' OR 1=1 --"])
def test_bad_input_never_breaks_the_page(desk, verb, value):
    desk.take(State.FORWARDED)
    names = ("words", "reason", "office", "month", "decision", "draft", "photos", "public_body")
    response = desk.do(verb, **dict.fromkeys(names, value))
    assert response.status_code in (303, 404, 422)
    assert "<script>alert" not in response.text


def test_the_address_of_an_action_leads_back_to_the_page(desk):
    desk.take()
    response = desk.get(f"{desk.url}verifikasi/")
    assert (response.status_code, response["Location"]) == (302, desk.url)


def test_no_inline_script_or_style(desk):
    desk.take(State.FORWARDED, lat=-6.9, lon=107.6)
    html = desk.get().text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html)


def test_all_of_it_in_english(desk):
    desk.take(State.FORWARDED)
    html = desk.get("/en" + desk.url).text
    for word in ("Hand over to another office", "Declare the work done", "working days left", "Deadline"):
        assert word in html
    for word in ("Teruskan", "Tenggat", "Tindakan", "Selesai"):
        assert f">{word}" not in html


def test_the_month_field_is_today_or_later(desk):
    desk.take(State.FORWARDED)
    this_month = f"{timezone.localdate():%Y-%m}"
    assert goes_on(desk.do("jadwalkan", month=this_month, reason="Menunggu anggaran perubahan."), desk)
    plan = casework.queries.schedules_of(cases=[desk.case.pk])[0]
    assert plan.target_month == date.fromisoformat(this_month + "-01")
