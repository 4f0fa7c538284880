"""What one city gave opens nothing in another."""

from __future__ import annotations

import re
import uuid
from http.cookies import SimpleCookie

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.cities.secrets import CannotDecrypt
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.models import Seal
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Contact
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report, Support
from tests.factories import add_people, picture, send
from tests.security.conftest import PERSONS, Browser

pytestmark = pytest.mark.django_db
OTHER = "pekalongan.localhost"


@pytest.fixture
def there(scene, pekalongan, now):
    """The other city, with the same accounts and a report of its own."""
    with cities.inside(pekalongan):
        found = add_people()
        report, _ = send(at=now, place=found.place, name="Orang Sana")
    return report


def same_cookies(browser: Browser) -> Browser:
    """The same person's browser with all its cookies, at the other city."""
    moved = Browser(host=OTHER)
    moved.cookies = SimpleCookie(browser.cookies.output(header="", sep=";"))
    for name, one in browser.cookies.items():
        moved.cookies[name] = one.value
    return moved


@pytest.mark.parametrize("person", ["warga", "lurah", "koordinator"])
def test_a_session(scene, there, person):
    browser = scene.browser(person)
    assert browser.get("/saya/").status_code == 200
    moved = same_cookies(browser)
    assert moved.cookies["guyub_sesi"].value == browser.cookies["guyub_sesi"].value
    for path in ("/saya/", "/petugas/", f"/petugas/laporan/{there.number}/", "/masuk/tujuan/"):
        answer = moved.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/masuk/")
    assert scene.people.account(PERSONS[person]).email not in moved.get("/").content.decode()


def test_a_device(scene, there, pekalongan):
    browser = Browser()
    browser.post(f"/laporan/{scene.number('published')}/dukung/")
    given = browser.cookies["guyub_perangkat"].value
    moved = same_cookies(browser)
    moved.post(f"/laporan/{there.number}/dukung/")
    assert moved.cookies["guyub_perangkat"].value != given  # it was not known there and got a new one
    with cities.inside(pekalongan):
        theirs = set(Support.objects.values_list("supporter", flat=True))
    assert not theirs & set(Support.objects.values_list("supporter", flat=True))


def test_a_link_of_a_reporter(scene, there, pekalongan):
    here = scene.key("fresh")
    assert Browser().get(f"/laporan/ikuti/{here}/").status_code == 200
    assert Browser(host=OTHER).get(f"/laporan/ikuti/{here}/").status_code == 404
    # Not even for a report of that very id: the signature is the city's.
    with cities.inside(pekalongan):
        Report.objects.filter(pk=there.pk).update(uuid=scene.report("fresh").uuid)
        theirs = actions.follow_key(scene.report("fresh").uuid)
    assert Browser(host=OTHER).get(f"/laporan/ikuti/{here}/").status_code == 404
    assert Browser(host=OTHER).get(f"/laporan/ikuti/{theirs}/").status_code == 200
    assert Browser().get(f"/laporan/ikuti/{theirs}/").status_code == 404


def test_the_address_of_a_photo(scene, there, pekalongan, now):
    signed = files.pictures(subject=actions.subject_of(scene.report("fresh")), may_see=True)[0].url
    assert Browser().get(signed).status_code == 200
    assert Browser(host=OTHER).get(signed).status_code == 404
    with cities.inside(pekalongan):
        files.store_photo(picture(), at=now, subject=actions.subject_of(there), uuid=scene.photo)
    assert Browser(host=OTHER).get(signed).status_code == 404
    assert Browser(host=OTHER).get(signed.replace(".jpg", "-k.jpg")).status_code == 404


def test_a_draft(scene, there):
    draft = actions.keep_draft(values={"body": "Kata-kata yang belum dikirim."}, at=timezone.now())
    assert "belum dikirim" in Browser().get(f"/laporan/baru/?draft={draft}").content.decode()
    assert "belum dikirim" not in Browser(host=OTHER).get(f"/laporan/baru/?draft={draft}").content.decode()
    assert Browser(host=OTHER).get(f"/laporan/baru/mirip/{draft}/").status_code == 404


def test_a_code_to_sign_in(scene, there):
    asking = Browser()
    asking.post("/masuk/", {"email": "lurah@demo.guyub.example"})
    code = re.search(r"Kode Anda: (\S+)", mail.outbox[-1].body)[1]
    moved = same_cookies(asking)
    assert moved.post("/masuk/kode/", {"code": code})["Location"] == "/masuk/"
    own = Browser(host=OTHER)
    own.post("/masuk/", {"email": "lurah@demo.guyub.example"})
    own.post("/masuk/kode/", {"code": code})
    assert own.get("/petugas/").status_code == 302
    assert asking.post("/masuk/kode/", {"code": code})["Location"] == "/masuk/tujuan/"


def test_a_token_of_a_form(scene, there):
    """A token fits only the cookie of the browser that was given it; cookies are of one host."""
    here, other = Browser(enforce_csrf_checks=True), Browser(host=OTHER, enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', here.get("/masuk/").content.decode())[1]
    other.get("/masuk/")
    sent = {"email": "warga@demo.guyub.example", "csrfmiddlewaretoken": token}
    assert other.post("/masuk/", sent).status_code == 403
    assert here.post("/masuk/", sent).status_code == 302
    for cookie in here.cookies.values():
        assert cookie["domain"] == ""


def test_a_number(scene, there, pekalongan):
    """Both cities count from one: the same number is another report, and a number of here alone is none."""
    assert there.number == scene.number("fresh") == "LAP-2026-000001"
    for path in ("/laporan/{}/", "/laporan/{}/dukung/", "/laporan/?sebelum={}"):
        there_only = path.format(scene.number("rejected"))
        assert Browser(host=OTHER).generic("POST" if "dukung" in path else "GET", there_only).status_code in (
            400,
            404,
        )
    with cities.inside(pekalongan):
        Report.objects.filter(pk=there.pk).update(body="Isi dari Pekalongan.")
    officer = scene.browser("lurah").get(f"/petugas/laporan/{there.number}/").content.decode()
    assert "Pekalongan" not in officer


def test_a_seal(scene, there, pekalongan, now):
    with cities.inside(pekalongan):
        assert ledger.find_seal(1) is None
    Seal.objects.create(
        number=1, from_era=0, from_txid="0", from_id=0, to_era=0, to_txid="0", to_id=0, count=0,
        root="0" * 64, previous="0" * 64, hash="1" * 64, sealed_at=now,
    )  # fmt: skip
    assert Browser().get("/bukti/1.json").status_code == 200
    assert Browser(host=OTHER).get("/bukti/1.json").status_code == 404
    assert (
        Browser(host=OTHER).get("/bukti/1.json", headers={"if-none-match": f'"{"1" * 64}"'}).status_code
        == 404
    )


def test_what_a_process_remembers(scene, there, pekalongan):
    """Caches, offices, places and the flood's counters are kept by city."""
    cache.set("uji", "sini")
    with cities.inside(pekalongan):
        assert cache.get("uji") is None
        theirs = {office.name for office in people.directory().offices}
    assert theirs.isdisjoint({o.name for o in people.directory().offices if "Coblong" in o.name})
    for path in ("/wilayah/", "/wilayah/batas.json", "/laporan/baru/", "/"):
        Browser().get(path)
        found = Browser(host=OTHER).get(path).content.decode()
        assert "Coblong" not in found
        assert "Bandung" not in found
    etag = Browser().get("/wilayah/batas.json")["ETag"]
    assert Browser(host=OTHER).get("/wilayah/batas.json", headers={"if-none-match": etag}).status_code == 200


def test_what_is_encrypted(scene, there, pekalongan):
    row = Contact.objects.order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_contact WHERE id = %s", [row.pk])
        sealed = bytes(cursor.fetchone()[0])
    assert cities.decrypt(sealed) == row.name
    with cities.inside(pekalongan), pytest.raises(CannotDecrypt):
        cities.decrypt(sealed)


def test_a_submission_sent_to_both(scene, there, pekalongan):
    """The same secret id in two cities is two reports; neither answers with the other's link."""
    sent = {
        "submission": str(uuid.uuid4()),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Sampah menumpuk di tepi jalan sejak tiga hari.",
    }
    here = Browser().post("/laporan/baru/", {**sent, "place": "32.73.01.1001"})
    with cities.inside(pekalongan):
        place = places.gazetteer().settlements[-1].code
    other = Browser(host=OTHER).post("/laporan/baru/", {**sent, "place": place})
    assert here.status_code == other.status_code == 303
    assert here["Location"] != other["Location"]
