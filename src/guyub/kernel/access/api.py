"""The door to access: the person of a request, and the gates that every route states."""

from __future__ import annotations

import functools
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guyub.kernel.access import roles
from guyub.kernel.access.roles import ROLES, Role

__all__ = [
    "NOBODY",
    "ROLES",
    "GrantInForce",
    "NotAllowed",
    "Person",
    "Role",
    "forget_person",
    "gate",
    "gate_of",
    "must_prove",
    "person_of",
    "provide_people",
    "role_title",
    "roles",
]


class NotAllowed(Exception):
    """This person may not do this. The message is for people."""


@dataclass(frozen=True, slots=True)
class GrantInForce:
    """A role that a person holds now: for an organisation, over the places below a code ('' is the whole city)."""

    role: str
    organisation: int
    organisation_kind: str
    organisation_name: str
    place: str
    kind: str = "DEFINITIVE"
    limited: frozenset[str] | None = None
    until: date | None = None

    @property
    def powers(self) -> frozenset[str]:
        """What it lets its holder do: the role's powers, or the part of them that was given."""
        return ROLES[self.role].powers if self.limited is None else self.limited

    @property
    def title(self) -> str:
        """The role as its holder bears it: an acting head says so, and so does who acts by delegation."""
        return role_title(self.role, self.kind)


def role_title(role: str, kind: str) -> str:
    """A role with the manner in which it is held: "Plh. Camat", "a.n. Camat"."""
    label = str(ROLES[role].label)
    borne = {"PLH": _("Plh. %(role)s"), "PLT": _("Plt. %(role)s"), "DELEGATION": _("a.n. %(role)s")}
    return borne[kind] % {"role": label} if kind in borne else label


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking. Somebody without an account has no id and no grants.

    `has_second_factor` means that this very session was opened with it, last at `proved_at`. `support` is the
    access that an admin opened for a support person, who then sees much and may do nothing.
    """

    account: int | None = None
    name: str = ""
    email: str = ""
    grants: tuple[GrantInForce, ...] = ()
    has_second_factor: bool = False
    proved_at: datetime | None = None
    support: int | None = None
    support_until: datetime | None = None

    @property
    def is_officer(self) -> bool:
        return any(grant.powers for grant in self.grants)

    @property
    def acting(self) -> int:
        """The account of somebody who acts. Raises `NotAllowed` for whoever has none."""
        if self.account is None:
            raise NotAllowed("Nobody without an account acts for an office.")
        return self.account

    def can(self, power: str) -> bool:
        return any(power in grant.powers for grant in self.grants)

    def offices(self, power: str) -> frozenset[int]:
        """The organisations for which this person holds a power."""
        return frozenset(grant.organisation for grant in self.grants if power in grant.powers)

    def places(self, power: str) -> tuple[str, ...]:
        """The place codes below which this person holds a power; '' stands for the whole city."""
        return tuple(grant.place for grant in self.grants if power in grant.powers)


NOBODY = Person()
_find: Callable[[HttpRequest], Person] = lambda request: NOBODY  # noqa: E731


_prove: Callable[[HttpRequest], HttpResponseBase] = lambda request: redirect("mfa_index")  # noqa: E731


def provide_people(
    find: Callable[[HttpRequest], Person], prove: Callable[[HttpRequest], HttpResponseBase]
) -> None:
    """`people` says here how to find the person behind a request, and how to ask them for the second factor."""
    global _find, _prove
    _find, _prove = find, prove


def must_prove(request: HttpRequest) -> HttpResponseBase | None:
    """The page that asks for the second factor once more, if the last time is too long ago; else None.

    What was sent is kept in the session and done after the answer.
    """
    if not settings.GUYUB_OFFICER_SECOND_FACTOR:
        return None
    proved = person_of(request).proved_at
    if proved and timezone.now() - proved < timedelta(minutes=settings.GUYUB_PROOF_MINUTES):
        return None
    return _prove(request)


def person_of(request: HttpRequest) -> Person:
    """The person behind a request; looked up once."""
    found = getattr(request, "_guyub_person", None)
    if found is None:
        found = _find(request)
        request._guyub_person = found  # type: ignore[attr-defined]
    return found


def forget_person(request: HttpRequest) -> None:
    """What a request's person could prove has changed: look them up anew."""
    request._guyub_person = None  # type: ignore[attr-defined]


View = Callable[..., HttpResponseBase]


class gate:
    """Every route states who may come in; `tests/architecture` refuses one that does not."""

    @staticmethod
    def public(view: View) -> View:
        """Anyone."""
        return _marked(view, "public")

    @staticmethod
    def link(view: View) -> View:
        """Whoever holds the secret link; the view checks its signature before anything else."""
        return _marked(view, "link")

    @staticmethod
    def signed_in(view: View) -> View:
        """Whoever has an account in this city."""

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if person_of(request).account is None:
                return _to_sign_in(request)
            return view(request, *args, **kwargs)

        return _marked(guarded, "signed_in")

    @staticmethod
    def acting(view: View) -> View:
        """Whoever has an account, for pages on which residents, partners and officers act side by side.

        An officer proves the second factor as at the desk, and technical support looks on only.
        """

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = person_of(request)
            if person.account is None:
                return _to_sign_in(request)
            if settings.GUYUB_OFFICER_SECOND_FACTOR and person.is_officer and not person.has_second_factor:
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        return _marked(guarded, "signed_in")

    @staticmethod
    def officer(*powers: str, proved: bool = False) -> Callable[[View], View]:
        """Officers who hold one of the powers (any power, if none is named). Others are told there is no such page.

        `proved` asks for the second factor anew when the last time is too long ago.
        """

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                person = person_of(request)
                if person.account is None:
                    return _to_sign_in(request)
                if not (any(map(person.can, powers)) if powers else person.is_officer):
                    raise Http404
                if settings.GUYUB_OFFICER_SECOND_FACTOR and not person.has_second_factor:
                    return redirect("mfa_index")
                if proved and (asked := must_prove(request)):
                    return asked
                return view(request, *args, **kwargs)

            return _marked(guarded, "officer")

        return decorate

    @staticmethod
    def loopback(view: View) -> View:
        """Operators on the machine itself, for probes and metrics; from elsewhere with their token."""

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1") and not _has_token(request):
                raise Http404
            return view(request, *args, **kwargs)

        return _marked(guarded, "loopback")


def _has_token(request: HttpRequest) -> bool:
    """Whether a request carries the operators' token; without one configured nobody does."""
    wanted = settings.GUYUB_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _marked(guarded: View, kind: str) -> View:
    guarded.gate = kind  # type: ignore[attr-defined]
    return guarded


def gate_of(view: View) -> str | None:
    """Which gate a view states, or None."""
    return getattr(view, "gate", None)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    from django.urls import reverse

    if request.method != "GET":
        return redirect(reverse("account_login"))
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
