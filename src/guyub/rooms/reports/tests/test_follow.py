"""The reporter's own page: behind its secret link, and the list of an account."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guyub.kernel.access.api import GrantInForce, Person
from guyub.kernel.cities import api as cities
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.reports import actions
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.tests.sending_tools import BANDUNG, DAGO, JSON, PEKALONGAN, photo, words_of

pytestmark = pytest.mark.django_db


def sent(at=None, **changes):
    """A report and the address of its own page."""
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body="Sampah menumpuk di depan gang sejak tiga hari.",
        place=DAGO,
    )
    receipt = actions.submit_report(what=Submission(**{**values, **changes}), at=at or timezone.now())
    return Report.objects.get(number=receipt.number), f"/laporan/ikuti/{receipt.follow_key}/"


def lurah():
    ward = people.directory().of_settlement(DAGO)
    account = people.add_account(email="lurah@contoh.example", name="Lurah Contoh")
    return Person(account, "Lurah Contoh", "", (GrantInForce("lurah", ward.id, ward.kind, ward.name, DAGO),))


def case_of(report):
    return Case.objects.get(number=report.number).uuid


def verified(report):
    at = timezone.now()
    actions.verify_report(case=case_of(report), public_body=report.body, photos=[], by=lurah(), at=at)


def asked(report):
    verified(report)
    words = "Di gang sebelah mana, Bapak/Ibu?"
    actions.ask_reporter(case=case_of(report), words=words, by=lurah(), at=timezone.now())


def finished(report):
    verified(report)
    at = timezone.now()
    draft = actions.keep_draft(values={}, at=at)
    files.store_photo(photo("sesudah.jpg", "green"), at=at, draft=draft)
    actions.complete_report(case=case_of(report), words="Sudah diangkut.", photos=draft, by=lurah(), at=at)


def state_of(report):
    return Report.objects.get(pk=report.pk).state


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_what_comes_next_by_whom_and_by_when(client, city, now):
    report, path = sent(at=now)
    page = words_of(client.get(path, headers=BANDUNG))
    assert report.number in page
    assert "Menunggu verifikasi" in page
    assert "Kelurahan Dago" in page
    assert "Rabu, 25 November 2026" in page
    assert "perkiraan" not in page


def test_a_date_in_a_year_without_a_decree_is_an_estimate(client, city, now):
    report, path = sent(at=now + timedelta(days=400))
    assert casework.queries.cases_of(subject=actions.subject_of(report))[0].due_is_provisional
    assert "perkiraan" in words_of(client.get(path, headers=BANDUNG))


def test_it_speaks_english_below_en(client, city, now):
    _, path = sent(at=now)
    page = words_of(client.get(f"/en{path}", headers=BANDUNG))
    assert "Keep this link" in page
    assert "Wednesday, 25 November 2026" in page


def test_it_is_kept_out_of_stores_indexes_and_other_sites_logs(client, city):
    _, path = sent()
    page = client.get(path, headers=BANDUNG)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Cache-Control"] == "private, no-store"


def test_it_shares_the_public_page_and_never_itself(client, city):
    report, path = sent()
    page = words_of(client.get(path, headers=BANDUNG))
    link = page.partition("https://wa.me/?text=")[2].partition('"')[0]
    assert report.number in link
    assert "ikuti" not in link


@pytest.mark.parametrize("change", [{"about_conduct": True}, {"is_confidential": True}])
def test_what_is_not_for_the_public_is_not_shared(client, city, change):
    _, path = sent(**change)
    assert "wa.me" not in words_of(client.get(path, headers=BANDUNG))


@pytest.mark.parametrize("key", ["x", "0" * 32 + "-" + "x" * 22, "é" * 32 + "-abc", "0" * 32, "-"])
def test_a_forged_link_opens_nothing(client, city, key):
    for path in (f"/laporan/ikuti/{key}/", f"/laporan/ikuti/{key}/data/"):
        answer = client.get(path, headers=BANDUNG)
        assert answer.status_code == 404
        assert "Tautan ini tidak membuka laporan" in answer.text
        assert 'href="/laporan/kode/"' in answer.text
        assert answer["Referrer-Policy"] == "no-referrer"
    assert client.post(f"/laporan/ikuti/{key}/foto/", headers=BANDUNG).status_code == 404


def test_another_citys_link_opens_nothing(client, city, pekalongan):
    _, path = sent()
    for headers in (PEKALONGAN, {**PEKALONGAN, "accept": "application/json"}):
        assert client.get(path, headers=headers).status_code == 404
        assert client.post(path, {"verb": "confirm"}, headers=headers).status_code == 404
        assert client.post(f"{path}foto/", headers=headers).status_code == 404
    with cities.inside(pekalongan):
        assert not Report.objects.exists()


def test_it_shows_danger_numbers_only_right_after_sending(client, city):
    _, path = sent(category="kabel-listrik")
    assert "tel:123" in words_of(client.get(f"{path}?terkirim=1", headers=BANDUNG))
    assert "tel:123" not in words_of(client.get(path, headers=BANDUNG))


def test_the_page_takes_few_queries(client, city, django_assert_max_num_queries):
    report, path = sent()
    finished(report)
    client.get(path, headers=BANDUNG)
    with django_assert_max_num_queries(11):
        client.get(path, headers=BANDUNG)


# ── what the reporter does ────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_shown_and_answered(client, city):
    report, path = sent()
    asked(report)
    page = words_of(client.get(path, headers=BANDUNG))
    assert "Di gang sebelah mana" in page
    answer = client.post(path, {"verb": "reply", "words": "Gang <b>Melati</b> 3"}, headers=BANDUNG)
    assert answer.status_code == 303
    assert state_of(report) == "FORWARDED"
    after = words_of(client.get(answer["Location"], headers=BANDUNG))
    assert "Gang &lt;b&gt;Melati&lt;/b&gt; 3" in after
    assert "Jawaban Anda sampai" in after


@pytest.mark.parametrize("words", ["", "  \x00 ", "x" * 4001])
def test_an_empty_or_endless_answer_is_not_taken(client, city, words):
    report, path = sent()
    asked(report)
    assert client.post(path, {"verb": "reply", "words": words}, headers=BANDUNG).status_code == 422
    assert state_of(report) == "WAITING_REPORTER"


def test_the_work_is_shown_and_the_reporter_confirms(client, city):
    report, path = sent()
    finished(report)
    page = words_of(client.get(path, headers=BANDUNG))
    assert "Sudah diangkut." in page
    assert "Setelah dikerjakan" in page
    assert client.post(path, {"verb": "confirm"}, headers=BANDUNG).status_code == 303
    assert state_of(report) == "CONFIRMED"


def test_not_finished_by_words_opens_it_again(client, city):
    report, path = sent()
    finished(report)
    client.post(path, {"verb": "dispute", "words": "Masih ada di sudut gang."}, headers=BANDUNG)
    assert state_of(report) == "IN_PROGRESS"
    assert "Masih ada di sudut gang." in words_of(client.get(path, headers=BANDUNG))


def test_not_finished_by_a_photo_alone_opens_it_again(client, city):
    report, path = sent()
    finished(report)
    client.post(path, {"verb": "dispute", "photos": [photo()]}, headers=BANDUNG)
    assert state_of(report) == "IN_PROGRESS"
    assert files.Photo.objects.filter(subject__startswith="conversation.message:").count() == 1


def test_not_finished_without_words_or_photo_asks_for_either_and_keeps_what_came(client, city):
    report, path = sent()
    finished(report)
    assert client.post(path, {"verb": "dispute"}, headers=BANDUNG).status_code == 422
    false = photo("benar.jpg"), photo("palsu.jpg")
    false[1].file.seek(0)
    false[1].file.truncate(10)
    page = client.post(path, {"verb": "dispute", "words": "Belum", "photos": false}, headers=BANDUNG)
    assert page.status_code == 422
    assert "palsu.jpg" in words_of(page)
    assert "Foto yang sudah tersimpan" in words_of(page)
    assert state_of(report) == "WORK_DONE"


@pytest.mark.parametrize("verb", ["reply", "confirm", "dispute"])
def test_what_is_no_longer_possible_is_explained(client, city, verb):
    report, path = sent()
    verified(report)
    page = client.post(path, {"verb": verb, "words": "kata saya"}, headers=BANDUNG)
    assert page.status_code == 409
    assert "Keadaan laporan sudah berubah" in words_of(page)
    assert "kata saya" in words_of(page)
    assert state_of(report) == "FORWARDED"


@pytest.mark.parametrize("verb", ["", "verify", "reject"])
def test_nothing_else_can_be_done(client, city, verb):
    report, path = sent()
    assert client.post(path, {"verb": verb}, headers=BANDUNG).status_code == 422
    assert state_of(report) == "RECEIVED"


def test_the_key_is_the_authority_so_no_cookie_is_needed(city):
    """Browsers send "Origin: null" from a page with no-referrer, and photos may follow without the form's token."""
    report, path = sent()
    strict = Client(enforce_csrf_checks=True)
    upload = {"photo": photo(), "uuid": str(uuid.uuid4())}
    assert strict.post(f"{path}foto/", upload, headers={**JSON, "origin": "null"}).status_code == 200
    asked(report)
    answer = strict.post(
        path, {"verb": "reply", "words": "Gang Melati"}, headers={**BANDUNG, "origin": "null"}
    )
    assert answer.status_code == 303


# ── the list of an account ────────────────────────────────────────────────────────────────────────────────


def sign_in(client, account):
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(Account.objects.get(pk=account), backend=backend)


def test_one_has_to_sign_in_to_see_ones_list(client, city):
    assert client.get("/saya/", headers=BANDUNG).status_code == 302


def test_one_sees_ones_own_reports_and_no_others(client, city):
    account = people.add_account(email="warga@contoh.example", name="Warga Contoh")
    by = Person(account)
    mine = actions.submit_report(
        what=Submission(
            submission=uuid.uuid4(),
            report_class="ASPIRASI",
            category="taman",
            body="Tanam pohon.",
            place=DAGO,
        ),
        by=by,
        at=timezone.now(),
    )
    other, _ = sent()
    sign_in(client, account)
    page = words_of(client.get("/saya/", headers=BANDUNG))
    assert mine.number in page
    assert other.number not in page
    assert f"/laporan/ikuti/{mine.follow_key}/" in page


def test_a_ketua_rt_sees_what_is_new_around_but_not_what_it_says_or_who_said_it(client, city):
    account = people.add_account(email="rt@contoh.example", name="Ketua RT Contoh")
    people.give_grant(
        account=account,
        role="ketua_rt",
        organisation=people.directory().of_settlement(DAGO).id,
        place=DAGO,
        legal_basis="SK",
        since=timezone.localdate() - timedelta(days=1),
        by=None,
        at=timezone.now(),
    )
    around, path = sent(name="Rina")
    conduct, _ = sent(about_conduct=True)
    sign_in(client, account)
    page = words_of(client.get("/saya/", headers=BANDUNG))
    assert around.number in page
    assert conduct.number not in page
    assert path not in page
    assert "Rina" not in page
    assert "Sampah menumpuk di depan gang" not in page
    assert f"/wilayah/{DAGO}/" in page
