"""Signing in by a code that is sent by e-mail; django-allauth does the work."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.people.queries import demo_accounts, desk_home


class _OurWords:
    """Fields say what they are by their label; the library's greyed-out second name for them is dropped."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        return form


class SignIn(_OurWords, views.RequestLoginCodeView):
    template_name = "people/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Whoever comes back here wants another code or mistyped the address: what was begun is dropped."""
        clear_login(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        found["next"] = self.request.GET.get("next", "")
        found["demo_accounts"] = demo_accounts(on=timezone.localdate()) if settings.DEMO else []
        return found


class _ShownInDemo:
    """In a demonstration city the code stands in its field already: nobody waits for a mail there."""

    def get_initial(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_initial()  # type: ignore[misc]
        return found | ({"code": self._process.code} if settings.DEMO else {})  # type: ignore[attr-defined]


class EnterCode(_ShownInDemo, _OurWords, views.ConfirmLoginCodeView):
    template_name = "people/enter_code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        found["sent_to"] = self._process.state.get("email", "")
        found["next"] = self.request.GET.get("next", "")
        found["demo_code"] = self._process.code if settings.DEMO else ""
        return found


class SignUp(_OurWords, views.SignupView):
    template_name = "people/sign_up.html"


class ConfirmEmail(_ShownInDemo, _OurWords, views.ConfirmEmailVerificationCodeView):
    template_name = "people/enter_code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        found["sent_to"] = self._process.email
        found["next"] = ""
        found["demo_code"] = self._process.code if settings.DEMO else ""
        return found


class SignOut(views.LogoutView):
    template_name = "people/sign_out.html"


sign_in = gate.public(SignIn.as_view())
enter_code = gate.public(EnterCode.as_view())
sign_up = gate.public(SignUp.as_view())
confirm_email = gate.public(ConfirmEmail.as_view())
sign_out = gate.public(SignOut.as_view())


@gate.signed_in
def landing(request: HttpRequest) -> HttpResponse:
    """After signing in: officers to the first page of their desk, residents home."""
    person = person_of(request)
    return redirect(desk_home(person) if person.is_officer else "own_reports")
