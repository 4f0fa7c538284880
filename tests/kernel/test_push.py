"""Web Push: whom we call at all, what they are told, and devices that are gone."""

from __future__ import annotations

import base64
import json

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core import mail
from django.db import connection

from guyub.kernel.cities import api as cities
from guyub.kernel.notices import api as notices
from guyub.kernel.notices import posting, push
from guyub.kernel.notices.mailing import CouldNotSend
from guyub.kernel.notices.models import PushDevice, PushKey
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db
SAID = {"number": "LAP-2026-000001", "state": "Sedang ditangani"}


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


class Phone:
    """A device that can read what is pushed to it."""

    def __init__(self, recipient: str, at, name: str = "a") -> None:
        self.secret, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        self.point = point = self.secret.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.endpoint = f"https://fcm.googleapis.com/fcm/send/{name}"
        push.add_device(
            recipient=recipient, endpoint=self.endpoint, p256dh=text_of(point), auth=text_of(self.auth), at=at
        )

    def read(self, body: bytes) -> dict[str, str]:
        """As RFC 8291 and 8188 say that a browser does."""
        salt, sender, sealed = body[:16], body[21:86], body[86:]
        shared = self.secret.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        both = b"WebPush: info\0" + self.point + sender
        secret = derived(shared, self.auth, both, 32)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        return json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\2"))


@pytest.fixture
def service(monkeypatch):
    """A push service that answers what `status` says and keeps what it was sent."""
    calls = []

    def answer(self, method, url, **kwargs):
        calls.append((method, url, kwargs))
        response = requests.Response()
        response.status_code = service.status
        response._content = b""
        return response

    def service():
        return calls

    service.status = 201
    monkeypatch.setattr(requests.Session, "request", answer)
    monkeypatch.setattr(push, "_is_public", lambda host: True)
    return service


def told(recipient, at, key="t:1"):
    notices.notify(
        key=key, recipient=recipient, subject="Kabar", body="Isi", link="/laporan/", push=SAID, at=at
    )
    notices.deliver(notice=notices.Notice.objects.get(key=key).pk)


@pytest.fixture
def warga(city):
    return f"account:{people.add_account(email='warga@contoh.test', name='Warga Contoh')}"


def test_a_device_reads_number_and_state_and_no_mail_goes_out(warga, now, service):
    phone = Phone(warga, now)
    told(warga, now)
    ((method, url, kwargs),) = service()
    assert (method.upper(), url) == ("POST", phone.endpoint)
    assert phone.read(kwargs["data"]) == SAID
    assert kwargs["allow_redirects"] is False
    assert kwargs["headers"]["authorization"].startswith("vapid t=")
    assert kwargs["timeout"] <= 10
    assert mail.outbox == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_mail_goes_out(warga, now, service, status):
    Phone(warga, now)
    service.status = status
    told(warga, now)
    assert PushDevice.objects.count() == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("status", [301, 429, 500])
def test_a_service_that_fails_for_now_is_asked_again(warga, now, service, status):
    Phone(warga, now)
    service.status = status
    with pytest.raises(CouldNotSend):
        told(warga, now)
    assert PushDevice.objects.count() == 1
    assert notices.Notice.objects.get().sent_at is None
    service.status = 201
    notices.deliver(notice=notices.Notice.objects.get().pk)
    notices.deliver(notice=notices.Notice.objects.get().pk)
    assert len(service()) == 2
    assert len({call[2]["headers"]["topic"] for call in service()}) == 1


def test_a_device_whose_service_is_no_longer_allowed_is_not_called(warga, now, service, settings):
    Phone(warga, now)
    settings.GUYUB_PUSH_HOSTS = ["updates.push.services.mozilla.com"]
    told(warga, now)
    assert service() == []
    assert PushDevice.objects.count() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://evil-fcm.googleapis.com.test/x",
        "https://notify.windows.com.test/x",
        "ftp://fcm.googleapis.com/x",
        "https://fcm.googleapis.com/\r\nX: y",
        "https://fcm.googleapis.com/" + "x" * 2000,
        "https://[kosong",
        "",
    ],
)
def test_no_other_address_is_ever_called(city, endpoint):
    with pytest.raises(push.RefusedDevice):
        push.check_endpoint(endpoint)


def test_the_usual_services_are(city):
    for host in (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "wns2.notify.windows.com",
        "web.push.apple.com",
    ):
        assert push.check_endpoint(f"https://{host}/x") == host


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_into_a_private_network_is_not_called(warga, now, monkeypatch, address):
    Phone(warga, now)
    monkeypatch.setattr(push.socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (address, 443))])
    monkeypatch.setattr(posting, "post", lambda *a, **k: pytest.fail("it was called"))
    with pytest.raises(CouldNotSend):
        told(warga, now)


def test_the_citys_pair_of_keys_is_made_once_and_lies_encrypted(bandung, pekalongan, now):
    with cities.inside(bandung):
        first = push.public_key(at=now)
        assert push.public_key(at=now) == first
        with connection.cursor() as cursor:
            cursor.execute("SELECT private FROM notices_pushkey")
            assert b"PRIVATE" not in bytes(cursor.fetchone()[0])
        assert PushKey.objects.get().private.startswith("-----BEGIN PRIVATE KEY")
    with cities.inside(pekalongan):
        assert push.public_key(at=now) != first


def test_devices_are_kept_unreadable_and_not_without_end(warga, now):
    for n in range(12):
        Phone(warga, now, name=str(n))
    assert push.count_devices(warga) == push.DEVICES_AT_MOST
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(d)::text, ' ') FROM notices_pushdevice d")
        assert "googleapis" not in cursor.fetchone()[0]
