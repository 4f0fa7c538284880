"""A partner's page as everyone may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guyub.kernel import masking
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.rooms.partners import queries, sockets
from guyub.rooms.partners.models import Member, Partner, Vouch
from guyub.rooms.partners.queries import PartnerCard
from guyub.rooms.partners.reference import theme_labels
from guyub.rooms.partners.rules import How, Standing, Status, actor_of
from guyub.rooms.partners.sockets import Delivered
from guyub.rooms.partners.wording import ACTORS, KINDS, LEGAL_FORMS
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, day_in_words

MOST_TIES = 12


@dataclass(frozen=True, slots=True)
class Worked(Printed):
    """With whom a partner worked, on what."""

    name: str
    address: str
    what: str
    what_address: str
    day: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What everyone may read of a partner. Until it is verified its own words, website and contact stay closed:
    who it says it is has not been looked at by anybody yet."""

    name: str
    short_name: str
    kind: str
    actor: str
    status: str
    tone: str
    is_open: bool
    is_over: bool
    description: str
    routine: str
    website: str
    facts: list[tuple[str, str]]
    contact: list[tuple[str, str]]
    themes: list[tuple[str, str]]
    places: list[tuple[str, str]]
    record: list[tuple[str, Delivered]]
    worked: list[Worked]
    vouchers: list[PartnerCard]


def shown(row: Partner, *, since: date) -> Shown:
    """The page of a partner. `since` is the first day of the ties that are told."""
    is_open = row.counts_as_verified
    status, tone = standing_in_words(row)
    labels, known = theme_labels(), places.gazetteer().by_code
    return Shown(
        name=row.name,
        short_name=row.short_name,
        kind=str(KINDS[row.kind]),  # type: ignore[index]
        actor=str(ACTORS[actor_of(row.kind)]),
        status=status,
        tone=tone,
        is_open=is_open,
        is_over=row.status == Status.CLOSED,
        description=masking.mask(row.description) if is_open else "",
        routine=masking.mask(row.routine) if is_open else "",
        website=row.website if is_open else "",
        facts=_facts(row),
        contact=_contact(row) if is_open and row.contact_is_public else [],
        themes=[(code, labels[code]) for code in row.themes if code in labels],
        places=[
            (code, known[code].label) for code in row.places if code in known and known[code].parent_code
        ],
        record=[(day_in_words(line.on), line) for line in sockets.record_of(row.pk)],
        worked=_worked(row.pk, since),
        vouchers=_vouchers(row) if row.verified_how == How.VOUCHED else [],
    )


def standing_in_words(row: Partner) -> tuple[str, str]:
    """How well a partner is known, and the tone of its badge."""
    if row.status == Status.CLOSED:
        return _("Sudah ditutup"), "rejected"
    if row.status == Status.SUSPENDED:
        return _("Dinonaktifkan sementara"), "overdue"
    if row.status == Status.MERGED:
        return _("Digabung"), "rejected"
    if not row.is_verified:
        return _("Belum diverifikasi"), "waiting"
    if row.verified_how == How.VOUCHED:
        return _("Terverifikasi, dijamin mitra lain"), "confirmed"
    return _("Terverifikasi pemerintah daerah"), "confirmed"


def _facts(row: Partner) -> list[tuple[str, str]]:
    joined = len(_members.rows(partner=row.pk))
    said = [
        (_("Bentuk"), str(LEGAL_FORMS[row.legal_form])),  # type: ignore[index]
        (_("Berdiri"), str(row.founded_year or "")),
        (
            _("Anggota"),
            _("%(n)d, kata pengurusnya") % {"n": row.active_members} if row.active_members else "",
        ),
        (_("Di Guyub"), _("%(n)d orang") % {"n": joined} if joined else ""),
        (_("Cakupan"), _("Seluruh daerah") if get_city().code in row.places else ""),
    ]
    return [(label, value) for label, value in said if value]


_members: Compiled[int] = Compiled(
    lambda partner: Member.objects.filter(partner_id=partner, state=Standing.ACTIVE).values_list(
        "pk", flat=True
    )
)


def _contact(row: Partner) -> list[tuple[str, str]]:
    said = [(_("Nama"), row.contact_name), (_("Telepon"), row.contact_phone), (_("Surel"), row.contact_email)]
    return [(label, value) for label, value in said if value]


def _worked(partner: int, since: date) -> list[Worked]:
    own = sockets.ties_since(since, partner=partner)[:MOST_TIES]
    others = [tie.second if tie.first == partner else tie.first for tie in own]
    cards = queries.by_ids(ids=others) if others else {}
    return [
        Worked(cards[other].name, cards[other].address, tie.what, tie.address, day_in_words(tie.on))
        for other, tie in zip(others, own, strict=True)
        if other in cards
    ]


def _vouchers(row: Partner) -> list[PartnerCard]:
    rows = Vouch.objects.filter(partner=row, withdrawn_at__isnull=True).values_list(
        "speaks_for_id", flat=True
    )
    cards = queries.by_ids(ids=rows)
    return sorted(cards.values(), key=lambda card: card.name)
