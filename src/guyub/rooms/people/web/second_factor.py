"""Setting up and using the second factor; django-allauth does the work."""

from __future__ import annotations

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.people.second_factor import has_second_factor


class Activate(ActivateTOTPView):
    template_name = "people/second_factor_activate.html"


class Authenticate(AuthenticateView):
    template_name = "people/second_factor.html"


class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "people/recovery_codes.html"


activate = gate.signed_in(Activate.as_view())
authenticate = gate.public(Authenticate.as_view())
recovery_codes = gate.signed_in(RecoveryCodes.as_view())


@gate.signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Where the second factor of an account stands: set it up, or see the recovery codes."""
    account = person_of(request).account
    ready = account is not None and has_second_factor(account)
    return redirect("mfa_view_recovery_codes" if ready else "mfa_activate_totp")
