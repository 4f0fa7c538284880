"""The pages about authority: said in words, asked twice, done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import roles
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account, Grant
from guyub.rooms.people.rules import Kind
from tests.factories import BACKEND, HOST, add_people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def persons(city):
    return add_people()


@pytest.fixture
def page(client, persons):
    def ask(slug, address, data=None):
        client.force_login(Account.objects.get(email=f"{slug}@{DOMAIN}"), backend=BACKEND)
        return client.get(address, headers=HOST) if data is None else client.post(address, data, headers=HOST)

    return ask


def today():
    return timezone.localdate()


def test_my_authority_is_said_in_words(page):
    text = page("seklur", "/petugas/wewenang/").content.decode()
    for words in ("a.n. Lurah", "Menyetujui penjadwalan", "Nota dinas contoh 065/12", "Lurah Contoh"):
        assert words in text
    text = page("sekcam", "/petugas/").content.decode()
    assert "Plh. Camat" in text, "the head of the desk's page says in which quality"


def test_all_roles_are_explained(page):
    text = page("kasi", "/petugas/peran/").content.decode()
    assert "Dukungan teknis" in text
    assert "Melihat kontak pelapor yang anonim" in text


def test_a_head_delegates_after_reading_it_once_more(page, persons):
    own = Grant.objects.get(account=persons["lurah"].account)
    said = {
        "source": own.pk,
        "account": persons["kasi"].account,
        "bundles": ["jadwal", "periksa"],
        "basis": "Nota dinas 1",
        "since": today().isoformat(),
        "last": (today() + timedelta(days=3)).isoformat(),
        "reason": "Dinas luar.",
    }
    first = page("lurah", "/petugas/wewenang/limpahkan/", said)
    assert "Sudah benar?" in first.content.decode()
    assert Grant.objects.filter(kind=Kind.DELEGATION, account=persons["kasi"].account).count() == 0
    assert page("lurah", "/petugas/wewenang/limpahkan/", {**said, "yakin": "1"}).status_code == 302
    row = Grant.objects.get(kind=Kind.DELEGATION, account=persons["kasi"].account)
    assert row.until == today() + timedelta(days=4)
    assert people.person(row.account_id, on=today()).can(roles.APPROVE_SCHEDULE)
    wrong = page("lurah", "/petugas/wewenang/limpahkan/", {**said, "last": "2020-01-01", "yakin": "1"})
    assert wrong.status_code == 422
    assert "Dinas luar." in wrong.content.decode(), "what was typed is still there"


def test_an_acting_head_has_no_page_to_delegate(page):
    assert page("sekcam", "/petugas/wewenang/limpahkan/").status_code == 404


def test_an_admin_gives_and_ends(page, persons):
    office = persons["lurah"].grants[0].organisation
    said = {
        "name": "Baru Uji",
        "email": "Baru@uji.test",
        "kind": Kind.DEFINITIVE,
        "role": "kasi",
        "office": office,
        "basis": "SK 9",
        "basis_on": "",
        "since": today().isoformat(),
        "last": "",
        "reason": "",
    }
    assert "Sudah benar?" in page("admin", "/petugas/wewenang/beri/", said).content.decode()
    assert not Account.objects.filter(email="baru@uji.test").exists()
    assert page("admin", "/petugas/wewenang/beri/", {**said, "yakin": "1"}).status_code == 302
    row = Grant.objects.get(account__email="baru@uji.test")
    assert row.given_by_id == persons["admin"].account
    assert "Baru Uji" in page("admin", "/petugas/wewenang/kota/?cari=baru").content.decode()
    page("admin", f"/petugas/wewenang/{row.pk}/akhiri/", {"reason": "Salah ketik."})
    assert not people.person(row.account_id, on=today()).grants
    assert "Salah ketik." in page("admin", f"/petugas/wewenang/akun/{row.account_id}/").content.decode()
    assert "Baru Uji" in page("admin", "/petugas/wewenang/kota/?berakhir=1").content.decode()


def test_an_admin_appoints_a_plh_and_is_told_why_not(page, persons):
    office = persons["camat"].grants[0].organisation
    said = {
        "name": "Penghubung Contoh",
        "email": "penghubung@demo.guyub.example",
        "kind": Kind.PLH,
        "role": "camat",
        "office": office,
        "basis": "ST 1",
        "since": today().isoformat(),
        "last": (today() + timedelta(days=5)).isoformat(),
        "reason": "Camat cuti.",
    }
    refused = page("admin", "/petugas/wewenang/beri/", said)
    assert refused.status_code == 422
    assert "di atasnya" in refused.content.decode()
    said |= {"name": "Sekda Contoh", "email": "sekda@demo.guyub.example", "yakin": "1"}
    assert page("admin", "/petugas/wewenang/beri/", said).status_code == 302
    assert Grant.objects.get(account=persons["sekda"].account, kind=Kind.PLH).source.role == "camat"


@pytest.mark.parametrize(
    "query",
    ["?hal=9999999", "?hal=x", "?kantor=99999999999999999999", "?kantor=²", "?cari=%00%25_", "?berakhir=1"],
)
def test_odd_addresses_are_answered(page, query):
    assert page("admin", "/petugas/wewenang/kota/" + query).status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_numbers_that_are_none_are_no_page(page, number):
    for path in (
        "wewenang/%s/akhiri/",
        "wewenang/akun/%s/",
        "wewenang/akun/%s/tutup/",
        "wewenang/dukungan/%s/",
    ):
        assert page("admin", "/petugas/" + path % number).status_code == 404


def test_the_wizard_says_what_is_next(page, persons):
    text = page("admin", "/petugas/persiapan/").content.decode()
    assert "kantor belum punya pimpinan" in text
    assert "Belum dicoba" in text
    assert page("admin", "/petugas/persiapan/surel/", {}).status_code == 302
    assert "menunggu dikirim" in page("admin", "/petugas/persiapan/").content.decode()


def test_admins_and_residents_land_where_they_belong(page):
    assert page("admin", "/masuk/tujuan/")["Location"] == "/petugas/wewenang/"
    assert page("dukungan", "/masuk/tujuan/")["Location"] == "/saya/"
    assert page("admin", "/petugas/")["Location"] == "/petugas/wewenang/"
    assert page("admin", "/petugas/semua/").status_code == 404, "an admin reads no reports"
