"""The second factor: asked for in each session, anew before what is delicate, reset by an admin alone."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from guyub.kernel.notices.api import Notice
from guyub.rooms.people.models import Account, Grant
from tests.factories import BACKEND, HOST, add_people, send

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code() -> str:
    cache.clear()  # a code is good once; the tests are quicker than a new one comes
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


@pytest.fixture
def persons(city, settings):
    settings.GUYUB_OFFICER_SECOND_FACTOR = True
    return add_people()


@pytest.fixture
def enrolled(persons):
    for slug in ("lurah", "admin"):
        TOTP.activate(persons.account(slug), SECRET)
        RecoveryCodes.activate(persons.account(slug))
    return persons


def sign_in(client, email: str):
    client.post("/masuk/", {"email": email}, headers=HOST)
    found = re.search(r"(?:Kode Anda|Your code): (\S+)", mail.outbox[-1].body)[1]
    return client.post("/masuk/kode/", {"code": found}, headers=HOST)


def prove(client, slug: str):
    asked = sign_in(client, f"{slug}@demo.guyub.example")
    assert asked["Location"].startswith("/masuk/kedua/")
    assert client.post("/masuk/kedua/", {"code": code()}, headers=HOST).status_code == 302


def age_proof(client, minutes: int) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = timezone.now().timestamp() - minutes * 60
    session.save()


def test_the_codes_subject_does_not_carry_it(client, persons):
    sign_in(client, "lurah@demo.guyub.example")
    message = mail.outbox[-1]
    found = re.search(r"Kode Anda: (\S+)", message.body)[1]
    assert found not in message.subject
    assert message.subject == "Kode masuk Kota Bandung"


def test_a_session_without_it_opens_no_desk_though_the_account_has_one(client, enrolled):
    """The authenticator was set up elsewhere; this session was opened without it."""
    client.force_login(enrolled.account("lurah"), backend=BACKEND)
    for address in ("/petugas/", "/petugas/semua/", "/petugas/wewenang/", "/petugas/peran/"):
        assert client.get(address, headers=HOST)["Location"] == "/masuk/kedua/akun/", address
    asked = client.get("/masuk/kedua/akun/", headers=HOST)["Location"]
    assert asked.startswith("/masuk/kedua/lagi/")
    assert client.get("/masuk/kedua/pemulihan/", headers=HOST)["Location"] == "/masuk/kedua/akun/"
    assert client.post(asked, {"code": "000000"}, headers=HOST).status_code == 200
    assert client.get("/petugas/", headers=HOST).status_code == 302
    assert client.post(asked, {"code": code()}, headers=HOST).status_code == 302
    assert client.get("/petugas/", headers=HOST).status_code == 200


def test_a_recovery_code_opens_once(client, enrolled):
    row = Authenticator.objects.get(user=enrolled.account("lurah"), type="recovery_codes")
    spare = RecoveryCodes(row).get_unused_codes()[0]
    sign_in(client, "lurah@demo.guyub.example")
    assert client.post("/masuk/kedua/", {"code": spare}, headers=HOST).status_code == 302
    assert client.get("/petugas/", headers=HOST).status_code == 200
    client.post("/keluar/", headers=HOST)
    sign_in(client, "lurah@demo.guyub.example")
    assert client.post("/masuk/kedua/", {"code": spare}, headers=HOST).status_code == 200


def test_no_device_is_remembered_unless_configured(client, enrolled):
    prove(client, "lurah")
    assert "mfa_trusted" not in client.cookies
    client.post("/keluar/", headers=HOST)
    assert sign_in(client, "lurah@demo.guyub.example")["Location"].startswith("/masuk/kedua/")


def test_a_remembered_device_signs_in_but_is_asked_before_what_is_delicate(client, enrolled, settings):
    settings.MFA_TRUST_ENABLED, settings.MFA_TRUST_COOKIE_AGE = True, 7 * 24 * 3600
    sign_in(client, "admin@demo.guyub.example")
    assert client.post("/masuk/kedua/", {"code": code()}, headers=HOST)["Location"].startswith(
        "/masuk/kedua/ingat/"
    )
    client.post("/masuk/kedua/ingat/", {"action": "trust"}, headers=HOST)
    client.post("/keluar/", headers=HOST)
    sign_in(client, "admin@demo.guyub.example")
    assert client.get("/petugas/wewenang/", headers=HOST).status_code == 200
    assert client.get("/petugas/wewenang/beri/", headers=HOST)["Location"].startswith("/masuk/kedua/lagi/")


@pytest.mark.parametrize("address", ["/petugas/wewenang/beri/", "/petugas/wewenang/dukungan/buka/"])
def test_it_is_asked_again_before_giving(client, enrolled, address):
    prove(client, "admin")
    assert client.get(address, headers=HOST).status_code == 200
    age_proof(client, 16)
    assert client.get(address, headers=HOST)["Location"].startswith("/masuk/kedua/lagi/")
    assert client.get("/petugas/wewenang/kota/", headers=HOST).status_code == 200


def test_what_was_sent_is_done_after_the_question(client, enrolled):
    """Nothing typed is lost, and without the code nothing happens."""
    prove(client, "admin")
    grant = Grant.objects.get(account=enrolled["kasi"].account)
    age_proof(client, 16)
    address = f"/petugas/wewenang/{grant.pk}/akhiri/"
    asked = client.post(address, {"reason": "Pindah tugas."}, headers=HOST)["Location"]
    assert Grant.objects.get(pk=grant.pk).ended_at is None
    client.post(asked, {"code": "000000"}, headers=HOST)
    assert Grant.objects.get(pk=grant.pk).ended_at is None
    answer = client.post(asked, {"code": code()}, headers=HOST)
    assert answer.status_code == 302
    assert Grant.objects.get(pk=grant.pk).end_reason == "Pindah tugas."


def test_it_is_asked_again_before_an_identity_is_shown(client, enrolled, now):
    row, _ = send(at=now, place=enrolled.place, name="Suharti Uji", email="suharti@uji.test", phone="")
    prove(client, "lurah")
    address = f"/petugas/laporan/{row.number}/identitas/"
    assert "Suharti Uji" in client.post(address, headers=HOST).content.decode()
    age_proof(client, 16)
    asked = client.post(address, headers=HOST)
    assert asked["Location"].startswith("/masuk/kedua/lagi/")
    assert "Suharti Uji" in client.post(asked["Location"], {"code": code()}, headers=HOST).content.decode()


def test_an_admin_resets_it_with_a_reason_and_the_officer_is_told(client, enrolled):
    from django.test import Client

    officer = Client()
    prove(officer, "lurah")
    assert officer.get("/petugas/", headers=HOST).status_code == 200
    prove(client, "admin")
    pk = enrolled["lurah"].account
    address = f"/petugas/wewenang/akun/{pk}/faktor/"
    assert client.post(address, {"reason": ""}, headers=HOST).status_code == 422
    assert (
        client.post(address, {"reason": "Ponsel hilang, bertemu langsung."}, headers=HOST).status_code == 302
    )
    assert not Authenticator.objects.filter(user_id=pk).exists()
    assert officer.get("/petugas/", headers=HOST)["Location"].startswith("/masuk/?"), "the sessions ended"
    assert Notice.objects.filter(recipient=f"account:{pk}", key__startswith="factor-reset:").exists()
    page = client.get(f"/petugas/wewenang/akun/{pk}/", headers=HOST).content.decode()
    assert "Ponsel hilang, bertemu langsung." in page
    own = f"/petugas/wewenang/akun/{enrolled['admin'].account}/faktor/"
    assert client.post(own, {"reason": "Saya sendiri."}, headers=HOST).status_code == 422


def test_a_closed_account_is_out_at_once(client, enrolled):
    from django.test import Client

    officer = Client()
    prove(officer, "lurah")
    prove(client, "admin")
    pk = enrolled["lurah"].account
    client.post(f"/petugas/wewenang/akun/{pk}/tutup/", {"reason": "Pensiun."}, headers=HOST)
    assert officer.get("/petugas/", headers=HOST)["Location"].startswith("/masuk/?")
    assert not Account.objects.get(pk=pk).is_active
