import base64
import secrets

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@pytest.fixture
def device():
    """What a browser says of itself when it asks for push."""

    def make(host="fcm.googleapis.com"):
        point = (
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )
        text = [
            base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (point, secrets.token_bytes(16))
        ]
        return {"endpoint": f"https://{host}/send/abc", "p256dh": text[0], "auth": text[1]}

    return make
