"""What happens to grants: given, delegated, lent to an acting head, ended. All of it obeys one set of rules,
whether a page, a spreadsheet or the command line asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.events.people import GrantEnded, GrantGiven
from guyub.kernel.access.api import ROLES, NotAllowed, Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.models import Account, Grant, Organisation, OrganisationKind
from guyub.rooms.people.rules import (
    ACTING,
    WITHOUT_OFFICE,
    Kind,
    Period,
    Told,
    fits,
    latest_end,
    times_extended,
)

ADMIN = "admin_kota"
LOCAL = (
    OrganisationKind.DISTRICT,
    OrganisationKind.WARD,
    OrganisationKind.VILLAGE,
    OrganisationKind.RW,
    OrganisationKind.RT,
)


class GrantRefused(ValueError):
    """This grant cannot be given or ended so. The message is for people; `field` is where it stands."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """By which decree: its number ("SK Wali Kota 800/123/2026"), its day, what it is about."""

    number: str
    on: date | None = None
    about: str = ""


def give_grant(
    *,
    account: int,
    role: str,
    organisation: int,
    place: str,
    legal_basis: str | Basis,
    since: date,
    by: int | None,
    at: datetime,
    kind: str = Kind.DEFINITIVE,
    until: date | None = None,
    reason: str = "",
    powers: frozenset[str] = frozenset(),
    source: int | None = None,
) -> int:
    """Give a role, citing its legal basis; returns the grant, also when the very same is there already.

    Raises ValueError for a role that does not exist, `GrantRefused` for what the rules forbid. Whether `by` may
    give is asked in `appoint` and `delegate`; the command line and a new city's seeds come here directly.
    """
    if role not in ROLES:
        raise ValueError(f"There is no role '{role}'; there are: {', '.join(ROLES)}.")
    basis = Basis(number=legal_basis) if isinstance(legal_basis, str) else legal_basis
    grant = Grant(
        account_id=account,
        role=role,
        organisation_id=organisation,
        place_code=place,
        kind=kind,
        powers=sorted(powers),
        source_id=source,
        legal_basis=basis.number,
        basis_on=basis.on,
        basis_about=basis.about,
        reason=reason,
        since=since,
        until=until,
        given_by_id=by,
        given_at=at,
    )
    with transaction.atomic():
        # Whoever gives to this account, or to this office, waits: what is checked below stays true.
        Account.objects.select_for_update().get(pk=account)
        office = Organisation.objects.select_for_update().get(pk=organisation)
        same = _same(grant)
        if same:
            return same
        _check(grant, office, by=by)
        grant.save()
        _record_given(grant, by=by, at=at)
    return grant.pk


def _same(grant: Grant) -> int | None:
    """The grant that says just this already: giving twice gives once."""
    said = {name: getattr(grant, name) for name in ("account_id", "role", "organisation_id", "place_code")}
    rows = Grant.objects.filter(**said, kind=grant.kind, since=grant.since, until=grant.until)
    return rows.filter(ended_at__isnull=True, source=grant.source_id).values_list("pk", flat=True).first()


def _record_given(grant: Grant, *, by: int | None, at: datetime) -> None:
    fact = GrantGiven(
        grant=grant.pk,
        account=grant.account_id,
        role=grant.role,
        organisation=grant.organisation_id,
        kind=grant.kind,
        since=grant.since.isoformat(),
        until=grant.until.isoformat() if grant.until else "",
        source=grant.source_id,
    )
    subject = f"people.account:{grant.account_id}"
    ledger.record(fact, subject=subject, at=at, by=by, place=grant.place_code)


def _check(grant: Grant, office: Organisation, *, by: int | None) -> None:
    """Everything that the rules ask of a new grant. Raises `GrantRefused`."""
    if by is not None and by == grant.account_id:
        raise GrantRefused(_("Tidak seorang pun memberi wewenang kepada dirinya sendiri."), field="account")
    if grant.until is not None and grant.until <= grant.since:
        raise GrantRefused(_("Hari berakhir harus sesudah hari mulai."), field="until")
    if not grant.legal_basis.strip():
        raise GrantRefused(_("Tulis dasar hukumnya: nomor SK atau surat."), field="basis")
    if not fits(grant.role, office.kind):
        raise GrantRefused(
            _("%(role)s tidak bertugas di %(office)s.")
            % {"role": ROLES[grant.role].label, "office": office.name},
            field="role",
        )
    _check_overlap(grant)
    if grant.kind != Kind.DEFINITIVE:
        _check_length(grant)
    if grant.kind in ACTING:
        _check_acting(grant, office)


def _check_overlap(grant: Grant) -> None:
    mine = Period(grant.since, grant.until)
    same = Grant.objects.filter(
        account=grant.account_id,
        role=grant.role,
        organisation=grant.organisation_id,
        place_code=grant.place_code,
        kind=grant.kind,
        ended_at__isnull=True,
    )
    for other in same:
        if mine.overlaps(Period(other.since, other.until)):
            raise GrantRefused(
                _("Orang ini sudah memegang wewenang itu sejak %(day)s. Akhiri dahulu, atau pilih hari lain.")
                % {"day": date_format(other.since, "j F Y")},
                field="since",
            )


def _check_length(grant: Grant) -> None:
    """What is lent has an end, within the days that the rulebook gives."""
    key = f"authority.{grant.kind.lower()}"
    limit = rulebook.rule(key, on=grant.since)
    latest = latest_end(grant.since, amount=limit.value["amount"], unit=limit.value["unit"])
    if grant.until is None or grant.until > latest:
        raise GrantRefused(
            _("Paling lama sampai %(day)s. Dasar: %(basis)s.")
            % {"day": date_format(latest, "j F Y"), "basis": limit.legal_basis},
            field="until",
        )
    if grant.kind == Kind.PLT and times_extended(grant.since, _earlier(grant)) > limit.value["extensions"]:
        raise GrantRefused(
            _("Plt ini sudah diperpanjang sebanyak yang boleh. Tunjuk orang lain atau pejabat definitif."),
            field="account",
        )


def _earlier(grant: Grant) -> list[Period]:
    rows = Grant.objects.filter(
        account=grant.account_id, role=grant.role, organisation=grant.organisation_id, kind=Kind.PLT
    )
    return [Period(row.since, row.until if row.ended_at is None else _cut(row)) for row in rows]


def _cut(row: Grant) -> date | None:
    """The day on which a revoked grant really ended."""
    ended = local_date(row.ended_at, get_city().tz) if row.ended_at else row.until
    return max(ended, row.since) if ended else None


def _check_acting(grant: Grant, office: Organisation) -> None:
    if not ROLES[grant.role].is_head:
        raise GrantRefused(_("Plh dan Plt hanya untuk pimpinan kantor."), field="role")
    in_time = Grant.objects.in_force(grant.since)
    heads = in_time.filter(role=grant.role, organisation=office, kind=Kind.DEFINITIVE)
    if grant.kind == Kind.PLT and heads.exists():
        raise GrantRefused(
            _("Jabatan ini tidak kosong. Bila pejabatnya berhalangan, tunjuk Plh."), field="kind"
        )
    if grant.kind == Kind.PLH and (grant.source_id is None or not heads.filter(pk=grant.source_id).exists()):
        raise GrantRefused(
            _("Tidak ada pejabat yang digantikan. Bila jabatan kosong, tunjuk Plt."), field="kind"
        )
    if heads.filter(account=grant.account_id).exists():
        raise GrantRefused(_("Tidak seorang pun bertindak atas nama dirinya sendiri."), field="account")
    if not holds_office_for(grant.account_id, office, on=grant.since):
        raise GrantRefused(
            _("Pengganti harus sudah memegang tugas di kantor ini atau di kantor di atasnya."),
            field="account",
        )
    mine = Period(grant.since, grant.until)
    others = Grant.objects.filter(
        role=grant.role, organisation=office, kind__in=ACTING, ended_at__isnull=True
    )
    if any(mine.overlaps(Period(one.since, one.until)) for one in others):
        raise GrantRefused(_("Pada hari-hari itu sudah ada Plh atau Plt."), field="since")


def place_of(office: Organisation) -> str:
    """Over which place a role at this office reaches: its own area; agencies act in the whole city."""
    return office.place_code if office.kind in LOCAL else ""


def above(office: Organisation) -> list[int]:
    """The office itself and those above it. The Sekda's is above all but the Inspektorat, which stands apart."""
    chain: list[int] = []
    row: Organisation | None = office
    while row is not None and row.pk not in chain:
        chain.append(row.pk)
        row = row.parent
    if office.kind != OrganisationKind.INSPECTORATE:
        secretariat = Organisation.objects.filter(kind=OrganisationKind.SECRETARIAT)
        return [*chain, *secretariat.values_list("pk", flat=True)]
    return [office.pk]


def holds_office_for(account: int, office: Organisation, *, on: date) -> bool:
    """Whether an account is an officer of an office, or of one above it, on a day."""
    held = Grant.objects.in_force(on).filter(account_id=account, organisation__in=above(office))
    return held.filter(kind=Kind.DEFINITIVE).exclude(role__in=WITHOUT_OFFICE).exists()


def find_head(*, role: str, organisation: int, on: date) -> int | None:
    """The grant of the definitive head of an office on a day."""
    rows = Grant.objects.in_force(on).filter(role=role, organisation_id=organisation, kind=Kind.DEFINITIVE)
    return rows.order_by("pk").values_list("pk", flat=True).first()


def appoint(
    *,
    by: Person,
    account: int,
    role: str,
    organisation: int,
    basis: Basis,
    since: date,
    until: date | None,
    reason: str,
    kind: str,
    at: datetime,
) -> int:
    """An admin gives a role, or has somebody act for a head. Raises `NotAllowed`, `GrantRefused`."""
    must_manage(by)
    place = place_of(Organisation.objects.get(pk=organisation))
    source = None
    if kind == Kind.PLH:
        source = find_head(role=role, organisation=organisation, on=since)
    return give_grant(
        account=account,
        role=role,
        organisation=organisation,
        place=place,
        legal_basis=basis,
        since=since,
        until=until,
        reason=reason,
        kind=kind,
        source=source,
        by=by.account,
        at=at,
    )


def delegate(
    *,
    by: Person,
    source: int,
    account: int,
    bundles: list[str],
    basis: Basis,
    since: date,
    until: date,
    reason: str,
    at: datetime,
) -> int:
    """A head lets an officer of the office do a part of what they themselves may. Raises as `appoint`."""
    today = local_date(at, get_city().tz)
    own = Grant.objects.in_force(today).filter(pk=source, account_id=by.acting, kind=Kind.DEFINITIVE).first()
    if own is None or not ROLES[own.role].is_head:
        raise NotAllowed("Only a head in office delegates, and only what is theirs.")
    if own.until is not None and until > own.until:
        raise GrantRefused(
            _("Wewenang Anda sendiri berakhir %(day)s; pelimpahan tidak dapat lebih lama.")
            % {"day": date_format(own.until, "j F Y")},
            field="until",
        )
    if since < today:
        raise GrantRefused(_("Pelimpahan mulai hari ini atau sesudahnya."), field="since")
    powers = _powers(bundles, ROLES[own.role].delegable)
    officers = Grant.objects.in_force(since).filter(organisation=own.organisation_id, kind=Kind.DEFINITIVE)
    if not officers.filter(account_id=account).exclude(role__in=WITHOUT_OFFICE).exists():
        raise GrantRefused(_("Pilih petugas kantor Anda sendiri."), field="account")
    return give_grant(
        account=account,
        role=own.role,
        organisation=own.organisation_id,
        place=own.place_code,
        legal_basis=basis,
        since=since,
        until=until,
        reason=reason,
        kind=Kind.DELEGATION,
        powers=powers,
        source=own.pk,
        by=by.account,
        at=at,
    )


def _powers(bundles: list[str], delegable: frozenset[str]) -> frozenset[str]:
    """The powers of the chosen bundles. Raises `GrantRefused` for one that the head cannot pass on."""
    offered = {bundle.code: bundle.powers for bundle in roles.BUNDLES if bundle.powers <= delegable}
    if not bundles or not set(bundles) <= set(offered):
        raise GrantRefused(_("Pilih wewenang yang dapat Anda limpahkan."), field="bundles")
    return frozenset().union(*(offered[code] for code in bundles))


def end_grant(*, by: Person, grant: int, reason: str, at: datetime) -> None:
    """End a grant at once: an admin any, a head what they delegated. Raises `NotAllowed`, `GrantRefused`."""
    with transaction.atomic():
        keep_an_admin(without=Q(pk=grant), on=local_date(at, get_city().tz))
        row = Grant.objects.select_for_update(of=("self",)).select_related("source").get(pk=grant)
        if not may_end(by, row):
            raise NotAllowed("This is not theirs to end.")
        if row.ended_at is not None or row.told == Told.ENDED:
            return
        revoke(row, by=by.account, reason=reason, cause="revoked", at=at)


def may_end(person: Person, grant: Grant) -> bool:
    """Admins end any grant; a head what they gave themselves."""
    if person.can(roles.MANAGE_PEOPLE):
        return True
    own = grant.source.account_id if grant.source else None
    return grant.kind == Kind.DELEGATION and person.account is not None and person.account == own


def revoke(row: Grant, *, by: int | None, reason: str, cause: str, at: datetime) -> None:
    """Mark a locked grant as ended and record it; the sweep tells both people."""
    row.ended_at, row.ended_by_id, row.end_reason = at, by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record_ended(row, cause=cause, by=by, at=at)


def record_ended(row: Grant, *, cause: str, by: int | None, at: datetime) -> None:
    fact = GrantEnded(
        grant=row.pk,
        account=row.account_id,
        role=row.role,
        organisation=row.organisation_id,
        kind=row.kind,
        cause=cause,
    )
    ledger.record(fact, subject=f"people.account:{row.account_id}", at=at, by=by, place=row.place_code)


def keep_an_admin(*, without: Q, on: date) -> None:
    """Raises `GrantRefused` if nobody but those could give authority any more.

    Admins' grants are locked together and in order, so that two who end each other wait for one another.
    """
    list(Grant.objects.filter(role=ADMIN).order_by("pk").select_for_update(of=("self",)))
    admins = Grant.objects.in_force(on).filter(role=ADMIN, account__is_active=True)
    if admins.filter(without).exists() and not admins.exclude(without).exists():
        raise GrantRefused(_("Ini admin kota yang terakhir. Tunjuk admin lain lebih dahulu."))


def must_manage(person: Person) -> int:
    """The account of an admin. Raises `NotAllowed` for anybody else."""
    if not person.can(roles.MANAGE_PEOPLE):
        raise NotAllowed("Only the city's admin does this.")
    return person.acting
