"""Instansi luar: a letter, its own clock, a monthly reminder; and the report stays open until it is finished."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.models import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import access, queries, referring
from guyub.rooms.casework.models import Case, Letter
from guyub.rooms.casework.rules import OPEN, State, Verb
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.reports import actions as reports
from guyub.rooms.reports.queries import OPEN_STATES
from guyub.rooms.reports.web import letter as letter_page
from tests import factories
from tests.papers import words_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


def out(crew, at, **changes):
    report, case = factories.send(at=at - timedelta(hours=1), place=crew.place, **changes)
    case = factories.bring_to(State.EXTERNAL, report, case, by=crew["lurah"], at=at)
    return report, case


def test_it_is_open_with_a_clock_of_its_own_and_says_so_in_public(client, crew):
    report, case = out(crew, timezone.now())
    assert case.is_open
    assert State.EXTERNAL in OPEN
    assert State.EXTERNAL in OPEN_STATES
    assert case.office_id == crew["lurah"].grants[0].organisation
    assert case.due_at != case.resolve_due_at
    assert case.escalate_at is None
    told = ledger.tell(ledger.facts_about(case.subject)[-2])
    assert told.public
    assert "600/12" in told.text
    html = client.get(f"/laporan/{report.number}/", headers=factories.HOST).text
    for words in ("Diteruskan ke instansi luar, belum selesai", "600/12", "PLN", "Belum selesai."):
        assert words in html
    assert case.number in client.get("/laporan/?status=instansi-luar", headers=factories.HOST).text


def test_pln_has_less_time_than_others(crew, now):
    _, pln = out(crew, now)
    report, other = factories.send(at=now, place=crew.place)
    factories.bring_to(State.FORWARDED, report, other, by=crew["lurah"], at=now)
    factories.letter_for(other, by=crew["lurah"], at=now, body="luar:bbws")
    referring.send_letter(case=other.uuid, number="1/1", dated=now.date(), by=crew["lurah"], at=now)
    other.refresh_from_db()
    assert pln.due_at < other.due_at


def test_without_a_letter_nothing_is_sent_and_without_a_number_no_letter(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    with pytest.raises(referring.NoLetter):
        referring.send_letter(case=case.uuid, number="1/1", dated=now.date(), by=crew["lurah"], at=now)
    with pytest.raises(referring.NotAnExternalBody):
        referring.prepare_letter(
            case=case.uuid, body=case.office_id, title="Hal", words="Mohon.", by=crew["lurah"], at=now
        )
    factories.letter_for(case, by=crew["lurah"], at=now)
    factories.letter_for(case, by=crew["kasi"], at=now, body="luar:bbws")
    assert Letter.objects.filter(case=case).count() == 1


def test_no_case_is_handed_to_a_body_outside(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    targets = queries.hand_over_targets(case)
    kinds = {office.kind for office in [*targets.near, *targets.agencies, *targets.coordination]}
    assert OrganisationKind.EXTERNAL not in kinds


def test_conduct_never_leaves_the_inspektorat(crew, now):
    report, case = factories.send(at=now, place=crew.place, about_conduct=True)
    factories.bring_to(State.FORWARDED, report, case, by=crew["inspektorat"], at=now)
    assert not {Verb.LETTER, Verb.SEND_OUT} & set(access.offered(crew["inspektorat"], case))
    with pytest.raises(NotAllowed):
        factories.letter_for(case, by=crew["inspektorat"], at=now)


def test_after_the_reply_the_office_answers_finishes_or_goes_on_itself(crew):
    at = timezone.now()
    _, case = out(crew, at)
    referring.body_replied(
        case=case.uuid, dated=at.date(), words="Sudah kami jadwalkan.", by=crew["lurah"], at=at
    )
    assert queries.letter_sent(case).reply_words == "Sudah kami jadwalkan."
    reports.answer_report(case=case.uuid, words=factories.WORDS, by=crew["lurah"], at=at)
    case.refresh_from_db()
    assert case.state == State.EXTERNAL
    referring.take_back(case=case.uuid, by=crew["lurah"], at=at)
    case.refresh_from_db()
    assert (case.state, case.due_at) == (State.IN_PROGRESS, case.resolve_due_at)
    _, another = out(crew, at)
    factories.finished(another, by=crew["lurah"], at=at)
    another.refresh_from_db()
    assert another.state == State.WORK_DONE


def test_the_coordinator_is_reminded_once_a_month(crew):
    november, december = datetime(2026, 11, 25, 3, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC)
    _, case = out(crew, november)
    assert referring.remind_coordinators(at=november) == 0
    assert referring.remind_coordinators(at=december) == 1
    assert referring.remind_coordinators(at=december + timedelta(days=20)) == 0
    assert referring.remind_coordinators(at=datetime(2027, 1, 1, 3, tzinfo=UTC)) == 1
    told = Notice.objects.filter(key__startswith="external:").order_by("pk")
    assert {one.recipient for one in told} == {f"account:{crew['koordinator'].account}"}
    assert case.number in told[0].body
    assert "600/12" in told[0].body
    Case.objects.filter(pk=case.pk).update(state=State.IN_PROGRESS)
    assert referring.remind_coordinators(at=datetime(2027, 2, 1, 3, tzinfo=UTC)) == 0


PERSON = {"name": "Suharti Wijaya", "email": "suharti@rahasia.test", "phone": "0813-5550-7777"}


def test_the_letter_says_what_is_public_and_nothing_of_the_reporter(client, crew):
    at = timezone.now()
    report, case = out(crew, at, body="Kabel menjuntai, hubungi saya 0813-5550-7777.", **PERSON)
    report.public_body = "Kabel menjuntai."
    report.save()
    row = queries.letter_sent(case)
    said = repr(letter_page.words_of(report, case, row, address="https://x.test/laporan/"))
    for hidden in (*PERSON.values(), "hubungi saya"):
        assert hidden not in said
    assert "Kabel menjuntai." in said
    assert "'signs': 'Lurah " in said
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    answer = client.get(f"/petugas/laporan/{report.number}/surat.pdf", headers=factories.HOST)
    assert answer["Content-Type"] == "application/pdf"
    on_paper = words_on(answer.content)
    assert "Kabel menjuntai." in on_paper
    assert report.number in on_paper
    assert not [one for one in (*PERSON.values(), "hubungi saya") if one in on_paper]
    client.force_login(crew.account("penghubung"), backend=factories.BACKEND)
    answer = client.get(f"/petugas/laporan/{report.number}/surat.pdf", headers=factories.HOST)
    assert answer.status_code == 404


def test_what_people_wrote_is_never_markup():
    from guyub.kernel import documents

    made = documents.pdf(
        template="#let d = json(bytes(sys.inputs.data))\n#d.words", data={"words": '#panic("x") $ ] *'}
    )
    assert words_on(made) == '#panic("x") $ ] *'
    with pytest.raises(documents.DocumentFailed):
        documents.pdf(template='#panic("x")', data={})


def test_the_pages(client, crew):
    at = timezone.now()
    report, case = factories.send(at=at, place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=at)
    client.force_login(crew.account("kasi"), backend=factories.BACKEND)
    url = f"/petugas/laporan/{report.number}/"

    def do(verb: str, **data):
        case.refresh_from_db()
        return client.post(
            f"{url}{verb}/", {"stamp": case.updated_at.isoformat(), **data}, headers=factories.HOST
        )

    assert "kirim-surat" not in client.get(url, headers=factories.HOST).text
    assert do("surat", body="0", title="Kabel", words="Mohon diperbaiki.").status_code == 422
    pln = people.directory().find_key("luar:pln").id
    assert do("surat", body=pln, title="Kabel rendah", words="Mohon diperbaiki.").status_code == 303
    assert "Belum bernomor" in client.get(url, headers=factories.HOST).text
    assert do("kirim-surat", number="", dated=str(at.date())).status_code == 422
    assert do("kirim-surat", number="600/1", dated="2099-01-01").status_code == 422
    assert do("kirim-surat", number="600/1", dated=str(at.date())).status_code == 303
    assert do("balasan", dated=str(at.date()), words="Akan diperbaiki besok.").status_code == 303
    html = client.get(url, headers=factories.HOST).text
    assert "Akan diperbaiki besok." in html
    assert "Diteruskan ke instansi luar" in client.get("/petugas/", headers=factories.HOST).text


# ── What is known of the bodies ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return client

    return at


def known(**changes):
    said = {"name": "PLN UP3 Contoh", "short_name": "PLN", "address": "Jalan Contoh 1", "days": "7"}
    return {**said, "email": "surat@pln.test", "channel": "123", **changes}


@pytest.mark.parametrize("slug", ["koordinator", "admin"])
def test_an_address_is_written_down_and_printed_in_the_letter(sit, crew, slug):
    pln = people.directory().find_key("luar:pln")
    page = f"/petugas/instansi/{pln.id}/"
    assert "PLN" in sit(slug).get("/petugas/instansi/", headers=factories.HOST).text
    assert sit(slug).post(page, known(), headers=factories.HOST)["Location"] == "/petugas/instansi/"
    report, case = factories.send(at=timezone.now(), place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=timezone.now())
    letter = factories.letter_for(case, by=crew["lurah"], at=timezone.now())
    words = letter_page.words_of(report, case, letter, address="https://contoh.test/")
    assert (words["body"], words["address"]) == ("PLN UP3 Contoh", "Jalan Contoh 1")
    assert ledger.facts_about(f"casework.body:{pln.id}")[0].payload == {"body": pln.id, "days": 7}


def test_new_days_hold_for_letters_sent_from_now_on(crew, sit):
    _, before = out(crew, timezone.now())
    pln = people.directory().find_key("luar:pln")
    sit("admin").post(f"/petugas/instansi/{pln.id}/", known(days="30"), headers=factories.HOST)
    _, after = out(crew, timezone.now())
    assert after.due_at > before.due_at + timedelta(days=20)
    assert Case.objects.get(pk=before.pk).due_at == before.due_at


def test_wrong_values_are_said_and_others_may_not(sit, crew):
    pln, office = people.directory().find_key("luar:pln"), people.directory().find_key("pu")
    page = f"/petugas/instansi/{pln.id}/"
    for wrong in ({"name": ""}, {"email": "x"}, {"days": "0"}, {"days": "banyak"}, {"address": "a" * 201}):
        assert sit("admin").post(page, known(**wrong), headers=factories.HOST).status_code == 422
    assert sit("lurah").post(page, known(), headers=factories.HOST).status_code == 404
    assert sit("admin").get(f"/petugas/instansi/{office.id}/", headers=factories.HOST).status_code == 404
    with pytest.raises(NotAllowed):
        referring.describe_body(**{**known(), "days": 5}, body=pln.id, by=crew["lurah"], at=timezone.now())


def test_a_category_says_who_it_is_often_a_matter_of(sit, crew):
    report, case = factories.send(at=timezone.now(), place=crew.place, category="jalan-berlubang")
    factories.bring_to(State.FORWARDED, report, case, by=crew["penghubung"], at=timezone.now())
    address = f"/petugas/laporan/{report.number}/?langkah=surat"
    html = sit("penghubung").get(address, headers=factories.HOST).text
    wanted = people.directory().find_key("luar:jalan-nasional")
    assert f'<option value="{wanted.id}" selected>' in html


def test_the_letter_lists_public_photos_by_number():
    assert [letter_page._photos(n) for n in range(4)] == [
        "",
        "Foto 1 di halaman laporan",
        "Foto 1 dan 2 di halaman laporan",
        "Foto 1, 2, dan 3 di halaman laporan",
    ]


def test_a_reply_carries_photos_that_only_officers_see(sit, crew, client):
    report, case = out(crew, timezone.now())
    page = f"/petugas/laporan/{report.number}/"
    lurah = sit("lurah")
    said = {
        "stamp": case.updated_at.isoformat(),
        "words": "Akan dikerjakan.",
        "dated": f"{timezone.localdate()}",
    }
    pdf = SimpleUploadedFile("surat.pdf", b"%PDF-1.7 ...", "application/pdf")
    answer = lurah.post(f"{page}balasan/", {**said, "photos": [pdf]}, headers=factories.HOST)
    assert answer.status_code == 422
    assert "surat.pdf" in answer.text
    answer = lurah.post(f"{page}balasan/", {**said, "photos": [factories.picture()]}, headers=factories.HOST)
    assert answer.status_code == 303
    letter = queries.letter_sent(case)
    assert Photo.objects.filter(subject=queries.reply_subject(letter), is_public=False).count() == 1
    assert "Surat balasan 1" in lurah.get(page, headers=factories.HOST).text
    client.logout()
    assert "Surat balasan" not in client.get(f"/laporan/{report.number}/", headers=factories.HOST).text


def test_who_may_not_record_a_reply_stores_no_photo(sit, crew):
    report, case = out(crew, timezone.now())
    said = {"stamp": case.updated_at.isoformat(), "photos": [factories.picture()]}
    answer = sit("sekda").post(f"/petugas/laporan/{report.number}/balasan/", said, headers=factories.HOST)
    assert answer.status_code == 404
    assert not Photo.objects.exists()
