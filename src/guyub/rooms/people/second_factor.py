"""The second factor of officers: how django-allauth keeps its secrets here, and who has one."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from guyub.kernel.cities.api import decrypt, encrypt, get_city


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted under the city's own key; the authenticator app shows the city's name."""

    def encrypt(self, text: str) -> str:
        return encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        return f"Guyub {get_city().name}"


def has_second_factor(account: int) -> bool:
    """Whether this account has an authenticator; then no session of it began without one."""
    return Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).exists()
