"""Who may do what: one's own roles, what a head delegates, and the city's whole list for its admin."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guyub.kernel.access.api import ROLES, NotAllowed, Person, gate, person_of, role_title, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.people import accounts, authority, granting
from guyub.rooms.people.actions import add_account
from guyub.rooms.people.granting import GrantRefused
from guyub.rooms.people.models import Account, Grant
from guyub.rooms.people.queries import directory
from guyub.rooms.people.rules import Kind
from guyub.rooms.people.second_factor import has_second_factor
from guyub.rooms.people.web.desk_forms import DelegateForm, GiveForm, ReasonForm
from guyub.rooms.people.web.frame import frame, numbered

CONFIRMED = "yakin"


@gate.officer()
def mine(request: HttpRequest) -> HttpResponse:
    """One's own roles in plain words, who else works here, and what one has delegated."""
    person, today = person_of(request), _today(timezone.now())
    return render(
        request,
        "people/desk/mine.html",
        {
            **frame(person, "own"),
            "own": authority.own_grants(person, on=today),
            "others": authority.of_my_offices(person, on=today),
            "given": authority.given_by_me(person, on=today),
            "can_delegate": person.can(roles.DELEGATE),
        },
    )


@gate.officer()
def role_list(request: HttpRequest) -> HttpResponse:
    """All roles: what each may, may not, and sees."""
    every = frozenset(code for role in ROLES.values() for code in role.powers)
    sees = frozenset(code for code, power in roles.POWERS.items() if power.sees)
    found = [
        {
            "code": role.code,
            "label": role.label,
            "description": role.description,
            "sees": roles.in_words(role.powers & sees),
            "may": roles.in_words(role.powers - sees),
            "may_not": roles.in_words(every - role.powers),
        }
        for role in ROLES.values()
    ]
    return render(request, "people/desk/roles.html", {**frame(person_of(request), "roles"), "found": found})


@gate.officer(roles.DELEGATE, proved=True)
def delegate(request: HttpRequest) -> HttpResponse:
    """A head lets an officer of the office do a part of what they may, for a while."""
    person, now = person_of(request), timezone.now()
    heads = list(authority.own_headships(person, on=_today(now)))
    if not heads:
        raise Http404  # an acting head holds a mandate, which is not handed on
    form = DelegateForm(
        request.POST or None,
        sources=[(one.pk, f"{ROLES[one.role].label}, {one.organisation.name}") for one in heads],
        officers=authority.officers_to_choose(person, on=_today(now)),
        delegable=frozenset().union(*(ROLES[one.role].delegable for one in heads)),
        initial={"source": heads[0].pk, "since": _today(now)},
    )
    page = {**frame(person, "own"), "form": form, "title": _("Limpahkan wewenang"), "button": _("Periksa")}
    page["lead"] = _(
        "Anda tetap bertanggung jawab. Pelimpahan berakhir sendiri, dan dapat dicabut kapan saja."
    )
    if request.method != "POST":
        return render(request, "people/desk/form.html", page)
    if form.is_valid():
        try:
            with transaction.atomic():
                granting.delegate(
                    by=person,
                    source=form.cleaned_data["source"],
                    account=form.cleaned_data["account"],
                    bundles=form.cleaned_data["bundles"],
                    basis=form.grant_basis(),
                    since=form.cleaned_data["since"],
                    until=form.until() or form.cleaned_data["since"],
                    reason=form.cleaned_data["reason"],
                    at=now,
                )
                if CONFIRMED not in request.POST:
                    transaction.set_rollback(True)
        except GrantRefused as refused:
            form.refuse(refused)
        else:
            return done_or_asked(request, page, _delegation_in_words(form), "own_authority")
    return render(request, "people/desk/form.html", page, status=422)


def _delegation_in_words(form: DelegateForm) -> list[str]:
    said = form.cleaned_data
    chosen = [str(bundle.label) for bundle in roles.BUNDLES if bundle.code in said["bundles"]]
    officer = dict(form.fields["account"].choices)[said["account"]]  # type: ignore[attr-defined]
    return [
        _("%(name)s boleh, atas nama Anda: %(powers)s.")
        % {"name": officer, "powers": ", ".join(chosen).lower()},
        _period(said["since"], said["last"]),
        _("Dasar: %(basis)s.") % {"basis": said["basis"]},
    ]


def _period(since: date, last: date | None) -> str:
    said = {"since": date_format(since, "j F Y"), "last": date_format(last, "j F Y") if last else ""}
    if last is None:
        return _("Mulai %(since)s, sampai diakhiri.") % said
    return _("Mulai %(since)s, berakhir sendiri sesudah %(last)s.") % said


def done_or_asked(request: HttpRequest, page: dict[str, Any], words: list[str], where: str) -> HttpResponse:
    """What was sent was tried and taken back; here it is said in words, and done when it comes again with a yes."""
    if CONFIRMED in request.POST:
        messages.success(request, _("Tersimpan. Yang bersangkutan diberi tahu."))
        return redirect(where)
    kept = [
        (name, value)
        for name in request.POST
        if name != "csrfmiddlewaretoken"
        for value in request.POST.getlist(name)
    ]
    return render(request, "people/desk/confirm.html", {**page, "words": words, "kept": kept})


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
def give(request: HttpRequest) -> HttpResponse:
    """An admin gives a role, or appoints a Plh or Plt."""
    person, now = person_of(request), timezone.now()
    initial = {"since": _today(now), "kind": Kind.DEFINITIVE, "office": request.GET.get("kantor", "")}
    form = GiveForm(request.POST or None, initial=initial)
    page = {**frame(person, "city"), "form": form, "title": _("Beri wewenang"), "button": _("Periksa")}
    page["lead"] = _("Setiap wewenang menyebut dasarnya. Plh dan Plt berakhir sendiri pada harinya.")
    if request.method != "POST":
        return render(request, "people/desk/form.html", page)
    if form.is_valid():
        try:
            with transaction.atomic():
                _appoint(form, person, now)
                if CONFIRMED not in request.POST:
                    transaction.set_rollback(True)
        except GrantRefused as refused:
            form.refuse(refused)
        else:
            return done_or_asked(request, page, _grant_in_words(form), "city_authority")
    return render(request, "people/desk/form.html", page, status=422)


def _appoint(form: GiveForm, person: Person, at: datetime) -> None:
    said = form.cleaned_data
    account = Account.objects.filter(email=said["email"].lower()).first()
    if account is not None and not account.is_active:
        raise GrantRefused(_("Akun dengan alamat ini sudah ditutup."), field="account")
    if account is not None and account.name and account.name.lower() != said["name"].lower():
        raise GrantRefused(
            _("Surel ini sudah dipakai orang lain: %(name)s.") % {"name": account.name}, field="account"
        )
    pk = account.pk if account else add_account(email=said["email"], name=said["name"])
    granting.appoint(
        by=person,
        account=pk,
        role=said["role"],
        organisation=said["office"],
        basis=form.grant_basis(),
        since=said["since"],
        until=form.until(),
        reason=said["reason"],
        kind=said["kind"],
        at=at,
    )


def _grant_in_words(form: GiveForm) -> list[str]:
    said = form.cleaned_data
    office = directory().get(said["office"])
    powers = ROLES[said["role"]].powers
    return [
        _("%(name)s (%(email)s) menjadi %(title)s di %(office)s.")
        % {
            "name": said["name"],
            "email": said["email"],
            "title": role_title(said["role"], said["kind"]),
            "office": office.name,
        },
        _period(said["since"], said["last"]),
        _("Dasar: %(basis)s.") % {"basis": said["basis"]},
        _("Yang boleh dilakukan: %(powers)s.") % {"powers": "; ".join(roles.in_words(powers)) or "–"},
    ]


@gate.officer(roles.DELEGATE, roles.MANAGE_PEOPLE, proved=True)
def end(request: HttpRequest, grant: int) -> HttpResponse:
    """End a grant at once; the form with the reason is also the question whether one is sure."""
    person, now = person_of(request), timezone.now()
    row = Grant.objects.filter(pk=grant).select_related("source", "account", "organisation").first()
    if row is None or not granting.may_end(person, row):
        raise Http404
    words = [
        _("%(title)s di %(office)s, dipegang %(name)s, berakhir saat ini juga.")
        % {
            "title": role_title(row.role, row.kind),
            "office": row.organisation.name,
            "name": row.account.name or row.account.email,
        },
        _("Yang dilimpahkan dari wewenang ini ikut berakhir. Riwayatnya tetap ada."),
    ]
    where = "city_authority" if person.can(roles.MANAGE_PEOPLE) else "own_authority"

    def act(reason: str) -> None:
        granting.end_grant(by=person, grant=row.pk, reason=reason, at=now)

    return _with_reason(request, _("Akhiri wewenang"), words, act, where)


@gate.officer(roles.MANAGE_PEOPLE)
def city(request: HttpRequest) -> HttpResponse:
    """All grants of the city by office; those that ended, on request."""
    person, today = person_of(request), _today(timezone.now())
    search = " ".join(request.GET.get("cari", "").replace("\0", "").split())[:60]
    ended, number = request.GET.get("berakhir") == "1", numbered(request.GET.get("hal", ""))
    office = request.GET.get("kantor", "")
    chosen = int(office) if office.isascii() and office.isdigit() and len(office) < 12 else None
    after = (number - 1) * authority.PAGE
    rows = authority.of_city(person, on=today, search=search, office=chosen, ended=ended, after=after)
    base = reverse("city_authority")
    query = urlencode({"cari": search, "kantor": chosen or "", "berakhir": "1" if ended else ""})
    return render(
        request,
        "people/desk/city.html",
        {
            **frame(person, "city"),
            "rows": rows[: authority.PAGE],
            "search": search,
            "ended": ended,
            "previous": f"{base}?{query}&hal={number - 1}" if number > 1 else "",
            "next": f"{base}?{query}&hal={number + 1}" if len(rows) > authority.PAGE else "",
            "position": _("Halaman %(n)s") % {"n": number},
        },
    )


@gate.officer(roles.MANAGE_PEOPLE)
def account(request: HttpRequest, account: int) -> HttpResponse:
    """One account: everything it ever held, and what happened to it."""
    person, now = person_of(request), timezone.now()
    row = _account_or_404(account)
    return render(
        request,
        "people/desk/account.html",
        {
            **frame(person, "city"),
            "row": row,
            "name": row.name or row.email,
            "grants": authority.of_account(row.pk, by=person, on=_today(now)),
            "story": authority.story_of(row.pk),
            "has_factor": has_second_factor(row.pk),
            "is_me": row.pk == person.account,
        },
    )


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
def close(request: HttpRequest, account: int) -> HttpResponse:
    """Close an account: sessions and grants end at once."""
    person, now, row = person_of(request), timezone.now(), _account_or_404(account)
    words = [
        _("Akun %(name)s ditutup: tidak dapat masuk lagi, dan semua wewenangnya berakhir saat ini juga.")
        % {"name": row.name or row.email}
    ]

    def act(reason: str) -> None:
        accounts.close_account(by=person, account=row.pk, reason=reason, at=now)

    return _with_reason(request, _("Tutup akun"), words, act, "city_authority")


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
def reset_factor(request: HttpRequest, account: int) -> HttpResponse:
    """Let an officer who lost the telephone set up the second factor anew."""
    person, now, row = person_of(request), timezone.now(), _account_or_404(account)
    words = [
        _("Faktor kedua %(name)s dihapus dan sesinya berakhir. Saat masuk lagi, yang baru harus dipasang.")
        % {"name": row.name or row.email},
        _("Pastikan dahulu bahwa yang meminta memang orangnya, misalnya bertemu langsung."),
    ]

    def act(reason: str) -> None:
        accounts.reset_second_factor(by=person, account=row.pk, reason=reason, at=now)

    return _with_reason(request, _("Reset faktor kedua"), words, act, "city_authority")


def _with_reason(request: HttpRequest, title: str, words: list[str], act: Any, where: str) -> HttpResponse:
    """A page that says what will happen and asks why; sent with a reason, it happens."""
    form = ReasonForm(request.POST or None)
    page = {**frame(person_of(request), ""), "form": form, "title": title, "words": words, "button": title}
    if request.method != "POST":
        return render(request, "people/desk/form.html", page)
    if form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except NotAllowed:
            raise Http404 from None
        except GrantRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Tersimpan. Yang bersangkutan diberi tahu."))
            return redirect(where)
    return render(request, "people/desk/form.html", page, status=422)


def _account_or_404(account: int) -> Account:
    row = authority.find_account(account)
    if row is None:
        raise Http404
    return row


def _today(now: datetime) -> date:
    return local_date(now, get_city().tz)
