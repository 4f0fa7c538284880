"""Sending a report, as a phone without script does it, and as the script does it."""

from __future__ import annotations

import gzip
import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from PIL import Image

from guyub.kernel.access.api import NOBODY, Person
from guyub.kernel.cities import api as cities
from guyub.kernel.files.api import Photo
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions, sending, tasks
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Category, Draft, Report, Support
from guyub.rooms.reports.tests.sending_tools import (
    BANDUNG,
    DAGO,
    JSON,
    NEW,
    PEKALONGAN,
    filled,
    follow_path,
    photo,
    words_of,
)
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.counter import CounterForm
from guyub.rooms.reports.web.forms import ReportForm, clean_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def nobody_counted_before(city):
    cache.clear()


def send(client, headers=BANDUNG, **changes):
    return client.post(NEW, filled(**changes), headers=headers)


def signed_in(client, role="", email="warga@contoh.example"):
    account = people.add_account(email=email, name="Warga Contoh")
    if role:
        ward = people.directory().of_settlement(DAGO)
        people.give_grant(
            account=account,
            role=role,
            organisation=ward.id,
            place=DAGO,
            legal_basis="SK",
            since=timezone.localdate() - timedelta(days=1),
            by=None,
            at=timezone.now(),
        )
    from guyub.rooms.people.models import Account

    client.force_login(
        Account.objects.get(pk=account), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return account


# ── without a script ──────────────────────────────────────────────────────────────────────────────────────


def test_the_form_asks_for_no_account_and_chooses_what_the_address_names(client):
    page = client.get(f"{NEW}?kategori=lampu-jalan", headers=BANDUNG)
    assert page.status_code == 200
    assert re.search(r'<option value="lampu-jalan"[^>]* selected', words_of(page))
    assert 'href="tel:112"' in words_of(page)
    assert "no-store" in page["Cache-Control"]


def test_the_form_speaks_english_below_en(client):
    page = words_of(client.get("/en/laporan/baru/", headers=BANDUNG))
    assert "Street light" in page
    assert "Send report" in page


def test_a_report_is_sent_and_lands_on_its_own_page(client):
    answer = send(client, rw="4", rt="02", landmark="depan gang", email="warga@contoh.example")
    page = client.get(answer["Location"], headers=BANDUNG)
    report = Report.objects.get()
    assert report.number in words_of(page)
    assert "Laporan terkirim" in words_of(page)
    assert (report.rw, report.rt, report.landmark) == ("004", "002", "depan gang")
    assert report.contact_id


def test_a_point_alone_names_the_nearest_kelurahan(client):
    follow_path(send(client, place="", lat="-6.8790", lon="107.6170"))
    report = Report.objects.select_related("place").get()
    assert (report.lat, report.lon) == (-6.8790, 107.6170)
    assert report.place.code.startswith("32.73.02.")


def test_pressing_twice_sends_once(client):
    form = filled()
    first, second = (client.post(NEW, form, headers=BANDUNG) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_form_used_again_for_other_words_is_not_swallowed(client):
    form = filled()
    first = client.post(NEW, form, headers=BANDUNG)
    other = client.post(NEW, {**form, "body": "Lampu di ujung gang mati juga."}, headers=BANDUNG)
    assert other.status_code == 422
    assert follow_path(first) in words_of(other)
    renewed = re.search(r'name="submission" value="([0-9a-f-]{36})"', words_of(other))[1]
    assert renewed != form["submission"]
    assert "Lampu di ujung gang mati juga." in words_of(other)


def test_photos_survive_an_error_elsewhere(client):
    wrong = send(client, body="pendek", photos=[photo("a.jpg"), photo("b.jpg", "blue")])
    assert wrong.status_code == 422
    page = words_of(wrong)
    draft = re.search(r'name="draft" value="([0-9a-f-]{36})"', page)[1]
    kept = re.findall(r'name="remove" value="([0-9a-f-]{36})"', page)
    assert len(kept) == 2
    thumb = re.search(r'<img src="([^"]+)"', page)[1].replace("&amp;", "&")
    shown = client.get(thumb, headers=BANDUNG)
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    follow_path(send(client, draft=draft, remove=kept[0]))
    report = Report.objects.get()
    assert [str(p.uuid) for p in Photo.objects.filter(subject=actions.subject_of(report))] == kept[1:]
    assert not Draft.objects.exists()


def test_a_draft_opens_again_by_its_address_and_is_swept_after_a_week(client):
    wrong = send(client, body="pendek", landmark="dekat pos", name="Rina", photos=[photo()])
    draft = re.search(r'name="draft" value="([0-9a-f-]{36})"', words_of(wrong))[1]
    page = words_of(client.get(f"{NEW}?draft={draft}", headers=BANDUNG))
    assert 'value="dekat pos"' in page
    assert "Foto yang sudah tersimpan" in page
    assert b"Rina" not in bytes(_raw("SELECT values FROM reports_draft"))
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "dekat pos" not in words_of(client.get(f"{NEW}?draft={draft}", headers=BANDUNG))
    tasks.sweep()
    assert not Draft.objects.exists()
    assert not Photo.objects.exists()


def _raw(sql):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_danger_shows_whom_to_call_and_is_taken_in_all_the_same(client):
    wrong = send(client, category="kabel-listrik", body="pendek")
    urgent = words_of(wrong).partition('id="urgent"')[2]
    assert 'href="tel:123"' in urgent
    assert urgent.index("tel:123") < urgent.index("tel:112")
    sent = send(client, category="kabel-listrik")
    page = words_of(client.get(sent["Location"], headers=BANDUNG))
    assert "Ini bahaya" in page
    assert Case.objects.get().is_hazard


def test_conduct_goes_to_the_inspektorat_alone(client):
    follow_path(send(client))
    follow_path(send(client, about_conduct="on"))
    assert Case.objects.filter(is_restricted=True).count() == 1


def test_whoever_is_signed_in_is_not_asked_who_they_are(client):
    account = signed_in(client)
    page = words_of(client.get(NEW, headers=BANDUNG))
    assert 'name="email"' not in page
    assert 'name="for_neighbour"' not in page
    follow_path(send(client, for_neighbour="on", email="lain@contoh.example"))
    report = Report.objects.get()
    assert (report.account_id, report.contact_id, report.for_neighbour) == (account, None, False)


def test_a_ketua_rt_reports_for_a_neighbour(client):
    signed_in(client, role="ketua_rt")
    assert 'name="for_neighbour"' in words_of(client.get(NEW, headers=BANDUNG))
    follow_path(send(client, for_neighbour="on"))
    assert Report.objects.get().for_neighbour


# ── neighbours' reports ───────────────────────────────────────────────────────────────────────────────────


def test_a_similar_report_is_shown_before_a_second_is_made(client):
    send(client)
    answer = send(client, body="Ada timbunan sampah besar di gang.", photos=[photo()])
    assert answer.status_code == 303
    assert "/laporan/baru/mirip/" in answer["Location"]
    page = words_of(client.get(answer["Location"], headers=BANDUNG))
    assert "LAP-2026-000001" in page
    assert (
        "Sampah menumpuk di depan gang" not in page
    )  # its words are nobody's before an officer has read them
    follow_path(client.post(answer["Location"], headers=BANDUNG))
    assert Report.objects.count() == 2
    assert Photo.objects.filter(subject__gt="").count() == 1


def test_sending_from_the_similar_page_twice_sends_once(client):
    send(client)
    form = filled(body="Ada timbunan sampah besar di gang.")
    answer = client.post(NEW, form, headers=BANDUNG)
    first, second = (
        client.post(answer["Location"], {"submission": form["submission"]}, headers=BANDUNG) for _ in range(2)
    )
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 2


def test_a_voice_is_counted_once_and_leaves_no_draft(client):
    send(client)
    answer = send(client, body="Ada timbunan sampah besar di gang.", photos=[photo()])
    draft = answer["Location"].rstrip("/").rpartition("/")[2]
    for _ in range(2):
        thanks = client.post("/laporan/LAP-2026-000001/dukung/", {"draft": draft}, headers=BANDUNG)
        assert thanks.status_code == 302
    assert Report.objects.get().supporters == 1
    assert not Draft.objects.exists()
    assert not Photo.objects.exists()
    other = Client()
    other.post("/laporan/LAP-2026-000001/dukung/", headers=BANDUNG)
    assert Report.objects.get().supporters == 2
    assert all(len(one.supporter) <= 60 for one in Support.objects.all())


def test_an_account_is_one_voice_on_every_device(client):
    send(Client())
    account = signed_in(client)
    client.post("/laporan/LAP-2026-000001/dukung/", headers=BANDUNG)
    assert Support.objects.get().supporter == f"account:{account}"


def test_a_report_on_conduct_cannot_be_supported_or_found(client):
    send(client, about_conduct="on")
    assert client.post("/laporan/LAP-2026-000001/dukung/", headers=BANDUNG).status_code == 404
    follow_path(send(client, body="Sampah tidak diangkut karena diminta uang."))


# ── with the script ───────────────────────────────────────────────────────────────────────────────────────


def test_the_script_gets_number_and_addresses_and_the_same_ones_again(client):
    form = filled()
    first, second = (client.post(NEW, form, headers=JSON) for _ in range(2))
    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["number"] == "LAP-2026-000001"
    assert client.get(first.json()["follow"], headers=BANDUNG).status_code == 200
    assert Report.objects.count() == 1


def test_the_script_hears_of_errors_by_field(client):
    answer = send(client, headers=JSON, body="", place="99.99.99.9999")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"body", "place"}


def test_the_script_hears_of_similar_reports(client):
    send(client)
    answer = send(client, headers=JSON, body="Ada timbunan sampah besar di gang.")
    assert client.get(answer.json()["similar"], headers=BANDUNG).status_code == 200


def test_photos_follow_the_words_each_once(client):
    upload = send(client, headers=JSON).json()["upload"]
    one = str(uuid.uuid4())
    answers = [client.post(upload, {"photo": photo(), "uuid": one}, headers=JSON) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert [a.json()["is_new"] for a in answers] == [True, False]
    assert Photo.objects.filter(subject=actions.subject_of(Report.objects.get())).count() == 1


def test_a_report_takes_five_photos_and_no_false_one(client):
    upload = send(client, headers=JSON).json()["upload"]

    def add(file, key=None):
        return client.post(
            upload, {"photo": file, "uuid": key or str(uuid.uuid4())}, headers=JSON
        ).status_code

    assert add(SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")) == 422
    assert client.post(upload, {"uuid": "no"}, headers=JSON).status_code == 400
    assert [add(photo()) for _ in range(6)] == [200] * 5 + [409]


@pytest.mark.parametrize(
    "change", [{"state": "FORWARDED"}, {"submitted_at": datetime(2026, 11, 19, tzinfo=UTC)}]
)
def test_no_photo_follows_once_an_officer_has_read_it_or_after_two_days(client, change):
    upload = send(client, headers=JSON).json()["upload"]
    Report.objects.update(**change)
    assert client.post(upload, {"photo": photo(), "uuid": str(uuid.uuid4())}, headers=JSON).status_code == 409


def test_nobody_can_write_over_the_photo_of_another_report(client):
    first = send(client, headers=JSON).json()["upload"]
    key = str(uuid.uuid4())
    client.post(first, {"photo": photo(), "uuid": key}, headers=JSON)
    kept = Photo.objects.get().uuid
    second = send(client, headers=JSON, category="lampu-jalan").json()["upload"]
    for claimed in (key, str(kept)):
        assert client.post(second, {"photo": photo(), "uuid": claimed}, headers=JSON).json()["is_new"]
    owner = Report.objects.earliest("pk")
    assert Photo.objects.get(subject=actions.subject_of(owner)).uuid == kept


# ── bad input ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        {"category": "tidak-ada"},
        {"category": "sampah\x00"},
        {"place": "33.75.01.1001"},
        {"place": "32.73.02"},
        {"place": ""},
        {"report_class": "KUDETA"},
        {"body": " \n \t "},
        {"body": "\x00\x01\x02" * 20},
        {"body": "a" * 4001},
        {"rw": "12a"},
        {"rt": "0004"},
        {"landmark": "x" * 161},
        {"email": "bukan surel"},
        {"phone": "telepon saya"},
        {"submission": "1"},
        {"submission": None},
        {"draft": "x"},
        {"lat": "nan", "lon": "nan"},
        {"lat": "inf", "lon": "107.6"},
        {"lat": "-6.9", "lon": "x"},
        {"lat": "-6.9", "lon": ""},
        {"lat": "-6.1754", "lon": "106.8272"},
        {"lat": "91", "lon": "181"},
        {"lat": "1e400", "lon": "107.6"},
        {"place": "", "lat": "51.5", "lon": "-0.1"},
    ],
)
def test_a_wrong_form_comes_back_with_a_clear_word(client, change):
    answer = send(client, **change)
    assert answer.status_code == 422
    assert "Belum terkirim" in words_of(answer)
    assert not Report.objects.exists()


def test_a_point_outside_the_city_is_said_to_be_outside(client):
    assert "di luar daerah ini" in words_of(send(client, lat="-6.1754", lon="106.8272"))


def test_a_tampered_form_can_simply_be_sent_again(client):
    page = words_of(send(client, submission="1", draft="x"))
    renewed = re.search(r'name="submission" value="([0-9a-f-]{36})"', page)[1]
    follow_path(send(client, submission=renewed))


def test_an_unknown_draft_is_a_new_one(client):
    follow_path(send(client, draft=str(uuid.uuid4()), photos=[photo()]))
    assert Photo.objects.get().subject


def bomb():
    out = io.BytesIO()
    Image.new("1", (30000, 30000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("skrip.jpg", b"<script>alert(1)</script>"),
        ("kosong.jpg", b""),
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("besar.jpg", b"\xff\xd8\xff" + b"\0" * (12 * 1024 * 1024 + 1)),
        ("bom.png", bomb),
    ],
)
def test_a_false_photo_is_named_and_the_right_one_kept(client, name, content):
    content = content() if callable(content) else content
    answer = send(client, photos=[photo("benar.jpg"), SimpleUploadedFile(name, content, "image/jpeg")])
    assert answer.status_code == 422
    assert f"{name}: " in words_of(answer)
    assert Photo.objects.count() == 1
    assert not Report.objects.exists()


def test_the_sixth_photo_is_refused_by_name_and_five_are_kept(client):
    answer = send(client, photos=[photo(f"{n}.jpg", (n * 40, 0, 0)) for n in range(6)])
    assert answer.status_code == 422
    assert "5.jpg: Paling banyak 5 foto" in words_of(answer)
    assert Photo.objects.count() == 5


def test_what_is_typed_stays_text(client):
    evil = '<img src=x onerror="alert(1)"> sampah di gang'
    wrong = words_of(send(client, body=evil, category=""))
    assert "<img src=x" not in wrong
    assert "&lt;img src=x" in wrong
    page = words_of(client.get(follow_path(send(client, body=evil, landmark=evil[:100])), headers=BANDUNG))
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") >= 2


def test_text_is_cleaned_of_what_no_keyboard_types():
    assert clean_text("satu\r\ndua\ttiga\x00\x07\u202edua\ud800 🙏🏽") == "satu\ndua tigadua 🙏🏽"


def test_an_inactive_category_cannot_be_chosen(client):
    Category.objects.filter(code="sampah").update(is_active=False)
    assert send(client).status_code == 422


def test_other_methods_are_refused(client):
    assert client.put(NEW, headers=BANDUNG).status_code == 405
    assert client.get("/laporan/LAP-2026-000001/dukung/", headers=BANDUNG).status_code == 405


def test_a_form_from_another_site_is_refused(city):
    assert Client(enforce_csrf_checks=True).post(NEW, filled(), headers=BANDUNG).status_code == 403


# ── floods ────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_device_is_slowed_and_its_neighbours_are_not(client, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 3, 300, 1000))
    codes = [send(client, headers=JSON, body=f"Laporan ke-{n} dari gang.").status_code for n in range(5)]
    assert codes == [200, 200, 200, 200, 429]  # the first came before the device had its cookie
    assert send(client).status_code == 429
    assert "Terlalu banyak" in words_of(send(client))
    assert send(Client(), headers=JSON).status_code == 200


def test_one_address_may_send_three_hundred(client, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 30, 4, 1000))
    codes = [send(Client(), headers=JSON).status_code for _ in range(6)]
    assert codes == [200] * 4 + [429] * 2
    assert 590 < int(send(client, headers=JSON)["Retry-After"]) <= 600


def test_a_forged_device_counts_as_none(client):
    client.cookies["guyub_perangkat"] = "00-forged"
    answer = send(client)
    assert answer.cookies["guyub_perangkat"].value.partition("-")[0] != "00"
    assert answer.cookies["guyub_perangkat"]["httponly"]


# ── two cities ────────────────────────────────────────────────────────────────────────────────────────────


def test_another_citys_draft_opens_nothing(client, pekalongan):
    send(client)
    similar = send(client, body="Ada timbunan sampah besar di gang.")["Location"]
    draft = similar.rstrip("/").rpartition("/")[2]
    assert client.get(similar, headers=PEKALONGAN).status_code == 404
    assert client.post(similar, headers=PEKALONGAN).status_code == 404
    page = words_of(client.get(f"{NEW}?draft={draft}", headers=PEKALONGAN))
    assert "Ada timbunan" not in page
    with cities.inside(pekalongan):
        assert not Report.objects.exists()


# ── what it costs ─────────────────────────────────────────────────────────────────────────────────────────


def test_sending_takes_few_queries(client, django_assert_max_num_queries):
    send(client)  # what a process reads once is read
    with django_assert_max_num_queries(13):
        follow_path(send(client, category="trotoar-rusak", email="warga@contoh.example"))


def test_showing_the_form_takes_no_query(client, django_assert_max_num_queries):
    client.get(NEW, headers=BANDUNG)
    with django_assert_max_num_queries(0):
        client.get(NEW, headers=BANDUNG)


def test_the_first_visit_weighs_less_than_sixty_kilobytes(client):
    page = client.get(NEW, headers=BANDUNG)
    files = re.findall(r'(?:<link rel="stylesheet" href|<script src)="([^"]+)"', words_of(page))
    assert not [
        name for name in files if "leaflet" in name or "map.js" in name
    ]  # only when the map is opened
    total = len(gzip.compress(page.content))
    for name in [*files, f"{settings.STATIC_URL}ui/icons.svg"]:
        total += len(gzip.compress(_static(client, name)))
    assert total <= 60 * 1024, total


def _static(client, name):
    if not name.startswith(settings.STATIC_URL):
        return client.get(name, headers=BANDUNG).content
    inner = name.removeprefix(settings.STATIC_URL)
    package = "guyub.ui" if inner.startswith("ui/") else "guyub.rooms.reports"
    return (resources.files(package) / "static" / inner).read_bytes()


def test_the_photos_that_wait_too_long_name_their_reason(client):
    send(client)
    report = Report.objects.get()
    late = report.submitted_at + timedelta(days=2, seconds=1)
    assert sending.photos_may_follow(report, at=report.submitted_at)
    assert not sending.photos_may_follow(report, at=late)


def test_forms_share_their_fields_and_change_only_their_own(city):
    def told(form):
        shared = {
            name: field for name, field in form.fields.items() if name not in ReportForm.base_fields.own
        }
        return {
            name: repr(sorted((key, str(value)) for key, value in vars(field).items() if key != "widget"))
            + repr(sorted(vars(field.widget).items(), key=str))
            for name, field in shared.items()
        }

    def form(data=None, person=NOBODY):
        return ReportForm(data, categories=categories().offered, person=person)

    first = form()
    before = told(first)
    officer = Person(account=7)
    for language in ("en", "id"):
        with translation.override(language):
            for one in (
                form(),
                form({"lat": "x", "email": "tidak", "rt": "?"}),
                form(person=officer),
                form({}),
            ):
                one.is_valid()
                one.unfold()
                one.render()
    assert told(form()) == before
    assert form().fields["body"] is first.fields["body"]
    assert form().fields["place"] is not first.fields["place"]
    assert "name" not in form(person=officer).fields
    assert "name" in form().fields
    assert CounterForm().fields["body"] is not CounterForm().fields["body"]
    assert form().fields["body"].label == first.fields["body"].label
