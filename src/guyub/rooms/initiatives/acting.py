"""What every action on an initiative shares: the lock, who may, the words of a refusal, the fact, and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO

from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.kernel import masking
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.initiatives.models import Initiative
from guyub.rooms.initiatives.rules import LIVE, State
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places

Photos = Sequence[IO[bytes]]


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def locked(initiative: int, *, states: Iterable[State] = LIVE) -> Initiative:
    """The initiative's row, held until the transaction ends: one at a time changes anything of it.

    Whoever also locks cases, lines or promises does so after this. Raises `NotAllowed` outside of these states.
    """
    row = Initiative.objects.select_for_update(of=("self",), no_key=True).get(pk=initiative)
    if row.state not in set(states):
        raise NotAllowed("The initiative is not in a state for that.")
    return row


def today_of(at: datetime) -> date:
    return local_date(at, get_city().tz)


def is_organiser(by: Person, row: Initiative) -> bool:
    """Whether a person runs the initiative: an officer of its office, or who acts for its partner."""
    if by.account is None:
        return False
    if row.office_id is not None:
        return row.office_id in by.offices(roles.COLLABORATE)
    return row.partner_id is not None and partners.may_act(account=by.account, partner=row.partner_id)


def as_organiser(by: Person, row: Initiative) -> int:
    """The account that acts for the organiser. Raises `NotAllowed`."""
    if not is_organiser(by, row):
        raise NotAllowed("This person does not run this initiative.")
    return by.acting


def may_run(by: Person, *, office: int, places: Iterable[str]) -> bool:
    """Whether an officer's power at an office covers all of these places."""
    grants = [one for one in by.grants if one.organisation == office and roles.COLLABORATE in one.powers]
    return any(all(_covers(grant.place, code) for code in places) for grant in grants)


def _covers(scope: str, code: str) -> bool:
    return not scope or code == scope or code.startswith(f"{scope}.")


def is_head(by: Person, office: int | None) -> bool:
    """Whether a person leads an office and may let it collaborate; who only acts in a head's name does not."""
    return any(
        grant.organisation == office
        and roles.COLLABORATE in grant.powers
        and roles.ROLES[grant.role].is_head
        and grant.kind != "DELEGATION"
        for grant in by.grants
    )


def deciding_office(row: Initiative) -> int | None:
    """The office whose head decides where permits or tenders were declared: the organiser's, else the place's."""
    return row.office_id or row.consent_office_id or office_of_place(row.places)


def office_of_place(codes: Iterable[str]) -> int:
    """The office that answers for places: the kelurahan's, the kecamatan's for several in it, else the secretariat's."""
    directory, chosen = people.directory(), list(codes)
    rows = [places.gazetteer().get(code) for code in chosen]
    if len(rows) == 1 and rows[0].is_settlement and (found := directory.of_settlement(chosen[0])):
        return found.id
    districts = {".".join(code.split(".")[:3]) for code in chosen}
    if len(districts) == 1 and (found := directory.of_district(chosen[0])):
        return found.id
    return directory.of_kind(people.OrganisationKind.SECRETARIAT)[0].id


def record(
    event: Event, *, initiative: Initiative, by: int | None, at: datetime, office: int | None = None
) -> int:
    """Record what happened. Its place is told where it has one and not many."""
    place = initiative.places[0] if len(initiative.places) == 1 else ""
    return ledger.record(event, subject=initiative.subject, at=at, by=by, on_behalf_of=office, place=place)


def guard(row: Initiative, *texts: str) -> None:
    """Where only figures of many are kept, words that say who somebody is are refused. Raises `Refused`."""
    if row.figures_only and any(masking.find(text) for text in texts):
        raise Refused(
            _(
                "Prakarsa ini hanya mencatat angka gabungan. Hapus nama, nomor, dan alamat orang dari tulisan ini."
            )
        )


def keep_photos(photos: Photos, subject: str, *, at: datetime, public: bool) -> int:
    """Keep photos for a subject; returns their number. Raises `files.NotAPhoto`."""
    if len(photos) > files.MAX_PHOTOS:
        raise files.NotAPhoto(_("Paling banyak %(n)d foto sekali kirim.") % {"n": files.MAX_PHOTOS})
    kept = 0
    for upload in photos:
        files.store_photo(upload, at=at, subject=subject, position=kept)
        kept += 1
    if public and kept:
        files.publish(subject)
    return kept


def organisers(row: Initiative, *, at: datetime) -> list[int]:
    """The accounts that run an initiative, to be told."""
    if row.partner_id is not None:
        return partners.representatives(partner=row.partner_id)
    return officers_of(row.office_id, at=at)


def officers_of(office: int | None, *, at: datetime) -> list[int]:
    holders = frozenset(code for code, role in roles.ROLES.items() if roles.COLLABORATE in role.powers)
    return people.accounts_with(roles=holders, organisation=office, on=today_of(at)) if office else []


def tell(
    accounts: Iterable[int],
    *,
    key: str,
    subject: str,
    body: str,
    link: str,
    at: datetime,
    besides: int | None = None,
) -> None:
    """Write to each account once, but not to who did it."""
    for account in sorted(set(accounts) - {besides}):
        notices.notify(
            key=f"initiative:{key}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=link,
            at=at,
        )


def address_of(row: Initiative) -> str:
    return f"/prakarsa/{row.slug}/"


def manage_address(row: Initiative) -> str:
    """Where its organiser runs it: officers at the desk, where their second factor is asked for."""
    return f"/petugas/prakarsa/{row.slug}/" if row.office_id is not None else f"/prakarsa/{row.slug}/kelola/"
