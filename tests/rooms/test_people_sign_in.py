"""Signing in by code, and the second factor of officers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core import mail

from guyub.demo.people import DOMAIN, add_demo_people
from guyub.kernel.cities import api as cities
from guyub.rooms.people.api import add_account
from guyub.rooms.people.models import Account, Grant
from tests.factories import BACKEND

pytestmark = pytest.mark.django_db
HOST = {"host": "bandung.localhost"}


def code_of(message) -> str:
    return re.search(r"(?:Kode Anda|Your code): (\S+)", message.body)[1]


def sign_in(client, email):
    asked = client.post("/masuk/", {"email": email}, headers=HOST)
    assert asked.status_code == 302
    return client.post("/masuk/kode/", {"code": code_of(mail.outbox[-1])}, headers=HOST)


@pytest.fixture
def people(city):
    add_demo_people()


def test_a_code_by_mail_signs_in_and_officers_land_on_their_desk(client, people):
    assert sign_in(client, "lurah@demo.guyub.example")["Location"] == "/masuk/tujuan/"
    assert client.get("/masuk/tujuan/", headers=HOST)["Location"] == "/petugas/"


def test_the_language_of_the_sign_in_page_stays(client, people):
    client.post("/en/masuk/", {"email": "lurah@demo.guyub.example"}, headers=HOST)
    code = code_of(mail.outbox[-1])
    assert client.post("/en/masuk/kode/", {"code": code}, headers=HOST)["Location"] == "/en/masuk/tujuan/"
    assert client.get("/en/masuk/tujuan/", headers=HOST)["Location"] == "/en/petugas/"
    assert client.post("/en/keluar/", headers=HOST)["Location"] == "/en/"


def test_residents_land_on_their_reports(client, people):
    sign_in(client, "warga@demo.guyub.example")
    assert client.get("/masuk/tujuan/", headers=HOST)["Location"] == "/saya/"
    assert client.get("/petugas/", headers=HOST).status_code == 404


def test_a_wrong_code_opens_nothing_and_ends_after_some_tries(client, people):
    client.post("/masuk/", {"email": "lurah@demo.guyub.example"}, headers=HOST)
    for _ in range(6):
        client.post("/masuk/kode/", {"code": "SALAH1"}, headers=HOST)
    client.post("/masuk/kode/", {"code": code_of(mail.outbox[-1])}, headers=HOST)
    assert client.get("/petugas/", headers=HOST).status_code == 302


def test_an_unknown_address_is_answered_alike(client, people):
    known = client.post("/masuk/", {"email": "lurah@demo.guyub.example"}, headers=HOST)
    unknown = client.post("/masuk/", {"email": "tidak@ada.test"}, headers=HOST)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "Belum ada akun" in mail.outbox[-1].subject


def test_a_code_of_one_city_opens_nothing_in_another(client, bandung, pekalongan):
    for city in (bandung, pekalongan):
        with cities.inside(city):
            add_account(email="dua@contoh.test", name="Dua Contoh")
    client.post("/masuk/", {"email": "dua@contoh.test"}, headers=HOST)
    code = code_of(mail.outbox[-1])
    other = {"host": "pekalongan.localhost"}
    client.post("/masuk/kode/", {"code": code}, headers=other)
    assert client.get("/saya/", headers=other).status_code == 302


def test_the_code_is_on_the_page_only_in_the_demo(client, people, settings):
    assert "demo.guyub.example" not in client.get("/masuk/", headers=HOST).content.decode()
    client.post("/masuk/", {"email": "lurah@demo.guyub.example"}, headers=HOST)
    code = code_of(mail.outbox[-1])
    assert code not in client.get("/masuk/kode/", headers=HOST).content.decode()
    settings.DEMO = True
    assert code in client.get("/masuk/kode/", headers=HOST).content.decode()


def test_anyone_can_make_an_account(client, city):
    client.post("/daftar/", {"email": "baru@contoh.test"}, headers=HOST)
    client.post("/daftar/kode/", {"code": code_of(mail.outbox[-1])}, headers=HOST)
    assert client.get("/saya/", headers=HOST).status_code == 200


def test_officers_need_a_second_factor_where_the_city_says_so(client, people, settings):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    settings.GUYUB_OFFICER_SECOND_FACTOR = True
    sign_in(client, "lurah@demo.guyub.example")
    assert client.get("/petugas/", headers=HOST)["Location"] == "/masuk/kedua/akun/"
    page = client.get("/masuk/kedua/pasang/", headers=HOST)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/masuk/kedua/pasang/", {"code": "000000"}, headers=HOST).status_code == 200
    assert client.post("/masuk/kedua/pasang/", {"code": code}, headers=HOST).status_code == 302
    assert client.get("/petugas/", headers=HOST).status_code == 200
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    client.post("/keluar/", headers=HOST)
    assert sign_in(client, "lurah@demo.guyub.example")["Location"].startswith("/masuk/kedua/")
    assert client.get("/petugas/", headers=HOST).status_code == 302


def test_a_grant_that_has_ended_opens_nothing(client, people):
    sign_in(client, "lurah@demo.guyub.example")
    Grant.objects.filter(role="lurah").update(since=date(2020, 1, 1), until=date(2020, 1, 2))
    assert client.get("/petugas/", headers=HOST).status_code == 404


def test_a_mail_server_that_is_down_is_said_in_words(client, people, monkeypatch):
    def refuse(message):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    answer = client.post("/masuk/", {"email": "lurah@demo.guyub.example"}, headers=HOST)
    assert answer.status_code == 503
    assert b"Traceback" not in answer.content


def test_a_page_that_needs_an_account_says_so_and_is_come_back_to(client, people):
    asked = client.get("/mitra/daftar/", headers=HOST, follow=True)
    text = asked.content.decode()
    assert "Halaman yang Anda tuju perlu akun" in text
    assert "/daftar/?next=%2Fmitra%2Fdaftar%2F" in text
    assert "perlu akun. Sesudah masuk" not in client.get("/masuk/", headers=HOST).content.decode()


@pytest.mark.parametrize(("slug", "seat"), [("dewan", True), ("kepala-daerah", True), ("warga", False)])
def test_what_is_ones_own_is_found_from_every_page(client, people, slug, seat):
    client.force_login(Account.objects.get(email=f"{slug}@{DOMAIN}"), backend=BACKEND)
    assert 'href="/saya/"' in client.get("/gotong-royong/", headers=HOST).content.decode()
    text = client.get("/saya/", headers=HOST).content.decode()
    for address in ("/prakarsa/saya/", "/mitra/saya/", "/tawaran/saya/", "/akun/"):
        assert f'href="{address}"' in text
    assert ('href="/percakapan/"' in text) is seat, "who sits without a desk comes for the conversation"


@pytest.mark.parametrize(("slug", "page"), [("admin", "/petugas/wewenang/"), ("posko", "/petugas/insiden/")])
def test_the_desk_s_address_leads_everybody_with_a_desk_to_theirs(client, people, slug, page):
    client.force_login(Account.objects.get(email=f"{slug}@{DOMAIN}"), backend=BACKEND)
    assert client.get("/petugas/", headers=HOST)["Location"] == page
