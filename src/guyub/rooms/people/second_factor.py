"""The second factor of officers: how django-allauth keeps its secrets here, and who has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

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
    """Whether this account has an authenticator."""
    return Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).exists()


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a session was opened with the second factor, and when it was last asked for and given."""

    given: bool
    at: datetime | None


def proof_of(request: HttpRequest) -> Proof:
    """What this session has proved. An account that has lost its authenticator has proved nothing."""
    account = request.user.pk
    if account is None or not has_second_factor(account):
        return Proof(False, None)
    moments = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record["method"] == "mfa"
    ]
    if moments:
        return Proof(True, datetime.fromtimestamp(max(moments), UTC))
    trusted = settings.MFA_TRUST_ENABLED and is_trusted_browser(request, request.user)
    return Proof(bool(trusted), None)


def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor, and do afterwards what was asked for now."""
    account = request.user.pk
    if account is None or not has_second_factor(account):
        return redirect("mfa_index")
    return suspend_request(request, reverse("mfa_reauthenticate"))
