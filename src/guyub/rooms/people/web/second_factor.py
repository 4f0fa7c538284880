"""Setting up and using the second factor; django-allauth does the work."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.people.second_factor import has_second_factor


class Activate(ActivateTOTPView):
    template_name = "people/second_factor_activate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever has one is shown where it stands; the library would lead to pages that are not here."""
        if has_second_factor(person_of(request).acting):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class Authenticate(AuthenticateView):
    template_name = "people/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without a code in it the library takes a form for that of a security key, which is not here."""
        if request.method == "POST" and "code" not in request.POST:
            return redirect("mfa_authenticate")
        return super().dispatch(request, *args, **kwargs)


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
