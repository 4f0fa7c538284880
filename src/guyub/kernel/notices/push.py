"""Web Push: a line on a device that asked for it. webpush encrypts and signs; here stands whom we call at all.

A browser tells us the address of its push service, so that address is a stranger's word: only https, only the
services that the setting GUYUB_PUSH_HOSTS names, never a private network, and no redirect is followed.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import socket
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone

from guyub.kernel.cities.api import fingerprint
from guyub.kernel.notices.mailing import CouldNotSend
from guyub.kernel.notices.models import PushDevice, PushKey

GONE = (404, 410)
KEPT_FOR_SECONDS = 24 * 3600
DEVICES_AT_MOST = 10


class RefusedDevice(ValueError):
    """What a browser said of itself is not a device that we would call."""


def check_endpoint(endpoint: str) -> str:
    """The host of a push service that we may call. Raises `RefusedDevice`."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise RefusedDevice("no address") from None
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or port not in (None, 443) or parts.username or parts.password:
        raise RefusedDevice("not plain https")
    if len(endpoint) > 1000 or not endpoint.isascii() or not endpoint.isprintable():
        raise RefusedDevice("not an address of a push service")
    if not any(_is_named(host, name) for name in settings.GUYUB_PUSH_HOSTS):
        raise RefusedDevice("not a known push service")
    return host


def _is_named(host: str, name: str) -> bool:
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _is_public(host: str) -> bool:
    """Whether every address behind a name lies in the open internet."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(one[4][0]).is_global for one in found)


def public_key(*, at: datetime) -> str:
    """The city's public key for browsers; the pair is made when it is first asked for."""
    return _pair(at).public


def _pair(at: datetime) -> PushKey:
    found = PushKey.objects.first()
    if found:
        return found
    secret = ec.generate_private_key(ec.SECP256R1())
    point = secret.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    pem = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    row = PushKey(private=pem.decode(), public=_base64(point), made_at=at)
    PushKey.objects.bulk_create([row], ignore_conflicts=True)  # whoever came first made the pair
    return PushKey.objects.get()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str, length: int) -> bytes:
    try:
        found = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error):
        found = b""
    if len(found) != length:
        raise RefusedDevice("not a key")
    return found


def mark_of(endpoint: str) -> str:
    """By which a device is found again without its address being readable."""
    return fingerprint("push", endpoint)


def add_device(*, recipient: str, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Keep a device for a recipient; the same device again replaces itself. Raises `RefusedDevice`."""
    check_endpoint(endpoint)
    _bytes(auth, 16)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh, 65))
    except ValueError:
        raise RefusedDevice("not a key") from None
    values = {
        "recipient": recipient,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "added_at": at,
    }
    PushDevice.objects.update_or_create(endpoint_mark=mark_of(endpoint), defaults=values)
    mine = PushDevice.objects.filter(recipient=recipient).order_by("-added_at", "-pk")
    PushDevice.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[DEVICES_AT_MOST:])).delete()


def forget_devices(recipient: str) -> None:
    PushDevice.objects.filter(recipient=recipient).delete()


def count_devices(recipient: str) -> int:
    return PushDevice.objects.filter(recipient=recipient).count()


def send(*, recipient: str, payload: dict[str, str], key: str) -> bool:
    """Show a line on a recipient's devices; returns whether one took it. Devices that are gone are forgotten.

    `key` lets the push service replace a line that is sent again. Raises `CouldNotSend` if all failed for now.
    """
    taken, failed = 0, 0
    for device in PushDevice.objects.filter(recipient=recipient):
        status = _post(device, json.dumps(payload, ensure_ascii=False), key)
        if status in GONE:
            device.delete()
        elif 200 <= status < 300:
            taken += 1
        else:
            failed += 1
    if failed and not taken:
        raise CouldNotSend("push")
    return taken > 0


def _post(device: PushDevice, data: str, key: str) -> int:
    """The push service's status; 0 if it could not be asked, 410 for an address that we would no longer call."""
    from guyub.kernel.notices import posting  # heavy, and only the worker needs it

    try:
        host = check_endpoint(device.endpoint)
    except RefusedDevice:
        return 410
    if not _is_public(host):
        return 0
    return posting.post(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        data=data,
        key=key,
        private=_pair(timezone.now()).private,
        ttl=KEPT_FOR_SECONDS,
    )
