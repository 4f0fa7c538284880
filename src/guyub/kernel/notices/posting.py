"""The one place that calls a push service."""

from __future__ import annotations

import logging

import requests
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from webpush import WebPush
from webpush.types import WebPushKeys, WebPushSubscription

log = logging.getLogger("guyub.push")
TIMEOUT_SECONDS = 10


def post(*, endpoint: str, p256dh: str, auth: str, data: str, key: str, private: str, ttl: int) -> int:
    """The status with which the push service answered; 0 if it could not be asked. Nothing of it is logged but that.

    `private` is the city's own key (PEM), `key` replaces an earlier message of the same that still waits. A service
    that sends us elsewhere is not obeyed.
    """
    try:
        message = WebPush(
            private.encode(), _public(private), subscriber=settings.DEFAULT_FROM_EMAIL, ttl=ttl
        ).get(data, WebPushSubscription(endpoint=endpoint, keys=WebPushKeys(auth=auth, p256dh=p256dh)))
        answer = requests.post(
            endpoint,
            data=message.encrypted,
            headers={**message.headers, "topic": key[:32]},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except (requests.RequestException, ValueError) as problem:
        log.warning("a push service could not be asked: %s", type(problem).__name__)
        return 0
    if not answer.ok:
        log.warning("a push service answered %s", answer.status_code)
    return answer.status_code


def _public(private: str) -> bytes:
    secret = serialization.load_pem_private_key(private.encode(), password=None)
    return secret.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
