"""People come to a partner and leave it: they ask, or are invited; whoever answers for it hands that over."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import partners as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import fingerprint, signature, signature_fits
from guyub.kernel.notices import api as notices
from guyub.rooms.partners import reference
from guyub.rooms.partners.acting import Refused, acts_for, as_city, locked, office_of, record, tell
from guyub.rooms.partners.models import Invitation, Member, Partner
from guyub.rooms.partners.rules import OPEN_STANDINGS, Role, Standing, Status, can_leave
from guyub.rooms.people import api as people

INVITE = "partner-invite"
_OPEN = [one.value for one in OPEN_STANDINGS]
_ANY = (Status.ACTIVE, Status.SUSPENDED)


@transaction.atomic
def ask_to_join(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """Somebody asks to join; its people decide. Raises `Refused`."""
    account, row = by.acting, locked(partner)
    own = Member.objects.filter(account_id=account)
    if own.filter(partner=row, state__in=_OPEN).exists():
        raise Refused(_("Anda sudah bergabung atau sudah memintanya."))
    if own.filter(state=Standing.ASKED).count() >= reference.amount("requests_open", at=at):
        raise Refused(_("Terlalu banyak permintaan Anda yang belum dijawab. Tunggu jawabannya dahulu."))
    member = Member.objects.create(partner=row, account_id=account, words=words, asked_at=at)
    record(events.MembershipAsked(partner=row.pk, member=member.pk), partner=row, by=account, at=at)
    with override("id"):
        body = _("Buka halaman mitra Anda untuk menerima atau menolaknya.")
        tell(
            row,
            f"asked:{member.pk}",
            _("Ada yang minta bergabung: %(name)s") % {"name": row.name},
            body,
            at=at,
        )


@transaction.atomic
def decide(*, member: int, accept: bool, by: Person, at: datetime) -> None:
    """Its people accept or decline who asked. Raises `NotAllowed`."""
    found = Member.objects.select_related("partner").get(pk=member)
    account, row = acts_for(by, found.partner_id), locked(found.partner_id)
    found = Member.objects.select_for_update(of=("self",)).get(pk=member)
    if found.state != Standing.ASKED:
        raise NotAllowed("This was decided already.")
    found.state = Standing.ACTIVE if accept else Standing.DECLINED
    found.decided_at, found.decided_by_id = at, account
    found.save(update_fields=["state", "decided_at", "decided_by"])
    fact = events.MembershipDecided(partner=row.pk, member=found.pk, is_accepted=accept)
    record(fact, partner=row, by=account, at=at)
    with override("id"):
        said = _("Anda diterima di %(name)s") if accept else _("Permintaan Anda di %(name)s tidak diterima")
        _tell_member(found, row, said % {"name": row.name}, at=at)


def _tell_member(member: Member, row: Partner, subject: str, *, at: datetime) -> None:
    notices.notify(
        key=f"partner-member:{member.pk}:{member.state.lower()}:{member.role.lower()}",
        recipient=f"account:{member.account_id}",
        subject=subject,
        body=_("Lihat di halaman mitra Anda."),
        link="/mitra/saya/",
        at=at,
    )


@transaction.atomic
def change_role(*, member: int, role: Role, by: Person, at: datetime) -> None:
    """Who answers for a partner says who is of its board, or hands over to another. Raises `NotAllowed`."""
    found = Member.objects.get(pk=member)
    row = locked(found.partner_id)
    lead = _lead_of(row.pk)
    if lead is None or lead.account_id != by.acting or lead.pk == found.pk:
        raise NotAllowed("Only who answers for a partner changes the roles of others.")
    found = Member.objects.select_for_update(of=("self",)).get(pk=member)
    if found.state != Standing.ACTIVE or found.role == role:
        raise NotAllowed("This person has no role that could become that.")
    if role == Role.LEAD:
        _give_role(lead, row, Role.BOARD, by=by.acting, at=at)
    _give_role(found, row, role, by=by.acting, at=at)
    with override("id"):
        _tell_member(found, row, _("Peran Anda di %(name)s berubah") % {"name": row.name}, at=at)


def _lead_of(partner: int) -> Member | None:
    return Member.objects.filter(partner_id=partner, state=Standing.ACTIVE, role=Role.LEAD).first()


def _give_role(member: Member, row: Partner, role: Role, *, by: int | None, at: datetime) -> None:
    member.role = role
    member.save(update_fields=["role"])
    record(events.RoleChanged(partner=row.pk, member=member.pk, role=role), partner=row, by=by, at=at)


@transaction.atomic
def remove(*, member: int, by: Person, at: datetime) -> None:
    """Its people let somebody go; of the board only who answers for it may. Raises `NotAllowed`."""
    found = Member.objects.get(pk=member)
    account, row = acts_for(by, found.partner_id), locked(found.partner_id)
    lead = _lead_of(row.pk)
    is_lead = lead is not None and lead.account_id == account
    if found.role == Role.LEAD or (found.role == Role.BOARD and not is_lead) or found.account_id == account:
        raise NotAllowed("This person cannot be let go by that one.")
    _end(found, row, cause="removed", by=account, at=at)


@transaction.atomic
def leave(*, partner: int, by: Person, at: datetime) -> None:
    """Somebody leaves, or takes back a request. Raises `Refused` for who still answers for others."""
    row = locked(partner, status=_ANY)
    found = Member.objects.filter(partner=row, account_id=by.acting, state__in=_OPEN).first()
    if found is None:
        raise NotAllowed("This person does not belong to this partner.")
    others = Member.objects.filter(partner=row, state=Standing.ACTIVE).exclude(pk=found.pk).count()
    if found.state == Standing.ACTIVE and not can_leave(found.role, others_active=others):
        raise Refused(_("Anda penanggung jawab. Serahkan dahulu kepada orang lain, atau tutup mitra ini."))
    _end(found, row, cause="left", by=by.acting, at=at)


def _end(member: Member, row: Partner, *, cause: str, by: int | None, at: datetime) -> None:
    member.state, member.ended_at = Standing.ENDED, at
    member.save(update_fields=["state", "ended_at"])
    record(events.MembershipEnded(partner=row.pk, member=member.pk, cause=cause), partner=row, by=by, at=at)


def end_of_account(*, account: int, at: datetime) -> None:
    """A closed account belongs to nothing any more; running it again changes nothing."""
    for member in Member.objects.filter(account_id=account, state__in=_OPEN).select_related("partner"):
        _end(member, member.partner, cause="account-closed", by=None, at=at)


# ── Invitations ────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def invite(*, partner: int, email: str, role: Role, by: Person, at: datetime) -> None:
    """Ask somebody by mail to join. The city may ask who shall answer for a partner. Raises `Refused`."""
    row = locked(partner)
    account, office = _inviter(by, row, role)
    waiting = Invitation.objects.filter(partner=row, over_at__isnull=True)
    if waiting.count() >= reference.amount("invitations_open", at=at):
        raise Refused(
            _("Terlalu banyak undangan yang belum dijawab. Batalkan sebagian dahulu."), field="email"
        )
    mark = fingerprint("partner-invite", email.strip().lower())
    if waiting.filter(mark=mark).exists():
        raise Refused(_("Alamat ini sudah diundang dan belum menjawab."), field="email")
    contact = people.add_contact(name="", email=email.strip(), phone="", account=None, at=at)
    found = Invitation.objects.create(
        partner=row,
        contact=contact,
        mark=mark,
        role=role,
        invited_by_id=account,
        invited_at=at,
        until_at=at + timedelta(days=reference.amount("invitation_days", at=at)),
    )
    fact = events.MemberInvited(partner=row.pk, invitation=found.pk, role=role)
    record(fact, partner=row, by=account, at=at, office=office)
    with override("id"):
        notices.notify(
            key=f"partner-invitation:{found.pk}",
            recipient=f"contact:{contact}",
            subject=_("Undangan bergabung dengan %(name)s") % {"name": row.name},
            body=_(
                "Anda diundang bergabung dengan %(name)s di Guyub. Buka tautan ini, masuk dengan surel Anda, lalu "
                "terima atau abaikan. Bila Anda tidak mengenalnya, abaikan saja; alamat Anda dihapus sesudahnya."
            )
            % {"name": row.name},
            link=f"/mitra/undangan/{notices.to_be_signed(INVITE, found.uuid.hex)}/",
            at=at,
        )


def _inviter(by: Person, row: Partner, role: Role) -> tuple[int, int | None]:
    """Its board invites members, who answers for it also a board; the city invites who shall answer for it."""
    if role == Role.LEAD:
        return as_city(by, about=row.pk), office_of(by)
    account, lead = acts_for(by, row.pk), _lead_of(row.pk)
    if role == Role.BOARD and (lead is None or lead.account_id != account):
        raise NotAllowed("Only who answers for a partner invites its board.")
    return account, None


def key_of(invitation: Invitation) -> str:
    return f"{invitation.uuid.hex}-{signature(INVITE, invitation.uuid.hex)}"


def open_invitation(key: str, *, at: datetime) -> Invitation | None:
    """The invitation of a link that is signed, still waits and has not expired."""
    value, _dash, proof = key.partition("-")
    if not signature_fits(INVITE, value, proof):
        return None
    rows = Invitation.objects.filter(uuid=UUID(hex=value), over_at__isnull=True, until_at__gt=at)
    return rows.filter(partner__status=Status.ACTIVE).select_related("partner").first()


@transaction.atomic
def accept_invitation(*, invitation: int, by: Person, at: datetime) -> Partner:
    """Whoever holds the link joins. Raises `NotAllowed` if it is over, `Refused` if they belong there already."""
    found = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation)
    row = locked(found.partner_id)
    if found.over_at is not None or found.until_at <= at:
        raise NotAllowed("This invitation is over.")
    account, role = by.acting, Role(found.role)
    own = Member.objects.filter(partner=row, account_id=account, state__in=_OPEN).first()
    if own is not None and own.state == Standing.ACTIVE and role != Role.LEAD:
        raise Refused(_("Anda sudah bergabung."))
    lead = _lead_of(row.pk)
    if role == Role.LEAD and lead is not None and lead.account_id != account:
        _give_role(lead, row, Role.BOARD, by=account, at=at)
    member = own or Member(partner=row, account_id=account, asked_at=found.invited_at)
    member.role, member.state, member.decided_at, member.decided_by_id = role, Standing.ACTIVE, at, account
    member.save()
    record(
        events.MembershipDecided(partner=row.pk, member=member.pk, is_accepted=True),
        partner=row,
        by=account,
        at=at,
    )
    _over(found, row, cause="accepted", by=account, at=at)
    return row


def _over(found: Invitation, row: Partner, *, cause: str, by: int | None, at: datetime) -> None:
    """The invitation is done with, and so is the address it went to."""
    if found.contact is not None:
        notices.forget_recipient(f"contact:{found.contact}")
        people.erase_contact(found.contact)
    found.contact, found.over_at = None, at
    found.save(update_fields=["contact", "over_at"])
    fact = events.InvitationEnded(partner=row.pk, invitation=found.pk, cause=cause)
    record(fact, partner=row, by=by, at=at)


@transaction.atomic
def withdraw_invitation(*, invitation: int, by: Person, at: datetime) -> None:
    """Its people (or the city, for its own) take an invitation back. Raises `NotAllowed`."""
    found = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation)
    row = locked(found.partner_id, status=_ANY)
    account = by.acting if by.can(roles.PARTNERS) else acts_for(by, row.pk)
    if found.over_at is not None:
        raise NotAllowed("This invitation is over.")
    _over(found, row, cause="withdrawn", by=account, at=at)


def expire_invitations(*, at: datetime, limit: int = 100) -> int:
    """Invitations that nobody took in time are over, and their addresses leave; returns how many."""
    with transaction.atomic():
        rows = Invitation.objects.filter(over_at__isnull=True, until_at__lte=at).select_related("partner")
        found = list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
        for one in found:
            _over(one, one.partner, cause="expired", by=None, at=at)
    return len(found)


def end_invitations(row: Partner, *, by: int | None, at: datetime) -> None:
    """What is still open when a partner ends."""
    for one in Invitation.objects.filter(partner=row, over_at__isnull=True):
        _over(one, row, cause="withdrawn", by=by, at=at)
