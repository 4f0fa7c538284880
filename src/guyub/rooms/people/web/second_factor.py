"""Setting up and using the second factor; django-allauth does the work."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView, TrustView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from guyub.kernel.access.api import forget_person, gate, person_of
from guyub.rooms.people.second_factor import has_second_factor, proof_of


class Activate(ActivateTOTPView):
    template_name = "people/second_factor_activate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever has one is shown where it stands; the library would lead to pages that are not here."""
        if has_second_factor(person_of(request).acting):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The code that sets it up proves it, in this session too."""
        found = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return found


class Authenticate(AuthenticateView):
    template_name = "people/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without a code in it the library takes a form for that of a security key, which is not here."""
        if request.method == "POST" and "code" not in request.POST:
            return redirect("mfa_authenticate")
        return super().dispatch(request, *args, **kwargs)


class Again(ReauthenticateView):
    """Before what is delicate, and for a session that began without the second factor."""

    template_name = "people/second_factor_again.html"

    def form_valid(self, form: Any) -> HttpResponse:
        forget_person(self.request)
        return super().form_valid(form)


class Remember(TrustView):
    """Only in a city that lets devices be remembered; elsewhere the library never leads here."""

    template_name = "people/second_factor_remember.html"


class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "people/recovery_codes.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The codes stand for the second factor: a session that has not given it must not read them."""
        if has_second_factor(person_of(request).acting) and not proof_of(request).given:
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


activate = gate.signed_in(Activate.as_view())
authenticate = gate.public(Authenticate.as_view())
again = gate.signed_in(Again.as_view())
remember = gate.public(Remember.as_view())
recovery_codes = gate.signed_in(RecoveryCodes.as_view())


@gate.signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Where the second factor stands: set it up, give it in this session, or see the recovery codes."""
    if not has_second_factor(person_of(request).acting):
        return redirect("mfa_activate_totp")
    if not proof_of(request).given:
        return redirect(f"{reverse('mfa_reauthenticate')}?next={reverse('account_landing')}")
    return redirect("mfa_view_recovery_codes")
